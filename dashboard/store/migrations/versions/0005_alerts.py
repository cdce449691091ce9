"""Who wrote last, found by an index; alerts that are open; failed texts counted, tried again, or let be."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

FAILED = "direction = 'outbound' AND status IN ('failed', 'unknown') AND handled IS NULL"
WRITTEN = "direction = 'outbound' AND NOT automatic AND sender_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("thread", sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("handled", sa.Integer(), nullable=True))
    # In SQL: SQLite takes a column with its reference, but no constraint afterwards, which is what Alembic would add.
    op.execute("ALTER TABLE message ADD COLUMN retry_of INTEGER REFERENCES message (id)")
    op.add_column("alert", sa.Column("cleared", sa.Integer(), nullable=True))
    op.drop_index("ix_alert_resource_id", "alert")  # it would be taken before the one of open alerts
    op.create_index("message_retry", "message", ["retry_of"], unique=True)
    op.create_index("alert_once", "alert", ["message_id", "resource_id"], unique=True)
    _create_partial("message_failed", "message", ["thread_id"], FAILED)
    _create_partial("message_written", "message", ["thread_id", "placed_at", "id"], WRITTEN)
    _create_partial("alert_open", "alert", ["resource_id", "id"], "cleared IS NULL")
    for side in ("inbound", "outbound"):
        _create_partial(
            f"thread_failed_{side}", "thread", [f"{side}_at", f"{side}_message", "removed", "failed"], "failed > 0"
        )
    op.execute(f"""UPDATE thread SET failed = counted.failed
        FROM (SELECT thread_id, count(*) AS failed FROM message WHERE {FAILED} GROUP BY thread_id) AS counted
        WHERE counted.thread_id = thread.id""")


def _create_partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
