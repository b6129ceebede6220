"""The tables as the code uses them; `migrations` is what creates and changes them."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from app.store.columns import Json, Serial, UtcDateTime, VisitorText

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("conversation_id", String, primary_key=True),
    Column("language", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("answer_id", String, primary_key=True),
    Column("conversation_id", String, ForeignKey("conversations.conversation_id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("question", VisitorText, nullable=False),
    Column("mode", String, nullable=False),
    Column("language", String, nullable=False),
    Column("language_confidence", Float, nullable=False),
    Column("language_source", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", String),
    Column("kind", String, nullable=False),
    Column("entry_id", String),
    Column("answer_language", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("generation", String, nullable=False),
    Column("ticket_id", String),
    Column("timings_ms", Json, nullable=False),
    Index("ix_answers_conversation", "conversation_id"),
    Index("ix_answers_asked_at", "asked_at"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", String, ForeignKey("answers.answer_id"), primary_key=True),
    Column("rating", String, nullable=False),
    Column("reason", VisitorText),
    Column("comment", VisitorText),
    Column("correction", VisitorText),
    Column("given_at", UtcDateTime, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("ticket_id", String, nullable=False, unique=True),
    Column("status", String, nullable=False),
    Column("conversation_id", String, nullable=False),
    Column("language", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("contact", VisitorText),
    Column("visitor", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Index("ix_tickets_status", "status", "number"),
)

OPEN_TICKET = text("status = 'open'")
"""A conversation has one open ticket at most, and any number of resolved ones."""

Index(
    "ux_tickets_open_conversation",
    tickets.c.conversation_id,
    unique=True,
    sqlite_where=OPEN_TICKET,
    postgresql_where=OPEN_TICKET,
)

ticket_questions = Table(
    "ticket_questions",
    metadata,
    Column("number", Serial, primary_key=True),
    Column("ticket", Serial, ForeignKey("tickets.number"), nullable=False),
    Column("text", VisitorText),
    Column("language", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("retrieved", Json, nullable=False),
    Column("answer_id", String),
    Column("generation", String),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("idempotency_key", VisitorText, unique=True),
    Index("ix_ticket_questions_ticket", "ticket", "number"),
)

replies = Table(
    "replies",
    metadata,
    Column("scope", String, primary_key=True),
    Column("value", VisitorText, primary_key=True),
    Column("digest", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_replies_created_at", "created_at"),
)

spending = Table(
    "spending",
    metadata,
    Column("budget", String, primary_key=True),
    Column("name", VisitorText, primary_key=True),
    Column("texts", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_spending_updated_at", "updated_at"),
)
