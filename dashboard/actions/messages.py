"""Texts that come in and go out: receive, send, record_delivery, and the outbox's claims."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from dashboard.actions import attachments as files
from dashboard.actions.alerts import raise_for
from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.correspondents import OneThread, one_thread, thread_with
from dashboard.actions.drafts import discard
from dashboard.actions.threads import LISTED, recount_failed
from dashboard.core import delivery, rights
from dashboard.core.addresses import can_be_answered, normalise
from dashboard.core.documents import used
from dashboard.core.errors import Moved, NotFound, NotOurs, Refused
from dashboard.core.segments import segments
from dashboard.core.tables import MESSAGE, OUR_NUMBER, PAYLOAD, THREAD, OurNumber
from dashboard.core.text import snippet, storable
from dashboard.core.values import Delivery, Inbound, Outbound, Outcome, Received, StoredMedia
from dashboard.store.database import Store

BODY_LIMIT = 1600  # characters of one outbound text, Twilio error 21617
KEY_LIMIT = 100  # characters of an idempotency key
LATE = timedelta(seconds=2)  # a provider's time this much older than the arrival places the text by that time
LEASE = timedelta(seconds=60)  # how long a send may take before nobody can say whether it went


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
    written: bool = False,
) -> int:
    """Queue a text to the thread's correspondent; everybody sees it at once, the outbox sends it.

    ``key`` is the caller's own for this one text: the same key again gives the same message's id and sends nothing.
    ``attachments`` are ids of pictures that were uploaded here, or that the account has; with one, ``body`` may be empty.
    ``seen`` is the id of the newest message that stood before a person when they began to write, 0 for none. With it,
    Moved is raised where somebody else's text, in or out, has come since. With ``written``, a person wrote it in the
    composer, and their draft in the thread is done with. Raises Refused, in words, for what cannot be sent.
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
        discard(change.connection, by, thread)
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
    return message


@action(MACHINE)
def claim(change: Change, *, by: int | None = None) -> Outbound | None:
    """Take the oldest queued message for sending, under a lease that is stored before anything is sent.

    One at a time: a lease is for a text that is being sent, not for one that waits.
    """
    found = change.connection.execute(WAITING).first()
    if found is None:
        nothing(None)
    message, body, sender, to = found
    _set(change, MESSAGE.c.id == message, status=delivery.SENDING, lease_until=change.now + LEASE)
    return Outbound(message, sender, to, body, segments(body).count, files.of_outbound(change, message))


@action(MACHINE)
def record_outcome(change: Change, message: int, provider: str, outcome: Outcome, *, by: int | None = None) -> None:
    """Store what the provider answered to a send."""
    state = _state(change, MESSAGE.c.id == message)
    if state is None:
        raise NotFound(f"There is no outbound message {message}.")
    given_up = outcome.status == delivery.UNKNOWN and not state.reported
    status = delivery.UNKNOWN if given_up else delivery.after(state.status, outcome.status)
    values = {"provider": provider, "provider_id": outcome.provider_id} if outcome.provider_id else {}
    reason = outcome.reason if status == outcome.status else state.reason
    _move(change, state, status=status, reason=reason, **values)


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
    state = _state(change, which)
    if state is None:
        raise NotFound(f"message: no outbound message {report.message or report.provider_id} was sent from here.")
    after = delivery.after(state.status, report.status)
    if after == state.status and state.reported:
        nothing(state.id)
    _move(change, state, status=after, reason=report.reason)
    return state.id


@action(MACHINE)
def expire_leases(change: Change, *, by: int | None = None) -> int:
    """Messages whose sender vanished in mid-send may have gone or not: they become "could not confirm"."""
    lost = (MESSAGE.c.status == delivery.SENDING) & (MESSAGE.c.lease_until < change.now)
    if not change.connection.execute(select(MESSAGE.c.id).where(lost).limit(1)).first():
        nothing(0)
    reason = "The program stopped while this was being sent, so nobody can say whether it went."
    done = _set(change, lost, status=delivery.UNKNOWN, reason=reason, lease_until=None)
    recount_failed(change)
    return done


# Built once: what every text asks for.
KNOWN = select(MESSAGE.c.id, MESSAGE.c.thread_id).where(
    MESSAGE.c.provider == bindparam("provider"),
    MESSAGE.c.direction == "inbound",
    MESSAGE.c.provider_id == bindparam("provider_id"),
)
OUR_NUMBERS = select(OUR_NUMBER.c.address, OUR_NUMBER.c.provider).order_by(OUR_NUMBER.c.position)
WAITING = (
    select(MESSAGE.c.id, MESSAGE.c.body, THREAD.c.our_number, THREAD.c.address)
    .join(THREAD, THREAD.c.id == MESSAGE.c.thread_id)
    .where(MESSAGE.c.status == delivery.QUEUED)
    .order_by(MESSAGE.c.id)
    .limit(1)
)
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


class _State(NamedTuple):
    """The state of an outbound message."""

    id: int
    status: str
    reason: str | None
    lease_until: datetime | None

    @property
    def reported(self) -> bool:
        """Whether the provider has said so: a text that we are handing over has a lease, and no word of it yet."""
        return self.status != delivery.QUEUED and self.lease_until is None


def _state(change: Change, which: ColumnElement[bool]) -> _State | None:
    outbound = select(*(MESSAGE.c[name] for name in _State._fields)).where(which, MESSAGE.c.direction == "outbound")
    found = change.connection.execute(outbound).first()
    return None if found is None else _State(*found)


def _move(change: Change, before: _State, status: str, **values: Any) -> None:
    """Bring one outbound message into a state that the provider has told of."""
    change.details = {"status": status}
    _set(change, MESSAGE.c.id == before.id, status=status, lease_until=None, **values)
    if (before.status in delivery.TROUBLED) != (status in delivery.TROUBLED):
        recount_failed(change)


def _set(change: Change, which: ColumnElement[bool], **values: Any) -> int:
    """Change messages and touch their threads."""
    threads = select(MESSAGE.c.thread_id).where(which)
    change.touch(THREAD.c.id.in_(threads))
    changed = update(MESSAGE).where(which).values(revision=change.revision, **values)
    return int(change.connection.execute(changed).rowcount)
