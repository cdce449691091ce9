"""Factory functions that the tests share: small, named for what they make, with sensible defaults."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.actions import messages, numbers, people
from dashboard.core.people import PersonRow
from dashboard.core.values import Inbound, Person, Received, Selection
from dashboard.store import schema
from dashboard.store.database import Store
from dashboard.store.people import everybody

OURS = "+16035550100"
_numbers = itertools.count(1)


class Clock:
    """A clock that moves only when told, so that every time in a test is known."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def a_url(folder: Path) -> str:
    return f"sqlite:///{folder / f'inbox-{next(_numbers)}.db'}"


@contextmanager
def a_store(url: str, clock: Clock | None = None, provider: str | None = "simulated") -> Iterator[Store]:
    """A ready database with one number of ours and two people who can act: Dana (1) and Marcus (2)."""
    store = Store(url, clock=clock or Clock())
    try:
        schema.ready(store)
        numbers.set_numbers(store, (OURS,), provider)
        people.add_people(store, (a_user("Dana Whitcomb", 101, "Administrator"), a_user("Marcus Bell", 102, "Dispatcher")))
        yield store
    finally:
        store.close()


def a_user(name: str, number: int, role: str) -> PersonRow:
    return PersonRow(name, f"+1603555{number:04}", "resource", role=role)


def dana(store: Store) -> Person:
    with store.reading() as connection:
        return everybody(connection)[0]


def a_person(store: Store, name: str = "Ana Díaz", phone: str = "+16035550142", kind: str = "client") -> str:
    """Record somebody; the phone number to text from."""
    people.add_people(store, (PersonRow(name, phone, kind),))
    return phone


def a_text(store: Store, sender: str = "+16035550142", body: str = "Hello", **more: object) -> Received:
    """A text that comes in."""
    values = {"provider": "simulated", "id": f"text-{next(_numbers)}", "to": None} | more
    return messages.receive(store, Inbound(sender=sender, body=body, **values))


def a_reply(store: Store, thread: int, body: str = "On our way", by: int | None = 1) -> int:
    """A text that goes out; its message id."""
    return messages.send(store, thread, body, by=by, key=f"key-{next(_numbers)}")


def chosen(store: Store, *threads: int) -> Selection:
    """These threads, as somebody sees them now."""
    return Selection.of(*threads, seen=store.revision())
