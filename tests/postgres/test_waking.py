"""Another process's writes wake this one at once, by NOTIFY; one whose notice is lost is found by the clock."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from dashboard.store import listener
from dashboard.store.database import Store
from dashboard.store.listener import Listener
from tests.factories import PATIENCE, a_store, a_text, eventually

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(a_postgres_url: Callable[..., str]) -> Iterator[Store]:
    with a_store(a_postgres_url()) as store:
        yield store


@pytest.fixture
def wakes(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Grows with each wake; the clock is never asked, unless a test lets it."""
    monkeypatch.setattr(listener, "POLL", 3600)
    wakes: list[int] = []
    assert store.server
    listening = Listener(store.server, lambda: wakes.append(1))
    listening.start()
    assert eventually(lambda: wakes)
    assert eventually(lambda: listening._seen == store.revision())
    wakes.clear()
    yield wakes
    listening.stop()


def test_a_commit_wakes_who_listens(store: Store, wakes: list[int]) -> None:
    a_text(store)
    assert eventually(lambda: wakes)


def test_a_write_that_is_undone_wakes_nobody(store: Store, wakes: list[int]) -> None:
    a_text(store, id="once")
    assert eventually(lambda: wakes)
    before = len(wakes)
    a_text(store, id="once")
    a_text(store, "+16035550143")
    assert eventually(lambda: len(wakes) == before + 1)


def test_a_notice_that_was_lost_is_made_up_for_by_the_clock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.store.database.NOTIFY", "SELECT 1")
    monkeypatch.setattr(listener, "POLL", 0.1)
    woken = threading.Event()
    assert store.server
    listening = Listener(store.server, woken.set)
    listening.start()
    assert eventually(lambda: listening._seen == store.revision())
    woken.clear()
    a_text(store)
    assert woken.wait(PATIENCE)
    listening.stop()


def test_a_listener_whose_connection_is_cut_listens_again(
    store: Store, wakes: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
    with store.reading() as connection:
        connection.execute(text(f"{others} current_database()"))
    assert eventually(lambda: len(wakes) >= 2), "once when it was lost, once when it is back"
    assert "the listener lost the database" in caplog.text
    wakes.clear()
    a_text(store)
    assert eventually(lambda: wakes)
