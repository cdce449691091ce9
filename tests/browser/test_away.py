"""The network is away for long: a laptop that slept, a page older than its token, and what is tried in the meantime."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_hurried_demo, a_number
from tests.browser.window import Window
from tests.factories import eventually
from tests.viewers import NotConnectedError, Socket

pytestmark = pytest.mark.browser
HOUR = 3_600_000  # milliseconds
HEALED = 120_000  # milliseconds
PING = 1  # seconds; after three times that the server has let go of whoever says nothing, and soon of the session
TOKEN_LIFE = 20  # seconds; a page has to be connected within that, on a machine that does much else
PANEL = 36_000  # milliseconds: Panel's own five tries are over


@pytest.fixture
def lives() -> str:
    return f"PING={PING} UNUSED=300"


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """A demo of these tests' own for each way to forget soon."""
    with ExitStack() as running:

        @cache
        def hurried(lives: str) -> Server:
            return running.enter_context(a_hurried_demo(tmp_path_factory.mktemp("hurried"), lives))

        yield hurried


@pytest.fixture
def server(hurried: Callable[[str], Server], lives: str) -> Server:
    return hurried(lives)


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    with Cable(server.port) as cable:
        yield cable


@pytest.fixture
def laptop(windows: Windows, server: Server, cable: Cable) -> Window:
    """Dana's, at the end of a cable, with a clock that a test can set."""
    laptop = windows("Dana", url=cable.url)
    laptop.forgiving = True
    laptop.page.clock.install()
    laptop.page.reload()
    return laptop.is_live()


def told(cable: Cable) -> None:
    """The laptop's system has noticed that its connections are broken."""
    cable.cut()
    cable.mend()


def not_told(cable: Cable) -> None:
    """Its connections look as before, and carry nothing."""
    cable.forget()


@pytest.mark.parametrize("wake", [told, not_told])
def test_a_laptop_that_slept_an_hour_catches_up_by_itself(
    server: Server, cable: Cable, laptop: Window, windows: Windows, wake: Callable[[Cable], None]
):
    marcus, sender = windows("Marcus", fresh=True), a_number()
    marcus.forgiving = True  # on a busy machine the server lets go of this page, too
    text, gone, read = (server.text(number, "Before") for number in (sender, a_number(), a_number()))
    laptop.open(text.thread)
    laptop.composer.fill("Half-written")
    laptop.page.clock.pause_at(laptop.page.evaluate("Date.now()") + 1_000)
    cable.stall()
    meanwhile = [server.text(sender, f"Meanwhile {number}") for number in range(20)]
    new = [server.text(a_number(), "From somebody new") for _ in range(20)]
    marcus.tick(gone.thread).act("Remove").lacks(gone.thread).open(read.thread).is_unread(read.thread, yes=False)
    time.sleep(4 * PING + 1)  # the server has cut the connection, and forgotten the session
    wake(cable)
    cable.flow()
    laptop.page.clock.fast_forward(HOUR)
    laptop.page.clock.resume()
    _go_on(laptop, 60)
    laptop.is_live(HEALED)
    expect(laptop.articles).to_have_count(21)
    for posted in (text, *meanwhile):
        expect(laptop.article(posted.message)).to_have_count(1)
    laptop.shows(text.thread, *(posted.thread for posted in new)).lacks(gone.thread)
    laptop.is_unread(read.thread, yes=False)
    assert len(set(laptop.order())) == len(laptop.order())
    expect(laptop.composer).to_have_value("Half-written")
    server.text(sender, "And live again")
    expect(laptop.saying("And live again")).to_have_count(1)
    assert eventually(lambda: laptop.unread() == marcus.unread())


@pytest.mark.parametrize("lives", [f"TOKEN_LIFE={TOKEN_LIFE}"])
def test_a_page_older_than_its_token_heals_by_loading_itself_again(server: Server, cable: Cable, laptop: Window):
    loaded, sender = time.monotonic(), a_number()
    text = server.text(sender, "Before")
    laptop.open(text.thread)
    laptop.composer.fill("Half-written")
    laptop.page.evaluate("window.before = true")
    time.sleep(max(0, loaded + TOKEN_LIFE + 1 - time.monotonic()))
    _is_refused(server, laptop)
    cable.cut()
    expect(laptop.connection).to_have_text("Reconnecting")
    server.text(sender, "Meanwhile")
    cable.mend()
    _go_on(laptop, 60)
    laptop.is_live(HEALED)
    assert not laptop.page.evaluate("window.before"), "it was loaded again, or its token was not too old"
    expect(laptop.articles.locator(".body")).to_have_text(["Before", "Meanwhile"])
    expect(laptop.composer).to_be_focused()
    laptop.press("e")  # which is no single key there
    expect(laptop.composer).to_have_value("Half-writtene")
    laptop.connection.click()
    laptop.press("x")  # which is one here
    expect(laptop.checkbox(text.thread)).to_be_checked()
    laptop.press("x")
    server.text(sender, "And live again")
    expect(laptop.saying("And live again")).to_have_count(1)


def _is_refused(server: Server, window: Window) -> None:
    """With the token that a page holds no connection is made any more."""
    token = re.search(r'"token":"([^"]+)"', window.page.content())[1]
    cookie = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in window.context.cookies())
    with ThreadPoolExecutor(1) as aside, pytest.raises(NotConnectedError, match="too old"):
        aside.submit(asyncio.run, Socket.connect(server.port, token, cookie)).result()


def test_after_panel_has_given_up_the_page_tries_on_at_times_of_its_own(cable: Cable, laptop: Window):
    """Pages that were cut off together are not to come back together."""
    laptop.page.evaluate("""() => {
      const ask = window.fetch;
      window.tries = [];
      window.fetch = (...what) => { window.tries.push(Date.now()); return ask(...what); };
    }""")
    cable.cut()
    expect(laptop.connection).to_have_text("Reconnecting")
    began = laptop.page.evaluate("Date.now()")
    _go_on(laptop, 300)
    tries = [at - began for at in laptop.page.evaluate("window.tries")]
    pauses = [later - sooner for sooner, later in itertools.pairwise(tries[4:])]
    assert tries[0] >= PANEL - 2_000
    assert len(pauses) >= 5, "they go on"
    assert all(8_000 <= pause <= 45_000 for pause in pauses), pauses
    assert max(pauses) - min(pauses) > 2_000, "and are not all the same"
    cable.stall()
    cable.mend()
    _go_on(laptop, 90)
    assert len(laptop.page.evaluate("window.tries")) >= len(tries) + 2, "and do not wait for one that is never answered"
    cable.flow()
    _go_on(laptop, 45)
    laptop.is_live(HEALED)


def _go_on(window: Window, seconds: int) -> None:
    """Let the page's time go on, slowly enough for what it asks the network in between."""
    for _ in range(seconds):
        window.page.clock.run_for(1_000)
        window.page.wait_for_timeout(10)
