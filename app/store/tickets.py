"""Tickets, kept in the store."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from app.handoff.tickets import (
    CursorError,
    Ticket,
    TicketPage,
    TicketQuestion,
    TicketRequest,
    TicketStatus,
    TicketsUnavailableError,
)
from app.store.columns import storable
from app.store.database import Database
from app.store.tables import OPEN_TICKET, ticket_questions, tickets
from app.store.ticket_rows import question_of, question_row, ticket_of, ticket_row

QUESTIONS_SHOWN = 100
"""A ticket is given with its latest questions, lest a flood of them grow every reply."""


class _AlreadyAskedError(Exception):
    pass


class StoredTickets:
    """The tickets of a store: see `app.handoff.tickets.Tickets`."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Prepare the statements; nothing is opened yet."""
        self._database = database
        self._now = now
        self._open = _open_or_reuse(database)
        self._ask = (
            database.insert(ticket_questions)
            .on_conflict_do_nothing(index_elements=[ticket_questions.c.idempotency_key])
            .returning(ticket_questions.c.number)
        )
        self._by_key = (
            select(tickets)
            .join(ticket_questions, ticket_questions.c.ticket == tickets.c.number)
            .where(ticket_questions.c.idempotency_key == bindparam("key"))
        )
        self._by_id = select(tickets).where(tickets.c.ticket_id == bindparam("id"))
        self._resolve = (
            update(tickets)
            .where(
                tickets.c.ticket_id == bindparam("id"),
                tickets.c.status == TicketStatus.OPEN.value,
            )
            .values(
                status=TicketStatus.RESOLVED.value,
                resolved_at=bindparam("at"),
                updated_at=bindparam("at"),
            )
        )
        self._questions = _latest_questions()

    def open(self, request: TicketRequest) -> Ticket:
        """Keep a ticket durably, reusing the conversation's open one."""
        question = TicketQuestion(
            text=None if request.question is None else storable(request.question),
            language=request.language,
            reason=request.reason,
            retrieved=request.retrieved,
            answer_id=request.answer_id,
            generation=request.generation,
            asked_at=self._now(),
        )
        new_id = f"T-{secrets.token_urlsafe(16)}"
        try:
            with self._database.writing(TicketsUnavailableError) as connection:
                row = connection.execute(self._open, ticket_row(new_id, request, question)).one()
                self._add(connection, question_row(row.number, request, question))
                if row.ticket_id == new_id:
                    return ticket_of(row, (question,))
                return self._complete(connection, [row])[0]
        except _AlreadyAskedError:
            with self._database.reading(TicketsUnavailableError) as connection:
                key = {"key": storable(request.idempotency_key or "")}
                return self._complete(connection, [connection.execute(self._by_key, key).one()])[0]

    def find(self, ticket_id: str) -> Ticket | None:
        """Look up a ticket, with its latest questions."""
        with self._database.reading(TicketsUnavailableError) as connection:
            return self._found(connection, ticket_id)

    def page(
        self, status: TicketStatus | None = None, limit: int = 50, cursor: str | None = None
    ) -> TicketPage:
        """List tickets, newest first, each with its latest questions."""
        statement = select(tickets).order_by(tickets.c.number.desc()).limit(limit + 1)
        if status is not None:
            statement = statement.where(tickets.c.status == status.value)
        if cursor is not None:
            statement = statement.where(tickets.c.number < _number(cursor))
        with self._database.reading(TicketsUnavailableError) as connection:
            rows = connection.execute(statement).all()
            shown = self._complete(connection, rows[:limit])
        more = len(rows) > limit
        return TicketPage(shown, _cursor(rows[limit - 1].number) if more else None)

    def resolve(self, ticket_id: str) -> Ticket | None:
        """Close a ticket; one that is closed already stays as it is."""
        with self._database.writing(TicketsUnavailableError) as connection:
            connection.execute(self._resolve, {"id": storable(ticket_id), "at": self._now()})
            return self._found(connection, ticket_id)

    def _add(self, connection: Connection, question: dict[str, object]) -> None:
        if connection.execute(self._ask, question).first() is None:
            raise _AlreadyAskedError

    def _found(self, connection: Connection, ticket_id: str) -> Ticket | None:
        row = connection.execute(self._by_id, {"id": storable(ticket_id)}).first()
        return None if row is None else self._complete(connection, [row])[0]

    def _complete(self, connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Ticket, ...]:
        questions: dict[int, list[TicketQuestion]] = {row.number: [] for row in rows}
        for asked in connection.execute(self._questions, {"tickets": list(questions)}):
            questions[asked.ticket].append(question_of(asked))
        return tuple(ticket_of(row, questions[row.number]) for row in rows)


def _open_or_reuse(database: Database) -> Any:  # noqa: ANN401 - two dialects' types
    insert = database.insert(tickets)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[tickets.c.conversation_id],
        index_where=OPEN_TICKET,
        set_={
            "language": new.language,
            "reason": new.reason,
            "contact": func.coalesce(new.contact, tickets.c.contact),
            "visitor": func.coalesce(new.visitor, tickets.c.visitor),
            "updated_at": new.updated_at,
        },
    ).returning(*tickets.columns)


def _latest_questions() -> Any:  # noqa: ANN401 - the columns of a subquery have no static type
    place = func.row_number().over(
        partition_by=ticket_questions.c.ticket, order_by=ticket_questions.c.number.desc()
    )
    placed = (
        select(ticket_questions, place.label("place"))
        .where(ticket_questions.c.ticket.in_(bindparam("tickets", expanding=True)))
        .subquery()
    )
    return select(placed).where(placed.c.place <= QUESTIONS_SHOWN).order_by(placed.c.number)


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"before:{number}".encode()).decode().rstrip("=")


def _number(cursor: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        word, _, digits = base64.b64decode(padded, altchars=b"-_", validate=True).partition(b":")
    except (binascii.Error, ValueError):
        word, digits = b"", b""
    if word != b"before" or not digits.isdigit() or len(digits) > 18:
        raise CursorError(f"{cursor!r} is not a cursor; use next_cursor of the page before")
    return int(digits)
