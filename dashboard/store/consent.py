"""The ledger of consent: what was said about one pair of numbers, which is a thread, as far back as it matters.

A thread may have ten thousand entries: “yes” is one, and machines answer machines. Of what came before a moment counts
only what stood then, and that can be read from a few: since the last START of the correspondent's own, which lifted all
before it (but for what crossed it, within DISORDER); all that a person here took down since; and the first of the
opt-outs since, as whatever lifts it lifts the later ones too.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, func, or_, select

from dashboard.core.consent import DISORDER, PERSON, PROVIDER, REFUSAL, START, STOP, TEXT, Entry
from dashboard.core.tables import CONSENT, MESSAGE, RESOURCES, UTCDateTime

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
THEIRS = (TEXT, PROVIDER, REFUSAL)  # who says what no person here can lift


def _given(name: str) -> object:
    return bindparam(name, type_=UTCDateTime())


HERE = CONSENT.c.thread_id == bindparam("thread")
LAST_START = select(func.max(CONSENT.c.at)).where(
    HERE, CONSENT.c.word == START, CONSENT.c.source.in_(THEIRS), CONSENT.c.at < _given("since")
)
FIRST_STOP = (
    select(CONSENT.c.id)
    .where(HERE, CONSENT.c.word == STOP, CONSENT.c.source.in_(THEIRS))
    .where(CONSENT.c.at > _given("start"), CONSENT.c.at < _given("since"))
    .order_by(CONSENT.c.at, CONSENT.c.id)
    .limit(1)
)
WHOLE = (
    select(
        *(CONSENT.c[name] for name in ("id", "word", "source", "at", "message_id")),
        RESOURCES.c.name,
        func.coalesce(MESSAGE.c.body, ""),
    )
    .outerjoin(RESOURCES, RESOURCES.c.id == CONSENT.c.by_id)
    .outerjoin(MESSAGE, MESSAGE.c.id == CONSENT.c.message_id)
    .where(HERE)
    .order_by(CONSENT.c.id)
)
LATEST = WHOLE.where(
    CONSENT.c.at >= _given("crossed"),
    or_(
        CONSENT.c.at >= _given("near"),
        CONSENT.c.at <= _given("start"),
        CONSENT.c.source == PERSON,
        CONSENT.c.id == bindparam("stop"),
    ),
)
NEWEST = select(func.max(CONSENT.c.at)).where(HERE)
STARTED = select(CONSENT.c.id).where(HERE, CONSENT.c.word == START, CONSENT.c.at > _given("since")).limit(1)


def last(connection: Connection) -> int:
    """The newest entry of the whole ledger; 0 for none."""
    return int(connection.execute(select(func.coalesce(func.max(CONSENT.c.id), 0))).scalar_one())


def entries(connection: Connection, thread: int, since: datetime | None = None) -> tuple[Entry, ...]:
    """A thread's ledger, in the order in which it was written: the whole, or what marks its messages since then."""
    if since is None:
        found = connection.execute(WHOLE, {"thread": thread})
    else:
        known = {"thread": thread, "since": since}
        start = connection.execute(LAST_START, known).scalar() or FIRST
        stop = connection.execute(FIRST_STOP, known | {"start": start}).scalar()
        bounds = {"near": since - DISORDER, "crossed": start - DISORDER, "start": start, "stop": stop}
        found = connection.execute(LATEST, {"thread": thread, **bounds})
    return tuple(Entry(*tuple(row)) for row in found)


def decisive(connection: Connection, thread: int) -> tuple[Entry, ...]:
    """As much of a thread's ledger as tells since when nothing may be sent, why, and who can lift it."""
    return entries(connection, thread, LAST)


def newest(connection: Connection, thread: int) -> datetime | None:
    """The latest time in a thread's ledger."""
    latest: datetime | None = connection.execute(NEWEST, {"thread": thread}).scalar()
    return latest


def started_after(connection: Connection, thread: int, moment: datetime) -> bool:
    """Whether they opted in after a moment."""
    return connection.execute(STARTED, {"thread": thread, "since": moment}).first() is not None
