"""Attachments that wait, are ready or failed, belong to a thread, and can be uploaded before there is a message."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0006"
down_revision = "0005"

KNOWN = ("id", "message_id", "account_id", "sha256", "type", "name", "size")
# What was stored before is looked into now, like what comes in.
CARRIED = """
    INSERT INTO attachment ({known}, thread_id, state, shown_size, width, height, made_at, attempts)
    SELECT {old}, message.thread_id, 'waiting', 0, 0, 0, message.at, 0
    FROM attachment_before JOIN message ON message.id = attachment_before.message_id
""".format(known=", ".join(KNOWN), old=", ".join(f"attachment_before.{name}" for name in KNOWN))


def upgrade() -> None:
    for name in ("account_id", "message_id"):
        op.drop_index(f"ix_attachment_{name}", "attachment")
    if op.get_bind().dialect.name == "postgresql":  # or the new table could not have the name
        op.execute("ALTER TABLE attachment RENAME CONSTRAINT attachment_pkey TO attachment_before_pkey")
        op.execute("ALTER SEQUENCE attachment_id_seq RENAME TO attachment_before_id_seq")
    op.rename_table("attachment", "attachment_before")
    _create()
    op.execute(CARRIED)
    op.drop_table("attachment_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('attachment_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM attachment), false)")
    _index()


def _create() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("thread.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("shown_type", sa.String(), nullable=True),
        sa.Column("shown_size", sa.Integer(), nullable=False),
        sa.Column("thumbnail", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), sa.ForeignKey("resource.id"), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
    )


def _index() -> None:
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"])
    op.create_index("attachment_file", "attachment", ["sha256", "id"])
    for owner in ("account", "thread"):
        op.create_index(f"attachment_{owner}", "attachment", [f"{owner}_id", "id"])
    where = sa.text("state = 'waiting'")
    op.create_index("attachment_waiting", "attachment", ["id"], sqlite_where=where, postgresql_where=where)
