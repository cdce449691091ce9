"""Who removed a thread and when; removed threads counted apart; the log found by action, threads by address."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0002"
down_revision = "0001"

# The last change that found the thread not removed and is a removal says who and when; without one, nobody knows
# more than when the thread last moved.
REMOVED_BEFORE = """
    UPDATE thread SET
        removed_at = coalesce((SELECT change.at FROM change WHERE change.revision = ({last})), latest_at),
        removed_by_id = (SELECT change.by_id FROM change WHERE change.revision = ({last}))
    WHERE removed
""".format(
    last="""SELECT max(change_subject.revision) FROM change_subject
        JOIN change AS removal ON removal.revision = change_subject.revision AND removal.action = 'remove'
        WHERE change_subject.thread_id = thread.id"""
)
COUNTED = """
    UPDATE tally SET
        removed_received = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND removed AND inbound_message IS NOT NULL),
        removed_sent = (SELECT count(*) FROM thread
            WHERE thread.kind = tally.kind AND removed AND outbound_message IS NOT NULL)
"""


def upgrade() -> None:
    op.add_column("thread", sa.Column("removed_at", UTCDateTime(), nullable=True))
    # In SQL: SQLite takes a column with its reference, but no constraint afterwards, which is what Alembic would add.
    op.execute("ALTER TABLE thread ADD COLUMN removed_by_id INTEGER REFERENCES resource (id)")
    for kept in ("removed_received", "removed_sent"):
        op.add_column("tally", sa.Column(kept, sa.Integer(), nullable=False, server_default="0"))
    for side in ("inbound", "outbound"):
        op.create_index(
            f"thread_removed_{side}",
            "thread",
            ["removed_at", f"{side}_message"],
            sqlite_where=sa.text("removed IS 1"),
            postgresql_where=sa.text("removed IS true"),
        )
    op.create_index("ix_thread_address", "thread", ["address"])
    op.create_index("change_action", "change", ["action", "revision"])
    op.execute(REMOVED_BEFORE)
    op.execute(COUNTED)
