from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.gate import Gate, chance_of_as_many
from indexer.golden import (
    GoldenAnswer,
    GoldenSummary,
    Verdict,
    ask_golden,
    changed_answers,
    summarise,
)
from indexer.golden_answers import read_golden_answers, write_golden_answers
from indexer.query import Query
from indexer.ranking import Ranking, ScoredEntry
from knowledge_base.golden import GoldenQuestion


class Index:
    """Answers a question with the entry of the same name, and nothing else."""

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        found = [] if query.text == "nothing" else [query.text, "other"]
        entries = tuple(ScoredEntry(name, 0.9, 0.9, 0.9, query.language) for name in found[:limit])
        return Ranking(entries, np.zeros(1, dtype=np.float32))

    def decide(self, ranking: Ranking) -> Decision:
        sure = bool(ranking.entries) and ranking.entries[0].entry_id != "doubtful"
        return Decision(
            Outcome.ANSWERED if sure else Outcome.HANDOFF,
            None if sure else Reason.LOW_CONFIDENCE,
            Confidence(0.8 if sure else 0.1, 0.5),
            ranking.entries,
        )


def asked(question: str, expect: str | None) -> GoldenAnswer:
    golden = GoldenQuestion(question, "en", expect)
    (answer,) = ask_golden(Index(), [golden], np.zeros((1, 3), dtype=np.float32))
    return answer


def test_an_answer_tells_what_was_delivered_and_how_sure_it_was() -> None:
    assert asked("refund", "refund") == GoldenAnswer(
        question="refund",
        lang="en",
        expect="refund",
        outcome=Outcome.ANSWERED,
        entry_id="refund",
        top_entry_id="refund",
        confidence=0.8,
    )


def test_what_was_found_but_not_delivered_is_told_as_well() -> None:
    answer = asked("doubtful", "doubtful")

    assert (answer.entry_id, answer.top_entry_id) == (None, "doubtful")


@pytest.mark.parametrize(
    ("question", "expect", "verdict"),
    [
        ("refund", "refund", Verdict.RIGHT),
        ("refund", "return", Verdict.WRONG),
        ("refund", None, Verdict.WRONG),
        ("doubtful", "doubtful", Verdict.HANDED_OVER),
        ("doubtful", None, Verdict.RIGHT),
        ("nothing", None, Verdict.RIGHT),
        ("nothing", "refund", Verdict.HANDED_OVER),
    ],
)
def test_answers_are_judged_by_what_people_expect(
    question: str, expect: str | None, verdict: Verdict
) -> None:
    assert asked(question, expect).verdict is verdict


def test_answers_are_counted() -> None:
    answers = [
        asked("a", "a"),
        asked("a", "b"),
        asked("a", None),
        asked("doubtful", "b"),
        asked("nothing", None),
    ]

    assert summarise(answers) == GoldenSummary(
        asked=5, answered=3, right=2, wrong=2, handed_over=1, expected=3, found=1
    )
    assert summarise(answers).wrong_share == pytest.approx(2 / 3)
    assert summarise(answers).right_share == pytest.approx(2 / 5)


def test_nothing_asked_is_nothing_wrong() -> None:
    assert summarise([]).wrong_share == 0.0
    assert summarise([]).right_share == 0.0


def test_only_questions_that_are_treated_differently_have_changed() -> None:
    same, moved = asked("a", "a"), asked("b", "b")
    surer = replace(same, confidence=0.99)
    elsewhere = replace(moved, entry_id="c")

    changes = changed_answers([same, moved], [surer, elsewhere, asked("new", "new")])

    assert [(change.before.entry_id, change.after.entry_id) for change in changes] == [("b", "c")]


def test_what_broke_comes_first_of_what_changed() -> None:
    better = replace(asked("doubtful", "doubtful"), question="better")
    worse, lost = asked("a", "a"), asked("doubtful", "doubtful")

    changes = changed_answers(
        [better, worse, lost],
        [
            replace(better, outcome=Outcome.ANSWERED, entry_id="doubtful"),
            replace(worse, entry_id="b", top_entry_id="b"),
            replace(lost, top_entry_id="b"),
        ],
    )

    assert [(change.after.question, change.is_broken) for change in changes] == [
        ("a", True),
        ("doubtful", True),
        ("better", False),
    ]


def test_the_same_words_in_two_languages_are_two_questions() -> None:
    english = asked("a", "a")
    german = replace(english, lang="de", entry_id="b")

    assert changed_answers([english, german], [german, english]) == ()


def test_answers_come_back_from_a_file(tmp_path: Path) -> None:
    answers = (asked("a", "a"), asked("doubtful", None))
    write_golden_answers(tmp_path, answers)

    assert read_golden_answers(tmp_path) == answers


def summary(right: int, wrong: int, asked: int = 100) -> GoldenSummary:
    return GoldenSummary(
        asked=asked,
        answered=right + wrong,
        right=right,
        wrong=wrong,
        handed_over=asked - right - wrong,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, summary(right=95, wrong=5)),
        (None, summary(right=0, wrong=0)),
        (summary(right=80, wrong=4), summary(right=75, wrong=2)),
        (summary(right=80, wrong=20), summary(right=81, wrong=19)),
    ],
)
def test_the_gate_lets_pass_what_is_good_enough(
    before: GoldenSummary | None, after: GoldenSummary
) -> None:
    assert Gate().objections(before, after) == ()


def test_the_gate_objects_to_too_many_wrong_answers() -> None:
    (objection,) = Gate(error_budget=0.05).objections(None, summary(right=88, wrong=12))

    assert "12 of 100 answers" in objection
    assert "12.0%" in objection
    assert "at most 5.0%" in objection


def test_the_gate_does_not_object_to_a_few_wrong_answers_that_chance_explains() -> None:
    assert Gate(error_budget=0.05).objections(None, summary(right=24, wrong=2)) == ()


@pytest.mark.parametrize(
    ("wrong", "answered", "share", "chance"),
    [
        (0, 0, 0.05, 1.0),
        (1, 1, 0.05, 0.05),
        (2, 26, 0.05, 0.3759),
        (1, 3, 0.0, 0.0),
        (3, 3, 1.0, 1.0),
        (200, 2000, 0.05, 0.0),
    ],
)
def test_the_chance_of_as_many_wrong_answers_is_the_exact_binomial_one(
    wrong: int, answered: int, share: float, chance: float
) -> None:
    assert chance_of_as_many(wrong, answered, share) == pytest.approx(chance, abs=5e-4)


def test_the_gate_objects_to_more_wrong_answers_than_are_live_already() -> None:
    (objection,) = Gate(error_budget=0.05).objections(
        summary(right=85, wrong=15), summary(right=84, wrong=16)
    )

    assert "16 of 100 answers" in objection


def test_the_gate_objects_when_much_that_was_right_is_lost() -> None:
    (objection,) = Gate(largest_loss=0.05).objections(
        summary(right=90, wrong=0), summary(right=80, wrong=0)
    )

    assert "80 of 100" in objection
    assert "90 before" in objection


def found(count: int) -> GoldenSummary:
    return replace(summary(right=60, wrong=0), expected=80, found=count)


def test_the_gate_objects_when_expected_entries_come_first_for_much_fewer_questions() -> None:
    (objection,) = Gate(largest_loss=0.05).objections(found(70), found(65))

    assert "first for 65 of 80" in objection
    assert "70 before" in objection
    assert Gate(largest_loss=0.05).objections(found(70), found(66)) == ()
    assert Gate(largest_loss=0.1).objections(found(70), found(65)) == ()


def test_one_question_is_enough_for_the_gate() -> None:
    before, after = (
        summarise([replace(asked("doubtful", "doubtful"), top_entry_id=top)])
        for top in ("doubtful", "other")
    )

    assert len(Gate().objections(before, after)) == 1


@pytest.mark.parametrize(
    ("before", "after", "is_missed"),
    [(3, 0, True), (5, 2, True), (5, 3, False), (8, 4, False), (2, 0, False), (0, 0, False)],
)
def test_the_gate_misses_an_entry_that_most_of_its_questions_have_lost(
    before: int, after: int, is_missed: bool
) -> None:
    def answers(count: int) -> list[GoldenAnswer]:
        answer = asked("doubtful", "doubtful")
        tops = ["doubtful"] * count + ["other"] * (10 - count)
        return [replace(answer, top_entry_id=top, question=str(n)) for n, top in enumerate(tops)]

    objections = Gate().objections_about_entries(answers(before), answers(after))

    expected = f"doubtful comes first for {after} of the golden questions that expect it, {before}"
    assert [expected in objection for objection in objections] == [True] * is_missed


def test_an_entry_is_not_missed_where_nothing_serves() -> None:
    assert Gate().objections_about_entries([], [asked("a", "b")]) == ()
