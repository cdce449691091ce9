"""A PostgreSQL that goes away and comes back, as it looks at the doors: words and a 503, and then the inbox again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, make_url

from dashboard.actions.people import add_people
from dashboard.demo import words
from tests.cluster import Cluster
from tests.doors.conftest import Server
from tests.factories import a_store, let_log_in
from tests.serving import a_server
from tests.viewers import log_in

pytestmark = pytest.mark.postgres
BACK = 60  # seconds within which a page is there again


@pytest.fixture
def url(a_postgres_url: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with the town's staff, and the key that a server on PostgreSQL asks for."""
    monkeypatch.setenv("MESSAGE_CENTER_SECRET_KEY", "a key that is long enough for the tests")
    url = a_postgres_url()
    with a_store(url) as store:
        add_people(store, tuple(words.staff()))
        let_log_in(store)
    return url


@contextmanager
def away(cluster: Cluster, url: str) -> Iterator[None]:
    """Nobody is connected to the database, and nobody can be."""
    name, engine = make_url(url).database, create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    engine.dispose()


def test_while_the_database_is_away_every_door_says_so_and_then_the_inbox_is_back(
    cluster: Cluster, url: str, tmp_path: Path
) -> None:
    with a_server("serve", "--database", url, log=tmp_path / "log") as running:
        server = Server(None, SimpleNamespace(port=running.port))
        cookie = log_in(running.port)
        token = server.token(cookie)
        with away(cluster, url):
            for path in ("/", "/login"):
                page = server.ask("GET", path, Cookie=cookie, Accept="text/html")
                assert (page.status, 'http-equiv="refresh"' in page.text) == (503, True)
            assert server.connect(token, Cookie=cookie).status == 503
            assert server.ask("GET", "/healthz").status == 503
        end = time.monotonic() + BACK
        while server.ask("GET", "/", Cookie=cookie).status != 200:
            assert time.monotonic() < end, (tmp_path / "log").read_text()
        assert server.connect(token, Cookie=cookie).status == 101
