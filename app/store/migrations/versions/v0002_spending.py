"""Count what machines write: for each day and conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "spending",
        sa.Column("budget", sa.String, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_spending_updated_at", "spending", ["updated_at"])
