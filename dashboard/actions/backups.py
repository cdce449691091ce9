"""What is done to an inbox that was put back from a backup, before anybody works with it."""

import secrets
from datetime import datetime

from sqlalchemy import func, insert, select, update

from dashboard.actions.change import MACHINE, Change, action
from dashboard.actions.states import OURS, lose, state_of
from dashboard.actions.threads import recount_failed
from dashboard.core.tables import LIFE, MESSAGE, SESSION

MAY_HAVE_GONE = "It was waiting when the backup was made that this inbox was restored from, so it may have gone since."


@action(MACHINE)
def resume(change: Change, made: datetime, *, by: int | None = None) -> int:
    """Texts that waited when the backup was made may have gone since: none of them is sent by itself, each becomes
    "could not confirm". All sessions end: one of them may have been ended since. What is sent from now on has ids that
    were given out before, so another life begins. How many texts that were held.

    ``made`` is when the backup was made.
    """
    waiting = change.connection.execute(select(MESSAGE.c.id).where(OURS)).scalars().all()
    for message in waiting:
        state = state_of(change, MESSAGE.c.id == message)
        assert state is not None
        lose(change, state, MAY_HAVE_GONE, recount=False)
    recount_failed(change)
    change.connection.execute(update(SESSION).where(SESSION.c.ended_at.is_(None)).values(ended_at=change.now))
    _begin_life(change)
    change.details = {"made": made.isoformat(), "held": len(waiting)}
    return len(waiting)


def _begin_life(change: Change) -> None:
    """Of all earlier lives only the messages that are here have kept their ids."""
    last = int(change.connection.execute(select(func.coalesce(func.max(MESSAGE.c.id), 0))).scalar_one())
    beyond = LIFE.c.last.is_(None) | (LIFE.c.last > last)
    change.connection.execute(update(LIFE).where(beyond).values(last=last))
    change.connection.execute(insert(LIFE).values(name=secrets.token_hex(8), last=None))
