"""Frozen values that cross the borders between layers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from dashboard.core.accounts import Job
from dashboard.core.consent import Entry
from dashboard.core.views import View


@dataclass(frozen=True)
class Media:
    """A file that came with a text: its bytes and the type its sender claims."""

    data: bytes
    type: str
    name: str = ""


@dataclass(frozen=True)
class StoredMedia:
    """A file that lies in the media folder; ``size`` in bytes."""

    sha256: str
    type: str
    name: str
    size: int


@dataclass(frozen=True)
class RemoteMedia:
    """A file of a text that still lies at the phone company: where, and the type that is claimed."""

    url: str
    type: str


@dataclass(frozen=True)
class Inbound:
    """A text from a provider. ``id`` is the provider's own and makes it unique; ``to`` None means our first number.

    ``at`` is the provider's time with its offset, or None; ``raw`` is the payload as it came, kept where the text had to be altered.
    ``remote`` are files that are fetched once the text is stored; ``word`` is what the provider itself took the text
    for (a word of core/consent.py), None where it does not say.
    """

    provider: str
    id: str
    sender: str
    to: str | None
    body: str
    media: tuple[Media, ...] = ()
    at: datetime | None = None
    raw: bytes = b""
    remote: tuple[RemoteMedia, ...] = ()
    word: str | None = None


@dataclass(frozen=True)
class Received:
    """What became of an inbound text; ``duplicate`` when the provider's id was known already."""

    message: int
    thread: int
    duplicate: bool


@dataclass(frozen=True)
class OutboundFile:
    """A picture on a text that goes out: SHA-256 and type of what is shown of it, and its size in bytes."""

    sha256: str
    type: str
    size: int


@dataclass(frozen=True)
class Outbound:
    """A text as a provider is asked to send it; its ``media`` have 5 MB together at most. ``tries``: how often it was
    taken for that, this time included."""

    message: int
    sender: str
    to: str
    body: str
    segments: int = 1
    media: tuple[OutboundFile, ...] = ()
    tries: int = 1


@dataclass(frozen=True)
class Outcome:
    """What a provider answered to a send: the state it is in now, the provider's id, the reason when it failed.

    ``status`` queued: the text was certainly not taken, and may be handed over again after ``wait`` seconds at least.
    ``final``: no other attempt can succeed; ``opted_out``: because the receiver has opted out. ``trouble``: the phone
    company is the cause, or the way to it, and not this one text.
    """

    status: str
    provider_id: str | None = None
    reason: str | None = None
    wait: float = 0.0
    final: bool = False
    opted_out: bool = False
    trouble: bool = False


@dataclass(frozen=True)
class Delivery:
    """A provider's report on an outbound message, named by our id or by the provider's; flags as of an Outcome.

    ``life`` is the life of the database in which our id was given out, "" before there were names of them; None where
    the report comes from within the process.
    """

    provider: str
    status: str
    message: int | None = None
    provider_id: str | None = None
    reason: str | None = None
    final: bool = False
    opted_out: bool = False
    life: str | None = None


@dataclass(frozen=True)
class Question:
    """A text of which nobody knows whether it went: asked of the provider, which may find it among what it sent.

    ``linked`` are the provider's ids of our other texts to that number: none of them is this one.
    """

    message: int
    sender: str
    to: str
    body: str
    tried_at: datetime
    provider_id: str | None = None
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OutageRow:
    """A phone company that does not take texts just now: its key, since when, and why."""

    provider: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class Unsent:
    """What people are told of texts that have not gone: how many wait (1,000 for more), since when the first does,
    which phone companies take none, and how many failed or could not be confirmed and nobody has dealt with."""

    waiting: int = 0
    since: datetime | None = None
    outages: tuple[OutageRow, ...] = ()
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Posted:
    """A request at a provider's door: ``url`` as the provider was given it, with its query; header names in lower case."""

    door: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Selection:
    """The threads that an act is for: some ids, or all that match a view, as a person saw them.

    ``seen`` is the revision that the person's screen showed. Nothing that came after it is acted upon: with ``view``
    rows that changed since are left out; mark as read touches only messages up to it; remove leaves a thread in
    which a text has arrived since.
    """

    seen: int
    threads: frozenset[int] = frozenset()
    view: View | None = None
    but: frozenset[int] = frozenset()

    @classmethod
    def of(cls, *threads: int, seen: int) -> "Selection":
        return cls(seen, frozenset(threads))


@dataclass(frozen=True)
class BulkResult:
    """What a bulk act or its undoing did: its revision (None when nothing changed), threads done, and left out."""

    revision: int | None
    done: int
    left_out: int


class Key(NamedTuple):
    """Where a row or message stands: its time and, within the same microsecond, the message's id."""

    at: datetime
    message: int


@dataclass(frozen=True)
class Person:
    """Somebody who can act: a resource, the name of its role, and what that comes to just now (core/rights.py)."""

    id: int
    name: str
    role: str | None = None
    rights: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Somebody who has ever done something here, still active or not."""

    id: int
    name: str


@dataclass(frozen=True)
class Visit:
    """Somebody who is logged in: the person, and the id of the session in which it is."""

    person: Person
    session: int


@dataclass(frozen=True)
class ThreadRow:
    """One row of the list: the thread, previewed by the tab's last message, of the time ``at``; ``key`` orders it.

    ``failed`` counts its texts that failed and that nobody has dealt with; ``stopped``: whoever it is with has opted out.
    """

    id: int
    name: str
    number: str
    kind: str
    text: str
    at: datetime
    key: Key
    unread: int
    failed: int
    removed: bool
    stopped: bool
    removed_at: datetime | None
    removed_by: str | None


@dataclass(frozen=True)
class Doubt:
    """A message that sounds as if its writer meant to opt out, and its beginning."""

    message: int
    text: str


@dataclass(frozen=True)
class ThreadHead:
    """What stands above a conversation; ``locked`` says why no reply is possible, or is None.

    ``stops`` are the opt-outs that nothing has lifted, the first first; ``doubt`` is what nobody has decided yet.
    """

    id: int
    name: str
    number: str
    kind: str
    removed: bool
    removed_at: datetime | None
    removed_by: str | None
    unopened: bool
    revision: int
    locked: str | None
    stops: tuple[Entry, ...] = ()
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Candidate:
    """One of several accounts with the same number."""

    id: int
    name: str
    kind: str


@dataclass(frozen=True)
class AccountCard:
    """An account as its overview shows it: ``balance`` in cents, ``phones`` as stored and, as ``numbers``, as the
    country writes them. Its fields are ACCOUNT_LINES'.

    ``stopped`` is since when each of the ``phones`` has opted out, None where it has not. ``candidates`` are all accounts
    with the thread's number, where there are several; ``chosen`` whether a person has said that it is this one's.
    ``hidden`` are the keys of the lines that were left out for whoever looks.
    """

    id: int
    revision: int
    name: str
    kind: str
    phones: tuple[str, ...]
    numbers: tuple[str, ...]
    email: str
    address: str
    balance: int
    next_job: Job | None
    last_job: Job | None
    tags: tuple[str, ...]
    notes: str
    stopped: tuple[datetime | None, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    chosen: bool = False
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ResourceCard:
    """A resource as its form shows it. Its fields are RESOURCE_LINES'; ``hidden`` as of an account."""

    id: int
    revision: int
    name: str
    kind: str
    phones: tuple[str, ...]
    numbers: tuple[str, ...]
    email: str
    notes: str
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hit:
    """Somebody whom type-ahead found: an account or a resource, and the addresses that were looked for, or all."""

    id: int
    kind: str
    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class LoggedAct:
    """A bulk act in the change log: how many threads it was done to, the name where it was one, and who undid it."""

    revision: int
    action: str
    by: str | None
    at: datetime
    done: int
    name: str | None
    undone: bool
    undone_by: str | None


@dataclass(frozen=True)
class AttachmentRow:
    """A file on a message: its type as claimed, its size in bytes as it came, its state and why it is in it
    (core/pictures.py); width and height, in pixels, of a picture that is ready. ``away``: it lies at the phone company
    yet, or could not be fetched from there."""

    id: int
    type: str
    name: str
    size: int
    state: str
    reason: str | None = None
    width: int = 0
    height: int = 0
    away: bool = False


@dataclass(frozen=True)
class MessageRow:
    """One message of a conversation; ``mark`` says what it did to its writer's consent, if anything (core/consent.py).

    ``handled`` says that somebody has dealt with its failing; ``retried_at`` and ``retried_by`` when it was tried
    again, and who did. ``final``: trying it again cannot succeed.
    """

    id: int
    direction: str
    body: str
    status: str
    reason: str | None
    by: str | None
    automatic: bool
    key: Key
    at: datetime
    unread: bool
    revision: int
    handled: bool = False
    final: bool = False
    retried_at: datetime | None = None
    retried_by: str | None = None
    mark: str | None = None
    attachments: tuple[AttachmentRow, ...] = field(default=())


@dataclass(frozen=True)
class AlertRow:
    """One alert of a person's bell: who answered them, with what, and when."""

    id: int
    thread: int
    message: int
    name: str
    number: str
    kind: str
    removed: bool
    text: str
    at: datetime


@dataclass(frozen=True)
class ClearedAlert:
    """An alert as the log tells of it: whose it is, and when and by which action it was cleared, if it was."""

    owner: str
    at: datetime
    cleared_at: datetime | None
    cleared_by: str | None


@dataclass(frozen=True)
class AlertReason:
    """Why a text alerted whom it did, or nobody: a sentence from the log, and the alerts that it made."""

    message: int
    sentence: str
    alerts: tuple[ClearedAlert, ...]


@dataclass(frozen=True)
class DocumentRow:
    """A text document, with the revision of its last change, when that was and whose."""

    id: int
    title: str
    body: str
    revision: int = 0
    changed_at: datetime | None = None
    changed_by: str | None = None


@dataclass(frozen=True)
class SavedDocument:
    """A text document that has been kept: its id, and the revision at which it is now."""

    id: int
    revision: int


class DocumentKey(NamedTuple):
    """Where a document stands in a list: hits in the title come first, then by folded title."""

    rank: int
    title_folded: str
    id: int


@dataclass(frozen=True)
class DocumentPage:
    """Some documents of a list, and where it goes on; None at its end."""

    documents: tuple[DocumentRow, ...]
    following: DocumentKey | None


@dataclass(frozen=True)
class Draft:
    """What somebody has written in a thread and not sent; ``seen`` as ``messages.send`` takes it."""

    body: str
    seen: int | None


@dataclass(frozen=True)
class PageHere:
    """One page that has a thread open; ``typing_until`` None when nobody types there."""

    page: str
    resource: int
    thread: int
    typing_until: datetime | None = None


@dataclass(frozen=True)
class Present:
    """Somebody who has a thread open, on however many pages, and whether they are typing there."""

    resource: int
    name: str
    thread: int
    typing: bool


@dataclass(frozen=True)
class HistoricMessage:
    """A message as it once was; ``by`` the id of the resource who sent it, ``media`` files that are kept already."""

    direction: str
    body: str
    at: datetime
    by: int | None = None
    automatic: bool = False
    unread: bool = False
    status: str = "delivered"
    reason: str | None = None
    media: tuple[StoredMedia, ...] = ()


@dataclass(frozen=True)
class HistoricThread:
    """A conversation as it once was; both addresses normalised."""

    our_number: str
    address: str
    messages: tuple[HistoricMessage, ...]
