"""Saying who has which thread open: kept for seconds, so that the screens of all processes can show it."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from dashboard.actions.change import MACHINE, Unlogged, unlogged
from dashboard.core.tables import PRESENCE, THREAD, UTCDateTime
from dashboard.core.values import PageHere

LEASE = timedelta(seconds=10)  # that a process's pages count for, unless it says so again
HERE = insert(PRESENCE).from_select(
    ["page", "process", "resource_id", "thread_id", "until", "typing_until"],
    select(
        bindparam("page"),
        bindparam("process"),
        bindparam("resource"),
        THREAD.c.id,
        bindparam("until", type_=UTCDateTime()),
        bindparam("typing_until", type_=UTCDateTime()),
    ).where(THREAD.c.id == bindparam("thread")),
)


@unlogged(MACHINE)
def say_who_is_here(write: Unlogged, process: str, pages: tuple[PageHere, ...]) -> None:
    """Replace what a process said before by what is so now, and forget processes that have fallen silent."""
    old = (PRESENCE.c.process == process) | (PRESENCE.c.until <= write.now)
    write.connection.execute(delete(PRESENCE).where(old))
    said = {"process": process, "until": write.now + LEASE}
    for here in pages:
        named = {"page": here.page, "resource": here.resource, "thread": here.thread}
        write.connection.execute(HERE, said | named | {"typing_until": here.typing_until})
