"""One browser for all tests; one server for those that do not disturb each other; a window for whoever looks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.product import Server, a_demo, chromium
from tests.browser.window import Window

QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage")
WIDE = {"viewport": {"width": 1440, "height": 900}}
Windows = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo that most tests share: each of them has a sender of its own."""
    with a_demo(tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture(scope="session")
def desks(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The browser that each person keeps all day: what it has fetched once, and who is logged in, it remembers."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def windows(browser: Browser, server: Server, desks: dict[str, BrowserContext]) -> Iterator[Windows]:
    """Opens a window for a person; at the end of the test there was no trouble in any of them.

    With options of its own, such as a colour scheme, it is a new browser; otherwise a new page of the person's.
    """
    opened: list[Window] = []
    with ExitStack() as closing:

        def open_window(name: str = "Dana", search: str = "", url: str | None = None, **options: Any) -> Window:
            if options or url:
                context = browser.new_context(**WIDE | options)
                closing.callback(context.close)
            else:
                context = desks[name] if name in desks else desks.setdefault(name, browser.new_context(**WIDE))
            window = Window(context, url or server.url)
            closing.callback(window.page.close)
            opened.append(window)
            return window.log_in(name, search)

        yield open_window
    troubles = [trouble for window in opened for trouble in window.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def window(windows: Windows) -> Window:
    """Dana's window."""
    return windows("Dana")


@pytest.fixture
def both(windows: Windows) -> tuple[Window, Window]:
    """Dana's and Marcus's windows."""
    return windows("Dana"), windows("Marcus")
