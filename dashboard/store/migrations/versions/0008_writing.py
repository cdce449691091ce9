"""Text documents get their order, their search and their last change; drafts, and who has which thread open."""

import sqlalchemy as sa
from alembic import op

from dashboard.core.documents import searched
from dashboard.core.tables import UTCDateTime
from dashboard.core.text import folded

revision = "0008"
down_revision = "0007"

DOCUMENT = sa.table("text_document", *map(sa.column, ("id", "title", "body", "title_folded", "searched")))


def upgrade() -> None:
    extend_documents()
    create_draft()
    create_presence()


def extend_documents() -> None:
    for kept in ("title_folded", "searched"):
        op.add_column("text_document", sa.Column(kept, sa.Text(), nullable=False, server_default=""))
    op.add_column("text_document", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("text_document", sa.Column("changed_at", UTCDateTime(), nullable=True))
    # In SQL, as in 0002: SQLite takes a column with its reference, but no constraint afterwards.
    op.execute("ALTER TABLE text_document ADD COLUMN changed_by_id INTEGER REFERENCES resource (id)")
    op.create_index("text_document_order", "text_document", ["title_folded", "id"])
    bind = op.get_bind()
    for id_, title, body in bind.execute(sa.select(DOCUMENT.c.id, DOCUMENT.c.title, DOCUMENT.c.body)).all():
        values = {"title_folded": folded(title), "searched": searched(title, body)}
        bind.execute(sa.update(DOCUMENT).where(DOCUMENT.c.id == id_).values(values))


def create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("resource_id", sa.Integer(), sa.ForeignKey("resource.id"), primary_key=True),
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("thread.id"), primary_key=True, index=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
    )


def create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("page", sa.String(), primary_key=True),
        sa.Column("process", sa.String(), nullable=False, index=True),
        sa.Column("resource_id", sa.Integer(), sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("thread_id", sa.Integer(), sa.ForeignKey("thread.id"), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("typing_until", UTCDateTime(), nullable=True),
    )
