"""How an index is measured on golden questions."""

import numpy as np
import pytest

from app.evaluation import ALL, RANKS, evaluate_index
from knowledge_base.entry import Record
from knowledge_base.golden import GoldenQuestion
from tests.fakes import FakeIndex

INDEX = FakeIndex(
    [
        Record("shipping", "en", "how long does shipping take", "Three days."),
        Record("returns", "en", "how can I return something", "Print the label."),
        Record("payment", "en", "which cards do you accept", "All of them."),
    ]
)


def asked(question: str, expect: str | None, lang: str = "en") -> GoldenQuestion:
    return GoldenQuestion(question, lang, expect)


def vectors(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.zeros((count, 2), dtype=np.float32)


def test_questions_are_counted_by_what_became_of_them() -> None:
    questions = [
        asked("how long does shipping take", "shipping"),
        asked("how long does shipping take?", "returns"),
        asked("which cards do you accept", None),
        asked("bonjour", None),
        asked("shipping", "shipping"),
    ]

    total = evaluate_index(INDEX, questions, vectors(5)).total

    assert total.lang == ALL
    assert (total.asked, total.answered) == (5, 3)
    assert (total.right, total.wrong, total.handed_over) == (2, 2, 1)


def test_recall_and_mrr_come_from_the_rank_of_the_expected_entry() -> None:
    questions = [
        asked("how long does shipping take", "shipping"),
        asked("how long does shipping take", "returns"),
        asked("how long does shipping take", "no such entry"),
        asked("bonjour", None),
    ]

    total = evaluate_index(INDEX, questions, vectors(4)).total

    assert RANKS == (1, 3, 5)
    assert total.recall == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert total.mrr == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_languages_are_measured_apart() -> None:
    questions = [
        asked("how long does shipping take", "shipping", "en"),
        asked("bonjour", "shipping", "fr"),
    ]

    evaluation = evaluate_index(INDEX, questions, vectors(2))

    assert evaluation.generation == INDEX.id
    assert [(s.lang, s.right, s.handed_over) for s in evaluation.languages] == [
        ("en", 1, 0),
        ("fr", 0, 1),
    ]


def test_without_expected_entries_there_is_no_recall() -> None:
    total = evaluate_index(INDEX, [asked("bonjour", None)], vectors(1)).total

    assert total.recall == (None, None, None)
    assert total.mrr is None
