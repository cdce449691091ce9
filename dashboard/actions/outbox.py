"""What the outbox does with a text: take it under a lease, store what came of handing it over, ask, and give up."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update

from dashboard.actions import attachments as files
from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.states import ASK_AFTER, State, linked, lose, move, note_refusal, schedule, state_of
from dashboard.core import delivery
from dashboard.core.consent import NOT_HANDED_OVER
from dashboard.core.errors import NotFound
from dashboard.core.segments import segments
from dashboard.core.tables import MESSAGE, OPEN_MESSAGE, OUR_NUMBER, OUTAGE, THREAD
from dashboard.core.values import Outbound, Outcome
from dashboard.store.outbox import lanes

LEASE = timedelta(seconds=60)  # how long a send may take before nobody can say whether it went
GIVE_UP = timedelta(hours=24)  # a text that could not be handed over for so long is old news to its receiver
PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds between two attempts at a text that was not taken: the first, and the cap
REST = timedelta(seconds=5)  # for which a phone company that does not take texts is left in peace, at first
LONGEST_REST = timedelta(minutes=5)
AGAIN = timedelta(minutes=1)  # until a phone company that could not be asked is asked again
REFUSED_AT_ONCE = 50  # texts that must not go any more, which one claim sets aside
TOO_OLD = "It could not be handed over for 24 hours and was not sent: try it again if it is still wanted."
GONE_AFTER_ALL = "The first attempt went after all, so this one was not sent."
INTERRUPTED = "The program stopped while this was being sent, so nobody can say whether it went."
NOT_TAKEN = "The phone company did not take it yet; it is tried again by itself."
TRIED_ELSEWHERE = "The phone company did not take it; it was tried again by hand meanwhile."

FIRST_DUE = (
    select(THREAD.c.id)
    .where(THREAD.c.our_number == bindparam("ours"), THREAD.c.due_at.is_not(None), THREAD.c.due_at <= bindparam("now"))
    .order_by(THREAD.c.due_at, THREAD.c.id)
    .limit(1)
)
HEAD = (
    select(
        *(MESSAGE.c[name] for name in ("id", "body", "at", "tries", "retry_of")),
        *(THREAD.c[name] for name in ("our_number", "address", "stopped_at")),
    )
    .join(THREAD, THREAD.c.id == MESSAGE.c.thread_id)
    .where(MESSAGE.c.thread_id == bindparam("thread"), text(f"message.{OPEN_MESSAGE}"))
    .where(MESSAGE.c.status == delivery.QUEUED)
    .order_by(MESSAGE.c.id)
    .limit(1)
)


ATTEMPT = select(MESSAGE.c.status, MESSAGE.c.retry_of).where(MESSAGE.c.id == bindparam("id"))


@action(MACHINE)
def claim(change: Change, provider: str | None = None, pace: float = 0.0, *, by: int | None = None) -> Outbound | None:
    """Take the next text for sending, under a lease that is stored before anything is sent; None where none is due.

    Only the first of a thread that waits, and none while one of its thread is being sent; the longest due first, of
    the numbers that may send. ``provider`` takes only what goes through that one; ``pace`` is how many segments a
    second it takes from one number, 0 for as many as come. What must not go any more is set aside, in words.
    """
    for _ in range(REFUSED_AT_ONCE):
        found = _first_due(change, provider)
        if found is None:
            break
        refusal = _refusal(change, found)
        if refusal is None:
            return _taken(change, found, pace)
        _set_aside(change, found, refusal)
    if not change.details:
        nothing(None)
    return None


def _first_due(change: Change, provider: str | None) -> Any:
    due = [lane for lane in lanes(change.connection, change.now, provider) if lane.at <= change.now]
    if not due:
        return None
    first = min(due, key=lambda lane: lane.due)
    thread = change.connection.execute(FIRST_DUE, {"ours": first.number, "now": change.now}).scalar_one()
    return change.connection.execute(HEAD, {"thread": thread}).one()


def _refusal(change: Change, found: Any) -> dict[str, Any] | None:
    """Why a text must not go any more, as its columns have it; None where it may."""
    if found.stopped_at is not None:
        return {"reason": NOT_HANDED_OVER, "final": True}
    if _went_before(change, found.retry_of):
        return {"reason": GONE_AFTER_ALL, "final": True, "handled": change.revision}
    return {"reason": TOO_OLD} if change.now - found.at > GIVE_UP else None


def _went_before(change: Change, attempt: int | None) -> bool:
    """Whether an earlier attempt has gone after all, however many there were."""
    while attempt is not None:
        status, attempt = change.connection.execute(ATTEMPT, {"id": attempt}).one()
        if status in (delivery.SENT, delivery.DELIVERED):
            return True
    return False


def _set_aside(change: Change, found: Any, refusal: dict[str, Any]) -> None:
    state = state_of(change, MESSAGE.c.id == found.id)
    assert state is not None
    move(change, state, delivery.FAILED, **refusal)


def _taken(change: Change, found: Any, pace: float) -> Outbound:
    state = state_of(change, MESSAGE.c.id == found.id)
    assert state is not None
    change.touch_one(state.thread_id)
    leased = {"status": delivery.SENDING, "lease_until": change.now + LEASE, "not_before": None, "reason": None}
    tried: dict[str, Any] = {"tried_at": change.now, "tries": state.tries + 1, "revision": change.revision}
    change.connection.execute(update(MESSAGE).where(MESSAGE.c.id == state.id).values(**leased, **tried))
    schedule(change, state.thread_id)
    size = segments(found.body).count
    _keep_pace(change, found.our_number, size / pace if pace else 0.0)
    media = files.of_outbound(change, state.id)
    return Outbound(state.id, found.our_number, found.address, found.body, size, media, tried["tries"])


def _keep_pace(change: Change, number: str, seconds: float) -> None:
    """The number is free again when what it sends now has gone; during an outage this one text tries the way."""
    ours = OUR_NUMBER.c.address == number
    if seconds:
        free_at = change.now + timedelta(seconds=seconds)
        change.connection.execute(update(OUR_NUMBER).where(ours).values(free_at=free_at))
    through = select(OUR_NUMBER.c.provider).where(ours).scalar_subquery()
    trying = update(OUTAGE).where(OUTAGE.c.provider == through).values(until=change.now + LEASE)
    change.connection.execute(trying)


@action(MACHINE)
def record_outcome(
    change: Change, message: int, provider: str, tries: int, outcome: Outcome, *, by: int | None = None
) -> None:
    """Store what the provider answered to a send, the ``tries``-th of this text.

    Of another than the last one nothing is news but that the text went: whoever stores an answer again, as nobody told
    them that it is stored, may do so while the text is in other hands. Raises NotFound for what is no message of ours.
    """
    state = state_of(change, MESSAGE.c.id == message)
    if state is None:
        raise NotFound(f"There is no outbound message {message}.")
    link = linked(change, state, provider, outcome.provider_id)
    if state.tries != tries:
        _store_late(change, state, tries, outcome, link)
    elif outcome.status == delivery.QUEUED:
        _put_back(change, state, outcome)
    elif outcome.status == delivery.UNKNOWN and not state.reported:
        lose(change, state, outcome.reason or delivery.UNSAID[delivery.UNKNOWN], **link)
    else:
        _store(change, state, outcome, link)
    if outcome.opted_out:
        note_refusal(change, state)


def _store_late(change: Change, state: State, tries: int, outcome: Outcome, link: dict[str, Any]) -> None:
    """It went at another time than the last one: that counts from now on, and what comes of the others does not."""
    went = state.reported and state.status != delivery.FAILED
    is_known = went and delivery.after(state.status, outcome.status) == state.status
    if is_known or outcome.status not in delivery.TAKEN:
        nothing(None)
    move(change, state, outcome.status, reason=outcome.reason, final=False, tries=tries, **link)


def _store(change: Change, state: State, outcome: Outcome, link: dict[str, Any]) -> None:
    """A state never goes back: a report may have come before the answer."""
    status = delivery.after(state.status, outcome.status)
    taken = status == outcome.status
    reason, final = (outcome.reason, outcome.final) if taken else (state.reason, state.final)
    move(change, state, status, reason=reason, final=final, **link)


def _put_back(change: Change, state: State, outcome: Outcome) -> None:
    """It was certainly not taken, so it may be handed over again, after a while; not one of which more is known."""
    if state.status != delivery.UNKNOWN and state.reported:
        nothing(None)
    if state.handled is not None:
        return move(change, state, delivery.FAILED, reason=TRIED_ELSEWHERE)
    not_before = change.now + timedelta(seconds=max(outcome.wait, _pause(state.tries)))
    if not_before - state.at > GIVE_UP:
        return move(change, state, delivery.FAILED, reason=f"{outcome.reason or ''} {TOO_OLD}".strip())
    reason = outcome.reason or NOT_TAKEN
    return move(change, state, delivery.QUEUED, reason=reason, not_before=not_before)


def _pause(tries: int) -> float:
    """Exponential back-off with full jitter: many that were refused together do not come back together."""
    return random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2 ** min(tries, 20)))


@action(MACHINE)
def record_answer(
    change: Change, message: int, provider: str, asked: int, outcome: Outcome | None, *, by: int | None = None
) -> None:
    """Store what the provider answered to the question what became of a text, the ``asked``-th of them from 0 on.

    None: it cannot tell (yet), and is asked again as long as that makes sense. An answer that comes when more is
    known, or for the second time, changes nothing.
    """
    state = state_of(change, MESSAGE.c.id == message)
    if state is None or (state.status, state.asked) != (delivery.UNKNOWN, asked):
        nothing(None)
    if outcome is None or outcome.status not in delivery.REPORTS:
        return _ask_again(change, state)
    link = linked(change, state, provider, outcome.provider_id)
    if outcome.provider_id not in (None, state.provider_id) and not link:
        return _ask_again(change, state)  # what it found is another message of ours
    _store(change, state, outcome, link)
    if outcome.opted_out:
        note_refusal(change, state)
    return None


def _ask_again(change: Change, state: State) -> None:
    asked = state.asked + 1
    ask_at = change.now + timedelta(seconds=ASK_AFTER[asked]) if asked < len(ASK_AFTER) else None
    move(change, state, delivery.UNKNOWN, reason=state.reason, ask_at=ask_at, asked=asked)


@action(MACHINE)
def postpone_question(change: Change, message: int, *, by: int | None = None) -> None:
    """The provider could not be asked: that is no answer, so the question stands, for a day."""
    state = state_of(change, MESSAGE.c.id == message)
    if state is None or state.status != delivery.UNKNOWN:
        nothing(None)
    ask_at = None if change.now - state.at > GIVE_UP else change.now + AGAIN
    move(change, state, delivery.UNKNOWN, reason=state.reason, ask_at=ask_at)


@action(MACHINE)
def expire_leases(change: Change, *, by: int | None = None) -> int:
    """Messages whose sender vanished in mid-send may have gone or not: they become "could not confirm"."""
    over = (MESSAGE.c.status == delivery.SENDING) & (MESSAGE.c.lease_until < change.now)
    lost = change.connection.execute(select(MESSAGE.c.id).where(over)).scalars().all()
    if not lost:
        nothing(0)
    for message in lost:
        state = state_of(change, MESSAGE.c.id == message)
        assert state is not None
        lose(change, state, INTERRUPTED)
    return len(lost)


@action(MACHINE)
def begin_outage(change: Change, provider: str, reason: str, *, by: int | None = None) -> datetime:
    """A phone company does not take texts: it is left in peace, longer each time that it still does not; until when.

    Everybody's screen says so, and why. Then one text tries the way.
    """
    here = OUTAGE.c.provider == provider
    since = change.connection.execute(select(OUTAGE.c.since).where(here)).scalar()
    rest = min(LONGEST_REST, max(REST, change.now - (since or change.now)))
    until = change.now + rest * random.uniform(0.5, 1)  # not all processes at the same moment
    change.connection.execute(
        insert(OUTAGE).values(provider=provider, since=change.now, until=until, reason=reason)
        if since is None
        else update(OUTAGE).where(here).values(until=until, reason=reason)
    )
    change.details = {"provider": provider, "reason": reason, "begins": since is None}
    return until


@action(MACHINE)
def end_outage(change: Change, provider: str, *, by: int | None = None) -> None:
    """The phone company takes texts again, or nothing waits that could tell."""
    if not change.connection.execute(delete(OUTAGE).where(OUTAGE.c.provider == provider)).rowcount:
        nothing(None)
    change.details = {"provider": provider}
