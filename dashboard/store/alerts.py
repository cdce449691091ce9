"""A person's bell: their alerts that are not cleared, how many, and what became of those of one text."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from dashboard.core.addresses import shown
from dashboard.core.tables import ALERT, ATTACHMENT, CHANGE, MESSAGE, RESOURCES, THREAD
from dashboard.core.text import snippet
from dashboard.core.values import AlertRow, ClearedAlert
from dashboard.store.database import region

MINE = (ALERT.c.resource_id == bindparam("owner")) & ALERT.c.cleared.is_(None)
FILES = select(func.count()).where(ATTACHMENT.c.message_id == MESSAGE.c.id).correlate(MESSAGE).scalar_subquery()
OPEN = (
    select(
        *(ALERT.c[name] for name in ("id", "thread_id", "message_id")),
        *(THREAD.c[name] for name in ("name", "address", "kind", "removed")),
        *(MESSAGE.c.body, FILES, ALERT.c.at),
    )
    .join(THREAD, THREAD.c.id == ALERT.c.thread_id)
    .join(MESSAGE, MESSAGE.c.id == ALERT.c.message_id)
    .where(MINE)
    .order_by(ALERT.c.id.desc())
    .limit(bindparam("limit"))
)
COUNTS = select(ALERT.c.resource_id, func.count()).where(ALERT.c.cleared.is_(None)).group_by(ALERT.c.resource_id)


def alerts(connection: Connection, owner: int, limit: int) -> tuple[AlertRow, ...]:
    """The newest alerts of a resource that are not cleared, the newest first."""
    home = region(connection)
    found = connection.execute(OPEN, {"owner": owner, "limit": limit})
    return tuple(_row(home, *row) for row in found)


def counts(connection: Connection) -> dict[int, int]:
    """How many alerts are not cleared, by resource: one reading for all who look, most of whom have none."""
    return {int(owner): int(count) for owner, count in connection.execute(COUNTS)}


def of_message(connection: Connection, message: int) -> tuple[ClearedAlert, ...]:
    """The alerts that a text made, and what cleared them."""
    named = select(RESOURCES.c.name, ALERT.c.at, ALERT.c.cleared_at, CHANGE.c.action)
    found = named.join(RESOURCES, RESOURCES.c.id == ALERT.c.resource_id).outerjoin(
        CHANGE, CHANGE.c.revision == ALERT.c.cleared
    )
    rows = connection.execute(found.select_from(ALERT).where(ALERT.c.message_id == message).order_by(ALERT.c.id))
    return tuple(ClearedAlert(*row) for row in rows)


def _row(
    home: str, id: int, thread: int, message: int, name: str, address: str, kind: str, removed: bool, *rest: Any
) -> AlertRow:
    body, files, at = rest
    number = shown(address, home)
    return AlertRow(id, thread, message, name or number, number, kind, removed, snippet(body, files), at)
