"""What people do with threads: open, mark as read, mark as unopened, remove, bring back."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select, text, true, update

from dashboard.actions.alerts import clear_in
from dashboard.actions.change import Change, action, nothing
from dashboard.core import rights
from dashboard.core.errors import NotFound
from dashboard.core.tables import ALERT, FAILED_MESSAGE, MESSAGE, THREAD
from dashboard.core.values import BulkResult, Selection
from dashboard.store.threads import matching

LISTED = {"removed": False, "removed_at": None, "removed_by_id": None}
UNREAD_MESSAGE = (MESSAGE.c.direction == "inbound") & MESSAGE.c.read.is_(None)


@action(rights.VIEW)
def open_thread(change: Change, thread: int, *, by: int | None) -> None:
    """A person opened the thread: all of its messages are read, for everybody, and that person's alerts are cleared."""
    here = THREAD.c.id == thread
    if not change.connection.execute(select(THREAD.c.id).where(here)).first():
        raise NotFound(f"There is no thread {thread}.")
    cleared = clear_in(change, thread)
    if not change.touch(here & (THREAD.c.unread > 0)) and not cleared:
        nothing(None)
    _read(change, UNREAD_MESSAGE)


@action(rights.VIEW)
def mark_seen(change: Change, thread: int, messages: frozenset[int], *, by: int | None) -> None:
    """Texts came into an open thread under a person's eyes: they are read, unless it was marked unopened.

    An alert to that person of such a text has done its work, and is cleared; also where somebody else has read it.
    """
    opened = (THREAD.c.id == thread) & THREAD.c.unopened.is_(False)
    these = UNREAD_MESSAGE & MESSAGE.c.id.in_(messages) & (MESSAGE.c.thread_id == thread)
    unseen = select(MESSAGE.c.id).where(these).exists()
    told = ALERT.c.message_id.in_(messages) & select(THREAD.c.id).where(opened).exists()
    cleared = clear_in(change, thread, told)
    if not change.touch(opened & unseen) and not cleared:
        nothing(None)
    _read(change, these)


@action(rights.VIEW)
def mark_read(change: Change, selection: Selection, *, by: int | None) -> BulkResult:
    """Mark the chosen threads' messages as read, up to the revision that the person saw."""
    seen = UNREAD_MESSAGE & (MESSAGE.c.arrived <= selection.seen)
    readable = select(MESSAGE.c.id).where(seen, MESSAGE.c.thread_id == THREAD.c.id).exists()
    result = _begin(change, selection, THREAD.c.unread > 0, readable)
    _read(change, seen)
    return result


@action(rights.VIEW)
def mark_unopened(change: Change, selection: Selection, *, by: int | None) -> BulkResult:
    """Give the chosen threads their dot back: the last inbound text counts as unread until somebody opens them."""
    result = _begin(change, selection, THREAD.c.unopened.is_(False), THREAD.c.inbound_message.is_not(None))
    last = select(THREAD.c.inbound_message).where(change.touched(), THREAD.c.unread == 0)
    change.connection.execute(update(MESSAGE).where(MESSAGE.c.id.in_(last)).values(read=None, revision=change.revision))
    at_least_one = case((THREAD.c.unread == 0, 1), else_=THREAD.c.unread)
    change.connection.execute(update(THREAD).where(change.touched()).values(unopened=True, unread=at_least_one))
    return result


@action(rights.REMOVE)
def remove(change: Change, selection: Selection, *, by: int | None) -> BulkResult:
    """Take the chosen threads off both tabs until the next text, received or sent. Nothing is deleted."""
    result = _begin(change, selection, THREAD.c.removed.is_(False), THREAD.c.arrival <= selection.seen)
    change.connection.execute(update(THREAD).where(change.touched()).values(**removal(change)))
    return result


@action(rights.REMOVE)
def restore(change: Change, selection: Selection, *, by: int | None) -> BulkResult:
    """Bring the chosen removed threads back to both tabs, as they are now."""
    result = _begin(change, selection, THREAD.c.removed.is_(True), true())
    change.connection.execute(update(THREAD).where(change.touched()).values(**LISTED))
    return result


def removal(change: Change) -> dict[str, Any]:
    """What makes a thread a removed one."""
    return {"removed": True, "removed_at": change.now, "removed_by_id": change.by}


def _begin(
    change: Change, selection: Selection, wanted: ColumnElement[bool], possible: ColumnElement[bool]
) -> BulkResult:
    """Touch the selected threads that the act is for; those not ``possible``, or changed since, are left out."""
    chosen = _chosen(selection) & wanted
    count = select(func.count()).select_from(THREAD)
    total = int(change.connection.execute(count.where(chosen)).scalar_one())
    unchanged = possible if selection.view is None else possible & (THREAD.c.revision <= selection.seen)
    done = change.touch(chosen & unchanged)
    if not done:
        nothing(BulkResult(None, 0, total))
    change.details = {"done": done, "left_out": total - done}
    return BulkResult(change.revision, done, total - done)


def _chosen(selection: Selection) -> ColumnElement[bool]:
    if selection.view is None:
        return THREAD.c.id.in_(selection.threads)
    return matching(selection.view) & THREAD.c.id.not_in(selection.but)


def _read(change: Change, which: ColumnElement[bool]) -> None:
    """Read those messages of the touched threads for which ``which`` holds, and count what stays unread."""
    here = MESSAGE.c.thread_id.in_(select(THREAD.c.id).where(change.touched()))
    change.connection.execute(update(MESSAGE).where(here, which).values(read=change.revision, revision=change.revision))
    recount(change)


def recount(change: Change) -> None:
    """Count what the touched threads have unread; those with nothing left have settled."""
    left = select(func.count()).where(UNREAD_MESSAGE, MESSAGE.c.thread_id == THREAD.c.id)
    change.connection.execute(
        update(THREAD).where(change.touched()).values(unread=left.scalar_subquery(), unopened=False)
    )
    change.connection.execute(
        update(THREAD).where(change.touched(), THREAD.c.unread == 0).values(settled=change.revision)
    )


def recount_failed(change: Change) -> None:
    """Count what the touched threads have failed and nobody has dealt with.

    A removed thread comes back when there is more of it than before: whoever removed it took the text for sent.
    """
    left = select(func.count()).where(MESSAGE.c.thread_id == THREAD.c.id, text(FAILED_MESSAGE)).scalar_subquery()
    here = change.touched()
    change.connection.execute(
        update(THREAD).where(here, THREAD.c.removed.is_(True), THREAD.c.failed < left).values(LISTED)
    )
    change.connection.execute(update(THREAD).where(here).values(failed=left))
