"""The list of threads: which match a view, in which order, how many, and one window of them."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
)

from dashboard.core.addresses import INDEXED_FROM, searched_digits, shown
from dashboard.core.filters import KINDS, TABS
from dashboard.core.tables import RESOURCES, TALLY, THREAD, UTCDateTime
from dashboard.core.values import Key, ThreadRow
from dashboard.core.views import View
from dashboard.store.database import region
from dashboard.store.search import Search

SEARCH = Search(THREAD, THREAD.c.digits)


def matching(view: View) -> ColumnElement[bool]:
    """The condition on Thread that a view stands for."""
    conditions: list[Any] = [_message(view).is_not(None)]
    if view.kinds() != KINDS:
        conditions.append(_of_kind(view.kinds()))
    if view.of_removed or not view.searching:
        conditions.append(THREAD.c.removed.is_(view.of_removed))
    if view.of_failed:
        conditions.append(text("thread.failed > 0"))  # as its index has it, word for word
    if view.unread_since is not None:
        conditions.append(or_(THREAD.c.unread > 0, THREAD.c.settled > view.unread_since))
    if view.searching:
        conditions.append(found_by(view))
    return and_(*conditions)


def _of_kind(kinds: tuple[str, ...]) -> ColumnElement[bool]:
    """One kind has an index in the list's order; several are told from the others while walking that of all: to
    "in" SQLite answers by sorting every thread of those kinds, for each page (107 ms at 100,000 threads, not 1)."""
    if len(kinds) == 1:
        return THREAD.c.kind == kinds[0]
    return THREAD.c.kind.not_in(tuple(kind for kind in KINDS if kind not in kinds))


def rows(connection: Connection, view: View, start: Key | None, limit: int) -> tuple[ThreadRow, ...]:
    """One window of the list: ``limit`` rows from the place ``start`` on, None for the top; newest first."""
    at, message = _at(view), _message(view)
    remover = RESOURCES.c.id == THREAD.c.removed_by_id
    window = select(*_columns(view)).outerjoin(RESOURCES, remover).where(matching(view))
    if start is not None:
        window = window.where(tuple_(at, message) <= _bound(start))
    window = window.order_by(at.desc(), message.desc()).limit(limit)
    home = region(connection)
    return tuple(_row(home, *found) for found in connection.execute(window))


def count(connection: Connection, view: View) -> int:
    """How many threads match: kept where nothing but kinds narrows it, counted otherwise."""
    if view.searching or view.of_failed or view.unread_since is not None:
        matches = select(func.count()).select_from(THREAD).where(matching(view))
    else:
        kept = ("removed_" if view.of_removed else "") + view.tab
        matches = select(func.sum(TALLY.c[kept])).where(TALLY.c.kind.in_(view.kinds()))
    return int(connection.execute(matches).scalar_one() or 0)


def above(connection: Connection, view: View, start: Key | None) -> int:
    """How many rows stand before the place ``start``."""
    if start is None:
        return 0
    before = tuple_(_at(view), _message(view)) > _bound(start)
    return int(connection.execute(select(func.count()).select_from(THREAD).where(matching(view), before)).scalar_one())


def place(connection: Connection, view: View, index: int) -> Key | None:
    """The place of the row at ``index``, for a scroll bar that was dragged there; None for the top.

    Skips over index entries only; a page itself is read from a place, never by its number.
    """
    if index <= 0:
        return None
    at, message = _at(view), _message(view)
    keys = select(at, message).where(matching(view)).order_by(at.desc(), message.desc()).offset(index).limit(1)
    found = connection.execute(keys).first()
    return Key(*found) if found else None


def unread(connection: Connection) -> int:
    """The badge: unread messages of the whole inbox, in threads not removed."""
    return int(connection.execute(select(func.sum(TALLY.c.unread))).scalar_one() or 0)


def greatest_number(connection: Connection, first: int, end: int) -> int | None:
    """The greatest number in use from ``first`` up to ``end``, both as their digits with the country code."""
    between = (THREAD.c.digits >= str(first)) & (THREAD.c.digits < str(end))
    found = connection.execute(select(func.max(THREAD.c.digits)).where(between)).scalar()
    return int(found) if found else None


def _bound(start: Key) -> Any:
    return tuple_(literal(start.at, UTCDateTime()), literal(start.message))


def _at(view: View) -> Any:
    if view.of_removed:
        return THREAD.c.removed_at
    return THREAD.c.inbound_at if TABS[view.tab].direction == "inbound" else THREAD.c.outbound_at


def _message(view: View) -> Any:
    return THREAD.c.inbound_message if TABS[view.tab].direction == "inbound" else THREAD.c.outbound_message


def _columns(view: View) -> tuple[Any, ...]:
    inbound = TABS[view.tab].direction == "inbound"
    preview = THREAD.c.inbound_text if inbound else THREAD.c.outbound_text
    shown_at = THREAD.c.inbound_placed_at if inbound else THREAD.c.outbound_at
    facts = (THREAD.c.id, THREAD.c.name, THREAD.c.address, THREAD.c.kind, preview, shown_at)
    removal = (THREAD.c.removed, THREAD.c.stopped_at.is_not(None), THREAD.c.removed_at, RESOURCES.c.name)
    return (*facts, _at(view), _message(view), THREAD.c.unread, THREAD.c.failed, *removal)


def _row(
    home: str, id: int, name: str, address: str, kind: str, text: str, at: Any, key_at: Any, message: int, *rest: Any
) -> ThreadRow:
    number = shown(address, home)
    return ThreadRow(id, name or number, number, kind, text, at, Key(key_at, message), *rest)


def found_by(view: View) -> ColumnElement[bool]:
    """Name or number, any part from three characters on; below, the start of a word or the last digits."""
    name = view.name_query()
    ways = [
        SEARCH.ending(run) if len(run) < INDEXED_FROM else SEARCH.number(run) for run in searched_digits(view.query)
    ]
    if name:
        ways.append(SEARCH.word(name) if len(name) < INDEXED_FROM else SEARCH.name(name))
    return or_(*ways) if ways else false()
