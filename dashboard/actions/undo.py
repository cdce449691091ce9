"""Undoing a bulk act, seconds or days later: each thread is put back unless somebody has dealt with it since."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from dashboard.actions import threads
from dashboard.actions.change import RULES, Change, action, nothing
from dashboard.actions.threads import LISTED, UNREAD_MESSAGE, recount
from dashboard.core import rights
from dashboard.core.errors import NotFound, Refused
from dashboard.core.tables import CHANGE, MESSAGE, SUBJECT, THREAD
from dashboard.core.values import BulkResult

Condition = ColumnElement[bool]


@action(rights.VIEW)
def undo(change: Change, revision: int, *, by: int | None) -> BulkResult:
    """Put the threads of the bulk act of ``revision`` back to what they were before it.

    Left out are those that have moved on: what was removed and has come back, what was marked as unopened and has
    been opened, what was brought back and has had a text. Raises NotFound for a revision that is not in the log,
    Refused for one that is no bulk act, Forbidden for one that who undoes it might not have done.
    """
    name = change.connection.execute(select(CHANGE.c.action).where(CHANGE.c.revision == revision)).scalar()
    if name is None:
        raise NotFound(f"There is no change {revision} in the log.")
    if name not in UNDOING:
        raise Refused(f"Change {revision} is “{name}”: only bulk acts can be undone.")
    change.require(RULES[name])
    still_so, put_back = UNDOING[name]
    total = change.connection.execute(select(func.count()).where(SUBJECT.c.revision == revision)).scalar_one()
    done = change.touch(THREAD.c.id.in_(_subjects(revision)) & still_so(revision))
    if not done:
        nothing(BulkResult(None, 0, total))
    put_back(change, revision)
    change.details = {"undid": revision, "done": done, "left_out": total - done}
    return BulkResult(change.revision, done, total - done)


def _subjects(revision: int) -> Any:
    return select(SUBJECT.c.thread_id).where(SUBJECT.c.revision == revision)


def _since(revision: int, state: Condition) -> Condition:
    """Whether the thread has been in a state after the change; the log has each thread as a later change found it."""
    later = (SUBJECT.c.thread_id == THREAD.c.id) & (SUBJECT.c.revision > revision)
    return select(SUBJECT.c.revision).where(later, state).exists()


def _is_removed_since(revision: int) -> Condition:
    return THREAD.c.removed.is_(True) & ~_since(revision, SUBJECT.c.removed.is_(False))


def _bring_back(change: Change, revision: int) -> None:
    change.connection.execute(update(THREAD).where(change.touched()).values(**LISTED))


def _is_listed_since(revision: int) -> Condition:
    texts = select(MESSAGE.c.id).where(MESSAGE.c.thread_id == THREAD.c.id, MESSAGE.c.arrived > revision)
    return THREAD.c.removed.is_(False) & ~_since(revision, SUBJECT.c.removed.is_(True)) & ~texts.exists()


def _remove_again(change: Change, revision: int) -> None:
    change.connection.execute(update(THREAD).where(change.touched()).values(**threads.removal(change)))


def _was_read(revision: int) -> Condition:
    return select(MESSAGE.c.id).where(MESSAGE.c.thread_id == THREAD.c.id, MESSAGE.c.read == revision).exists()


def _unread_again(change: Change, revision: int) -> None:
    """The messages that the act marked as read, and the mark "unopened" that it took away."""
    unopened = _subjects(revision).where(SUBJECT.c.unopened.is_(True))
    change.connection.execute(
        update(MESSAGE).where(_here(change), MESSAGE.c.read == revision).values(read=None, revision=change.revision)
    )
    recount(change)
    marked = update(THREAD).where(change.touched(), THREAD.c.id.in_(unopened))
    change.connection.execute(marked.values(unopened=True))


def _is_unopened_since(revision: int) -> Condition:
    return THREAD.c.unopened.is_(True) & ~_since(revision, SUBJECT.c.unopened.is_(False))


def _opened_again(change: Change, revision: int) -> None:
    """Only the message that the act made unread is read again; what was unread before it stays so."""
    marked = UNREAD_MESSAGE & (MESSAGE.c.revision == revision)
    change.connection.execute(
        update(MESSAGE).where(_here(change), marked).values(read=change.revision, revision=change.revision)
    )
    recount(change)


def _here(change: Change) -> Condition:
    return MESSAGE.c.thread_id.in_(select(THREAD.c.id).where(change.touched()))


# For each bulk act: which of its threads still are as it left them, and what puts those back.
UNDOING: dict[str, tuple[Callable[[int], Condition], Callable[[Change, int], None]]] = {
    "mark_read": (_was_read, _unread_again),
    "mark_unopened": (_is_unopened_since, _opened_again),
    "remove": (_is_removed_since, _bring_back),
    "restore": (_is_listed_since, _remove_again),
}
