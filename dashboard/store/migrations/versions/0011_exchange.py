"""What is kept of the exchange with phone companies: pace, attempts, questions, outages, and files not fetched yet."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("our_number", sa.Column("free_at", UTCDateTime(), nullable=True))
    for name in ("tried_at", "not_before", "ask_at"):
        op.add_column("message", sa.Column(name, UTCDateTime(), nullable=True))
    for name in ("tries", "asked"):
        op.add_column("message", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("final", sa.Boolean(), nullable=False, server_default=sa.false()))
    waiting = sa.text("ask_at IS NOT NULL")
    op.create_index("message_asked", "message", ["ask_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "outage",
        sa.Column("provider", sa.String(), primary_key=True),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.add_column("attachment", sa.Column("url", sa.String(), nullable=True))
    op.add_column("attachment", sa.Column("not_before", UTCDateTime(), nullable=True))
