"""The picker of text documents opens with 5,000 of them as fast as with 5: on the server, and in a browser."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Locator

from dashboard.actions.change import MACHINE, Change, action
from dashboard.actions.documents import add_document
from dashboard.live.screen import Screen
from dashboard.store.database import Store
from tests.bench.measuring import a_browser
from tests.browser.product import a_demo
from tests.browser.window import Window
from tests.factories import a_store, a_url, dana

pytestmark = pytest.mark.bench
FEW, MANY = 5, 5_000
ROUNDS = 40
OPENED = """button => new Promise(done => {
  const root = button.getRootNode(), started = performance.now();
  const look = () => root.querySelector('[role="option"]') ? done(performance.now() - started) : requestAnimationFrame(look);
  button.click();
  look();
})"""


@action(MACHINE)
def add_some(change: Change, numbers: range, *, by: int | None = None) -> None:
    """Some documents in one change, for speed."""
    for number in numbers:
        add_document.__wrapped__(change, f"Document {number:05}", f"Hi {{first_name}}, this is number {number}.", by=by)


def add_many(store: Store, count: int) -> None:
    for start in range(0, count, 250):
        add_some(store, range(start, min(start + 250, count)))


def milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def a_picker(url: str, count: int) -> Callable[[str], float]:
    """Asks for the first page of a query; how long that took."""
    with a_store(url) as store:
        add_many(store, count)
    store = Store(url)
    screen = Screen(store, user=dana(store))
    return lambda query: milliseconds(lambda: screen.list_documents(1, query))


def test_a_picker_of_5000_is_told_as_fast_as_one_of_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few, many = a_picker(a_url(tmp_path), FEW), a_picker(a_url(tmp_path), MANY)
    times = [(few(""), many("")) for _ in range(ROUNDS)]
    found = [many("number 4321") for _ in range(ROUNDS)]
    one, other = (median(column) for column in zip(*times, strict=True))
    with capsys.disabled():
        print(
            f"\nfirst page: {one:.2f} ms of {FEW}, {other:.2f} ms of {MANY:,}, ratio {other / one:.2f}; "
            f"a search in {MANY:,}: {median(found):.2f} ms",
            end="",
        )
    assert other < 2 * one


def opened(opener: Locator) -> float:
    """Milliseconds from a click on the icon to the first document."""
    taken = float(opener.evaluate(OPENED))
    opener.page.keyboard.press("Escape")
    opener.page.wait_for_timeout(50)
    return taken


def test_a_picker_of_5000_opens_in_a_browser_as_fast_as_one_of_14(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_demo(tmp_path) as server, a_browser() as browser:
        window = Window(browser.new_context(), server.url).log_in("Dana")
        window.open(server.text("+16035550142").thread)
        opener = window.page.get_by_role("button", name="Insert text document")
        few = median(opened(opener) for _ in range(ROUNDS))
        store = Store(server.database)
        add_many(store, MANY)
        store.close()
        many = median(opened(opener) for _ in range(ROUNDS))
    with capsys.disabled():
        print(f"\nopened in a browser: {few:.0f} ms of 14, {many:.0f} ms of {MANY:,}, ratio {many / few:.2f}", end="")
    assert many < 2 * few
