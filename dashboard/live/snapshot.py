"""Everything one viewer sees, as data: a pure function of the database at a revision and of where the viewer looks."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from dashboard.core.accounts import ACCOUNT_LINES, RESOURCE_LINES, seen_with
from dashboard.core.values import (
    AccountCard,
    AlertRow,
    Key,
    MessageRow,
    Present,
    ResourceCard,
    ThreadHead,
    ThreadRow,
    Unsent,
)
from dashboard.core.views import View
from dashboard.store import accounts, alerts, consent, conversations, outbox, people, preferences, presence, threads
from dashboard.store.database import revision
from dashboard.store.rights import everybodys, held

T = TypeVar("T")
Whom = tuple[AccountCard | None, ResourceCard | None]
ROWS = 100  # rows of the list that a screen holds, of however many
MARGIN = 30  # of them before the first that is visible
ALERTS = 50  # of a person's alerts that a screen lists, the newest
MESSAGES = 50  # messages that an opened thread shows, and that each "older" adds


@dataclass(frozen=True)
class Place:
    """Where a viewer looks: the view, the first row of its window (None: the top), the open thread and its first
    message shown (None: all; not yet ``settled`` when the thread has just been chosen). ``opening`` numbers the
    times that a person opened a thread here, so that a page knows which of its clicks a snapshot answers, and ``turn``
    how often the view was chosen or the ticked threads were acted on; ``viewer`` is the id of the person who looks."""

    view: View = field(default_factory=View)
    start: Key | None = None
    thread: int | None = None
    messages_from: Key | None = None
    settled: bool = False
    opening: int = 0
    turn: int = 0
    viewer: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """What stands on a screen at a revision. ``above`` rows come before the window of ``total``; ``others`` are hits
    on the other tab while a query is on, else None; ``alerts`` are the viewer's own, ``alert_count`` of them in all.
    ``overview`` is the account that the open thread is with, as far as the viewer's ``rights`` go, ``colleague`` the
    resource; ``present`` is everybody else who has a thread open; ``unsent`` what has not gone, of the whole inbox;
    ``staff`` is the revision at which a resource was last edited, whose name may stand here, ``ledger`` the newest entry
    of consent, which may be about another number of the account."""

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
    staff: int
    ledger: int
    alerts: tuple[AlertRow, ...]
    alert_count: int
    overview: AccountCard | None
    colleague: ResourceCard | None
    present: tuple[Present, ...]
    rights: frozenset[str]
    unsent: Unsent


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


def rights_of(reads: Reads, viewer: int | None) -> frozenset[str]:
    """What somebody may do just now; read once for all who look."""
    return reads.once(held, None) if viewer is None else reads.once(everybodys).get(viewer, frozenset())


def taken(reads: Reads, place: Place, before: Snapshot | None = None) -> Snapshot:
    """The snapshot of a place. ``before`` only saves work: what is unchanged is not read again.

    Who is here changes without a revision. ``before`` itself comes back where nothing has changed at all.
    """
    present = tuple(person for person in reads.once(presence.everyone) if person.resource != place.viewer)
    if before is not None and (before.revision, before.place) == (reads.revision, place):
        return before if before.present == present else replace(before, present=present)
    place, head = _settled(reads, place)
    rights = rights_of(reads, place.viewer)
    overview, colleague = _whom(reads, head, rights, before)
    view, start = place.view, place.start
    count = reads.once(alerts.counts).get(place.viewer, 0) if place.viewer is not None else 0
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
        staff=reads.once(people.last_change),
        ledger=reads.once(consent.last),
        alerts=reads.once(alerts.alerts, place.viewer, ALERTS) if count else (),
        alert_count=count,
        overview=overview,
        colleague=colleague,
        present=present,
        rights=rights,
        unsent=reads.once(outbox.unsent),
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


def _whom(reads: Reads, head: ThreadHead | None, rights: frozenset[str], before: Snapshot | None) -> Whom:
    """Whom the open thread is with, as far as the viewer's rights go. What changes there touches the thread too, but for
    an opt-out of another of their numbers: an unchanged head and an unchanged ledger say enough."""
    if head is None:
        return None, None
    if before is not None and (before.head, before.rights, before.ledger) == (head, rights, reads.once(consent.last)):
        return before.overview, before.colleague
    account, colleague = reads.once(accounts.overview, head.id), reads.once(accounts.colleague, head.id)
    return (
        account and seen_with(account, ACCOUNT_LINES, rights),
        colleague and seen_with(colleague, RESOURCE_LINES, rights),
    )


def _messages(reads: Reads, place: Place, head: ThreadHead | None, before: Snapshot | None) -> tuple[MessageRow, ...]:
    if head is None:
        return ()
    kept = (before.staff, before.head, before.place.messages_from) if before is not None else None
    if before is not None and kept == (reads.once(people.last_change), head, place.messages_from):
        return before.messages
    return reads.once(conversations.messages, head.id, place.messages_from)
