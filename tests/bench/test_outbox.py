"""What the outbox costs: texts a second beside bare transactions, and finding the next one among 100,000 that wait."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from dashboard.actions import history, outbox
from dashboard.core.values import HistoricMessage, HistoricThread, Outcome
from dashboard.live.live import Live
from dashboard.providers import Simulated
from dashboard.providers.simulated import Behaviour
from dashboard.store.database import Store
from dashboard.store.outbox import lanes, unsent
from tests.factories import OURS, a_reply, a_store, a_text, a_url, asked, by_hand, eventually

pytestmark = pytest.mark.bench
TEXTS, THREADS = int(os.environ.get("BENCH_TEXTS", "2000")), 200
WAITING = int(os.environ.get("BENCH_WAITING", "100000"))
KEY = "simulated"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(a_url(tmp_path)) as store:
        store.clock = Store.__init__.__defaults__[0]  # the real time
        yield store


def test_texts_a_second_through_the_outbox_beside_bare_transactions(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    threads = [a_text(store, f"+1603444{number:04}").thread for number in range(THREADS)]
    for number in range(TEXTS):
        a_reply(store, threads[number % THREADS], f"Text {number}")
    company = Simulated(Behaviour(delay=3600))
    live = Live(store, company)
    started = time.perf_counter()
    live.start()
    gone = "SELECT count(*) FROM message WHERE status IN ('queued', 'sending')"
    assert eventually(lambda: asked(store, gone) == [(0,)], 600)
    seconds = time.perf_counter() - started
    live.stop()
    assert sum(company.sent.values()) == len(company.sent) == TEXTS
    bare = _bare(store)
    with capsys.disabled():
        print(
            f"\n{TEXTS / seconds:,.0f} texts/s through the outbox ({TEXTS:,} of {THREADS} threads); two bare "
            f"transactions for each would be {TEXTS / bare:,.0f}/s: ratio {seconds / bare:.1f}"
        )


@pytest.mark.parametrize("threads", [WAITING, 1], ids=["a thread for each", "all in one thread"])
def test_the_next_text_is_found_as_quickly_among_100_000_as_among_a_few(
    store: Store, capsys: pytest.CaptureFixture[str], threads: int
) -> None:
    _queue(store, 10, min(threads, 10))
    few = _costs(store)
    _queue(store, WAITING, threads)
    many = _costs(store)
    with capsys.disabled():
        print(f"\n{WAITING:,} wait in {threads:,} threads:")
        for name, cost in many.items():
            print(f"  {name:28} {cost:7.2f} ms, with a few {few[name]:7.2f} ms, ratio {cost / few[name]:.1f}")


def _queue(store: Store, count: int, threads: int) -> None:
    """So many texts wait, in so many new threads."""
    known = asked(store, "SELECT count(*) FROM thread")[0][0]
    each = tuple(HistoricMessage("outbound", "Hello", store.clock(), status="queued") for _ in range(count // threads))
    new = (HistoricThread(OURS, f"+1{2012000000 + known + number}", each) for number in range(threads))
    history.add_history(store, tuple(new))
    by_hand(store, f"UPDATE thread SET due_at = outbound_at WHERE id > {known}")


def _costs(store: Store) -> dict[str, float]:
    def read(what: Callable[..., object]) -> Callable[[], object]:
        def reading() -> object:
            with store.reading() as connection:
                return what(connection)

        return reading

    def hand_over() -> None:
        outbound = outbox.claim(store, KEY)
        assert outbound is not None
        outbox.record_outcome(store, outbound.message, KEY, outbound.tries, Outcome("sent"))

    return {
        "when the next one is due": _milliseconds(read(lambda connection: lanes(connection, store.clock(), KEY))),
        "claim and record": _milliseconds(hand_over, 9),
        "what screens are told": _milliseconds(read(unsent)),
    }


def _milliseconds(work: Callable[[], object], rounds: int = 21) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times) * 1000


def _bare(store: Store) -> float:
    """Seconds for two bare transactions for each text, one statement in each, through the same writer."""
    started = time.perf_counter()
    statement = "UPDATE message SET tries = tries WHERE id = {}"
    for number in range(TEXTS * 2):
        store.write(lambda connection, which=1 + number % TEXTS: connection.exec_driver_sql(statement.format(which)))
    return time.perf_counter() - started
