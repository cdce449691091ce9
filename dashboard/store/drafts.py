"""What somebody has written in a thread and not sent yet."""

from sqlalchemy import Connection, select

from dashboard.core.tables import DRAFT
from dashboard.core.values import Draft


def draft(connection: Connection, resource: int, thread: int) -> Draft | None:
    """A person's draft in a thread."""
    mine = (DRAFT.c.resource_id == resource) & (DRAFT.c.thread_id == thread)
    found = connection.execute(select(DRAFT.c.body, DRAFT.c.seen).where(mine)).first()
    return None if found is None else Draft(*found)
