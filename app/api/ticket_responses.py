"""What visitors and operators get of tickets, as OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.answer_responses import AlternativeOut
from app.api.responses import Response
from app.handoff.tickets import TicketStatus
from indexer.decision import Reason
from knowledge_base.languages import Direction

Scalar = str | bool | int | float | None
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class HandoffOpenedOut(Response):
    """A ticket that was opened on a visitor's wish."""

    ticket_id: str
    status: TicketStatus
    conversation_id: str
    message: str
    language: str
    direction: Direction


class TicketStatusOut(Response):
    """What a visitor may know of a ticket."""

    ticket_id: str
    status: TicketStatus
    created_at: Time
    updated_at: Time
    resolved_at: Time | None


class TicketQuestionOut(Response):
    """One question on a ticket."""

    text: str | None
    language: str
    reason: Reason
    answer_id: str | None
    generation: str | None
    asked_at: Time
    retrieved: list[AlternativeOut]


class TicketOut(TicketStatusOut):
    """All that operators may know of a ticket."""

    conversation_id: str
    language: str
    reason: Reason
    contact: str | None
    user: dict[str, Scalar]
    questions: list[TicketQuestionOut]


class TicketPageOut(Response):
    """Tickets, newest first."""

    handoffs: list[TicketOut]
    next_cursor: str | None
