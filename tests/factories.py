"""Factory functions that the tests share: small, named for what they make, with sensible defaults."""

import hashlib
import itertools
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from dashboard.actions import attachments, documents, history, messages, numbers, outbox, people
from dashboard.core.addresses import shown
from dashboard.core.people import PersonRow
from dashboard.core.pictures import Outcome, Picture
from dashboard.core.values import (
    AlertRow,
    Delivery,
    HistoricMessage,
    HistoricThread,
    Inbound,
    MessageRow,
    Outbound,
    Person,
    Received,
    Selection,
    StoredMedia,
    ThreadHead,
    ThreadRow,
)
from dashboard.core.values import Outcome as Answer
from dashboard.core.views import View
from dashboard.live.screen import Screen
from dashboard.store import alerts, conversations, schema, threads, verify
from dashboard.store.database import Store
from dashboard.store.people import everybody
from tests import engine

SQLITE = engine.SQLite()
OURS = "+16035550100"
PASSWORD = "correct horse"
HASH = "$argon2id$v=19$m=8,t=1,p=1$Wxad7+2qlFd18rK9DJbtxA$g0OzsyV/yilfSTO/ZDOdFx8Ib4fIG8u/z7PzGPlLw5A"  # its hash, at the least cost there is
PATIENCE = 30  # seconds that a machine with much else to do may take for what it does at once
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
    """The address of a new database, empty, on the engine that the tests run on."""
    return engine.chosen.new(folder)


@contextmanager
def a_store(url: str, clock: Clock | None = None, provider: str | None = "simulated") -> Iterator[Store]:
    """A ready database with one number of ours and two people who can act: Dana (1) and Marcus (2)."""
    if url.startswith("sqlite:"):
        SQLITE.begin(url)
    store = Store(url, clock=clock or Clock())
    try:
        schema.ready(store)
        numbers.set_numbers(store, (OURS,))
        numbers.set_provider(store, provider)
        people.add_people(
            store, (a_user("Dana Whitcomb", 101, "Administrator"), a_user("Marcus Bell", 102, "Dispatcher"))
        )
        let_log_in(store)
        yield store
    finally:
        store.close()


def let_log_in(store: Store) -> None:
    """Everybody who has a role logs in by their name, with PASSWORD; the log knows nothing of it."""
    for resource, name in asked(store, "SELECT id, name_folded FROM resource WHERE role_id IS NOT NULL"):
        by_hand(store, "UPDATE resource SET login = ?, password = ? WHERE id = ?", name, HASH, resource)


def a_user(name: str, number: int, role: str) -> PersonRow:
    return PersonRow(name, f"+1603555{number:04}", "resource", role=role)


def dana(store: Store) -> Person:
    with store.reading() as connection:
        return everybody(connection)[0]


def marcus(store: Store) -> Person:
    with store.reading() as connection:
        return everybody(connection)[1]


def a_person(store: Store, name: str = "Ana Díaz", phone: str = "+16035550142", kind: str = "client") -> str:
    """Record somebody; the phone number to text from."""
    people.add_people(store, (PersonRow(name, phone, kind),))
    return phone


def a_text(store: Store, sender: str = "+16035550142", body: str = "Hello", **more: object) -> Received:
    """A text that comes in."""
    values = {"provider": "simulated", "id": f"text-{next(_numbers)}", "to": None} | more
    return messages.receive(store, Inbound(sender=sender, body=body, **values))


def a_file(name: str = "gutter.jpg", type: str = "image/jpeg", sha256: str | None = None) -> StoredMedia:
    """A file as it would lie in the media folder; nothing lies there."""
    return StoredMedia(sha256 or hashlib.sha256(f"file {next(_numbers)}".encode()).hexdigest(), type, name, 1000)


def a_picture(width: int = 640, height: int = 480) -> Picture:
    """What might have been made of a file."""
    return Picture("5" * 64, "7" * 64, "image/jpeg", width, height, 900)


def a_text_with(store: Store, *files: StoredMedia, sender: str = "+16035550142", body: str = "Look") -> Received:
    """A text that comes in with files."""
    return messages.receive(store, Inbound("simulated", f"text-{next(_numbers)}", sender, None, body), files)


def developed(store: Store, *outcomes: Outcome) -> list[int]:
    """What waits is looked into, with these outcomes in turn, or a picture for each; the attachments' ids."""
    done: list[int] = []
    while (job := attachments.claim(store)) is not None:
        attachments.record(store, job.attachment, outcomes[len(done)] if outcomes else a_picture())
        done.append(job.attachment)
    return done


def a_reply(store: Store, thread: int, body: str = "On our way", by: int | None = 1) -> int:
    """A text that goes out; its message id."""
    return messages.send(store, thread, body, by=by, key=f"key-{next(_numbers)}")


def handed_over(store: Store, status: str = "sent", **outcome: object) -> Outbound | None:
    """The next text is handed over, and the phone company answers so; None where none is due."""
    outbound = outbox.claim(store, "simulated")
    if outbound is not None:
        outbox.record_outcome(store, outbound.message, "simulated", outbound.tries, Answer(status, **outcome))
    return outbound


def a_failure(store: Store, thread: int, reason: str | None = "Number is off", by: int | None = 1) -> int:
    """A text that went out and failed; its message id."""
    message = a_reply(store, thread, by=by)
    fails(store, message, reason)
    return message


def fails(store: Store, message: int, reason: str | None = "Number is off") -> None:
    """The phone company reports that a text has failed."""
    messages.record_delivery(store, Delivery("simulated", "failed", message=message, reason=reason))


def chosen(store: Store, *threads: int) -> Selection:
    """These threads, as somebody sees them now."""
    return Selection.of(*threads, seen=store.revision())


def an_outsider(url: str) -> sqlite3.Connection:
    """A plain connection to the database's file, as another program opens it; close it."""
    return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)


def by_hand(store: Store, statement: str, *values: object) -> None:
    """Change the database behind the product's back."""
    store.write(lambda connection: connection.exec_driver_sql(_said(store, statement), values))


def asked(store: Store, query: str, *values: object) -> list[tuple[object, ...]]:
    """What an SQL query finds."""
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(_said(store, query), values)]


def _said(store: Store, statement: str) -> str:
    """A statement with "?" for its values, as the engine's driver wants it."""
    return statement if store.is_sqlite else statement.replace("%", "%%").replace("?", "%s")


def when(found: object) -> datetime:
    """A time as an engine's driver gives it, aware, in UTC."""
    time = found if isinstance(found, datetime) else datetime.fromisoformat(str(found)).replace(tzinfo=UTC)
    return time.astimezone(UTC)


def read(found: object) -> object:
    """JSON as an engine's driver gives it, as what it stands for."""
    return json.loads(found) if isinstance(found, str) else found


def how_many(store: Store, table: str) -> int:
    """The rows of a table."""
    return asked(store, f"SELECT count(*) FROM {table}")[0][0]


def listed(store: Store, limit: int = 1000, **view: object) -> tuple[ThreadRow, ...]:
    """The rows that a view shows, from the top."""
    with store.reading() as connection:
        return threads.rows(connection, View(**view), None, limit)


def counted(store: Store, **view: object) -> int:
    """How many threads the list says a view has."""
    with store.reading() as connection:
        return threads.count(connection, View(**view))


def found(store: Store, query: str, **view: object) -> list[str]:
    """The names that a search finds, sorted."""
    return sorted(row.name for row in listed(store, query=query, **view))


def badge(store: Store) -> int:
    """The number beside Received."""
    with store.reading() as connection:
        return threads.unread(connection)


def spoken(store: Store, thread: int) -> tuple[MessageRow, ...]:
    """The messages of a thread, in its order."""
    with store.reading() as connection:
        return conversations.messages(connection, thread, None)


def above(store: Store, thread: int) -> ThreadHead | None:
    """What stands above a conversation."""
    with store.reading() as connection:
        return conversations.head(connection, thread)


def bell(store: Store, resource: int = 1) -> tuple[AlertRow, ...]:
    """Somebody's alerts that are not cleared, the newest first."""
    with store.reading() as connection:
        return alerts.alerts(connection, resource, 50)


def alerted(store: Store) -> list[tuple[int, int]]:
    """All alerts there ever were: whose, and to which message."""
    return asked(store, "SELECT resource_id, message_id FROM alert ORDER BY id")


def logged(store: Store) -> list[tuple[object, ...]]:
    """The change log after the ones that made the database ready: action and who acted."""
    return asked(
        store, "SELECT action, by_id FROM change WHERE action NOT IN ('set_numbers', 'set_provider') ORDER BY revision"
    )[1:]


def sound(store: Store) -> bool:
    """Whether everything that is kept agrees with what it is kept of."""
    with store.reading() as connection:
        faults = verify.faults(connection)
    assert not faults, faults
    return True


def a_screen(store: Store, **params: object) -> Screen:
    """Dana's screen, up to date, without a feed: what she does is done at once."""
    screen = Screen(store, **({"user": dana(store)} | params))
    screen.catch_up()
    return screen


def eventually(holds: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether it comes to hold; asks often, so that it is quick where the product is. How quick that is, is measured in tests/bench."""
    end = (asked := time.monotonic()) + seconds
    while not holds():
        if (now := time.monotonic()) > end:
            return False
        time.sleep(max(0.005, now - asked))  # what is dear to ask for does not keep from happening what it asks for
        asked = time.monotonic()
    return True


def a_town(store: Store) -> dict[str, int]:
    """One thread of every kind, a minute apart, the last text from the last of them; names with their threads."""
    people = {"Ana Díaz": "client", "Ben Ito": "lead", "Cody Marsh": "resource", "": "unknown"}
    made = {}
    for number, (name, kind) in enumerate(people.items()):
        phone = f"+16035550{140 + number}"
        if name:
            a_person(store, name, phone, kind)
        made[name or shown(phone)] = a_text(store, phone, f"It's {name or 'me'}").thread
        pass_a_minute(store)
    return made


def many_threads(store: Store, count: int) -> None:
    """Threads with unknown numbers, each with one unread text, brought in at once."""
    lines = (HistoricMessage("inbound", "Hello", store.clock(), unread=True),)
    history.add_history(store, tuple(HistoricThread(OURS, f"+1201200{number:04}", lines) for number in range(count)))


def pass_a_minute(store: Store) -> None:
    """Let the store's standing clock go on."""
    assert isinstance(store.clock, Clock)
    store.clock.pass_(60)


def plan(store: Store, read: Callable[[Connection], object]) -> str:
    """How SQLite carries out the queries of a read, in its own words."""
    queries = []

    def note(connection: Connection, cursor: object, query: str, values: object, *rest: object) -> None:
        queries.append((query, values))

    with store.reading() as connection:
        event.listen(store.engine, "before_cursor_execute", note)
        read(connection)
        event.remove(store.engine, "before_cursor_execute", note)
        steps = [
            row[3]
            for query in queries
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1])
        ]
    return "; ".join(steps)


# What SQLite 3.37 does not know, as a Python 3.11 on Ubuntu 22.04 has it: HAVING without GROUP BY, and other words.
NEWER = re.compile(
    r"\bHAVING\b|\bIS (NOT )?DISTINCT FROM\b|\b(RIGHT|FULL)( OUTER)? JOIN\b|->|\bunixepoch\b", re.IGNORECASE
)
GROUPED = re.compile(r"\bGROUP BY\b.*?\bHAVING\b", re.IGNORECASE | re.DOTALL)


@contextmanager
def too_new() -> Iterator[list[str]]:
    """The statements of this time that an SQLite of that age does not understand."""
    found: list[str] = []

    def note(connection, cursor, statement, values, context, many):
        if NEWER.search(GROUPED.sub("", statement)):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def a_document(store: Store, title: str = "On our way", body: str = "Hi {first_name}, we are on our way.") -> int:
    """A text document; its id."""
    return documents.add_document(store, title, body, by=1).id
