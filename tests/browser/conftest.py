"""One browser for all tests; one server for those that do not disturb each other; a window for whoever looks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.product import Server, a_demo, chromium
from tests.browser.window import SOON, Window

QUIET = (
    *("--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"),
    *("--disable-gpu", "--disable-gpu-compositing", "--disable-software-rasterizer"),  # nor anything in its place
)
WIDE = {"viewport": {"width": 1440, "height": 900}}
Windows = Callable[..., Window]
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=SOON)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--first-of-each", action="store_true", help="Only the first test of each file: a sample of every ability."
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--first-of-each"):
        first = {item.path: item for item in reversed(items)}
        config.hook.pytest_deselected(items=[item for item in items if first[item.path] is not item])
        items[:] = [item for item in items if first[item.path] is item]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(drawn=False), args=list(QUIET))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def drawn(playwright: Playwright) -> Iterator[Browser]:
    """A browser with windows of its own: one can be behind another, and they may notify."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo that most tests share: each of them has a sender of its own."""
    with a_demo(tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture(scope="session")
def desks() -> Iterator[dict[str, Window]]:
    """The window that each person keeps open all day, from test to test."""
    kept: dict[str, Window] = {}
    yield kept
    for window in kept.values():
        window.context.close()


@pytest.fixture
def windows(
    browser: Browser, server: Server, desks: dict[str, Window], request: pytest.FixtureRequest
) -> Iterator[Windows]:
    """Opens a window for a person; at the end of the test there was no trouble in any of them.

    It is the one that the person has open anyway, back at the plain inbox; with an address, with options such as a
    colour scheme, ``fresh``, ``within`` a browser, or with a ``script`` that each page runs first, it is a new one.
    """
    new: list[Window] = []
    kept: dict[str, Window] = {}

    def open_window(name: str = "Dana", search: str = "", url: str = server.url, **options: Any) -> Window:
        is_plain = not (search or options or url != server.url)
        if is_plain and name in desks:
            kept[name] = desks.pop(name)
            return kept[name].start_over()
        options.pop("fresh", None)
        within, script = options.pop("within", browser), options.pop("script", "")
        window = Window(within.new_context(**WIDE | options), url)
        if script:
            window.context.add_init_script(script)
        if is_plain:
            kept[name] = window
        else:
            new.append(window)
        return window.log_in(name, search)

    yield open_window
    opened = [*new, *kept.values()]
    troubles = [trouble for window in opened for trouble in window.troubles]
    if troubles or request.node.stash.get(FAILED, True):
        new, kept = opened, {}
    for window in new:
        window.context.close()
    desks.update(kept)
    assert not troubles, "\n".join(troubles)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember whether a test failed: what it leaves open is not used again."""
    report = yield
    item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def window(windows: Windows) -> Window:
    """Dana's window."""
    return windows("Dana")


@pytest.fixture
def both(windows: Windows) -> tuple[Window, Window]:
    """Dana's and Marcus's windows."""
    return windows("Dana"), windows("Marcus")
