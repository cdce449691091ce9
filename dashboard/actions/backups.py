"""What is done to an inbox that was put back from a backup, before anybody works with it."""

from datetime import datetime

from sqlalchemy import select, update

from dashboard.actions.change import MACHINE, Change, action
from dashboard.actions.threads import recount_failed
from dashboard.core import delivery
from dashboard.core.tables import MESSAGE, SESSION, THREAD

MAY_HAVE_GONE = "It was waiting when the backup was made that this inbox was restored from, so it may have gone since."


@action(MACHINE)
def resume(change: Change, made: datetime, *, by: int | None = None) -> int:
    """Texts that waited when the backup was made may have gone since: none of them is sent by itself, each becomes
    "could not confirm". All sessions end: one of them may have been ended since. How many texts that were.

    ``made`` is when the backup was made.
    """
    waiting = MESSAGE.c.status.in_((delivery.QUEUED, delivery.SENDING))
    change.touch(THREAD.c.id.in_(select(MESSAGE.c.thread_id).where(waiting)))
    values = {"status": delivery.UNKNOWN, "reason": MAY_HAVE_GONE, "lease_until": None, "revision": change.revision}
    held = change.connection.execute(update(MESSAGE).where(waiting).values(**values)).rowcount
    recount_failed(change)
    change.connection.execute(update(SESSION).where(SESSION.c.ended_at.is_(None)).values(ended_at=change.now))
    change.details = {"made": made.isoformat(), "held": held}
    return int(held)
