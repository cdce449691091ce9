"""The inbox: accounts, resources, threads, messages, the change log, and the index that the search reads."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.tables import UTCDateTime

revision = "0001"
down_revision = None

SEARCH_ON_SQLITE = (
    """CREATE VIRTUAL TABLE thread_search USING fts5(
        name_folded, digits, content='thread', content_rowid='id', tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER thread_search_insert AFTER INSERT ON thread BEGIN
        INSERT INTO thread_search(rowid, name_folded, digits) VALUES (new.id, new.name_folded, new.digits);
    END""",
    """CREATE TRIGGER thread_search_update AFTER UPDATE OF name_folded, digits ON thread BEGIN
        INSERT INTO thread_search(thread_search, rowid, name_folded, digits)
            VALUES ('delete', old.id, old.name_folded, old.digits);
        INSERT INTO thread_search(rowid, name_folded, digits) VALUES (new.id, new.name_folded, new.digits);
    END""",
    """CREATE TRIGGER thread_search_delete AFTER DELETE ON thread BEGIN
        INSERT INTO thread_search(thread_search, rowid, name_folded, digits)
            VALUES ('delete', old.id, old.name_folded, old.digits);
    END""",
)
SEARCH_ON_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX thread_search_name ON thread USING gin (name_folded gin_trgm_ops)",
    "CREATE INDEX thread_search_digits ON thread USING gin (digits gin_trgm_ops)",
)


def upgrade() -> None:
    create_account()
    create_clock()
    create_our_number()
    create_role()
    create_tally()
    create_text_document()
    create_resource()
    create_change()
    create_contact()
    create_thread()
    create_change_subject()
    create_message()
    create_alert()
    create_attachment()
    create_payload()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SEARCH_ON_SQLITE if on_sqlite else SEARCH_ON_POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO clock (id, revision) VALUES (1, 0)")
    for kind in ("client", "lead", "resource", "unknown"):
        op.execute(f"INSERT INTO tally (kind, received, sent, unread) VALUES ('{kind}', 0, 0, 0)")


def create_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def create_clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def create_our_number() -> None:
    op.create_table(
        "our_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
    )


def create_role() -> None:
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def create_tally() -> None:
    op.create_table(
        "tally",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )


def create_text_document() -> None:
    op.create_table(
        "text_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def create_resource() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["role.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def create_change() -> None:
    op.create_table(
        "change",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("revision"),
    )


def create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address", "account_id"),
        sa.UniqueConstraint("address", "resource_id"),
    )
    op.create_index(op.f("ix_contact_account_id"), "contact", ["account_id"], unique=False)
    op.create_index(op.f("ix_contact_resource_id"), "contact", ["resource_id"], unique=False)


def create_thread() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("our_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("inbound_at", UTCDateTime(), nullable=True),
        sa.Column("inbound_message", sa.Integer(), nullable=True),
        sa.Column("inbound_placed_at", UTCDateTime(), nullable=True),
        sa.Column("inbound_text", sa.Text(), nullable=False),
        sa.Column("outbound_at", UTCDateTime(), nullable=True),
        sa.Column("outbound_message", sa.Integer(), nullable=True),
        sa.Column("outbound_text", sa.Text(), nullable=False),
        sa.Column("latest_at", UTCDateTime(), nullable=True),
        sa.Column("awaiting_since", UTCDateTime(), nullable=True),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("unopened", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("our_number", "address"),
    )
    op.create_index(op.f("ix_thread_account_id"), "thread", ["account_id"], unique=False)
    op.create_index(op.f("ix_thread_resource_id"), "thread", ["resource_id"], unique=False)
    op.create_index(op.f("ix_thread_revision"), "thread", ["revision"], unique=False)
    op.create_index(op.f("ix_thread_settled"), "thread", ["settled"], unique=False)
    op.create_index("thread_inbound", "thread", ["inbound_at", "inbound_message", "kind", "removed"], unique=False)
    op.create_index("thread_inbound_kind", "thread", ["kind", "inbound_at", "inbound_message", "removed"], unique=False)
    op.create_index("thread_outbound", "thread", ["outbound_at", "outbound_message", "kind", "removed"], unique=False)
    op.create_index(
        "thread_outbound_kind", "thread", ["kind", "outbound_at", "outbound_message", "removed"], unique=False
    )
    op.create_index(
        "thread_unread",
        "thread",
        ["inbound_at"],
        unique=False,
        sqlite_where=sa.text("unread > 0"),
        postgresql_where=sa.text("unread > 0"),
    )


def create_change_subject() -> None:
    op.create_table(
        "change_subject",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("received", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("unopened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision"],
            ["change.revision"],
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
        ),
        sa.PrimaryKeyConstraint("revision", "thread_id"),
    )
    op.create_index(op.f("ix_change_subject_thread_id"), "change_subject", ["thread_id"], unique=False)


def create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("placed_at", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("send_key", sa.String(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"],
            ["resource.id"],
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("send_key"),
    )
    op.create_index(
        "message_open",
        "message",
        ["status", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index("message_order", "message", ["thread_id", "placed_at", "id"], unique=False)
    op.create_index("message_provider", "message", ["provider", "direction", "provider_id"], unique=True)
    op.create_index(
        "message_unread",
        "message",
        ["thread_id"],
        unique=False,
        sqlite_where=sa.text("direction = 'inbound' AND read IS NULL"),
        postgresql_where=sa.text("direction = 'inbound' AND read IS NULL"),
    )


def create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("cleared_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_alert_resource_id"), "alert", ["resource_id"], unique=False)
    op.create_index(op.f("ix_alert_thread_id"), "alert", ["thread_id"], unique=False)


def create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attachment_account_id"), "attachment", ["account_id"], unique=False)
    op.create_index(op.f("ix_attachment_message_id"), "attachment", ["message_id"], unique=False)


def create_payload() -> None:
    op.create_table(
        "payload",
        sa.Column("message_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id"),
    )
