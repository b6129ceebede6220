"""Tickets: questions that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from app.answering.answer import Alternative
from app.answering.question import UserValue
from indexer.decision import Reason


class TicketStatus(StrEnum):
    """How far a ticket has come."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """One question to hand over.

    Attributes:
        conversation_id: An open ticket of the same conversation is reused.
        question: Personal data already redacted; None where the visitor only wants a person.
        language: BCP 47 tag of the visitor's language, or `und`.
        reason: Why no machine answers.
        retrieved: The closest entries, best first.
        answer_id: The answer that said so; None where the visitor asked for a person outright.
        generation: The generation that was searched; None where nothing was searched.
        contact: How to reach the visitor, as typed.
        user: What the website tells about the visitor.
        idempotency_key: A request with the same key gets the same ticket and adds nothing to it.
    """

    conversation_id: str
    question: str | None
    language: str
    reason: Reason
    retrieved: tuple[Alternative, ...] = ()
    answer_id: str | None = None
    generation: str | None = None
    contact: str | None = None
    user: Mapping[str, UserValue] = field(default_factory=lambda: MappingProxyType({}))
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class TicketQuestion:
    """One question on a ticket.

    Attributes:
        text: Redacted; None where the visitor only wants a person.
        asked_at: Aware, UTC.
    """

    text: str | None
    language: str
    reason: Reason
    retrieved: tuple[Alternative, ...]
    answer_id: str | None
    generation: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A durable request for a person.

    Attributes:
        ticket_id: Cannot be guessed: whoever knows it may ask for its status.
        language: Language of the latest question.
        reason: Reason of the latest question.
        questions: Oldest first; never empty.
        created_at: Aware, UTC; so are the other times.
    """

    ticket_id: str
    status: TicketStatus
    conversation_id: str
    language: str
    reason: Reason
    questions: tuple[TicketQuestion, ...]
    contact: str | None
    user: Mapping[str, UserValue]
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Some tickets of a longer list.

    Attributes:
        tickets: Newest first.
        next_cursor: Gets the page after this one; None on the last.
    """

    tickets: tuple[Ticket, ...]
    next_cursor: str | None


class TicketsUnavailableError(Exception):
    """Tickets cannot be kept or read just now; the message says why."""


class CursorError(ValueError):
    """A cursor that no page of tickets gave out."""


class Tickets(Protocol):
    """Keeps tickets. Every method may raise `TicketsUnavailableError`; all are thread-safe."""

    def open(self, request: TicketRequest) -> Ticket:
        """Keep a ticket durably, reusing the conversation's open one.

        Returns:
            The ticket, on disk by the time this returns.
        """
        ...

    def find(self, ticket_id: str) -> Ticket | None:
        """Look up a ticket."""
        ...

    def page(
        self, status: TicketStatus | None = None, limit: int = 50, cursor: str | None = None
    ) -> TicketPage:
        """List tickets, newest first.

        Raises:
            CursorError: No page gave out this cursor.
        """
        ...

    def resolve(self, ticket_id: str) -> Ticket | None:
        """Close a ticket; one that is closed already stays as it is. None where there is none."""
        ...
