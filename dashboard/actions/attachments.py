"""Files on messages: uploaded, received, looked into, tried again, and put on what goes out."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.correspondents import OneThread, one_thread
from dashboard.core import pictures, rights
from dashboard.core.errors import NotFound, Refused
from dashboard.core.pictures import Away, Job, NoPicture, Outcome, Picture
from dashboard.core.tables import ATTACHMENT, MESSAGE, THREAD
from dashboard.core.text import storable
from dashboard.core.values import OutboundFile, RemoteMedia, StoredMedia
from dashboard.store.attachments import may_be_fetched, may_be_made

LEASE = timedelta(seconds=60)  # how long making one picture may take before another process tries
COPIED = (
    "sha256",
    "type",
    "name",
    "size",
    "state",
    "shown",
    "shown_type",
    "shown_size",
    "thumbnail",
    "width",
    "height",
)


@action(rights.SEND)
def upload(change: Change, thread: int, file: StoredMedia, picture: Picture, *, by: int | None) -> int:
    """Keep a picture that somebody uploaded for a text that they still write; its id. On no screen until it is sent.

    ``file`` and what was made of it lie in the media folder already. Raises NotFound where there is no such thread.
    """
    found = one_thread(change, thread)
    if found is None:
        raise NotFound(f"There is no thread {thread}.")
    change.details = {"thread": thread}
    owner = {"thread_id": found.id, "account_id": found.account_id, "uploaded_by_id": by}
    values = owner | _file(change, file) | _made(picture)
    return int(change.connection.execute(STORED, values).scalar_one())


@action(MACHINE)
def claim(change: Change, *, by: int | None = None) -> Job | None:
    """Take the oldest file that waits to be looked into, under a lease; None where nothing waits.

    One that was taken too often, by processes that then died, is given up until somebody tries again.
    """
    found = change.connection.execute(HERE.where(may_be_made(change.now)).limit(1)).first()
    if found is None:
        nothing(None)
    attachment, sha256, type_, attempts = found
    if attempts >= pictures.ATTEMPTS:
        _settle(change, attachment, NoPicture(pictures.FAILED, pictures.TOO_DEAR))
        return None
    leased = update(ATTACHMENT).where(ATTACHMENT.c.id == attachment)
    change.connection.execute(leased.values(lease_until=change.now + LEASE, attempts=attempts + 1))
    return Job(attachment, sha256, type_)


@action(MACHINE)
def record(change: Change, attachment: int, outcome: Outcome, *, by: int | None = None) -> None:
    """Store what was made of a file that waited, and tell the screens; what is settled already stays as it is."""
    if _state(change, attachment) != pictures.WAITING:
        nothing(None)
    _settle(change, attachment, outcome)


@action(MACHINE)
def claim_away(change: Change, *, by: int | None = None) -> Away | None:
    """Take the oldest file that is to be fetched and may be now, under a lease; None where there is none.

    One that was taken too often, by processes that then died, is given up until somebody tries again.
    """
    found = change.connection.execute(FAR.where(may_be_fetched(change.now)).limit(1)).first()
    if found is None:
        nothing(None)
    if found.attempts >= pictures.FETCHES:
        _settle(change, found.id, NoPicture(pictures.FAILED, f"{pictures.AWAY}."))
        return None
    leased = update(ATTACHMENT).where(ATTACHMENT.c.id == found.id)
    change.connection.execute(leased.values(lease_until=change.now + LEASE, attempts=found.attempts + 1))
    return Away(found.id, found.url, found.type, found.attempts + 1)


@action(MACHINE)
def keep_fetched(change: Change, attachment: int, file: StoredMedia, *, by: int | None = None) -> None:
    """Put a file that was fetched, and lies in the media folder now, where it was missing; it is looked into next."""
    if not _is_away(change, attachment):
        nothing(None)
    state = pictures.WAITING if pictures.may_be_picture(file.type) else pictures.FILE
    arrived = {"sha256": file.sha256, "size": file.size, "type": storable(file.type), "state": state}
    _set(change, attachment, **arrived, reason=None, url=None, attempts=0, lease_until=None, not_before=None)


@action(MACHINE)
def put_off(change: Change, attachment: int, wait: float, *, by: int | None = None) -> None:
    """A file could not be fetched: it is tried again in ``wait`` seconds, and nothing on a screen changes."""
    if not _is_away(change, attachment):
        nothing(None)
    later = update(ATTACHMENT).where(ATTACHMENT.c.id == attachment)
    change.connection.execute(later.values(lease_until=None, not_before=change.now + timedelta(seconds=wait)))


@action(MACHINE)
def give_back(change: Change, attachment: int, *, by: int | None = None) -> None:
    """A file that was taken found no room on the disk, which is no fault of its own: the try does not count, and there
    is another in a while."""
    if _state(change, attachment) != pictures.WAITING:
        nothing(None)
    taken = update(ATTACHMENT).where(ATTACHMENT.c.id == attachment, ATTACHMENT.c.attempts > 0)
    later = change.now + timedelta(seconds=pictures.NO_ROOM)
    untried = taken.values(attempts=ATTACHMENT.c.attempts - 1, lease_until=None, not_before=later)
    change.connection.execute(untried)


@action(rights.VIEW)
def look_again(change: Change, attachment: int, *, by: int | None) -> None:
    """Somebody asks that a picture be tried again. Raises NotFound; one that did not fail stays as it is."""
    state = _state(change, attachment)
    if state is None:
        raise NotFound(f"There is no attachment {attachment}.")
    if state != pictures.FAILED:
        nothing(None)
    _set(change, attachment, state=pictures.WAITING, reason=None, attempts=0, lease_until=None, not_before=None)


def arrive(
    change: Change,
    message: int,
    thread: OneThread,
    media: tuple[StoredMedia, ...],
    remote: tuple[RemoteMedia, ...] = (),
) -> None:
    """Put files that came in on their message; what may be a picture waits to be looked into, and what still lies at
    the phone company to be fetched."""
    owner = {"thread_id": thread.id, "account_id": thread.account_id, "message_id": message}
    for file in media:
        change.connection.execute(STORED, owner | waiting(change, file))
    for away in remote:
        nothing_yet = _file(change, StoredMedia("", away.type, "", 0))
        change.connection.execute(STORED, owner | nothing_yet | {"state": pictures.WAITING, "url": storable(away.url)})


def waiting(change: Change, file: StoredMedia) -> dict[str, Any]:
    """The columns of a file that has just come."""
    state = pictures.WAITING if pictures.may_be_picture(file.type) else pictures.FILE
    return _file(change, file) | {"state": state}


def go_out(change: Change, message: int, thread: OneThread, attachments: tuple[int, ...]) -> None:
    """Put pictures that are here already on a message that goes out: the same files, and nothing is copied but a row.

    Raises Refused for too many, for one that is not ready, and for one of another account.
    """
    pictures.check_count(len(attachments))
    for attachment in attachments:
        found = change.connection.execute(KNOWN, {"id": attachment}).first()
        if found is None or not _belongs(found, thread):
            raise Refused("A picture that was attached is not here any more: remove it, and attach it again.")
        if found.state != pictures.READY:
            raise Refused(f"{pictures.called(found.name)} {pictures.NO_PICTURE}")
        same = {name: getattr(found, name) for name in COPIED} | {"made_at": change.now, "attempts": 0}
        owner = {"thread_id": thread.id, "account_id": thread.account_id, "message_id": message}
        change.connection.execute(STORED, owner | same)


def of_outbound(change: Change, message: int) -> tuple[OutboundFile, ...]:
    """The pictures on a message, as they are sent: what is shown of them, with nothing beside their pixels."""
    return tuple(OutboundFile(*found) for found in change.connection.execute(SENT, {"message": message}))


# Built once: what every text asks for.
STORED = insert(ATTACHMENT).returning(ATTACHMENT.c.id)
SENT = (
    select(ATTACHMENT.c.shown, ATTACHMENT.c.shown_type, ATTACHMENT.c.shown_size)
    .where(ATTACHMENT.c.message_id == bindparam("message"))
    .order_by(ATTACHMENT.c.id)
)
KNOWN = select(*(ATTACHMENT.c[name] for name in (*COPIED, "thread_id", "account_id"))).where(
    ATTACHMENT.c.id == bindparam("id")
)
HERE = select(*(ATTACHMENT.c[name] for name in ("id", "sha256", "type", "attempts"))).order_by(ATTACHMENT.c.id)
FAR = select(*(ATTACHMENT.c[name] for name in ("id", "url", "type", "attempts"))).order_by(ATTACHMENT.c.id)


def _file(change: Change, file: StoredMedia) -> dict[str, Any]:
    claimed = {"type": storable(file.type), "name": storable(file.name)[: pictures.NAME_LIMIT]}
    nothing_yet = {"shown_size": 0, "width": 0, "height": 0, "attempts": 0}
    return claimed | nothing_yet | {"sha256": file.sha256, "size": file.size, "made_at": change.now}


def _made(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, NoPicture):
        return {"state": outcome.state, "reason": outcome.reason or None}
    return {
        "state": pictures.READY,
        "reason": None,
        "shown": outcome.shown,
        "shown_type": outcome.type,
        "shown_size": outcome.size,
        "thumbnail": outcome.thumbnail,
        "width": outcome.width,
        "height": outcome.height,
    }


def _belongs(found: Any, thread: OneThread) -> bool:
    same_account = thread.account_id is not None and found.account_id == thread.account_id
    return bool(found.thread_id == thread.id or same_account)


def _state(change: Change, attachment: int) -> str | None:
    which = ATTACHMENT.c.id == attachment
    return change.connection.execute(select(ATTACHMENT.c.state).where(which)).scalar()


def _is_away(change: Change, attachment: int) -> bool:
    """Whether it is still to be fetched: another process may have done so, after this one's lease."""
    waits = (ATTACHMENT.c.state == pictures.WAITING) & ATTACHMENT.c.url.is_not(None)
    which = select(ATTACHMENT.c.id).where(ATTACHMENT.c.id == attachment, waits)
    return change.connection.execute(which).first() is not None


def _settle(change: Change, attachment: int, outcome: Outcome) -> None:
    _set(change, attachment, lease_until=None, **_made(outcome))


def _set(change: Change, attachment: int, **values: Any) -> None:
    """Change an attachment, and touch its thread and its message."""
    here = ATTACHMENT.c.id == attachment
    change.touch(THREAD.c.id.in_(select(ATTACHMENT.c.thread_id).where(here)))
    on = MESSAGE.c.id.in_(select(ATTACHMENT.c.message_id).where(here))
    change.connection.execute(update(MESSAGE).where(on).values(revision=change.revision))
    change.connection.execute(update(ATTACHMENT).where(here).values(**values))
