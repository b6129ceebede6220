"""Dense search: every language is heard, exactly or by a graph that knows how well it does."""

from pathlib import Path

import numpy as np
import pytest

from indexer import dense, graphs
from indexer.dense import Backend, DenseIndex
from indexer.graphs import RECALL_AT_10
from indexer.query import FloatArray

DIMENSION = 24
SIZES = {"de": 40, "en": 900, "th": 3}
TOTAL = sum(SIZES.values())


def random_vectors(count: int, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


VECTORS = random_vectors(TOTAL)
QUESTIONS = random_vectors(20, seed=1)
LANGUAGE_OF = np.repeat(np.arange(len(SIZES)), list(SIZES.values()))


@pytest.fixture(params=[Backend.EXACT, Backend.HNSW])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """Both ways to search, by what may be searched exactly; a graph is walked under any filter."""
    if request.param is Backend.HNSW:
        monkeypatch.setattr(dense, "EXACT_PASSAGES", 0)
    return Backend(request.param)


@pytest.fixture
def index(backend: Backend) -> DenseIndex:
    index = DenseIndex.build(VECTORS, SIZES)
    assert {description.backend for description in index.descriptions} == {backend}
    return index


def exact_rows(vector: FloatArray, language: int, k: int) -> list[int]:
    rows = np.flatnonzero(language == LANGUAGE_OF)
    order = np.argsort(-(VECTORS[rows] @ vector), kind="stable")
    return [int(row) for row in rows[order[:k]]]


def test_every_language_is_heard_best_passages_first(index: DenseIndex) -> None:
    shared = 0
    for question in QUESTIONS:
        found = index.search(question, 10)
        for language, size in enumerate(SIZES.values()):
            rows = found.rows[language, : min(size, 10)]
            shared += len(set(rows.tolist()) & set(exact_rows(question, language, 10)))
            assert (np.diff(found.scores[language, : len(rows)]) <= 0).all()
            np.testing.assert_allclose(
                found.scores[language, : len(rows)], VECTORS[rows] @ question, atol=1e-5
            )
    assert shared / (len(QUESTIONS) * (10 + 10 + 3)) >= RECALL_AT_10 - 0.05


def test_a_language_with_fewer_passages_leaves_places_empty(index: DenseIndex) -> None:
    found = index.search(QUESTIONS[0], 5)

    assert sorted(found.rows[2, :3]) == [TOTAL - 3, TOTAL - 2, TOTAL - 1]
    assert found.rows[2, 3:].tolist() == [-1, -1]
    assert np.isneginf(found.scores[2, 3:]).all()


@pytest.mark.parametrize("share", [0.5, 0.05, 0.004])
def test_a_passage_that_is_not_allowed_is_never_found_and_those_that_are_come_through(
    index: DenseIndex, share: float
) -> None:
    allowed = np.random.default_rng(2).random(TOTAL) < share

    for question in QUESTIONS:
        found = index.search(question, 4, allowed)
        rows = found.rows[found.rows >= 0]
        assert allowed[rows].all()
        for language in range(len(SIZES)):
            there = int(np.count_nonzero(allowed & (language == LANGUAGE_OF)))
            assert np.count_nonzero(found.rows[language] >= 0) == min(there, 4)


def test_few_allowed_passages_are_searched_exactly(index: DenseIndex) -> None:
    allowed = np.zeros(TOTAL, np.bool_)
    allowed[np.random.default_rng(3).choice(TOTAL, 12, replace=False)] = True

    for question in QUESTIONS:
        found = index.search(question, 3, allowed)
        for language in range(len(SIZES)):
            rows = np.flatnonzero(allowed & (language == LANGUAGE_OF))
            best = rows[np.argsort(-(VECTORS[rows] @ question))][:3]
            assert found.rows[language, : len(best)].tolist() == best.tolist()


def test_nothing_allowed_finds_nothing(index: DenseIndex) -> None:
    assert (index.search(QUESTIONS[0], 3, np.zeros(TOTAL, np.bool_)).rows == -1).all()


def test_reads_back_what_it_wrote(index: DenseIndex, tmp_path: Path) -> None:
    index.write(tmp_path)
    again = DenseIndex.read(tmp_path)

    assert again.descriptions == index.descriptions
    allowed = np.arange(TOTAL) % 7 == 0
    for question in QUESTIONS:
        for mask in (None, allowed):
            before, after = index.search(question, 8, mask), again.search(question, 8, mask)
            np.testing.assert_array_equal(after.rows, before.rows)
            np.testing.assert_array_equal(after.scores, before.scores)


def test_more_neighbours_than_a_graph_was_tuned_for_can_be_had(index: DenseIndex) -> None:
    found = index.search(QUESTIONS[0], 600)

    assert np.count_nonzero(found.rows[1] >= 0) >= 590


def test_a_graph_tells_its_recall_against_exact_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "EXACT_PASSAGES", 0)
    index = DenseIndex.build(VECTORS, SIZES)

    for description in index.descriptions:
        assert description.passages == SIZES[description.language]
        assert RECALL_AT_10 <= description.recall_at_10 <= 1.0
        assert description.search_depth > 0


def test_a_graph_that_cannot_reach_the_recall_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "EXACT_PASSAGES", 0)
    monkeypatch.setattr(graphs, "_SEARCH_DEPTHS", (1, 2))
    monkeypatch.setattr(graphs, "_LINKS", 2)

    (description,) = DenseIndex.build(VECTORS[:900], {"en": 900}).descriptions

    assert description.recall_at_10 < RECALL_AT_10
    assert description.search_depth == 2


def test_texts_that_are_there_many_times_do_not_make_a_graph_look_bad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "EXACT_PASSAGES", 0)

    (description,) = DenseIndex.build(np.tile(VECTORS[:30], (20, 1)), {"en": 600}).descriptions

    assert description.recall_at_10 >= RECALL_AT_10


def test_the_largest_languages_get_a_graph_when_not_all_can_be_searched_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "EXACT_PASSAGES", 50)

    backends = {
        description.language: description.backend
        for description in DenseIndex.build(VECTORS, SIZES).descriptions
    }

    assert backends == {"de": Backend.EXACT, "en": Backend.HNSW, "th": Backend.EXACT}


def test_a_large_language_gets_a_graph_though_exact_search_has_room_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dense, "EXACT_PASSAGES", max(SIZES.values()))
    monkeypatch.setattr(dense, "GRAPH_PAYS_FROM", min(SIZES.values()))

    backends = [
        description.backend for description in DenseIndex.build(VECTORS, SIZES).descriptions
    ]

    assert backends.count(Backend.EXACT) == list(SIZES.values()).count(min(SIZES.values()))


def test_exact_search_reports_full_recall() -> None:
    for description in DenseIndex.build(VECTORS, SIZES).descriptions:
        assert description.recall_at_10 == 1.0
        assert description.search_depth == 0


@pytest.mark.usefixtures("backend")
def test_one_passage_is_found() -> None:
    found = DenseIndex.build(VECTORS[:1], {"en": 1}).search(QUESTIONS[0], 3)

    assert found.rows.tolist() == [[0, -1, -1]]


def test_no_languages_give_no_neighbours(tmp_path: Path) -> None:
    DenseIndex.build(np.zeros((0, DIMENSION), np.float32), {}).write(tmp_path)

    assert DenseIndex.read(tmp_path).search(QUESTIONS[0], 3).rows.shape == (0, 3)


def test_a_question_of_another_dimension_is_refused(index: DenseIndex) -> None:
    with pytest.raises(ValueError, match=r"shape \(25,\) among 24 dimensions"):
        index.search(np.zeros(DIMENSION + 1, np.float32), 3)
