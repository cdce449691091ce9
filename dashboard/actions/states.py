"""The state of a text of ours, and how it moves: what the outbox and the phone company's reports have in common."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, select, text, update

from dashboard.actions import consent
from dashboard.actions.change import Change
from dashboard.actions.threads import recount_failed
from dashboard.core import delivery
from dashboard.core.tables import MESSAGE, OPEN_MESSAGE, THREAD

# After how many seconds each the phone company is asked what became of a text: 5 s, 30 s, 2 min and 10 min after it
# was handed over (Twilio lists a message within seconds; a busy gateway later).
ASK_AFTER = (5, 25, 90, 480)


class State(NamedTuple):
    """An outbound message as it is, and its thread."""

    id: int
    thread_id: int
    status: str
    reason: str | None
    lease_until: datetime | None
    at: datetime
    tries: int
    asked: int
    final: bool
    handled: int | None
    provider_id: str | None

    @property
    def reported(self) -> bool:
        """Whether the provider has said so: a text that we are handing over has a lease, and no word of it yet."""
        return self.status != delivery.QUEUED and self.lease_until is None


# Built once: what every text asks for.
OUTBOUND = select(*(MESSAGE.c[name] for name in State._fields)).where(MESSAGE.c.direction == "outbound")
# A text that the provider itself says it is sending is out of our hands, and holds nobody up.
OURS = text(f"{OPEN_MESSAGE} AND (status = 'queued' OR lease_until IS NOT NULL)")
FIRST = (
    select(case((MESSAGE.c.status == delivery.QUEUED, func.coalesce(MESSAGE.c.not_before, MESSAGE.c.at))))
    .where(MESSAGE.c.thread_id == THREAD.c.id, OURS)
    .order_by(MESSAGE.c.id)
    .limit(1)
    .scalar_subquery()
)
SCHEDULED = update(THREAD).where(THREAD.c.id == bindparam("this")).values(due_at=FIRST)
MOVED = update(MESSAGE).where(MESSAGE.c.id == bindparam("this"))


def state_of(change: Change, which: ColumnElement[bool]) -> State | None:
    """The state of the one outbound message for which ``which`` holds."""
    found = change.connection.execute(OUTBOUND.where(which)).first()
    return None if found is None else State(*found)


def move(change: Change, before: State, status: str, recount: bool = True, **values: Any) -> None:
    """Bring one outbound message into a state; its lease is over.

    The next text of its thread may go once this one has. What nobody knows is asked of the phone company, and what
    is known is not. Whoever moves many recounts those that failed once, at the end (``recount`` False).
    """
    change.details = {"status": status}
    change.touch_one(before.thread_id)
    always = {"revision": change.revision, "status": status, "lease_until": None}
    asks = {} if status == delivery.UNKNOWN else {"ask_at": None}
    change.connection.execute(MOVED, {"this": before.id, **always, **asks, **values})
    schedule(change, before.thread_id)
    if recount and (before.status in delivery.TROUBLED) != (status in delivery.TROUBLED):
        recount_failed(change)


def lose(change: Change, before: State, reason: str, **values: Any) -> None:
    """Nobody can say whether it went: it is never handed over again by itself, and the phone company is asked."""
    ask_at = change.now + timedelta(seconds=ASK_AFTER[0])
    move(change, before, delivery.UNKNOWN, reason=reason, ask_at=ask_at, asked=0, **values)


def schedule(change: Change, thread: int) -> None:
    """Note when the first text of a thread that waits may be handed over; no text passes an earlier one."""
    change.connection.execute(SCHEDULED, {"this": thread})


def linked(change: Change, state: State, provider: str, provider_id: str | None) -> dict[str, Any]:
    """What ties a message to the provider's own id of it; nothing where that id is another message's already."""
    if provider_id is None or provider_id == state.provider_id:
        return {}
    same = (MESSAGE.c.provider == provider) & (MESSAGE.c.provider_id == provider_id)
    taken = select(MESSAGE.c.id).where(same, MESSAGE.c.direction == "outbound", MESSAGE.c.id != state.id)
    return {} if change.connection.execute(taken).first() else {"provider": provider, "provider_id": provider_id}


def note_refusal(change: Change, state: State) -> None:
    """The phone company says that the receiver has opted out: from now on nothing is sent in this thread."""
    consent.refused(change, state.thread_id, state.id)
