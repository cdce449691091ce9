"""What every test may ask for: a clock that stands still, and a database of its own, copied from one that is migrated once."""

import gc
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
from tests.proof.scale import SHARE
from tests.serving import memory

TESTS = Path(__file__).parent
FOLDERS = ("bench", "browser", "gateway", "notebook", "postgres", "proof")  # below tests/: all of them have a marker
SIDE_BY_SIDE = {"postgres"} | ({"proof"} if SHARE < 1 else set())  # wait more than they work


def pytest_addoption(parser: pytest.Parser) -> None:
    engines = {"choices": list(engine.ENGINES), "default": SQLite.name}
    parser.addoption("--engine", help="The database that the tests run on.", **engines)


def pytest_configure(config: pytest.Config) -> None:
    engine.choose(config.getoption("--engine"))
    gc.disable()  # what is made while tests are collected stays


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is left out for its marker or for the engine need not be read, by each of three processes."""
    if config.getoption("--engine") != SQLite.name and collection_path.is_file():
        return not engine.can_change(collection_path.relative_to(TESTS).as_posix()) or None
    is_whole = config.args == config.getini("testpaths")
    is_plain = is_whole and all(f"not {folder}" in config.getoption("markexpr") for folder in FOLDERS)
    return True if is_plain and collection_path.parent == TESTS and collection_path.name in FOLDERS else None


def pytest_collection_finish() -> None:
    """What is there now is not looked through again for what nothing refers to."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One for each core, four at most; of two cores twice as many where half of the time is waiting for a page; and one
    for what measures, has a whole JupyterLab to itself, or are long counts at their whole length."""
    chosen, cores = config.getoption("markexpr"), min(4, os.cpu_count() or 1)
    if chosen == "browser":
        return 2 * min(2, cores)
    side_by_side = chosen.startswith("not browser") or set(chosen.split(" or ")) <= SIDE_BY_SIDE
    return cores if side_by_side else 0


def pytest_unconfigure() -> None:
    engine.chosen.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what is about an SQLite file, and what no engine can change. Browsers come last: Playwright's
    loop goes on until the end, and beside it no server could have its own."""
    items.sort(key=lambda item: TESTS / "browser" in item.path.parents)
    if config.getoption("--engine") != SQLite.name:
        left_out = [item for item in items if item.get_closest_marker("sqlite") or not engine.can_change(item.nodeid)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


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


@pytest.fixture(scope="session")
def on_postgresql(cluster: Cluster) -> PostgreSQL:
    """As ``databases``, on PostgreSQL, whatever engine the other tests run on."""
    postgresql = PostgreSQL(cluster)
    url = postgresql.new()
    with a_store(url):
        pass
    postgresql.keep(url)
    return postgresql


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
        databases, kept_open = request.getfixturevalue("databases"), request.getfixturevalue("kept_open")
        yield engine.made_new(databases, kept_open, clock)
