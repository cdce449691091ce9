"""A database that goes away under an open page: a banner says so, the page stays readable, and it heals by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.cluster import Cluster
from tests.factories import a_store, a_text
from tests.serving import SECRET, Server, a_server, memory

pytestmark = pytest.mark.postgres


@pytest.fixture
def breakable() -> Iterator[Cluster]:
    """A PostgreSQL of the test's own, to be broken."""
    cluster = Cluster(memory())
    yield cluster
    cluster.stop()


@pytest.fixture
def served(breakable: Cluster, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    url = breakable.database()
    with a_store(url), a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server:
        yield server, url


def test_a_banner_tells_of_a_database_that_is_away_until_it_is_back(
    windows: Windows, breakable: Cluster, served: tuple[Server, str]
) -> None:
    server, url = served
    with a_store(url) as store:
        thread = a_text(store, body="Before the lights went out").thread
    window = windows("Dana", url=server.url)
    banner = window.page.get_by_role("alert").filter(has_text="The database does not answer")
    window.open(thread)
    breakable.crash()
    expect(banner).to_be_visible()
    expect(window.saying("Before the lights went out")).to_be_visible()
    breakable.start()
    with a_store(url) as store:
        a_text(store, body="And after")
    expect(window.saying("And after")).to_be_visible()
    expect(banner).to_be_hidden()
