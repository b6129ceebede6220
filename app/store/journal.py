"""Answers and feedback, kept in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DataError, IntegrityError

from app.journal import AnswerRecord, Feedback, JournalUnavailableError
from app.store.database import Database
from app.store.errors import StoreError
from app.store.tables import answers, conversations, feedback
from models.language_id import UNDETERMINED


class StoredJournal:
    """The journal of a store: see `app.journal.Journal`."""

    def __init__(self, database: Database) -> None:
        """Prepare the statements; nothing is opened yet."""
        self._database = database
        self._add_answers = database.insert(answers).on_conflict_do_nothing(
            index_elements=[answers.c.answer_id]
        )
        started = database.insert(conversations)
        self._note_conversations = started.on_conflict_do_update(
            index_elements=[conversations.c.conversation_id],
            set_={
                "language": started.excluded.language,
                "updated_at": started.excluded.updated_at,
            },
            where=conversations.c.updated_at <= started.excluded.updated_at,
        )
        # A question whose language could not be told says nothing about the visitor's.
        self._note_undetermined = started.on_conflict_do_nothing(
            index_elements=[conversations.c.conversation_id]
        )
        self._language = select(conversations.c.language).where(
            conversations.c.conversation_id == bindparam("id")
        )
        self._add_feedback = _feedback_on_known_answers(database)

    def append(self, records: Sequence[AnswerRecord]) -> None:
        """Store answers in one transaction; one that is stored already is left as it is.

        Raises:
            JournalUnavailableError: It cannot be done just now.
            StoreError: The database refuses these values, and will do so again.
        """
        if not records:
            return
        try:
            self._append(records)
        except JournalUnavailableError as error:
            if isinstance(error.__cause__, DataError | IntegrityError):
                raise StoreError(str(error)) from error
            raise

    def last_language(self, conversation_id: str) -> str | None:
        """Give the language of a conversation's last question whose language was told."""
        with self._database.reading(JournalUnavailableError) as connection:
            language = connection.execute(self._language, {"id": conversation_id}).scalar()
        return None if language in {None, UNDETERMINED} else str(language)

    def add_feedback(self, given: Feedback) -> bool:
        """Store feedback; a later one replaces an earlier one on the same answer."""
        row = {
            "answer": given.answer_id,
            "rating": given.rating.value,
            "reason": given.reason,
            "comment": given.comment,
            "correction": given.correction,
            "given_at": given.given_at,
        }
        with self._database.writing(JournalUnavailableError) as connection:
            return connection.execute(self._add_feedback, row).first() is not None

    def _append(self, records: Sequence[AnswerRecord]) -> None:
        told, untold = _conversation_rows(records)
        rows = [_answer_row(record) for record in records]
        with self._database.writing(JournalUnavailableError) as connection:
            if told:
                connection.execute(self._note_conversations, told)
            if untold:
                connection.execute(self._note_undetermined, untold)
            connection.execute(self._add_answers, rows)


def _feedback_on_known_answers(database: Database) -> Any:  # noqa: ANN401 - two dialects' types
    columns = [column for column in feedback.columns if column is not feedback.c.answer_id]
    known = select(
        answers.c.answer_id,
        *(bindparam(column.name, type_=column.type) for column in columns),
    ).where(answers.c.answer_id == bindparam("answer"))
    insert = database.insert(feedback).from_select(
        ["answer_id", *(column.name for column in columns)], known
    )
    return insert.on_conflict_do_update(
        index_elements=[feedback.c.answer_id],
        set_={column.name: insert.excluded[column.name] for column in columns},
    ).returning(feedback.c.answer_id)


def _conversation_rows(
    records: Sequence[AnswerRecord],
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    told: dict[str, dict[str, object]] = {}
    untold: dict[str, dict[str, object]] = {}
    started: dict[str, datetime] = {}
    for record in records:
        rows = untold if record.language == UNDETERMINED else told
        rows[record.conversation_id] = {
            "conversation_id": record.conversation_id,
            "language": record.language,
            "started_at": started.setdefault(record.conversation_id, record.asked_at),
            "updated_at": record.asked_at,
        }
    # In one order everywhere, so that two processes cannot wait for each other.
    return [told[key] for key in sorted(told)], [untold[key] for key in sorted(untold)]


def _answer_row(record: AnswerRecord) -> dict[str, object]:
    return {
        "answer_id": record.answer_id,
        "conversation_id": record.conversation_id,
        "asked_at": record.asked_at,
        "question": record.question,
        "mode": record.mode.value,
        "language": record.language,
        "language_confidence": record.language_confidence,
        "language_source": record.language_source.value,
        "outcome": record.outcome.value,
        "reason": None if record.reason is None else record.reason.value,
        "kind": record.kind.value,
        "entry_id": record.entry_id,
        "answer_language": record.answer_language,
        "confidence": record.confidence,
        "threshold": record.threshold,
        "generation": record.generation,
        "ticket_id": record.ticket_id,
        "timings_ms": dict(record.timings_ms),
    }
