"""Several processes that start, or migrate, one empty database at the same moment."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboard.store import schema
from dashboard.store.database import Store
from tests.factories import asked, sound
from tests.serving import a_server

pytestmark = pytest.mark.postgres


def migrate(url: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "dashboard", "migrate", "--database", url]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_four_that_migrate_at_once_all_end_well_and_once_is_enough(a_postgres_url: Callable[..., str]) -> None:
    url = a_postgres_url()
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(migrate, [url] * 4))
    assert [(each.returncode, each.stderr) for each in ended] == [(0, "")] * 4
    store = Store(url)
    assert schema.present(store) == schema.head()
    assert asked(store, "SELECT revision FROM clock") == [(0,)]
    assert sound(store)
    store.close()


def test_two_servers_that_start_at_once_on_an_empty_database_both_come_up(
    a_postgres_url: Callable[..., str], tmp_path: Path
) -> None:
    url = a_postgres_url()

    def start(number: int) -> None:
        stack.enter_context(a_server("serve", "--database", url, log=tmp_path / f"log{number}"))

    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        list(pool.map(start, range(2)))
        store = Store(url)
        assert asked(store, "SELECT count(*) FROM our_number") == [(1,)]
        store.close()
