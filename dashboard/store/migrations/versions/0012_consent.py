"""The ledger of consent, and what a thread shows of it."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("thread", sa.Column("stopped_at", UTCDateTime(), nullable=True))
    op.add_column("thread", sa.Column("doubt", sa.Integer(), nullable=True))
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("thread.id"), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=True),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("resource.id"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.create_index("consent_thread", "consent", ["thread_id", "id"])
