"""Tickets and their questions as rows of the store, and read back from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from app.answering.answer import Alternative
from app.answering.question import UserValue
from app.handoff.tickets import Ticket, TicketQuestion, TicketRequest, TicketStatus
from app.store.columns import storable
from indexer.decision import Reason


def ticket_row(
    ticket_id: str, request: TicketRequest, question: TicketQuestion
) -> dict[str, object]:
    """Give the row of a new ticket, as of the time of its first question."""
    return {
        "ticket_id": ticket_id,
        "status": TicketStatus.OPEN.value,
        "conversation_id": storable(request.conversation_id),
        "language": request.language,
        "reason": request.reason.value,
        "contact": request.contact,
        "visitor": {storable(key): _storable(value) for key, value in request.user.items()} or None,
        "created_at": question.asked_at,
        "updated_at": question.asked_at,
        "resolved_at": None,
    }


def _storable(value: UserValue) -> UserValue:
    return storable(value) if isinstance(value, str) else value


def question_row(
    ticket: int, request: TicketRequest, question: TicketQuestion
) -> dict[str, object]:
    """Give the row of a question; `ticket` is the number of its ticket."""
    return {
        "ticket": ticket,
        "text": question.text,
        "language": question.language,
        "reason": question.reason.value,
        "retrieved": [
            {
                "entry_id": found.entry_id,
                "question": storable(found.question),
                "language": found.language,
                "score": found.score,
            }
            for found in question.retrieved
        ],
        "answer_id": question.answer_id,
        "generation": question.generation,
        "asked_at": question.asked_at,
        "idempotency_key": request.idempotency_key,
    }


def ticket_of(row: Row[Any], questions: Iterable[TicketQuestion]) -> Ticket:
    """Read a ticket back."""
    return Ticket(
        ticket_id=row.ticket_id,
        status=TicketStatus(row.status),
        conversation_id=row.conversation_id,
        language=row.language,
        reason=Reason(row.reason),
        questions=tuple(questions),
        contact=row.contact,
        user=row.visitor or {},
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
    )


def question_of(row: Row[Any]) -> TicketQuestion:
    """Read a question back."""
    return TicketQuestion(
        text=row.text,
        language=row.language,
        reason=Reason(row.reason),
        retrieved=tuple(Alternative(**found) for found in row.retrieved),
        answer_id=row.answer_id,
        generation=row.generation,
        asked_at=row.asked_at,
    )
