"""Attachments as they are read: what waits, what a gallery shows, and which file is handed out for one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, literal_column, select

from dashboard.core import pictures
from dashboard.core.pictures import GalleryRow, Served
from dashboard.core.tables import ATTACHMENT, THREAD

PAGE = 24  # pictures of a gallery that are read at once
EARLIER = ATTACHMENT.alias("earlier")
# As it stands in the partial index, not as a bound value: or that could not be used.
WAITS = ATTACHMENT.c.state == literal_column("'waiting'")
THUMBNAIL, SHOWN, WHOLE = "thumb", "shown", "file"  # what can be asked for of an attachment


def has_work(connection: Connection, now: datetime) -> bool:
    """Whether a file waits to be looked into, and may be now."""
    return connection.execute(select(ATTACHMENT.c.id).where(may_be_made(now)).limit(1)).first() is not None


def has_away(connection: Connection, now: datetime) -> bool:
    """Whether a file is to be fetched from the phone company, and may be now."""
    return connection.execute(select(ATTACHMENT.c.id).where(may_be_fetched(now)).limit(1)).first() is not None


def may_be_made(now: datetime) -> ColumnElement[bool]:
    """What lies here, is at nobody's hands, and was not put off until later."""
    return and_(WAITS, ATTACHMENT.c.url.is_(None), *_is_due(now))


def may_be_fetched(now: datetime) -> ColumnElement[bool]:
    """The same of what lies at the phone company."""
    return and_(WAITS, ATTACHMENT.c.url.is_not(None), *_is_due(now))


def gallery(connection: Connection, thread: int, before: int | None = None, count: int = PAGE) -> list[GalleryRow]:
    """The pictures that the thread's account has, or the thread itself where it has none; each once, the newest first.

    ``before`` is the id that the page before ended with, None for the first page.
    """
    account = connection.execute(select(THREAD.c.account_id).where(THREAD.c.id == thread)).scalar()
    owner, value = ("thread_id", thread) if account is None else ("account_id", account)
    # Found by the file, of which there are few; "+ 0" keeps the planner from going through all that the owner has.
    earlier = select(EARLIER.c.id).where(
        EARLIER.c.sha256 == ATTACHMENT.c.sha256,
        EARLIER.c.id < ATTACHMENT.c.id,
        _used(EARLIER, EARLIER.c[owner] + 0, value),
    )
    page = select(*(ATTACHMENT.c[name] for name in ("id", "name", "width", "height", "size")))
    page = page.where(_used(ATTACHMENT, ATTACHMENT.c[owner], value), ~earlier.exists())
    if before is not None:
        page = page.where(ATTACHMENT.c.id < before)
    newest = page.order_by(ATTACHMENT.c.id.desc()).limit(count)
    return [GalleryRow(*found) for found in connection.execute(newest)]


def served(connection: Connection, attachment: int, size: str) -> Served | None:
    """The file that is handed out for an attachment, None where there is none of that size.

    A picture is served as it was made here; the file as it came only where no picture was made of it.
    """
    columns = ("thread_id", "sha256", "type", "name", "state", "shown", "shown_type", "thumbnail")
    which = select(*(ATTACHMENT.c[name] for name in columns)).where(ATTACHMENT.c.id == attachment)
    found = connection.execute(which).first()
    if found is None or found.state == pictures.WAITING or (found.state == pictures.READY) == (size == WHOLE):
        return None
    if size == WHOLE:
        if not found.sha256:  # it was never fetched
            return None
        return Served(found.thread_id, found.sha256, None, found.name)
    return Served(found.thread_id, found.thumbnail if size == THUMBNAIL else found.shown, found.shown_type, found.name)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = ATTACHMENT.c.lease_until.is_(None) | (ATTACHMENT.c.lease_until < now)
    return free, ATTACHMENT.c.not_before.is_(None) | (ATTACHMENT.c.not_before <= now)


def _used(table: FromClause, owner: ColumnElement[Any], value: int) -> ColumnElement[bool]:
    """Pictures of an owner that stand on a message: what was uploaded and never sent is nobody's yet."""
    return and_(owner == value, table.c.state == pictures.READY, table.c.message_id.is_not(None))
