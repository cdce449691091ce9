"""From a commit in another process to a screen of this one, beside a bare LISTEN and NOTIFY in the same run."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psycopg
import pytest

from dashboard.live.live import Live
from dashboard.store.database import Store
from tests.cluster import Cluster
from tests.factories import a_store
from tests.writing import PAUSE, delays, told

pytestmark = pytest.mark.bench
ROUNDS = 40
SOON = 0.25  # seconds: what another process wrote is on a screen within them


@contextmanager
def a_life(url: str) -> Iterator[Live]:
    with a_store(url):
        pass
    store = Store(url)
    live = Live(store)
    live.start()
    yield live
    live.stop()
    store.close()


def bare(cluster: Cluster) -> list[float]:
    """Seconds from a bare NOTIFY to a bare listener's hearing it."""
    address = cluster.url("postgres").replace("+psycopg", "")
    found: list[float] = []
    listening = threading.Event()

    def listen() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("LISTEN floor")
            listening.set()
            found.extend(
                (time.time_ns() - int(notice.payload)) / 1e9 for notice in connection.notifies(stop_after=ROUNDS)
            )

    listener = threading.Thread(target=listen)
    listener.start()
    listening.wait()
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(ROUNDS):
            time.sleep(PAUSE)
            connection.execute("SELECT pg_notify('floor', %s)", (str(time.time_ns()),))
    listener.join()
    return found


def test_from_a_commit_in_another_process_to_a_screen(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = bare(cluster)
    postgresql, sqlite = cluster.database(), f"sqlite:///{tmp_path / 'inbox.db'}"
    with a_life(postgresql) as live:
        by_notice = delays(live, postgresql, ROUNDS)
    with a_life(sqlite) as live:
        by_looking = delays(live, sqlite, ROUNDS)
    with capsys.disabled():
        print(
            f"\nPostgreSQL: {told(by_notice)}; bare NOTIFY: {told(floor)}; ratio {median(by_notice) / median(floor):.1f}"
            f"\nSQLite: {told(by_looking)}",
            end="",
        )
    assert len(floor) == len(by_notice) == len(by_looking) == ROUNDS
    assert max(median(by_notice), median(by_looking)) < SOON
