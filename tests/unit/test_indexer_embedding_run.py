from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.embedding_cache import EmbeddingCache
from indexer.embedding_run import EmbeddedTexts, EmbeddingModel, embed_texts
from indexer.errors import IndexWriteError
from models.embedding import Embedder, Embeddings, Progress, Role
from tests.fakes import FakeEmbedder


class Bench:
    """An embedder, its cache, and what progress was told."""

    def __init__(self, folder: Path, max_characters: int | None = None) -> None:
        self.folder = folder
        self.embedder = FakeEmbedder(dimension=16, max_characters=max_characters)
        self.totals: list[int] = []
        self.done = 0
        self.loads = 0

    def embedding(self, total: int) -> None:
        self.totals.append(total)

    def embedded(self, count: int) -> None:
        self.done += count

    def load(self) -> Embedder:
        self.loads += 1
        return self.embedder

    def run(self, texts: Sequence[str], role: Role = Role.PASSAGE) -> EmbeddedTexts:
        cache = EmbeddingCache.of_model(self.folder, self.embedder.identity)
        model = EmbeddingModel(self.embedder.identity, self.load)
        return embed_texts(texts, [role] * len(texts), model, cache, self)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_every_text_gets_its_own_vector_in_order(bench: Bench) -> None:
    texts = ["one", "two", "three"]

    embedded = bench.run(texts)

    assert np.array_equal(embedded.vectors, bench.embedder.embed(texts, Role.PASSAGE).vectors)
    assert embedded.fresh == (0, 1, 2)


def test_a_text_that_occurs_twice_is_embedded_once(bench: Bench) -> None:
    embedded = bench.run(["same", "other", "same"])

    assert bench.embedder.embedded_texts == ["same", "other"]
    assert bench.totals == [2]
    assert np.array_equal(embedded.vectors[0], embedded.vectors[2])
    assert not np.array_equal(embedded.vectors[0], embedded.vectors[1])


def test_what_is_known_and_what_is_new_come_back_in_the_order_asked(bench: Bench) -> None:
    bench.run(["b", "d"])
    bench.embedder.calls.clear()
    texts = ["a", "b", "c", "d", "a"]

    embedded = bench.run(texts)

    assert bench.embedder.embedded_texts == ["a", "c"]
    assert embedded.fresh == (0, 2, 4)
    assert np.array_equal(embedded.vectors, bench.embedder.embed(texts, Role.PASSAGE).vectors)


def test_the_model_is_not_loaded_when_everything_is_known(bench: Bench) -> None:
    bench.run(["a"])
    bench.run(["a", "a"])
    bench.run([])

    assert bench.loads == 1
    assert bench.totals == [1]


def test_a_question_is_not_taken_for_a_passage(bench: Bench) -> None:
    bench.run(["a"], Role.PASSAGE)
    bench.run(["a"], Role.QUERY)

    assert [role for role, _ in bench.embedder.calls] == [Role.PASSAGE, Role.QUERY]


def test_texts_of_both_roles_may_come_together(bench: Bench) -> None:
    cache = EmbeddingCache.of_model(bench.folder, bench.embedder.identity)
    model = EmbeddingModel(bench.embedder.identity, bench.load)
    roles = [Role.PASSAGE, Role.QUERY, Role.PASSAGE]

    embedded = embed_texts(["a", "b", "c"], roles, model, cache, bench)

    assert sorted(bench.embedder.calls) == [(Role.PASSAGE, ("a", "c")), (Role.QUERY, ("b",))]
    vectors = bench.embedder.embed(["a", "b", "c"], Role.QUERY).vectors
    assert np.array_equal(embedded.vectors, vectors)


def test_texts_that_were_cut_are_told_wherever_their_vectors_come_from(tmp_path: Path) -> None:
    bench = Bench(tmp_path, max_characters=3)

    assert bench.run(["long text", "ok", "long text"]).truncated == (0, 2)
    assert bench.run(["ok", "long text", "longer"]).truncated == (1, 2)


def test_many_texts_are_embedded_and_kept_slice_by_slice(bench: Bench) -> None:
    texts = [f"text {number}" for number in range(1100)]

    class Dying(FakeEmbedder):
        def embed(
            self, texts: Sequence[str], role: Role, on_progress: Progress | None = None
        ) -> Embeddings:
            if len(self.calls) == 2:
                raise KeyboardInterrupt
            return super().embed(texts, role, on_progress)

    survivor, bench.embedder = bench.embedder, Dying(dimension=16)
    with pytest.raises(KeyboardInterrupt):
        bench.run(texts)
    kept = len(bench.embedder.embedded_texts)
    bench.embedder = survivor

    bench.run(texts)

    assert 0 < kept < len(texts)
    assert len(survivor.embedded_texts) == len(texts) - kept
    assert bench.done == len(texts)


def test_a_full_disk_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    bench.run([])
    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(IndexWriteError, match=r"No space left on device.*still serves"):
        bench.run(["a"])
