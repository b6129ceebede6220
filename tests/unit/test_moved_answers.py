"""Answers that came to stand under the questions of other entries."""

from indexer.moved_answers import MovedAnswer, describe_moved, moved_answers
from indexer.record_lines import RecordKey, encode_records
from knowledge_base.entry import Record


def lines(*records: tuple[str, str, str, str]) -> dict[RecordKey, bytes]:
    return encode_records(Record(*record) for record in records)


BEFORE = lines(
    ("a", "en", "A?", "Answer a."),
    ("b", "en", "B?", "Answer b."),
    ("c", "en", "C?", "Answer c."),
    ("a", "de", "A?", "Antwort a."),
)


def test_two_answers_that_changed_places_are_found() -> None:
    after = lines(("a", "en", "A?", "Answer b."), ("b", "en", "B?", "Answer a."))

    assert moved_answers(BEFORE, after) == (
        MovedAnswer("a", "en", "b"),
        MovedAnswer("b", "en", "a"),
    )


def test_so_is_a_column_that_was_sorted_by_itself() -> None:
    after = lines(
        ("a", "en", "A?", "Answer c."),
        ("b", "en", "B?", "Answer a."),
        ("c", "en", "C?", "Answer b."),
    )

    assert [moved.came_from for moved in moved_answers(BEFORE, after)] == ["c", "a", "b"]


def test_questions_that_go_along_with_their_answers_are_no_accident() -> None:
    after = lines(("a", "en", "B?", "Answer b."), ("b", "en", "A?", "Answer a."))

    assert moved_answers(BEFORE, after) == ()


def test_a_single_answer_that_moved_is_an_entry_taken_apart() -> None:
    after = lines(("a", "en", "A?", "Answer b."), ("b", "en", "B?", "Something new."))

    assert moved_answers(BEFORE, after) == ()


def test_rewritten_answers_did_not_move() -> None:
    after = lines(("a", "en", "A?", "Better a."), ("b", "en", "B?", "Better b."))

    assert moved_answers(BEFORE, after) == ()


def test_the_same_answer_in_another_language_did_not_move() -> None:
    after = lines(("a", "en", "A?", "Antwort a."), ("a", "de", "A?", "Answer a."))

    assert moved_answers(BEFORE, after) == ()


def test_entries_that_come_and_go_did_not_move() -> None:
    after = lines(("d", "en", "D?", "Answer a."), ("e", "en", "E?", "Answer b."))

    assert moved_answers(BEFORE, after) == ()
    assert moved_answers({}, after) == ()


def test_a_few_are_named_and_the_rest_counted() -> None:
    moved = tuple(MovedAnswer(f"e{number}", "en", "x") for number in range(5))

    text = describe_moved(moved)

    assert text.startswith("5 answers moved to other entries")
    assert "e0 en has that of x" in text
    assert "and 2 more" in text
    assert "more" not in describe_moved(moved[:3])
