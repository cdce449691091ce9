"""Alerts: raised by a text that comes in, cleared by their owner and by nobody else."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, text, update

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.correspondents import OneThread
from dashboard.core import rights
from dashboard.core.alerts import SWITCHED_OFF, Colleague, Ruling, ruling
from dashboard.core.rights import TEXTING
from dashboard.core.tables import ALERT, MESSAGE, RESOURCES, THREAD, WRITTEN_MESSAGE
from dashboard.store.rights import add_ons, held

# Nothing is kept of who wrote last: an index leads to the last such text of each of the account's threads, so that it
# is right as well after a thread was linked to another account, and as quick among a million messages as among ten.
LAST_OF_THREAD = (
    select(MESSAGE.c.id)
    .where(MESSAGE.c.thread_id == THREAD.c.id, text(WRITTEN_MESSAGE))
    .order_by(MESSAGE.c.placed_at.desc(), MESSAGE.c.id.desc())
    .limit(1)
    .correlate(THREAD)
    .scalar_subquery()
)
LAST_WRITTEN = select(LAST_OF_THREAD.label("id")).where(THREAD.c.account_id == bindparam("account")).subquery()
COLLEAGUES = select(RESOURCES.c.id, RESOURCES.c.active)
WRITER = (
    COLLEAGUES.join(MESSAGE, MESSAGE.c.sender_id == RESOURCES.c.id)
    .join(LAST_WRITTEN, LAST_WRITTEN.c.id == MESSAGE.c.id)
    .order_by(MESSAGE.c.placed_at.desc(), MESSAGE.c.id.desc())
    .limit(1)
)
RAISED = insert(ALERT)
MINE = ALERT.c.cleared.is_(None) & (ALERT.c.resource_id == bindparam("owner"))


@action(rights.VIEW)
def dismiss_alerts(change: Change, upto: int, only: int | None = None, *, by: int) -> None:
    """Clear the alerts of the person who acts, up to the id ``upto``, the newest that they saw; or ``only`` one."""
    which = ALERT.c.id <= upto if only is None else ALERT.c.id == only
    if not _clear(change, which):
        nothing(None)


def raise_for(change: Change, thread: OneThread, message: int, fallback: tuple[str, ...]) -> None:
    """Alert whom a text that just came in is for, and write into the log who that is or why nobody."""
    ruled = _ruled(change, thread, fallback)
    always = {"thread_id": thread.id, "message_id": message, "at": change.now}
    if ruled.alerted:
        change.connection.execute(RAISED, [always | {"resource_id": owner} for owner in ruled.alerted])
    change.details["alert"] = {"to": list(ruled.alerted), "reason": ruled.reason, "about": list(ruled.about)}


def _ruled(change: Change, thread: OneThread, fallback: tuple[str, ...]) -> Ruling:
    if TEXTING not in add_ons(change.connection):  # or it would seem to be the role of whoever wrote last
        return Ruling((), SWITCHED_OFF)
    writer = last_writer(change, thread.account_id)
    told = _named(change, fallback) if writer is None and fallback else ()
    return ruling(thread.kind, writer, told)


def last_writer(change: Change, account: int | None) -> Colleague | None:
    """The resource who last wrote to an account, at any of its numbers; automatic texts are nobody's."""
    if account is None:
        return None
    found = change.connection.execute(WRITER, {"account": account}).first()
    return None if found is None else _colleague(change, *found)


def clear_in(change: Change, thread: int, seen: ColumnElement[bool] | None = None) -> bool:
    """Clear the alerts in a thread of the person who acts, or those ``seen``; whether there were any.

    Nobody else's are touched.
    """
    here = ALERT.c.thread_id == thread
    return _clear(change, here if seen is None else here & seen)


def _clear(change: Change, which: ColumnElement[bool]) -> bool:
    cleared = update(ALERT).where(MINE, which).values(cleared_at=change.now, cleared=change.revision)
    owner: dict[str, Any] = {"owner": change.by}
    ids = change.connection.execute(cleared.returning(ALERT.c.id), owner).scalars().all()
    if ids:
        change.details["cleared"] = sorted(ids)
    return bool(ids)


def _named(change: Change, names: tuple[str, ...]) -> tuple[Colleague, ...]:
    found = change.connection.execute(COLLEAGUES.where(RESOURCES.c.name.in_(names)).order_by(RESOURCES.c.id))
    return tuple(_colleague(change, *row) for row in found.all())


def _colleague(change: Change, id: int, active: bool) -> Colleague:
    return Colleague(id, active, held(change.connection, id))
