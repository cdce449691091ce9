"""The ledger of consent: all that was said about one pair of numbers, which is a thread."""

from sqlalchemy import Connection, bindparam, func, select

from dashboard.core.consent import Entry
from dashboard.core.tables import CONSENT, MESSAGE, RESOURCES

OF_THREAD = (
    select(
        *(CONSENT.c[name] for name in ("id", "word", "source", "at", "message_id")),
        RESOURCES.c.name,
        func.coalesce(MESSAGE.c.body, ""),
    )
    .outerjoin(RESOURCES, RESOURCES.c.id == CONSENT.c.by_id)
    .outerjoin(MESSAGE, MESSAGE.c.id == CONSENT.c.message_id)
    .where(CONSENT.c.thread_id == bindparam("thread"))
    .order_by(CONSENT.c.id)
)


def last(connection: Connection) -> int:
    """The newest entry of the whole ledger; 0 for none."""
    return int(connection.execute(select(func.coalesce(func.max(CONSENT.c.id), 0))).scalar_one())


def entries(connection: Connection, thread: int) -> tuple[Entry, ...]:
    """A thread's ledger, in the order in which it was written."""
    found = connection.execute(OF_THREAD, {"thread": thread})
    return tuple(Entry(*tuple(row)) for row in found)
