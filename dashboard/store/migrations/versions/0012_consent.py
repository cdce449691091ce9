"""The ledger of consent, and what a thread shows of it: also of who opted out before there was one."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from dashboard.core.consent import LONGEST, TEXT, Entry, meaning, standing
from dashboard.core.tables import UTCDateTime

revision = "0012"
down_revision = "0011"

THREAD = sa.table("thread", sa.column("id"), sa.column("stopped_at", UTCDateTime()))
NAMES = ("id", "thread_id", "body", "revision", "direction")
MESSAGE = sa.table("message", *(sa.column(name) for name in NAMES), sa.column("placed_at", UTCDateTime()))
LEDGER = ("thread_id", "word", "source", "message_id", "revision")
CONSENT = sa.table("consent", *(sa.column(name) for name in LEDGER), sa.column("at", UTCDateTime()))


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
    read_what_there_is()


def read_what_there_is() -> None:
    bind = op.get_bind()
    short = (MESSAGE.c.direction == "inbound") & (sa.func.length(MESSAGE.c.body) <= LONGEST)
    order = (MESSAGE.c.thread_id, MESSAGE.c.placed_at, MESSAGE.c.id)
    texts = bind.execute(sa.select(MESSAGE).where(short).order_by(*order)).all()
    for thread, said in groupby(entries(texts), key=lambda entry: entry["thread_id"]):
        ledger = list(said)
        bind.execute(sa.insert(CONSENT), ledger)
        stops = standing(Entry(number, row["word"], TEXT, row["at"]) for number, row in enumerate(ledger))
        if stops:
            bind.execute(sa.update(THREAD).where(THREAD.c.id == thread).values(stopped_at=stops[0].at))


def entries(texts: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for text in texts:
        if word := meaning(text.body):
            said = {"thread_id": text.thread_id, "word": word, "source": TEXT, "at": text.placed_at}
            yield said | {"message_id": text.id, "revision": text.revision}
