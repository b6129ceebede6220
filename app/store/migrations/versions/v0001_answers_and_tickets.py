"""Begin: conversations, answers, feedback, tickets and replies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    """Create the tables."""
    _create_conversations()
    _create_tickets()
    op.create_table(
        "replies",
        sa.Column("scope", sa.String, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_index("ix_replies_created_at", "replies", ["created_at"])


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.String, primary_key=True),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("answer_id", sa.String, primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String,
            sa.ForeignKey("conversations.conversation_id"),
            nullable=False,
        ),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("language_confidence", sa.Float, nullable=False),
        sa.Column("language_source", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("entry_id", sa.String),
        sa.Column("answer_language", sa.String, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("generation", sa.String, nullable=False),
        sa.Column("ticket_id", sa.String),
        sa.Column("timings_ms", _JSON, nullable=False),
    )
    op.create_index("ix_answers_conversation", "answers", ["conversation_id"])
    op.create_index("ix_answers_asked_at", "answers", ["asked_at"])
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String, sa.ForeignKey("answers.answer_id"), primary_key=True),
        sa.Column("rating", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("correction", sa.Text),
        sa.Column("given_at", _TIME, nullable=False),
    )


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("ticket_id", sa.String, nullable=False, unique=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("contact", sa.Text),
        sa.Column("visitor", _JSON),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("resolved_at", _TIME),
    )
    op.create_index("ix_tickets_status", "tickets", ["status", "number"])
    op.create_index(
        "ux_tickets_open_conversation",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "ticket_questions",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("ticket", _SERIAL, sa.ForeignKey("tickets.number"), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("retrieved", _JSON, nullable=False),
        sa.Column("answer_id", sa.String),
        sa.Column("generation", sa.String),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("idempotency_key", sa.Text, unique=True),
    )
    op.create_index("ix_ticket_questions_ticket", "ticket_questions", ["ticket", "number"])
