"""How an index is measured on golden questions."""

import numpy as np
import pytest

from app.evaluation.score import ALL, RANKS, Evaluation, evaluate_index
from knowledge_base.entry import Record
from knowledge_base.golden import GoldenQuestion
from tests.fakes import FakeIndex

INDEX = FakeIndex(
    [
        Record("shipping", "en", "how long does shipping take", "Three days."),
        Record("shipping/cost", "en", "what does shipping cost", "Nothing."),
        Record("returns", "en", "how can I return something", "Print the label."),
        Record("payment", "en", "which cards do you accept", "All of them."),
    ]
)


def asked(question: str, expect: str | None, lang: str = "en") -> GoldenQuestion:
    return GoldenQuestion(question, lang, expect)


def evaluate(*questions: GoldenQuestion) -> Evaluation:
    vectors = np.zeros((len(questions), 2), dtype=np.float32)
    return evaluate_index(INDEX, questions, vectors, error_budget=0.05)


def test_every_question_is_answered_clarified_or_handed_over() -> None:
    total = evaluate(
        asked("how long does shipping take", "shipping"),
        asked("how long does shipping take?", "returns"),
        asked("which cards do you accept", None),
        asked("shipping", "shipping"),
        asked("shipping", "returns"),
        asked("bonjour", None),
        asked("bonjour", "returns"),
    ).total

    assert total.lang == ALL
    assert (total.asked, total.expected) == (7, 5)
    assert (total.answered, total.right, total.wrong) == (3, 1, 2)
    assert (total.clarified, total.offered) == (2, 1)
    assert (total.handed_over, total.withheld) == (2, 1)
    assert total.handled.value == pytest.approx(2 / 7)
    assert total.coverage.value == pytest.approx(3 / 7)
    assert total.error.value == pytest.approx(2 / 3)


def test_recall_and_mrr_come_from_the_rank_of_the_expected_entry() -> None:
    total = evaluate(
        asked("how long does shipping take", "shipping"),
        asked("how long does shipping take", "shipping/cost"),
        asked("how long does shipping take", "no such entry"),
        asked("bonjour", None),
    ).total

    assert RANKS == (1, 3, 5)
    assert [recall.value for recall in total.recall] == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert total.mrr.value == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_languages_are_measured_apart() -> None:
    evaluation = evaluate(
        asked("how long does shipping take", "shipping", "en"), asked("bonjour", "shipping", "fr")
    )

    assert evaluation.generation == INDEX.id
    assert [(s.lang, s.right, s.handed_over) for s in evaluation.languages] == [
        ("en", 1, 0),
        ("fr", 0, 1),
    ]


def test_without_expected_entries_there_is_no_recall() -> None:
    total = evaluate(asked("bonjour", None)).total

    assert [recall.value for recall in total.recall] == [None, None, None]
    assert total.mrr.value is None


def test_without_answers_there_is_no_share_of_wrong_ones() -> None:
    assert evaluate(asked("bonjour", "shipping")).total.error.value is None


def test_one_question_is_measured_with_all_the_doubt_that_is_due() -> None:
    total = evaluate(asked("how long does shipping take", "shipping")).total

    assert total.handled.value == 1.0
    assert total.handled.low == pytest.approx(0.025)
    assert total.calibration.value is None
    assert len(total.reliability) == len(total.curve) == 1


def test_entries_and_languages_that_the_index_does_not_have_are_named() -> None:
    evaluation = evaluate(
        asked("where is it", "shiping", "en"),
        asked("where is it", "shiping", "de"),
        asked("where is it", "returns", "tlh"),
    )

    assert evaluation.unknown_entries == ("shiping",)
    assert evaluation.unserved_languages == ("de", "tlh")
    assert evaluation.total.recall[0].value is not None
