"""The journal: answers in batches, the visitor's last language, feedback."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.answering.answer import AnswerKind
from app.answering.question import Mode
from app.journal import AnswerRecord, Feedback, JournalUnavailableError, Rating
from app.store import Store, StoreError
from app.store.database import Database
from app.store.tables import answers, conversations, feedback
from indexer.decision import Outcome, Reason
from models.language_priors import LanguageSource

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def answer(
    number: int = 1, conversation: str = "c-1", language: str = "fr", minutes: int = 0
) -> AnswerRecord:
    return AnswerRecord(
        answer_id=f"a-{number}",
        conversation_id=conversation,
        asked_at=NOON + timedelta(minutes=minutes),
        question="Où est mon colis 📦 ?",
        mode=Mode.AUTO,
        language=language,
        language_confidence=0.97,
        language_source=LanguageSource.DETECTED,
        outcome=Outcome.HANDOFF,
        reason=Reason.LOW_CONFIDENCE,
        kind=AnswerKind.NOTICE,
        entry_id="orders/track",
        answer_language="fr",
        confidence=0.42,
        threshold=0.71,
        generation="2026-11-22T10-38-11Z-1f3a",
        ticket_id="T-1",
        timings_ms={"total": 7.1, "embed": 4.0},
    )


def rating(of: str = "a-1", rated: Rating = Rating.DOWN, comment: str | None = None) -> Feedback:
    return Feedback(of, rated, "wrong", comment, "Ask the courier", NOON)


def test_an_answer_is_kept_whole(store: Store, database: Database) -> None:
    store.journal.append([answer()])

    with database.reading() as connection:
        row = connection.execute(select(answers)).one()._asdict()
    assert row == {
        "answer_id": "a-1",
        "conversation_id": "c-1",
        "asked_at": NOON,
        "question": "Où est mon colis 📦 ?",
        "mode": "auto",
        "language": "fr",
        "language_confidence": 0.97,
        "language_source": "detected",
        "outcome": "handoff",
        "reason": "low_confidence",
        "kind": "notice",
        "entry_id": "orders/track",
        "answer_language": "fr",
        "confidence": 0.42,
        "threshold": 0.71,
        "generation": "2026-11-22T10-38-11Z-1f3a",
        "ticket_id": "T-1",
        "timings_ms": {"total": 7.1, "embed": 4.0},
    }


def test_an_answer_stored_twice_is_kept_once(store: Store, database: Database) -> None:
    store.journal.append([answer(1), answer(2)])
    store.journal.append([answer(2), answer(3)])

    with database.reading() as connection:
        kept = connection.execute(select(answers.c.answer_id).order_by("answer_id")).scalars().all()
    assert kept == ["a-1", "a-2", "a-3"]


def test_nothing_to_store_needs_no_store() -> None:
    unreachable = Database("sqlite:////nowhere/at/all/polyfaq.db")

    Store(unreachable).journal.append([])


def test_the_last_language_is_that_of_the_latest_question(store: Store) -> None:
    store.journal.append([answer(1, language="de", minutes=2), answer(2, language="fr", minutes=3)])
    store.journal.append([answer(3, language="en", minutes=1)])

    assert store.journal.last_language("c-1") == "fr"


def test_an_undetermined_language_is_no_last_language(store: Store) -> None:
    store.journal.append([answer(1, "c-1", "de"), answer(2, "c-2", "und")])
    store.journal.append([answer(3, "c-1", "und", minutes=1)])

    assert store.journal.last_language("c-1") == "de"
    assert store.journal.last_language("c-2") is None
    assert store.journal.last_language("c-3") is None


def test_a_language_told_later_is_remembered(store: Store) -> None:
    store.journal.append([answer(1, language="und")])
    store.journal.append([answer(2, language="pt-BR", minutes=1)])

    assert store.journal.last_language("c-1") == "pt-BR"


def test_a_conversation_knows_when_it_began_and_went_on(store: Store, database: Database) -> None:
    store.journal.append([answer(1), answer(2, minutes=4)])
    store.journal.append([answer(3, minutes=9)])

    with database.reading() as connection:
        row = connection.execute(select(conversations)).one()
    assert row.started_at == NOON
    assert row.updated_at == NOON + timedelta(minutes=9)


def test_later_feedback_replaces_earlier(store: Store, database: Database) -> None:
    store.journal.append([answer()])

    assert store.journal.add_feedback(rating(rated=Rating.DOWN, comment="No"))
    assert store.journal.add_feedback(rating(rated=Rating.UP, comment=None))

    with database.reading() as connection:
        row = connection.execute(select(feedback)).one()._asdict()
    assert row == {
        "answer_id": "a-1",
        "rating": "up",
        "reason": "wrong",
        "comment": None,
        "correction": "Ask the courier",
        "given_at": NOON,
    }


def test_feedback_on_an_unknown_answer_is_not_kept(store: Store, database: Database) -> None:
    assert not store.journal.add_feedback(rating(of="a-unknown"))

    with database.reading() as connection:
        assert connection.execute(select(feedback)).first() is None


def test_text_a_database_cannot_hold_does_not_lose_the_batch(
    store: Store, database: Database
) -> None:
    store.journal.append([answer(1), replace(answer(2), question="a\0b\ud800c")])
    assert store.journal.add_feedback(rating(of="a-2", comment="\0"))

    with database.reading() as connection:
        questions = connection.execute(select(answers.c.question)).scalars().all()
    assert "a\ufffdb\ufffdc" in questions


def test_values_a_database_will_never_take_are_told_from_a_database_that_is_down(
    store: Store,
) -> None:
    broken = replace(answer(), generation=None)  # type: ignore[arg-type]

    with pytest.raises(StoreError, match="generation"):
        store.journal.append([broken])
    with pytest.raises(JournalUnavailableError):
        Store(Database("sqlite:////nowhere/at/all/polyfaq.db")).journal.append([answer()])
