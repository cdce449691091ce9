"""Who wants no texts: the ledger is only ever added to, by what people text, by the phone company and by hand.

The order of its entries is that of their times, not of their arrival: an opt-out that comes late, from before an opt-in
that is here already, changes nothing; where two have one time, the later arrival counts. An entry's time is its text's
place in the thread, so both orders are one, and no clock that goes back can put an opt-out before an earlier opt-in.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.correspondents import OneThread, one_thread
from dashboard.core import rights
from dashboard.core.addresses import can_be_answered
from dashboard.core.consent import (
    PERSON,
    PROVIDER,
    REFUSAL,
    START,
    STOP,
    TEXT,
    Entry,
    heard,
    is_mere_yes,
    sounds_like_stop,
    standing,
)
from dashboard.core.errors import NotFound, Refused
from dashboard.core.tables import CONSENT
from dashboard.store.consent import decisive, newest, started_after

WRITTEN = insert(CONSENT)


@action(rights.SEND)
def opt_out(change: Change, thread: int, *, by: int | None) -> None:
    """Somebody told a person here that they want no more texts; where that is known already nothing is done."""
    found = _existing(change, thread)
    if found.stopped_at is not None:
        nothing(None)
    _write(change, found, STOP, PERSON, _now(change, found), by_id=change.by)


@action(rights.SEND)
def opt_in(change: Change, thread: int, *, by: int | None) -> None:
    """Take back what a person here took down, or a doubt.

    Raises Refused for an opt-out that is the correspondent's own, or the phone company's: only they can lift that.
    """
    found = _existing(change, thread)
    stops = standing(decisive(change.connection, thread))
    if any(stop.source != PERSON for stop in stops):
        raise Refused("They have opted out themselves: only they can lift that, by writing START to this number.")
    if not stops and found.doubt is None:
        nothing(None)
    if stops:
        _write(change, found, START, PERSON, _now(change, found), by_id=change.by)
    else:
        change.touch_one(thread, doubt=None)


@action(rights.SEND)
def keep_texting(change: Change, thread: int, doubt: int, *, by: int | None) -> None:
    """Somebody decides that the message ``doubt`` was no wish to opt out. Raises Refused where there is another now."""
    found = _existing(change, thread)
    if found.doubt is None:
        nothing(None)
    if found.doubt != doubt:
        raise Refused("They have written again since: read that first, then decide.")
    change.touch_one(thread, doubt=None)
    change.details = {"message": doubt}


def hear(change: Change, thread: OneThread, message: int, word: str | None, body: str, placed: datetime) -> None:
    """A text was stored: what it says of consent is written down, and what only sounds like it is asked about.

    ``word`` is what the provider took it for, which counts whatever the text is; ``placed`` where it belongs.
    """
    said = heard(body, word)
    if said is not None:
        source = PROVIDER if said == word else TEXT
        _write(change, thread, said, source, placed, message_id=message, keep_doubt=is_mere_yes(body))
        if said != START or thread.stopped_at is not None:
            change.details["consent"] = said
    elif thread.stopped_at is None and _is_doubtful(change, thread, body, placed):
        change.touch_one(thread.id, doubt=message)
        change.details["consent"] = "doubt"


def refused(change: Change, thread_id: int, message_id: int) -> None:
    """The phone company did not take a message because the thread's correspondent has opted out there. However often
    it says so of one message, that is one entry."""
    thread = _existing(change, thread_id)
    known = select(CONSENT.c.id).where(CONSENT.c.message_id == message_id, CONSENT.c.source == REFUSAL)
    if change.connection.execute(known).first() is None:
        _write(change, thread, STOP, REFUSAL, _now(change, thread), message_id=message_id)
        change.details["consent"] = STOP


def _existing(change: Change, thread: int) -> OneThread:
    found = one_thread(change, thread)
    if found is None:
        raise NotFound(f"There is no thread {thread}.")
    return found


def _now(change: Change, thread: OneThread) -> datetime:
    """After all that is known of the thread, also where a clock was put back."""
    return max(change.now, newest(change.connection, thread.id) or change.now)


def _is_doubtful(change: Change, thread: OneThread, body: str, placed: datetime) -> bool:
    """Whether a text sounds like an opt-out, from a number that is texted to, and nothing after it says otherwise."""
    if not sounds_like_stop(body) or not can_be_answered(thread.address):
        return False
    return not started_after(change.connection, thread.id, placed)


def _write(
    change: Change, thread: OneThread, word: str, source: str, at: datetime, keep_doubt: bool = False, **more: Any
) -> None:
    """Add to the ledger, and bring what the thread shows of it up to date."""
    row = {"thread_id": thread.id, "word": word, "source": source, "at": at, "revision": change.revision}
    change.connection.execute(WRITTEN, {"message_id": None, "by_id": None} | row | more)
    values: dict[str, Any] = {"stopped_at": _since(decisive(change.connection, thread.id))}
    if values["stopped_at"] is not None or (word == START and not keep_doubt):
        values["doubt"] = None
    change.touch_one(thread.id, **values)


def _since(ledger: tuple[Entry, ...]) -> datetime | None:
    stops = standing(ledger)
    return stops[0].at if stops else None
