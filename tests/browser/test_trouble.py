"""A database that goes away under an open page: a banner says so, the page stays readable, and it heals by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.live.acting import AWAY
from tests.browser.conftest import Windows
from tests.cluster import Cluster
from tests.factories import a_store, a_text, many_threads
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


def test_what_was_scrolled_to_meanwhile_comes_when_it_is_back(
    windows: Windows, breakable: Cluster, served: tuple[Server, str]
) -> None:
    server, url = served
    with a_store(url) as store:
        many_threads(store, 300)
        for number in range(120):
            text = a_text(store, body=f"Text {number}")
    window = windows("Dana", url=server.url)
    window.open(text.thread)
    expect(window.articles).to_have_count(50)
    breakable.crash()
    banner = window.page.get_by_role("alert").filter(has_text="The database does not answer")
    expect(banner).to_be_visible()
    window.log.evaluate("log => { log.scrollTop = 0; }")
    expect(window.result).to_contain_text(AWAY)
    window.threads.evaluate("list => { list.parentElement.scrollTop = 68 * 200; }")
    window.page.wait_for_timeout(500)  # it has been asked for, and was not answered
    breakable.start()
    expect(banner).to_be_hidden()
    expect(window.articles).to_have_count(100)
    expect(window.threads.locator('[aria-posinset="201"]')).to_be_visible()
