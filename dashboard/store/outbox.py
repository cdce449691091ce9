"""What waits to be sent: when the next text of each number may go, what is to be asked, and what people are told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text

from dashboard.core.delivery import QUEUED, SENDING, UNKNOWN
from dashboard.core.tables import FAILED_MESSAGE, MESSAGE, OPEN_MESSAGE, OUR_NUMBER, OUTAGE, THREAD
from dashboard.core.values import OutageRow, Question, Unsent

LONGEST_HOLD = timedelta(minutes=10)  # a text of 24 segments at one in ten seconds; an outage's rest is 5 minutes
NEAR = timedelta(days=2)  # before a text was handed over, within which another may be mistaken for it
COUNTED = 1_000  # texts up to which those that wait are counted: it is done at each wake, and nobody needs more


@dataclass(frozen=True)
class Lane:
    """One of our numbers with a text that waits: since when the first one is due, and when it may be handed over."""

    number: str
    due: datetime
    at: datetime


@dataclass(frozen=True)
class Asking:
    """A question that is put to a provider at a time, and how often it was before."""

    question: Question
    at: datetime
    asked: int


# A minimum per number, each of them one step into an index, however many wait.
DUE = (
    select(func.min(THREAD.c.due_at))
    .where(THREAD.c.our_number == OUR_NUMBER.c.address, THREAD.c.due_at.is_not(None))
    .scalar_subquery()
)
LANES = (
    select(OUR_NUMBER.c.address, OUR_NUMBER.c.provider, DUE.label("due"), OUR_NUMBER.c.free_at, OUTAGE.c.until)
    .outerjoin(OUTAGE, OUTAGE.c.provider == OUR_NUMBER.c.provider)
    .where(OUR_NUMBER.c.provider.is_not(None))
)
NAMED = tuple(
    MESSAGE.c[name] for name in ("id", "thread_id", "body", "tried_at", "at", "provider_id", "ask_at", "asked")
)
QUESTIONS = (
    select(*NAMED, THREAD.c.our_number, THREAD.c.address)
    .join(THREAD, THREAD.c.id == MESSAGE.c.thread_id)
    .join(OUR_NUMBER, OUR_NUMBER.c.address == THREAD.c.our_number)
    .where(MESSAGE.c.ask_at.is_not(None))
    .order_by(MESSAGE.c.ask_at)
)
LINKED = select(MESSAGE.c.provider_id).where(MESSAGE.c.direction == "outbound", MESSAGE.c.provider_id.is_not(None))
OPEN, TROUBLED = text(f"message.{OPEN_MESSAGE}"), text(FAILED_MESSAGE)
QUEUED_NOW = select(MESSAGE.c.at).where(OPEN, MESSAGE.c.status == QUEUED)
WAITING = select(func.count()).select_from(QUEUED_NOW.limit(COUNTED).subquery())
OLDEST = QUEUED_NOW.order_by(MESSAGE.c.id).limit(1)
FAILED = select(func.coalesce(func.sum(THREAD.c.failed), 0)).where(text("thread.failed > 0"), ~THREAD.c.removed)
UNCONFIRMED = (
    select(func.count())
    .select_from(MESSAGE)
    .join(THREAD, THREAD.c.id == MESSAGE.c.thread_id)
    .where(TROUBLED, MESSAGE.c.status == UNKNOWN, ~THREAD.c.removed)
)
OUTAGES = select(OUTAGE.c.provider, OUTAGE.c.since, OUTAGE.c.reason).order_by(OUTAGE.c.provider)


def lanes(connection: Connection, now: datetime, provider: str | None = None) -> tuple[Lane, ...]:
    """The numbers with a text that waits, of one provider, or of all.

    What holds one up longer than anything does was written while a clock was ahead, and counts for nothing.
    """
    found = connection.execute(LANES if provider is None else LANES.where(OUR_NUMBER.c.provider == provider))
    latest = now + LONGEST_HOLD
    return tuple(
        Lane(number, due, max([due, *(time for time in (free_at, until) if time is not None and time <= latest)]))
        for number, _, due, free_at, until in found
        if due is not None
    )


def questions(connection: Connection, provider: str, limit: int) -> tuple[Asking, ...]:
    """The texts of which the provider is to be asked what became of them, the soonest first."""
    found = connection.execute(QUESTIONS.where(OUR_NUMBER.c.provider == provider).limit(limit)).all()
    return tuple(Asking(_question(connection, row), row.ask_at, row.asked) for row in found)


def _question(connection: Connection, row: Any) -> Question:
    """A text is only asked about together with what is known already: the same words may have gone twice."""
    tried = row.tried_at or row.at
    others = LINKED.where(MESSAGE.c.thread_id == row.thread_id, MESSAGE.c.placed_at >= tried - NEAR)
    linked = frozenset(connection.execute(others.where(MESSAGE.c.id != row.id)).scalars())
    return Question(row.id, row.our_number, row.address, row.body, tried, row.provider_id, linked)


def has_lost(connection: Connection, now: datetime) -> bool:
    """Whether the lease of a message has run out."""
    lost = select(MESSAGE.c.id).where(OPEN, MESSAGE.c.status == SENDING, MESSAGE.c.lease_until < now)
    return connection.execute(lost.limit(1)).first() is not None


def may_go(connection: Connection, message: int, until: datetime) -> bool:
    """Whether a text that was taken may still be handed over: its lease lasts until then, and nobody opted out."""
    held = select(MESSAGE.c.id).join(THREAD, THREAD.c.id == MESSAGE.c.thread_id)
    held = held.where(MESSAGE.c.id == message, MESSAGE.c.status == SENDING, MESSAGE.c.lease_until >= until)
    return connection.execute(held.where(THREAD.c.stopped_at.is_(None))).first() is not None


def is_out(connection: Connection, provider: str) -> bool:
    """Whether a provider does not take texts just now, as far as is known."""
    return connection.execute(select(OUTAGE.c.provider).where(OUTAGE.c.provider == provider)).first() is not None


def is_over(connection: Connection, provider: str, now: datetime) -> bool:
    """Whether a provider has been left in peace long enough, and no text waits that could tell how it is now."""
    over = select(OUTAGE.c.provider).where(OUTAGE.c.provider == provider, OUTAGE.c.until <= now)
    return connection.execute(over).first() is not None and not lanes(connection, now, provider)


def unsent(connection: Connection) -> Unsent:
    """What people are told of texts that have not gone; threads that were removed are left out of what failed."""
    waiting = int(connection.execute(WAITING).scalar_one())
    failed = int(connection.execute(FAILED).scalar_one())
    unknown = int(connection.execute(UNCONFIRMED).scalar_one()) if failed else 0
    outages = tuple(OutageRow(*row) for row in connection.execute(OUTAGES))
    since = connection.execute(OLDEST).scalar() if waiting else None
    return Unsent(waiting, since, outages, failed - unknown, unknown)
