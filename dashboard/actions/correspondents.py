"""Whoever a thread is with: finding the thread for an address, and naming its correspondent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, select, update

from dashboard.actions.change import Change
from dashboard.core.addresses import digits
from dashboard.core.filters import RESOURCE, UNKNOWN
from dashboard.core.tables import ACCOUNTS, ATTACHMENT, CONTACT, RESOURCES, THREAD
from dashboard.core.text import folded


@dataclass(frozen=True)
class OneThread:
    """A thread as an action needs it."""

    id: int
    our_number: str
    address: str
    account_id: int | None
    kind: str
    unread: int
    latest_at: datetime | None
    inbound_at: datetime | None
    inbound_placed_at: datetime | None
    outbound_at: datetime | None
    awaiting_since: datetime | None
    stopped_at: datetime | None
    doubt: int | None


# Built once: what every text asks for.
ONE = select(*(THREAD.c[name] for name in OneThread.__dataclass_fields__))
BY_ID = ONE.where(THREAD.c.id == bindparam("id"))
BY_ADDRESS = ONE.where(THREAD.c.our_number == bindparam("ours"), THREAD.c.address == bindparam("theirs"))
STORED = insert(THREAD).returning(THREAD.c.id)


def one_thread(change: Change, thread: int) -> OneThread | None:
    """A thread by its id."""
    return _one(change, BY_ID, id=thread)


def _one(change: Change, wanted: Select[Any], **values: Any) -> OneThread | None:
    found = change.connection.execute(wanted, values).first()
    return OneThread(**found._asdict()) if found else None


def thread_with(change: Change, ours: str, address: str) -> OneThread:
    """The thread with an address over one of our numbers; made where there is none yet."""
    found = _one(change, BY_ADDRESS, ours=ours, theirs=address)
    return found or _made(change, ours, address)


def _made(change: Change, ours: str, address: str) -> OneThread:
    facts = {"our_number": ours, "address": address, "digits": digits(address), "revision": change.revision}
    thread = int(change.connection.execute(STORED, facts | correspondent(change, address)).scalar_one())
    change.made(thread)
    made = one_thread(change, thread)
    assert made is not None
    return made


def correspondent(change: Change, address: str) -> dict[str, Any]:
    """The thread's columns that say who an address is."""
    return correspondents_of(change, [address])[address]


def correspondents_of(change: Change, addresses: list[str]) -> dict[str, dict[str, Any]]:
    """The same for many: the account that a person chose, else the first that was recorded, else a resource, else
    nobody."""
    people = {address: _nobody(address) for address in addresses}
    owned = (
        select(CONTACT.c.address, RESOURCES.c.id.label("resource"), RESOURCES.c.name.label("resource_name"),
               ACCOUNTS.c.id.label("account"), ACCOUNTS.c.name.label("account_name"), ACCOUNTS.c.kind)
        .outerjoin(RESOURCES, RESOURCES.c.id == CONTACT.c.resource_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == CONTACT.c.account_id)
        .where(CONTACT.c.address.in_(addresses))
        # The last to be taken wins: resources first, then accounts, and of those the first recorded, then the chosen.
        .order_by(CONTACT.c.account_id.is_not(None), CONTACT.c.chosen, CONTACT.c.id.desc())
    )  # fmt: skip
    for found in change.connection.execute(owned):
        people[found.address] = _account(found) if found.account else _resource(found)
    return people


def named(name: str, address: str = "") -> dict[str, str]:
    """A name as the thread keeps it; a sender's name stands for itself."""
    shown = name or ("" if not any(c.isalpha() for c in address) else address)
    return {"name": shown, "name_folded": folded(shown)}


def follow(change: Change, addresses: Iterable[str]) -> None:
    """Threads with these addresses are with whom the contacts now say, and whoever looks at one sees it anew.

    Their files pass with them, from an unknown number to the account it was found to be, say.
    """
    here = THREAD.c.address.in_(sorted(set(addresses)))
    # A thread that this change has noted already stands in the log as it was before.
    change.touch(here & (THREAD.c.revision < change.revision))
    threads = change.connection.execute(select(THREAD.c.address).where(here).distinct()).scalars().all()
    for address, who in correspondents_of(change, list(threads)).items():
        change.connection.execute(update(THREAD).where(THREAD.c.address == address).values(**who))
    pass_files(change, here)


def pass_files(change: Change, threads: ColumnElement[bool]) -> None:
    """The files of these threads are the threads' accounts', or nobody's."""
    owner = select(THREAD.c.account_id).where(THREAD.c.id == ATTACHMENT.c.thread_id)
    passed = update(ATTACHMENT).where(ATTACHMENT.c.thread_id.in_(select(THREAD.c.id).where(threads)))
    change.connection.execute(passed.values(account_id=owner.scalar_subquery()))


def _nobody(address: str) -> dict[str, Any]:
    return {"account_id": None, "resource_id": None, "kind": UNKNOWN, **named("", address)}


def _account(found: Any) -> dict[str, Any]:
    return {"account_id": found.account, "resource_id": None, "kind": found.kind, **named(found.account_name)}


def _resource(found: Any) -> dict[str, Any]:
    return {"account_id": None, "resource_id": found.resource, "kind": RESOURCE, **named(found.resource_name)}
