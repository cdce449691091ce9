"""A hundred thousand threads with a million messages: what each read costs, beside the bare SQL statements it makes."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event

from dashboard.actions import messages, threads
from dashboard.actions.undo import undo
from dashboard.core.values import Inbound, Selection
from dashboard.core.views import View
from dashboard.demo import bulk
from dashboard.live.screen import Screen
from dashboard.live.snapshot import ROWS, Place, Reads, taken
from dashboard.store import conversations
from dashboard.store import threads as lists
from dashboard.store.changes import bulk_acts
from dashboard.store.database import Store
from tests.factories import OURS, a_store, a_url, dana

pytestmark = pytest.mark.bench
THREADS = int(os.environ.get("BENCH_THREADS", "100000"))
ROUNDS = 9
Read = Callable[[Connection], object]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """THREADS threads with ten messages each; BENCH_DATABASE names a database that is kept for the next run."""
    kept = os.environ.get("BENCH_DATABASE")
    with a_store(kept or a_url(tmp_path_factory.mktemp("many"))) as store:
        store.clock = Store.__init__.__defaults__[0]  # the real time
        with store.reading() as connection:
            missing = THREADS - lists.count(connection, View()) - lists.count(connection, View(filter="removed"))
        if missing > THREADS // 10:
            started = time.perf_counter()
            bulk.grow(store, OURS, missing, missing * 10)
            print(
                f"\nseeded {missing:,} threads with {missing * 10:,} messages in {time.perf_counter() - started:.0f} s"
            )
        yield store


def test_what_each_read_costs_beside_its_bare_sql(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, read in _reads(store).items():
            ours, bare, found = _measured(store, read)
            print(f"{name:42} {ours:8.2f} ms, bare SQL {bare:8.2f} ms, ratio {ours / bare:5.1f}   ({found})")


def test_what_a_session_costs_beside_one_on_200_threads(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_store(a_url(tmp_path)) as small:
        bulk.grow(small, OURS, 200, 2000)
        few, many = (_opened(where) for where in (small, store))
    with capsys.disabled():
        print(f"\na screen's first snapshot: {few:.2f} ms at 200 threads, {many:.2f} ms here, ratio {many / few:.2f}")


def test_an_act_on_all_that_match_and_its_undoing_while_others_work(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print()
        for name, act in {
            "mark read": threads.mark_read,
            "unopened": threads.mark_unopened,
            "remove": threads.remove,
        }.items():
            selection = Selection(store.revision(), view=View())
            result, seconds, waits = _beside_others(store, lambda: act(store, selection, by=1))  # noqa: B023
            print(f"{name:10} {result.done:7,} threads in {seconds:5.2f} s; texts beside it took {_worst(waits)}")
            revision = result.revision
            result, seconds, waits = _beside_others(store, lambda: undo(store, revision, by=1))  # noqa: B023
            print(f"   undone  {result.done:7,} threads in {seconds:5.2f} s; texts beside it took {_worst(waits)}")


def _reads(store: Store) -> dict[str, Read]:
    with store.reading() as connection:
        hundredth = lists.rows(connection, View(), None, ROWS)[-1].key
        middle = lists.place(connection, View(), THREADS // 2)
        longest = connection.exec_driver_sql(
            "SELECT thread_id FROM message GROUP BY thread_id ORDER BY count(*) DESC LIMIT 1"
        ).scalar_one()

    def page(start: Any = None, **view: str) -> Read:
        return lambda connection: lists.rows(connection, View(**view), start, ROWS)

    def search(query: str, **view: str) -> dict[str, Read]:
        view_ = View(query=query, **view)
        return {
            f"search “{query}” {' '.join(view.values())}": lambda connection: lists.rows(connection, view_, None, ROWS),
            f"   its count {' '.join(view.values())} “{query}”": lambda connection: lists.count(connection, view_),
        }

    return {
        "first page": page(),
        "next page": page(hundredth),
        "page in the middle": page(middle),
        "its scroll bar: the place of a row": lambda connection: lists.place(connection, View(), THREADS // 2),
        "its scroll bar: rows above a place": lambda connection: lists.above(connection, View(), middle),
        "tab Sent": page(tab="sent"),
        "filter Clients & Leads": page(filter="accounts"),
        "filter Resources": page(filter="resources"),
        "filter Unknown numbers": page(filter="unknown"),
        "filter Removed": page(filter="removed"),
        "unread view": lambda connection: lists.rows(connection, View(unread_since=10**9), None, ROWS),
        "unread view: its count": lambda connection: lists.count(connection, View(unread_since=10**9)),
        "count of a tab": lambda connection: lists.count(connection, View()),
        "the badge": lists.unread,
        **search("okafor"),
        **search("ana"),
        **search("an"),
        **search("x"),
        **search("nobody of that name"),
        **search("+1 201-205-0505"),
        **search("2012"),
        **search("555"),
        **search("42"),
        **search("ana", filter="accounts"),
        **search("ana", filter="removed"),
        "opening the longest thread": lambda connection: conversations.messages(
            connection, longest, conversations.start_of_last(connection, longest, 50)
        ),
        "what stands above it": lambda connection: conversations.head(connection, longest),
        "the last bulk acts": lambda connection: bulk_acts(connection, ("remove", "mark_read"), 50),
    }


def _measured(store: Store, read: Read) -> tuple[float, float, str]:
    """Milliseconds of the read, of its statements alone on the driver's cursor, and what it found."""
    statements: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: object, statement: str, values: object, *rest: object) -> None:
        statements.append((statement, values))

    with store.reading() as connection:
        event.listen(store.engine, "before_cursor_execute", note)
        found = read(connection)
        event.remove(store.engine, "before_cursor_execute", note)
        ours = _median(lambda: read(connection))
        cursor = connection.connection.cursor()
        bare = _median(lambda: [cursor.execute(*statement).fetchall() for statement in statements])
        cursor.close()
    return ours, bare, f"{len(found)} rows" if isinstance(found, tuple) else str(found)[:40]


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times) * 1000


def _opened(store: Store) -> float:
    with store.reading() as connection:
        return _median(lambda: taken(Reads(connection), Place()))


def _beside_others(store: Store, act: Callable[[], Any]) -> tuple[Any, float, list[float]]:
    """An act while texts arrive and a screen catches up: its result, its seconds, and the seconds each text took."""
    waits: list[float] = []
    going = [True]
    screen = Screen(store, user=dana(store))

    def receive() -> None:
        while going:
            started = time.perf_counter()
            name = f"beside-{time.time_ns()}"
            messages.receive(store, Inbound("simulated", name, f"+1603555{time.time_ns() % 10000:04}", None, "Hello"))
            screen.catch_up()
            waits.append(time.perf_counter() - started)
            time.sleep(0.02)

    other = Thread(target=receive)
    other.start()
    time.sleep(0.3)
    started = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - started
    going.clear()
    other.join()
    return result, seconds, waits


def _worst(waits: list[float]) -> str:
    return f"{median(waits) * 1000:.0f} ms, at worst {max(waits) * 1000:.0f} ms ({len(waits)} of them)"
