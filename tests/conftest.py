"""What every test may ask for: a clock that stands still, and a database of its own, copied from one that is migrated once."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.store import sqlite_build
from dashboard.store.database import Store
from tests.factories import Clock, a_store, a_url

MEMORY = Path("/dev/shm")  # where there is one: commits that wait for a busy disk are most of a test's time


@contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="message-center-test-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A migrated database with our number and our two people, closed: to be copied, not opened."""
    with a_folder() as folder:
        url = a_url(folder)
        with a_store(url):
            pass
        file = Path(url.removeprefix("sqlite:///"))
        assert not file.with_name(file.name + "-wal").exists(), "an open database would be copied by half"
        yield file


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """As pytest's own, in memory."""
    with a_folder() as folder:
        yield folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(template, tmp_path / 'inbox.db')}"


@pytest.fixture(scope="session")
def kept_open(template: Path) -> Iterator[Store]:
    """One store for all tests that need no file of their own: it keeps its compiled statements, half of a test's time."""
    with a_folder() as folder:
        store = Store(f"sqlite:///{shutil.copy(template, folder / 'inbox.db')}")
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
        make_new(store, request.getfixturevalue("template"))
        yield store


def make_new(store: Store, template: Path) -> None:
    """Copy the template's pages over the database, in a transaction of SQLite's own."""
    module = sqlite_build.module()
    origin = module.connect(template)
    file = module.connect(store.url.database)
    origin.backup(file)
    file.close()
    origin.close()
