"""When a thread's next text is due, so that the next one to hand over is found at once however many wait."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0013"
down_revision = "0012"
OPEN = "status IN ('queued', 'sending')"
OURS = f"{OPEN} AND (status = 'queued' OR lease_until IS NOT NULL)"  # and not in the company's hands
FAILED = "direction = 'outbound' AND status IN ('failed', 'unknown') AND handled IS NULL"


def upgrade() -> None:
    op.add_column("thread", sa.Column("due_at", UTCDateTime(), nullable=True))
    for name, table, columns, where in (
        ("thread_due", "thread", ["our_number", "due_at", "id"], "due_at IS NOT NULL"),
        ("message_waiting", "message", ["thread_id", "id"], OPEN),
        ("message_trouble", "message", ["status"], FAILED),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.execute(
        f"""UPDATE thread SET due_at = (
            SELECT CASE status WHEN 'queued' THEN at END FROM message
            WHERE thread_id = thread.id AND {OURS} ORDER BY id LIMIT 1)
        WHERE id IN (SELECT thread_id FROM message WHERE {OPEN})"""
    )
