"""What of a record is embedded and searched."""

from indexer.chunking import CHUNK_CHARACTERS
from indexer.passages import Passage, PassageKind, passages_of
from knowledge_base.entry import Record
from models.embedding import Role

LONG = "This sentence says a little about returns. " * 30


def test_a_record_gives_its_question_its_alternates_and_its_answer() -> None:
    record = Record(
        "refund", "en", "Money back?", "See **here**.", alternates=("Refund?", "Returns?")
    )

    assert list(passages_of([record])) == [
        Passage("refund", "en", PassageKind.QUESTION, "Money back?"),
        Passage("refund", "en", PassageKind.ALTERNATE, "Refund?"),
        Passage("refund", "en", PassageKind.ALTERNATE, "Returns?"),
        Passage("refund", "en", PassageKind.ANSWER, "See here.", "Money back?"),
    ]


def test_every_piece_of_an_answer_is_embedded_under_its_question() -> None:
    question, *answers = passages_of([Record("refund", "en", "Money back?", LONG)])

    assert question.embedded_text == "Money back?"
    assert len(answers) > 1
    for passage in answers:
        assert passage.embedded_text == f"Money back?\n{passage.text}"


def test_a_long_answer_gives_several_passages() -> None:
    answers = [
        passage.text
        for passage in passages_of([Record("refund", "en", "Money back?", LONG)])
        if passage.kind is PassageKind.ANSWER
    ]

    assert len(answers) > 1
    assert max(map(len, answers)) <= CHUNK_CHARACTERS


def test_an_answer_without_text_gives_none() -> None:
    (only,) = passages_of([Record("refund", "en", "Money back?", "---")])

    assert only.kind is PassageKind.QUESTION


def test_they_come_by_language_then_by_entry_however_the_records_come() -> None:
    records = [
        Record("b", "en", "B?", "B."),
        Record("a", "en", "A?", "A."),
        Record("b", "de", "B?", "B."),
    ]

    found = [(passage.lang, passage.entry_id) for passage in passages_of(records)]

    assert found == sorted(found)
    assert list(passages_of(reversed(records))) == list(passages_of(records))


def test_alternates_are_embedded_as_visitors_questions_are() -> None:
    roles = {kind: Passage("a", "en", kind, "text").role for kind in PassageKind}

    assert roles == {
        PassageKind.QUESTION: Role.PASSAGE,
        PassageKind.ALTERNATE: Role.QUERY,
        PassageKind.ANSWER: Role.PASSAGE,
    }


def test_no_records_give_no_passages() -> None:
    assert list(passages_of([])) == []
