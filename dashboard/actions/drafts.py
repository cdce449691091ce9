"""Drafts: what somebody has begun to write in a thread is kept for them, on whichever screen they go on."""

from sqlalchemy import Connection, bindparam, delete, select, text

from dashboard.actions.change import Unlogged, unlogged
from dashboard.core import rights
from dashboard.core.errors import NotFound, TooLarge
from dashboard.core.tables import DRAFT, THREAD, UTCDateTime
from dashboard.core.text import storable
from dashboard.store.drafts import draft

DRAFT_LIMIT = 20_000  # characters; a text has 1,600, and what is pasted to be shortened is to survive
KEPT = text(
    """INSERT INTO draft (resource_id, thread_id, body, seen, changed_at)
    VALUES (:resource_id, :thread_id, :body, :seen, :changed_at)
    ON CONFLICT (resource_id, thread_id) DO UPDATE
    SET body = excluded.body, seen = excluded.seen, changed_at = excluded.changed_at"""
).bindparams(bindparam("changed_at", type_=UTCDateTime()))


@unlogged(rights.SEND)
def save_draft(write: Unlogged, thread: int, body: str, *, by: int, seen: int | None = None) -> str:
    """Keep what somebody has written in a thread so far; nothing at all is no draft. The draft that it takes the place of.

    ``seen`` is the id of the newest message that stood before them when they began. Raises NotFound, TooLarge.
    """
    before = draft(write.connection, by, thread)
    if not body:
        discard(write.connection, by, thread)
        return before.body if before else ""
    if len(body) > DRAFT_LIMIT:
        raise TooLarge(f"This draft has {len(body):,} characters, and {DRAFT_LIMIT:,} are kept: shorten it.")
    if write.connection.execute(select(THREAD.c.id).where(THREAD.c.id == thread)).first() is None:
        raise NotFound(f"There is no thread {thread}.")
    values = {"resource_id": by, "thread_id": thread, "body": storable(body), "seen": seen, "changed_at": write.now}
    write.connection.execute(KEPT, values)
    return before.body if before else ""


def discard(connection: Connection, resource: int, thread: int, body: str | None = None) -> None:
    """A person's draft in a thread is sent, or given up; with ``body`` only where that is what it says."""
    mine = delete(DRAFT).where(DRAFT.c.resource_id == resource, DRAFT.c.thread_id == thread)
    connection.execute(mine if body is None else mine.where(DRAFT.c.body == body))
