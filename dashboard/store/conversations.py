"""One conversation: what stands above it, and a window of its messages that ends with the newest."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, and_, bindparam, literal, select, tuple_

from dashboard.core.addresses import can_be_answered, shown
from dashboard.core.consent import marks, standing
from dashboard.core.delivery import locked, reason
from dashboard.core.tables import ATTACHMENT, MESSAGE, OUR_NUMBER, RESOURCES, THREAD, UTCDateTime
from dashboard.core.text import snippet
from dashboard.core.values import AttachmentRow, Doubt, Key, MessageRow, ThreadHead
from dashboard.store.consent import decisive, entries
from dashboard.store.database import region

RETRY, RETRIER = MESSAGE.alias("retry"), RESOURCES.alias("retrier")
DOUBTED = MESSAGE.alias("doubted")
COLUMNS = (
    MESSAGE.c.id,
    MESSAGE.c.direction,
    MESSAGE.c.body,
    MESSAGE.c.status,
    MESSAGE.c.reason,
    RESOURCES.c.name.label("by"),
    MESSAGE.c.automatic,
    MESSAGE.c.placed_at,
    MESSAGE.c.at,
    MESSAGE.c.read,
    MESSAGE.c.revision,
    MESSAGE.c.handled,
    MESSAGE.c.final,
    MESSAGE.c.ask_at,
    MESSAGE.c.asked,
    RETRY.c.at.label("retried_at"),
    RETRIER.c.name.label("retried_by"),
)
HEAD = (
    select(
        *(THREAD.c[name] for name in ("id", "name", "address", "kind", "removed", "removed_at")),
        RESOURCES.c.name.label("removed_by"),
        *(THREAD.c[name] for name in ("unopened", "revision", "stopped_at", "doubt")),
        DOUBTED.c.body.label("doubted"),
        OUR_NUMBER.c.provider,
    )
    .outerjoin(DOUBTED, DOUBTED.c.id == THREAD.c.doubt)
    .outerjoin(OUR_NUMBER, OUR_NUMBER.c.address == THREAD.c.our_number)
    .outerjoin(RESOURCES, RESOURCES.c.id == THREAD.c.removed_by_id)
    .where(THREAD.c.id == bindparam("thread"))
)
PLACE = tuple_(MESSAGE.c.placed_at, MESSAGE.c.id)


def head(connection: Connection, thread: int) -> ThreadHead | None:
    """What stands above a conversation, or None where there is no such thread."""
    found = connection.execute(HEAD, {"thread": thread}).first()
    if found is None:
        return None
    stops = standing(decisive(connection, thread)) if found.stopped_at is not None else ()
    return _head(region(connection), stops=stops, **found._asdict())


def start_of_last(connection: Connection, thread: int, count: int, before: Key | None = None) -> Key | None:
    """The place of the ``count``-th message from the end, or before a place; None where the thread starts sooner."""
    places = select(MESSAGE.c.placed_at, MESSAGE.c.id).where(MESSAGE.c.thread_id == thread)
    if before is not None:
        places = places.where(_bound(before) > PLACE)
    newest_first = places.order_by(MESSAGE.c.placed_at.desc(), MESSAGE.c.id.desc())
    found = connection.execute(newest_first.offset(count - 1).limit(1)).first()
    return Key(*found) if found else None


def messages(connection: Connection, thread: int, start: Key | None) -> tuple[MessageRow, ...]:
    """The messages from a place on, None for all, in the thread's order."""
    window = select(*COLUMNS).select_from(MESSAGE).outerjoin(RESOURCES, RESOURCES.c.id == MESSAGE.c.sender_id)
    window = window.outerjoin(RETRY, RETRY.c.retry_of == MESSAGE.c.id)
    window = window.outerjoin(RETRIER, RETRIER.c.id == RETRY.c.sender_id)
    window = window.where(_here(thread, start)).order_by(MESSAGE.c.placed_at, MESSAGE.c.id)
    said = marks(entries(connection, thread, start.at if start else None))
    files = _attachments(connection, thread, start)
    return tuple(_message(files, said, **found._asdict()) for found in connection.execute(window))


def has_older(connection: Connection, thread: int, start: Key | None) -> bool:
    """Whether the thread has messages before a place."""
    if start is None:
        return False
    older = select(MESSAGE.c.id).where(MESSAGE.c.thread_id == thread, _bound(start) > PLACE)
    return connection.execute(older.limit(1)).first() is not None


def _bound(place: Key) -> Any:
    return tuple_(literal(place.at, UTCDateTime()), literal(place.message))


def _here(thread: int, start: Key | None) -> Any:
    here = MESSAGE.c.thread_id == thread
    return here if start is None else and_(here, _bound(start) <= PLACE)


def _head(home: str, id: int, name: str, address: str, provider: str | None, **rest: Any) -> ThreadHead:
    number, doubt, doubted = shown(address, home), rest.pop("doubt"), rest.pop("doubted")
    del rest["stopped_at"]
    rest["doubt"] = None if doubt is None else Doubt(doubt, snippet(doubted))
    return ThreadHead(id, name or number, number, locked=locked(address, can_be_answered(address), provider), **rest)


def _attachments(connection: Connection, thread: int, start: Key | None) -> dict[int, list[AttachmentRow]]:
    names = ("message_id", "id", "type", "name", "size", "state", "reason", "width", "height")
    columns = (ATTACHMENT.c[name] for name in names)
    window = select(*columns, ATTACHMENT.c.url.is_not(None)).join(MESSAGE, MESSAGE.c.id == ATTACHMENT.c.message_id)
    files = defaultdict(list)
    for message, *file in connection.execute(window.where(_here(thread, start)).order_by(ATTACHMENT.c.id)):
        files[message].append(AttachmentRow(*file))
    return files


def _message(
    files: dict[int, list[AttachmentRow]],
    said: dict[int, str],
    id: int,
    placed_at: Any,
    read: int | None,
    handled: int | None,
    ask_at: Any,
    asked: int,
    **rest: Any,
) -> MessageRow:
    unread = rest["direction"] == "inbound" and read is None
    rest["reason"] = reason(rest["status"], rest["reason"], ask_at is not None, asked)
    dealt_with = handled is not None
    return MessageRow(
        id=id,
        key=Key(placed_at, id),
        unread=unread,
        handled=dealt_with,
        mark=said.get(id),
        attachments=tuple(files.get(id, ())),
        **rest,
    )
