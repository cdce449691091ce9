"""A server's disk gets full under an open page: a line says so, the page stays readable, and it heals by itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.live.acting import NOT_STORED
from tests.browser.conftest import Windows
from tests.disk import Limit, SmallDisk, a_small_disk
from tests.doors.test_full_disk import post, until_refused
from tests.factories import a_store, a_text
from tests.serving import SECRET, Server, a_server

pytestmark = pytest.mark.browser
NOTICED = 15_000  # milliseconds until a page must know, or must have noticed that it is over


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | Limit]:
    (folder := tmp_path / "disk").mkdir()
    with a_small_disk(folder) as disk:
        yield disk


@pytest.fixture
def served(disk: SmallDisk | Limit, tmp_path: Path) -> Iterator[Server]:
    url = f"sqlite:///{disk.folder / 'inbox.db'}"
    with a_store(url) as store:
        a_text(store, body="Before it was full")
    with a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server:
        yield server


def test_a_line_tells_of_a_full_disk_until_there_is_room(
    windows: Windows, disk: SmallDisk | Limit, served: Server
) -> None:
    window = windows("Dana", url=served.url)
    line = window.page.get_by_role("alert").filter(has_text="the server’s disk is full")
    window.open(1)
    disk.fill(served.process.pid)
    until_refused(served, set())
    expect(line).to_be_visible(timeout=NOTICED)
    expect(window.saying("Before it was full")).to_be_visible()
    for _ in range(10):  # a little may still fit
        window.composer.fill("This is not lost. " * 60)
        window.send_button.click()
        if window.page.get_by_text(NOT_STORED).count():
            break
    expect(window.page.get_by_text(NOT_STORED).first).to_be_visible()
    disk.free(served.process.pid)
    expect(line).to_be_hidden(timeout=NOTICED)
    assert post(served, "after")[0] == 200
    expect(window.page.get_by_role("article").filter(has_text=re.compile("^.*x{100}")).last).to_be_visible()
