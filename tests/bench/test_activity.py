"""A log of a million changes beside one of ten thousand: the audit trail costs the same, as ratios."""

import os
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from sqlalchemy import Connection, insert, text

from dashboard.core.activity import MACHINE, Sought
from dashboard.core.rights import EVERY
from dashboard.core.tables import CHANGE, SUBJECT
from dashboard.store import activity
from dashboard.store.database import Store
from tests.factories import a_document, a_person, a_store, a_text, a_url, many_threads

pytestmark = pytest.mark.bench
MANY, FEW = int(os.environ.get("BENCH_CHANGES", "1000000")), 10_000
BUSY = 20  # of so many changes, one is of the busiest thread: 50,000 of a million
BATCH = 50_000
ROUNDS = 15
MOST = 5.0  # times what it costs with few; 100 times as many are there
THREADS = 1_000
ACTIONS = ("receive", "send", "claim", "record_outcome", "record_delivery", "open_thread", "mark_read", "remove")


def a_log(url: str, changes: int) -> Iterator[Store]:
    """A town with so many changes as months of work leave them, but brought in at once; the first acts are rare ones."""
    with a_store(url) as store:
        a_document(store, "Snow tonight")
        a_text(store, a_person(store))
        many_threads(store, THREADS - 1)
        first = store.revision() + 1
        for start in range(first, first + changes, BATCH):
            _bring_in(store, range(start, min(start + BATCH, first + changes)))
        store.write(lambda connection: connection.execute(text("ANALYZE")))
        yield store


def _bring_in(store: Store, revisions: range) -> None:
    logged, subjects = [], []
    for revision in revisions:
        action = ACTIONS[revision % len(ACTIONS)]
        by = None if action.startswith(("receive", "claim", "record")) else 1 + revision // 8 % 2
        logged.append(
            {"revision": revision, "action": action, "by_id": by, "at": store.clock(), "details": {"done": 1}}
        )
        thread = 1 if revision % BUSY == 0 else 2 + revision * 7919 % (THREADS - 1)
        subjects.append({"revision": revision, "thread_id": thread, "kind": "client"})
    store.write(lambda connection: connection.execute(insert(CHANGE), logged))
    store.write(lambda connection: connection.execute(insert(SUBJECT), subjects))
    clock = text("UPDATE clock SET revision = :revision")
    store.write(lambda connection: connection.execute(clock, {"revision": revisions[-1]}))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from a_log(a_url(tmp_path_factory.mktemp("few")), FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from a_log(a_url(tmp_path_factory.mktemp("many-changes")), MANY)


def cost(store: Store, read: Callable[[Connection], object]) -> float:
    """Milliseconds until it is read, the median of some rounds."""
    times = []
    with store.reading() as connection:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            read(connection)
            times.append(time.perf_counter() - started)
    return median(times) * 1000


def a_page(sought: Sought, **between: int) -> Callable[[Connection], object]:
    return lambda connection: activity.page(connection, sought, EVERY, 50, **between)


def test_b20_a_million_changes_cost_what_ten_thousand_cost(
    few: Store, many: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    now = few.clock()
    reads = {
        "History of the busiest thread": lambda connection: activity.of_thread(connection, 1, EVERY),
        "and its middle": lambda connection: activity.of_thread(connection, 1, EVERY, before=FEW // 2),
        "everything": a_page(Sought()),
        "everything, from the middle on": a_page(Sought(), before=FEW // 2),
        "a person": a_page(Sought(person=2)),
        "the machine's texts": a_page(Sought(person=MACHINE, group="texts")),
        "documents, a rare kind": a_page(Sought(group="documents")),
        "a kind of a person that there is not": a_page(Sought(person=2, group="documents")),
        "a name": a_page(Sought(query="diaz")),
        "a number of which there are many": a_page(Sought(query="1201")),
        "a document": a_page(Sought(query="snow")),
        "from a day on": a_page(Sought(since=now)),
        "what has come since": lambda connection: activity.count(connection, Sought(), EVERY, 100, 100),
        "who ever acted": activity.actors,
        "what rewords": activity.last_rewording,
    }
    with many.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM change")).scalar_one() > MANY
        told = activity.of_thread(connection, 1, EVERY)
        assert (len(told.entries), told.more) == (20, True)
    ratios = {}
    with capsys.disabled():
        print()
        for name, read in reads.items():
            small, large = cost(few, read), cost(many, read)
            ratios[name] = large / small
            print(f"{name:38} {FEW:,} changes {small:7.2f} ms, {MANY:,} {large:7.2f} ms, ratio {ratios[name]:5.2f}")
    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST} == {}
