"""Texts that come in and go out, and what the phone company tells of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from dashboard.actions import attachments as files
from dashboard.actions import consent
from dashboard.actions.alerts import raise_for
from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.correspondents import OneThread, one_thread, thread_with
from dashboard.actions.drafts import discard
from dashboard.actions.states import State, linked, move, note_refusal, schedule, state_of
from dashboard.actions.threads import LISTED
from dashboard.core import delivery, rights
from dashboard.core.addresses import can_be_answered, normalise
from dashboard.core.consent import OPTED_OUT
from dashboard.core.documents import used
from dashboard.core.errors import Moved, NotFound, NotOurs, Refused
from dashboard.core.tables import MESSAGE, OUR_NUMBER, PAYLOAD, OurNumber
from dashboard.core.text import snippet, storable
from dashboard.core.values import Delivery, Inbound, Received, StoredMedia
from dashboard.store.database import Store
from dashboard.store.lives import means_the_same

BODY_LIMIT = 1600  # characters of one outbound text, Twilio error 21617
KEY_LIMIT = 100  # characters of an idempotency key
LATE = timedelta(seconds=2)  # a provider's time this much older than the arrival places the text by that time


@action(MACHINE)
def receive(
    change: Change,
    inbound: Inbound,
    media: tuple[StoredMedia, ...] = (),
    fallback: tuple[str, ...] = (),
    *,
    by: int | None = None,
) -> Received:
    """Store a text that came in; the provider's id makes it one message however often it is told.

    It alerts whoever last wrote to the account, if anybody. ``media`` are the files of ``inbound.media``, kept in the
    media folder already; ``fallback`` the names of those who are alerted where nobody ever wrote. Raises AddressError for a sender or
    receiver that is no address, Refused for a number that is not ours or a time to come.
    """
    known = _known(change, inbound)
    if known:
        nothing(Received(known.id, known.thread_id, duplicate=True))
    thread = thread_with(change, *_addresses(change.connection, inbound, change.now, change.region))
    body = storable(inbound.body)
    placed = _placed(thread, inbound.at, change.now)
    message = _insert(
        change, thread, direction="inbound", body=body, status=delivery.RECEIVED, placed_at=placed,
        at=inbound.at or change.now, provider=inbound.provider, provider_id=inbound.id,
    )  # fmt: skip
    _keep_raw(change, message, inbound, altered=body != inbound.body)
    files.arrive(change, message, thread, media, inbound.remote)
    _note_inbound(change, thread, message, placed, snippet(body, len(media) + len(inbound.remote)))
    raise_for(change, thread, message, fallback)
    consent.hear(change, thread, message, inbound.word, body, placed)
    return Received(message, thread.id, duplicate=False)


def check(store: Store, inbound: Inbound) -> None:
    """Refuse what ``receive`` would, before its files are kept; raises as that does."""
    with store.reading() as connection:
        _addresses(connection, inbound, store.clock(), store.region)


@action(rights.SEND)
def send(
    change: Change,
    thread: int,
    body: str,
    *,
    by: int | None,
    key: str,
    automatic: bool = False,
    attachments: tuple[int, ...] = (),
    seen: int | None = None,
    written: str | None = None,
) -> int:
    """Queue a text to the thread's correspondent; everybody sees it at once, the outbox sends it.

    ``key`` is the caller's own for this one text: the same key again gives the same message's id and sends nothing.
    ``attachments`` are ids of pictures that were uploaded here, or that the account has; with one, ``body`` may be empty.
    ``seen`` is the id of the newest message that stood before a person when they began to write, 0 for none. With it,
    Moved is raised where somebody else's text, in or out, has come since. ``written`` is the draft of a person's that is
    done with when it goes: another one, saved meanwhile, stays. Raises Refused, in words, for what cannot be sent.
    """
    _check_key(key)
    known = change.connection.execute(select(MESSAGE.c.id).where(MESSAGE.c.send_key == key)).scalar()
    if known is not None:
        nothing(int(known))
    found = _existing(change, thread)
    if seen is not None:
        _check_unmoved(change, thread, seen, by)
    message = queue(change, found, storable(body), key, automatic, attachments)
    if written and by is not None:
        discard(change.connection, by, thread, written)
    return message


def queue(
    change: Change,
    thread: OneThread,
    text: str,
    key: str,
    automatic: bool = False,
    attachments: tuple[int, ...] = (),
    retry_of: int | None = None,
) -> int:
    """Put a text at the end of a thread, for the outbox to send; its id. Raises Refused for what cannot be sent."""
    _check_sendable(change, thread, text, key, with_files=bool(attachments))
    placed = max(change.now, thread.latest_at or change.now)
    message = _insert(
        change, thread, direction="outbound", body=text, status=delivery.QUEUED, placed_at=placed, at=change.now,
        sender_id=change.by, automatic=automatic, send_key=key, retry_of=retry_of,
    )  # fmt: skip
    files.go_out(change, message, thread, attachments)
    _note_outbound(change, thread, message, placed, snippet(text, len(attachments)), automatic)
    schedule(change, thread.id)
    return message


@action(MACHINE)
def record_delivery(change: Change, report: Delivery, *, by: int | None = None) -> int:
    """Store a provider's report on an outbound message; a state never goes back. Returns the message's id.

    Raises NotFound when no such message was sent, Refused for a state that no provider reports.
    """
    if report.status not in delivery.REPORTS:
        raise Refused(f"status: “{report.status[:40]}” is none of {', '.join(delivery.REPORTS)}.")
    which = (
        MESSAGE.c.id == report.message
        if report.message is not None
        else (MESSAGE.c.provider == report.provider) & (MESSAGE.c.provider_id == report.provider_id)
    )
    state = state_of(change, which)
    if state is None:
        raise NotFound(f"message: no outbound message {report.message or report.provider_id} was sent from here.")
    _check_meant(change, state, report)
    after = delivery.after(state.status, report.status)
    if after == state.status and state.reported and not report.opted_out:
        nothing(state.id)
    taken = after == report.status
    link = linked(change, state, report.provider, report.provider_id)
    reason, final = (report.reason, report.final) if taken else (state.reason, state.final)
    move(change, state, after, reason=reason, final=final, **link)
    if report.opted_out:
        note_refusal(change, state)
    return state.id


def _check_meant(change: Change, state: State, report: Delivery) -> None:
    """After a restore our ids are used again, and reports on what had them before may still come: whether one is on ours
    the life tells in which its id was given out, and the company's own id of the text."""
    is_older = report.life is not None and not means_the_same(change.connection, report.life, state.id)
    # A process of before there were lives may still hand over: then the company's own id tells.
    is_its_own = report.provider_id is not None and report.provider_id == state.provider_id
    if report.message is not None and is_older and not is_its_own:
        raise NotFound(f"message: the message {state.id} that is here is another one than this is a report on.")
    never = state.status == delivery.QUEUED and state.tries == 0
    another = state.provider_id is not None and report.provider_id != state.provider_id
    if report.provider_id is not None and (never or another):
        raise NotFound(f"message: this is no report on the message {state.id} that is here.")


# Built once: what every text asks for.
KNOWN = select(MESSAGE.c.id, MESSAGE.c.thread_id).where(
    MESSAGE.c.provider == bindparam("provider"),
    MESSAGE.c.direction == "inbound",
    MESSAGE.c.provider_id == bindparam("provider_id"),
)
OUR_NUMBERS = select(OUR_NUMBER.c.address, OUR_NUMBER.c.provider).order_by(OUR_NUMBER.c.position)
STORED = insert(MESSAGE).returning(MESSAGE.c.id)


def _addresses(connection: Connection, inbound: Inbound, now: datetime, region: str) -> tuple[str, str]:
    """Our number and the sender's, normalised."""
    if inbound.at is not None and inbound.at > now + LATE:
        raise Refused(f"at: {inbound.at.isoformat()} is still to come; give the time at which the text was sent.")
    return our_number(connection, inbound.to, region).address, normalise(inbound.sender, region)


def our_number(connection: Connection, address: str | None, region: str) -> OurNumber:
    """One of our numbers by its address, the first for None. Raises Refused where it is not ours."""
    numbers = [OurNumber(address=ours, provider=provider) for ours, provider in connection.execute(OUR_NUMBERS)]
    if address is None and not numbers:
        raise Refused("to: this message center has no number yet; set MESSAGE_CENTER_NUMBERS.")
    wanted = numbers[0].address if address is None else normalise(address, region)
    found = next((number for number in numbers if number.address == wanted), None)
    if found is None:
        raise NotOurs(f"to: {address} is not one of our numbers.")
    return found


def _known(change: Change, inbound: Inbound) -> Row[int, int] | None:
    return change.connection.execute(KNOWN, {"provider": inbound.provider, "provider_id": inbound.id}).first()


def _placed(thread: OneThread, at: datetime | None, now: datetime) -> datetime:
    """Where a text belongs: at its arrival, after all that is there; by the provider's time when it comes late."""
    if at is not None and at < now - LATE:
        return at
    return max(now, thread.latest_at or now)


def _insert(change: Change, thread: OneThread, **values: Any) -> int:
    always = {"thread_id": thread.id, "arrived": change.revision, "revision": change.revision, "automatic": False}
    return int(change.connection.execute(STORED, always | values).scalar_one())


def _keep_raw(change: Change, message: int, inbound: Inbound, altered: bool) -> None:
    if altered:
        change.connection.execute(insert(PAYLOAD).values(message_id=message, data=inbound.raw))


def _note_inbound(change: Change, thread: OneThread, message: int, placed: datetime, preview: str) -> None:
    """What the list shows of the thread after a text came in: newest arrival first, and a preview that never goes
    back to an older text."""
    values: dict[str, Any] = {"unread": thread.unread + 1, "arrival": change.revision}
    values |= {"inbound_at": max(change.now, thread.inbound_at or change.now), "inbound_message": message}
    if thread.inbound_placed_at is None or placed >= thread.inbound_placed_at:
        values |= {"inbound_placed_at": placed, "inbound_text": preview}
    if thread.awaiting_since is None and (thread.outbound_at is None or placed > thread.outbound_at):
        values["awaiting_since"] = placed
    _note(change, thread, placed, values)


def _note_outbound(
    change: Change, thread: OneThread, message: int, placed: datetime, preview: str, automatic: bool
) -> None:
    values: dict[str, Any] = {"outbound_at": placed, "outbound_message": message, "outbound_text": preview}
    if not automatic:
        values["awaiting_since"] = None
    _note(change, thread, placed, values)


def _note(change: Change, thread: OneThread, placed: datetime, values: dict[str, Any]) -> None:
    """A text, in or out, also brings a removed thread back."""
    values |= LISTED
    values["latest_at"] = placed if thread.latest_at is None else max(placed, thread.latest_at)
    change.touch_one(thread.id, **values)


def _existing(change: Change, thread: int) -> OneThread:
    found = one_thread(change, thread)
    if found is None:
        raise NotFound(f"There is no thread {thread}.")
    return found


def _check_sendable(change: Change, thread: OneThread, text: str, key: str, with_files: bool) -> None:
    if not text.strip() and not with_files:
        raise Refused("There is nothing to send yet: write a text first.")
    if len(text) > BODY_LIMIT:
        raise Refused(f"This text has {len(text):,} characters, and one text takes {BODY_LIMIT:,}: shorten it.")
    _check_key(key)
    provider = our_number(change.connection, thread.our_number, change.region).provider
    reason = delivery.locked(thread.address, can_be_answered(thread.address), provider)
    if reason:
        raise Refused(reason)
    if thread.stopped_at is not None:
        raise Refused(OPTED_OUT)
    if unfilled := used(text):
        braces = ", ".join(f"{{{field}}}" for field in unfilled)
        raise Refused(f"Nothing is filled in for {braces} yet: write what belongs there, or take it out.")


def _check_key(key: str) -> None:
    """A key is taken as it is, or not at all: altered, two could become one, and a text would not be sent."""
    if not 0 < len(key) <= KEY_LIMIT or storable(key) != key:
        raise Refused(f"key: give 1 to {KEY_LIMIT} characters of your own that name this one text.")


def _check_unmoved(change: Change, thread: int, seen: int, by: int | None) -> None:
    """Ids are given out in the order of the clock, so a higher one came later, wherever it stands in the thread."""
    own = (MESSAGE.c.direction == "outbound") & MESSAGE.c.sender_id.is_not_distinct_from(by) & ~MESSAGE.c.automatic
    later = select(MESSAGE.c.id).where(MESSAGE.c.thread_id == thread, MESSAGE.c.id > seen, ~own)
    news = tuple(change.connection.execute(later.order_by(MESSAGE.c.placed_at, MESSAGE.c.id)).scalars())
    if news:
        came = "a text has" if len(news) == 1 else f"{len(news)} texts have"
        raise Moved(f"While you wrote, {came} come into this thread. Read first, then send.", max(news), news)
