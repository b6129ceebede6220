import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.embedding import Embedder, ModelDamagedError, ModelMissingError, Role
from models.idle_cores import IdleCores
from models.onnx_embedder import load_embedder
from tests.tiny_model import HIDDEN, install_tiny_model

TEXTS = [
    "how to pay?",
    "mein paket",
    "",
    "how to pay for shipping to me and to you and to all of them?",
    "日本",
    "how to pay?",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_tiny_model(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def embedder(folder: Path) -> Embedder:
    return load_embedder(folder)


def test_vectors_are_float32_of_length_1(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS, Role.PASSAGE).vectors

    assert vectors.shape == (len(TEXTS), HIDDEN)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    embeddings = embedder.embed([], Role.QUERY)

    assert embeddings.vectors.shape == (0, HIDDEN)
    assert embeddings.truncated == ()


def test_questions_and_passages_are_embedded_differently(embedder: Embedder) -> None:
    question = embedder.embed(["how to pay"], Role.QUERY).vectors
    passage = embedder.embed(["how to pay"], Role.PASSAGE).vectors

    assert not np.allclose(question, passage)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_vector_is_the_same_to_the_last_bit_whatever_came_with_it(
    folder: Path, embedder: Embedder, threads: int
) -> None:
    alone = [embedder.embed([text], Role.PASSAGE).vectors[0] for text in TEXTS]

    together = load_embedder(folder, threads=threads).embed(TEXTS, Role.PASSAGE).vectors

    np.testing.assert_array_equal(together, np.array(alone))


def cores_beside(running: int, folder: Path) -> IdleCores:
    load = folder / "loadavg"
    load.write_text(f"0.00 0.00 0.00 {running}/100 4242\n")
    return IdleCores(load)


@pytest.mark.parametrize("cores", [1, 2, 3, 8])
def test_a_vector_is_the_same_to_the_last_bit_on_however_many_cores_its_text_is_spread(
    folder: Path, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    alone = embedder.embed(TEXTS, Role.QUERY).vectors
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))

    spread = load_embedder(folder, idle_cores=cores_beside(1, tmp_path))

    np.testing.assert_array_equal(spread.embed(TEXTS, Role.QUERY).vectors, alone)


def test_threads_may_share_an_embedder(embedder: Embedder) -> None:
    expected = embedder.embed(TEXTS, Role.QUERY).vectors
    together = threading.Barrier(4)

    def ask(_: int) -> bool:
        together.wait(timeout=10)
        return all(
            np.array_equal(embedder.embed([text], Role.QUERY).vectors[0], vector)
            for text, vector in zip(TEXTS, expected, strict=True)
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))


@pytest.mark.parametrize("threads", [1, 2])
def test_texts_that_were_cut_are_reported(folder: Path, threads: int) -> None:
    texts = ["pay", "pay " * 50, "how", "how " * 14, "pay"]

    embeddings = load_embedder(folder, threads=threads).embed(texts, Role.PASSAGE)

    assert embeddings.truncated == (1, 3)


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_counts_every_text_once(folder: Path, threads: int) -> None:
    done: list[int] = []

    load_embedder(folder, threads=threads).embed(TEXTS * 3, Role.PASSAGE, done.append)

    assert sum(done) == len(TEXTS) * 3


def test_whoever_follows_the_progress_may_stop_it(folder: Path) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    embedder = load_embedder(folder, threads=2)
    with pytest.raises(KeyboardInterrupt):
        embedder.embed(TEXTS * 100, Role.PASSAGE, stop)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("embed")]


def test_the_identity_names_the_weights(folder: Path, embedder: Embedder) -> None:
    assert embedder.identity.name == "tiny"
    assert embedder.identity.dimension == HIDDEN
    assert len(embedder.identity.weights_sha256) == 64
    assert load_embedder(folder).identity == embedder.identity


def test_half_characters_and_nul_have_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed(["\ud83d", "\0", "how\0to"], Role.QUERY).vectors

    assert np.isfinite(vectors).all()


def test_no_model_is_answered_with_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"polyfaq models install"):
        load_embedder(tmp_path / "nothing")


def copy_of(folder: Path, target: Path) -> Path:
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.model"])
def test_a_file_of_the_right_size_with_other_bytes_is_named(
    folder: Path, tmp_path: Path, name: str
) -> None:
    broken = copy_of(folder, tmp_path / "broken")
    (broken / name).write_bytes(bytes((broken / name).stat().st_size))

    with pytest.raises(ModelDamagedError, match=rf"{name}.*polyfaq models install"):
        load_embedder(broken)


def test_fewer_than_one_thread_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="threads must be at least 1, not 0"):
        load_embedder(folder, threads=0)
