"""What every test may ask for: a clock that stands still, and a database of its own, copied from one that is migrated once."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.store.database import Store
from tests import engine
from tests.cluster import Cluster
from tests.engine import PostgreSQL, SQLite
from tests.factories import Clock, a_store, a_url
from tests.serving import memory

TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    engines = {"choices": list(engine.ENGINES), "default": SQLite.name}
    parser.addoption("--engine", help="The database that the tests run on.", **engines)


def pytest_configure(config: pytest.Config) -> None:
    engine.choose(config.getoption("--engine"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One for each core, two at most; twice as many where half of the time is waiting for a page; and one for what
    measures, or has most of its time a whole JupyterLab or a server of its own to itself."""
    chosen = config.getoption("markexpr")
    cores = min(2, os.cpu_count() or 1)
    if chosen == "browser":
        return 2 * cores
    return cores if chosen.startswith("not browser") or chosen == "postgres" else 0


def pytest_unconfigure() -> None:
    engine.chosen.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what is about an SQLite file, and what no engine can change."""
    if config.getoption("--engine") != SQLite.name:
        left_out = [item for item in items if item.get_closest_marker("sqlite") or not _can_change(item.path)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _can_change(path: Path) -> bool:
    return engine.can_change(path.relative_to(TESTS).as_posix())


@contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="message-center-test-", dir=memory()) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def databases() -> Iterator[SQLite | PostgreSQL]:
    """The engine, with a database to copy: migrated, with our number and our two people."""
    with a_folder() as folder:
        url = a_url(folder)
        with a_store(url):
            pass
        engine.chosen.keep(url)
        yield engine.chosen


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of the session's own, whatever engine the other tests run on."""
    cluster = Cluster(memory())
    yield cluster
    cluster.stop()


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """As pytest's own, in memory."""
    with a_folder() as folder:
        yield folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(databases: SQLite | PostgreSQL, tmp_path: Path) -> str:
    return databases.ready(tmp_path)


@pytest.fixture(scope="session")
def kept_open(databases: SQLite | PostgreSQL) -> Iterator[Store]:
    """One store for all tests that need no database of their own: it keeps its compiled statements, half of a test's time."""
    with a_folder() as folder:
        store = Store(databases.ready(folder))
        yield store
        store.close()


@pytest.fixture
def store(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Store]:
    """As ``a_store``: of its own for a test that also asks for its ``url`` or folder, else one that is made new."""
    if {"url", "tmp_path"} & set(request.fixturenames):
        store = Store(request.getfixturevalue("url"), clock=clock)
        yield store
        store.close()
    else:
        store = request.getfixturevalue("kept_open")
        store.clock, store.region, store.listeners = clock, "US", []
        request.getfixturevalue("databases").make_new(store)
        yield store
