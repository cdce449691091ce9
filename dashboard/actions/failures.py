"""What people do about a text that failed, or that nobody could confirm: try it again, or let it be."""

from typing import Any

from sqlalchemy import select, update

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.correspondents import one_thread
from dashboard.actions.messages import queue
from dashboard.actions.threads import recount_failed
from dashboard.core import rights
from dashboard.core.delivery import TROUBLED, UNSAID
from dashboard.core.errors import NotFound, Refused
from dashboard.core.tables import ATTACHMENT, MESSAGE


@action(rights.SEND)
def retry(change: Change, message: int, *, by: int | None, key: str) -> int:
    """Make one more attempt at a text, as a new message after all others; the id of that.

    The first one stays as it is. However often it is asked for, and by however many, there is one attempt: the next
    is at that one. Raises Refused for a text that has not failed, or with which another attempt cannot succeed,
    NotFound for none.
    """
    again = change.connection.execute(select(MESSAGE.c.id).where(MESSAGE.c.retry_of == message)).scalar()
    if again is not None:
        nothing(int(again))
    failed = _failed(change, message)
    if failed.final:
        raise Refused(f"Trying again cannot help, so nothing was sent: {failed.reason or UNSAID[failed.status]}")
    thread = one_thread(change, failed.thread_id)
    assert thread is not None
    attempt = queue(change, thread, failed.body, key, failed.automatic, _attachments(change, message), message)
    _handle(change, failed)
    change.details = {"retry_of": message, "attempt": attempt}
    return attempt


@action(rights.SEND)
def let_be(change: Change, message: int, *, by: int | None) -> None:
    """Take a failed text out of the Failed view without another attempt. Raises as ``retry`` does."""
    failed = _failed(change, message)
    if failed.handled is not None:
        nothing(None)
    change.touch_one(failed.thread_id)
    _handle(change, failed)
    change.details = {"message": message}


def _failed(change: Change, message: int) -> Any:
    columns = ("id", "thread_id", "body", "automatic", "status", "reason", "final", "handled")
    outbound = select(*(MESSAGE.c[name] for name in columns)).where(
        MESSAGE.c.id == message, MESSAGE.c.direction == "outbound"
    )
    found = change.connection.execute(outbound).first()
    if found is None:
        raise NotFound(f"There is no outbound message {message}.")
    if found.status not in TROUBLED:
        raise Refused(f"This text has not failed: it is {found.status} now, and nothing was done.")
    return found


def _attachments(change: Change, message: int) -> tuple[int, ...]:
    on = select(ATTACHMENT.c.id).where(ATTACHMENT.c.message_id == message).order_by(ATTACHMENT.c.id)
    return tuple(change.connection.execute(on).scalars())


def _handle(change: Change, failed: Any) -> None:
    handled = update(MESSAGE).where(MESSAGE.c.id == failed.id)
    change.connection.execute(handled.values(handled=change.revision, revision=change.revision))
    recount_failed(change)
