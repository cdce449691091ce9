"""What waits to be sent."""

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.core.delivery import QUEUED, SENDING
from dashboard.core.tables import MESSAGE


def has_work(connection: Connection, now: datetime) -> bool:
    """Whether a message is queued, or one's lease has run out."""
    lost = (MESSAGE.c.status == SENDING) & (MESSAGE.c.lease_until < now)
    open_ = MESSAGE.c.status.in_((QUEUED, SENDING))
    waiting = select(MESSAGE.c.id).where(open_, (MESSAGE.c.status == QUEUED) | lost)
    return connection.execute(waiting.limit(1)).first() is not None
