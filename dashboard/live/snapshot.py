"""Everything one viewer sees, as data: a pure function of the database at a revision and of where the viewer looks."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from dashboard.core.values import Key, MessageRow, ThreadHead, ThreadRow
from dashboard.core.views import View
from dashboard.store import conversations, preferences, threads
from dashboard.store.database import revision

T = TypeVar("T")
ROWS = 100  # rows of the list that a screen holds, of however many
MARGIN = 30  # of them before the first that is visible
MESSAGES = 50  # messages that an opened thread shows, and that each "older" adds


@dataclass(frozen=True)
class Place:
    """Where a viewer looks: the view, the first row of its window (None: the top), the open thread and its first
    message shown (None: all; not yet ``settled`` when the thread has just been chosen). ``opening`` numbers the
    times that a person opened a thread here, so that a page knows which of its clicks a snapshot answers; ``viewer``
    is the id of the person who looks."""

    view: View = field(default_factory=View)
    start: Key | None = None
    thread: int | None = None
    messages_from: Key | None = None
    settled: bool = False
    opening: int = 0
    viewer: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """What stands on a screen at a revision. ``above`` rows come before the window of ``total``; ``others`` are hits
    on the other tab while a query is on, else None."""

    revision: int
    place: Place
    unread: int
    total: int
    above: int
    rows: tuple[ThreadRow, ...]
    others: int | None
    head: ThreadHead | None
    messages: tuple[MessageRow, ...]
    older: bool
    preferences: dict[str, bool]


class Reads:
    """Reads of one state of the database, each made once however many screens ask for it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.revision = revision(connection)
        self._made: dict[Hashable, Any] = {}

    def once(self, read: Callable[..., T], *arguments: Hashable) -> T:
        """``read(connection, *arguments)``, remembered for this state."""
        key = (read, arguments)
        if key not in self._made:
            self._made[key] = read(self.connection, *arguments)
        return cast(T, self._made[key])


def taken(reads: Reads, place: Place, before: Snapshot | None = None) -> Snapshot:
    """The snapshot of a place. ``before`` only saves work: an unchanged conversation is not read again."""
    place, head = _settled(reads, place)
    view, start = place.view, place.start
    return Snapshot(
        revision=reads.revision,
        place=place,
        unread=reads.once(threads.unread),
        total=reads.once(threads.count, view),
        above=reads.once(threads.above, view, start),
        rows=reads.once(threads.rows, view, start, ROWS),
        others=reads.once(threads.count, view.other()) if view.searching else None,
        head=head,
        messages=_messages(reads, place, head, before),
        older=place.thread is not None and reads.once(conversations.has_older, place.thread, place.messages_from),
        preferences=reads.once(preferences.preferences, place.viewer),
    )


def _settled(reads: Reads, place: Place) -> tuple[Place, ThreadHead | None]:
    """The place with the open thread's first message decided; a thread that there is not is not open."""
    if place.thread is None:
        return place, None
    head = reads.once(conversations.head, place.thread)
    if head is None:
        return replace(place, thread=None, messages_from=None, settled=False), None
    if place.settled:
        return place, head
    start = reads.once(conversations.start_of_last, place.thread, MESSAGES)
    return replace(place, messages_from=start, settled=True), head


def _messages(reads: Reads, place: Place, head: ThreadHead | None, before: Snapshot | None) -> tuple[MessageRow, ...]:
    if head is None:
        return ()
    same = before is not None and before.head == head and before.place.messages_from == place.messages_from
    if before is not None and same:
        return before.messages
    return reads.once(conversations.messages, head.id, place.messages_from)
