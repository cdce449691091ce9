"""A hundred thousand accounts beside two hundred: type-ahead and the overview cost the same, as ratios."""

import os
import random
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from sqlalchemy import Connection, func, insert, select

from dashboard.core.tables import ACCOUNTS, CONTACT, THREAD
from dashboard.core.text import folded
from dashboard.demo import bulk
from dashboard.live.snapshot import Place, Reads, taken
from dashboard.store.accounts import NUMBER_END, look_up, overview
from dashboard.store.database import Store
from tests.factories import a_store, a_text, a_url

pytestmark = pytest.mark.bench
MANY, FEW = int(os.environ.get("BENCH_ACCOUNTS", "100000")), 200
ROUNDS = 15
MOST = 5.0  # times what it costs with few; 500 times as many are there
TYPED = (
    "a",
    "an",
    "ana",
    "okafor",
    "ana okafor",
    "rnat",
    "42",
    "555",
    "2012",
    "+1 201-200-0150",
    "nobody of that name",
)


def a_town(url: str, accounts: int) -> Iterator[Store]:
    """So many accounts as an import leaves them, but brought in at once; one of them has texted."""
    with a_store(url) as store:
        chance, now = random.Random(7), store.clock()
        people = [bulk.invented(chance, number, now) for number in range(accounts)]
        rows = [
            {"id": number, "kind": "client", "name": person.name, "name_folded": folded(person.name),
             "numbers": f"{person.phone}{NUMBER_END}", "tags": list(person.tags), "balance": person.balance}
            for number, person in enumerate(people, 1)
        ]  # fmt: skip
        contacts = [{"address": person.phone, "account_id": number} for number, person in enumerate(people, 1)]
        store.write(lambda connection: connection.execute(insert(ACCOUNTS), rows))
        store.write(lambda connection: connection.execute(insert(CONTACT), contacts))
        a_text(store, people[accounts // 2].phone)
        yield store


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from a_town(a_url(tmp_path_factory.mktemp("few")), FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from a_town(a_url(tmp_path_factory.mktemp("many-accounts")), MANY)


def cost(store: Store, read: Callable[[Connection], object]) -> float:
    """Milliseconds of this thread at work, the median of some rounds: what others do on the machine does not count."""
    times = []
    with store.reading() as connection:
        for _ in range(ROUNDS):
            started = time.thread_time()
            read(connection)
            times.append(time.thread_time() - started)
    return median(times) * 1000


def test_with_many_accounts_it_costs_what_it_costs_with_few(
    few: Store, many: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with many.reading() as connection:
        assert connection.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one() == MANY
        thread = connection.execute(select(THREAD.c.id)).scalar_one()
    reads: dict[str, Callable[[Connection], object]] = {
        **{f"type-ahead “{typed}”": lambda connection, typed=typed: look_up(connection, typed, 20) for typed in TYPED},
        "overview": lambda connection: overview(connection, thread),
        "a snapshot with it": lambda connection: taken(Reads(connection), Place(thread=thread)),
    }
    ratios = {}
    with capsys.disabled():
        print()
        for name, read in reads.items():
            small, large = cost(few, read), cost(many, read)
            ratios[name] = large / small
            print(f"{name:36} {FEW} accounts {small:7.2f} ms, {MANY:,} {large:7.2f} ms, ratio {ratios[name]:5.2f}")
    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST} == {}
