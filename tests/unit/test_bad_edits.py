"""Edits that go wrong, and golden questions that keep them from visitors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build_report import BuildOutcome
from tests.sample_shop import ENTRIES, Row, Shop, row

ASKED = {
    "refund": ("get my money back", "how do I get the money back?", "can I get my money back"),
    "track": ("where is my parcel", "where is the parcel right now", "my parcel, right now?"),
    "password": ("I forgot the password", "forgot my password", "my password, I forgot it"),
    "invoice": ("can I have the invoice", "have an invoice?", "I have no invoice, can I?"),
    "warranty": ("what does warranty cover", "does the warranty cover it?", "the warranty cover"),
    "gift": ("do you wrap a gift", "wrap gifts?", "do you wrap the gifts"),
}
ALTERNATES = {
    "refund": "Can I return it and be paid again?",
    "track": "Has my order been shipped?",
    "password": "I cannot sign in any more",
    "invoice": "Send me the bill, please",
    "warranty": "It broke after a year, who pays?",
    "gift": "Is there gift wrap?",
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that serves, and golden questions that it finds the right entries for."""
    shop = Shop(tmp_path)
    shop.write(rows())
    questions = [(text, entry_id) for entry_id, texts in ASKED.items() for text in texts]
    shop.write_golden(*questions, ("who won the election", None))
    report = shop.build()
    assert report.outcome is BuildOutcome.PUBLISHED
    assert report.golden is not None
    assert report.golden.summary.found == len(questions)
    return shop


def rows() -> list[Row]:
    return [row(entry_id, alternates=[ALTERNATES[entry_id]]) for entry_id in ENTRIES]


def two_ids_swapped(rows: list[Row]) -> list[Row]:
    names = {"refund": "track", "track": "refund"}
    return [{**each, "id": names.get(str(each["id"]), each["id"])} for each in rows]


def all_ids_moved_by_one(rows: list[Row]) -> list[Row]:
    return [
        {**each, "id": other["id"]} for each, other in zip(rows, [*rows[1:], rows[0]], strict=True)
    ]


def one_entry_emptied(rows: list[Row]) -> list[Row]:
    empty = {"question": "Lorem", "answer": "Ipsum.", "alternates": []}
    return [{**each, **(empty if each["id"] == "track" else {})} for each in rows]


def one_entry_with_the_questions_of_all(rows: list[Row]) -> list[Row]:
    everything = [text for texts in ASKED.values() for text in texts]
    return [
        {**each, **({"alternates": everything} if each["id"] == "gift" else {})} for each in rows
    ]


def answers_sorted_by_themselves(rows: list[Row]) -> list[Row]:
    answers = sorted(str(each["answer"]) for each in rows)
    return [{**each, "answer": answer} for each, answer in zip(rows, answers, strict=True)]


@pytest.mark.parametrize(
    "edit",
    [
        two_ids_swapped,
        all_ids_moved_by_one,
        one_entry_emptied,
        one_entry_with_the_questions_of_all,
    ],
)
def test_a_bad_edit_is_not_published_and_what_serves_goes_on(
    shop: Shop, edit: Callable[[list[Row]], list[Row]]
) -> None:
    serving = shop.generations.current_id()
    shop.write(edit(rows()))

    report = shop.build()

    assert report.outcome is BuildOutcome.REFUSED
    assert shop.generations.current_id() == serving
    assert shop.best("where is my parcel") == "track"
    assert report.golden is not None
    assert report.golden.objections
    assert any(change.is_broken for change in report.golden.changes)


def test_the_report_names_the_questions_that_broke_and_the_entries_that_are_missed(
    shop: Shop,
) -> None:
    shop.write(two_ids_swapped(rows()))

    golden = shop.build().golden

    assert golden is not None
    broken = {change.after.question for change in golden.changes if change.is_broken}
    assert broken >= {*ASKED["refund"], *ASKED["track"]}
    assert [text.split()[0] for text in golden.objections if "before" in text][-2:] == [
        "refund",
        "track",
    ]


def test_an_entry_that_golden_questions_expect_cannot_be_removed(shop: Shop) -> None:
    shop.write([each for each in rows() if each["id"] != "track"])

    report = shop.build()

    assert report.outcome is BuildOutcome.INVALID
    assert "'track' does not exist" in report.errors[0].message


def test_a_bad_edit_is_published_when_it_is_forced(shop: Shop) -> None:
    shop.write(two_ids_swapped(rows()))

    assert shop.build(force=True).outcome is BuildOutcome.PUBLISHED


def test_a_good_edit_is_published(shop: Shop) -> None:
    better = [
        {**each, "answer": f"{each['answer']} Write to us if that does not help."}
        for each in rows()
    ]
    shop.write([*better, {**row("gift"), "id": "gift/card", "question": "Sell you vouchers?"}])

    assert shop.build().outcome is BuildOutcome.PUBLISHED


def test_answers_that_moved_to_other_entries_are_not_published_even_without_golden_questions(
    tmp_path: Path,
) -> None:
    shop = Shop(tmp_path)
    shop.build()
    shop.write(answers_sorted_by_themselves([row(entry_id) for entry_id in ENTRIES]))

    report = shop.build()

    assert report.outcome is BuildOutcome.REFUSED
    assert report.golden is None
    assert "moved to other entries" in report.objections[0]
    assert shop.build(force=True).outcome is BuildOutcome.PUBLISHED
