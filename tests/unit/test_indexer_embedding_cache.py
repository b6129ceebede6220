from pathlib import Path

import numpy as np
import pytest

from indexer.embedding_cache import EmbeddingCache, cache_key
from models.embedding import Embeddings, FloatArray, ModelIdentity, Role

MODEL = ModelIdentity("tiny", "ab" * 32, 5)


def keys(*texts: str) -> list[bytes]:
    return [cache_key(Role.PASSAGE, text) for text in texts]


def vectors(count: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((count, 5), dtype=np.float32)


def opened(folder: Path, model: ModelIdentity = MODEL) -> EmbeddingCache:
    return EmbeddingCache.of_model(folder, model)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_vectors_come_back_bit_for_bit_and_in_the_order_asked(tmp_path: Path) -> None:
    made = vectors(3)
    opened(tmp_path).add(keys("a", "b", "c"), Embeddings(made, (1,)))

    cache = opened(tmp_path)
    found = cache.take(cache.find(keys("c", "b", "a", "b")))

    assert np.array_equal(found.vectors, made[[2, 1, 0, 1]])
    assert found.truncated == (1, 3)


def test_what_was_never_embedded_is_not_found(tmp_path: Path) -> None:
    opened(tmp_path).add(keys("a"), Embeddings(vectors(1), ()))

    assert opened(tmp_path).find(keys("b", "a")).tolist() == [-1, 0]
    assert opened(tmp_path).find([]).tolist() == []


def test_an_empty_cache_knows_nothing(tmp_path: Path) -> None:
    cache = opened(tmp_path)

    assert len(cache) == 0
    assert cache.find(keys("a")).tolist() == [-1]
    assert cache.take(cache.find([])).vectors.shape == (0, 5)


def test_a_question_and_a_passage_of_the_same_words_are_two_texts() -> None:
    assert cache_key(Role.QUERY, "where?") != cache_key(Role.PASSAGE, "where?")


def test_each_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    opened(tmp_path).add(keys("a"), Embeddings(vectors(1), ()))

    assert len(opened(tmp_path, ModelIdentity("tiny", "cd" * 32, 5))) == 0
    assert len(opened(tmp_path)) == 1


def test_blocks_follow_each_other(tmp_path: Path) -> None:
    made = vectors(7)
    cache = opened(tmp_path)
    cache.add(keys("a", "b", "c"), Embeddings(made[:3], (0,)))
    cache.add(keys("d"), Embeddings(made[3:4], ()))
    cache.add(keys("e", "f", "g"), Embeddings(made[4:], (2,)))

    reopened = opened(tmp_path)
    found = reopened.take(reopened.find(keys(*"gfedcba")))

    assert np.array_equal(found.vectors, made[::-1])
    assert found.truncated == (0, 6)


@pytest.mark.parametrize("lost", [1, 20, 100])
def test_a_block_that_was_cut_off_is_forgotten_and_the_others_are_kept(
    tmp_path: Path, lost: int
) -> None:
    made = vectors(4)
    cache = opened(tmp_path)
    cache.add(keys("a", "b"), Embeddings(made[:2], ()))
    cache.add(keys("c", "d", "e", "f"), Embeddings(vectors(4), ()))
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-lost])

    survivor = opened(tmp_path)
    assert len(survivor) == 2
    survivor.add(keys("c", "d"), Embeddings(made[2:], ()))

    reopened = opened(tmp_path)
    found = reopened.take(reopened.find(keys("a", "b", "c", "d")))
    assert np.array_equal(found.vectors, made)


def test_a_block_whose_bytes_changed_is_not_believed(tmp_path: Path) -> None:
    opened(tmp_path).add(keys("a", "b"), Embeddings(vectors(2), ()))
    path = only_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)

    assert len(opened(tmp_path)) == 0


def test_a_file_that_is_no_cache_is_started_anew(tmp_path: Path) -> None:
    opened(tmp_path)
    only_file(tmp_path).write_bytes(b"something else entirely" * 10)

    cache = opened(tmp_path)
    assert len(cache) == 0
    cache.add(keys("a"), Embeddings(vectors(1), ()))
    assert len(opened(tmp_path)) == 1


def test_vectors_that_nothing_uses_are_dropped(tmp_path: Path) -> None:
    made = vectors(4)
    opened(tmp_path).add(keys("a", "b", "c", "d"), Embeddings(made, (3,)))

    cache = opened(tmp_path)
    before = only_file(tmp_path).stat().st_size
    assert cache.keep_only(keys("d", "b", "never seen")) == 2

    assert only_file(tmp_path).stat().st_size < before
    for kept in (cache, opened(tmp_path)):
        assert kept.find(keys("a", "c")).tolist() == [-1, -1]
        found = kept.take(kept.find(keys("b", "d")))
        assert np.array_equal(found.vectors, made[[1, 3]])
        assert found.truncated == (1,)


def test_nothing_is_rewritten_when_everything_is_used(tmp_path: Path) -> None:
    opened(tmp_path).add(keys("a"), Embeddings(vectors(1), ()))
    before = only_file(tmp_path).stat().st_ino

    assert opened(tmp_path).keep_only(keys("a")) == 0
    assert only_file(tmp_path).stat().st_ino == before


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = opened(tmp_path)
    cache.add(keys("a"), Embeddings(vectors(1), ()))
    before = only_file(tmp_path).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        cache.add(keys("b"), Embeddings(vectors(1), ()))

    assert only_file(tmp_path).read_bytes() == before
