"""From the Save of a role to ten pages of that role showing it, beside a text that ten bare WebSocket pages are sent in
the same run: A4 promises two seconds."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.bench.measuring import a_browser, a_floor, shown_after
from tests.serving import Server, a_server

pytestmark = pytest.mark.bench
PAGES = 10
ROUNDS = 3
PROMISED = 2000  # milliseconds
SOON = 60_000  # milliseconds for what is merely waited for
# Notes, in milliseconds since 1970, when a page may begin a conversation, when it may not, and when it has no inbox.
NOTE = """(() => {
  let known = null;
  const find = root => { for (const node of root.querySelectorAll('*')) {
    const found = node.matches('button[aria-label="New conversation"]') ? node : node.shadowRoot && find(node.shadowRoot);
    if (found) return found;
  } return null; };
  const opener = () => (known = known?.isConnected ? known : find(document));
  const state = () => (opener() ? (known.hidden ? 'may not' : 'may') : document.body && 'none');
  window.noted = {};
  setInterval(() => { window.noted[state()] ??= performance.timeOrigin + performance.now(); }, 10);
})()"""
NOTICED = "until a page that waits for it loads the inbox"  # which ten at once then take long to show
CLICK = "node => { const at = performance.timeOrigin + performance.now(); node.click(); return at; }"


def test_a4_from_the_save_of_a_role_to_every_page_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    with a_browser() as browser, a_floor("bare", log) as floor:
        bare = _bare(browser, floor)
        with a_server("demo", "--quiet", "--no-browser", log=log) as server:
            ours = _measure(browser, server)
    with capsys.disabled():
        for what, (middle, last) in ours.items():
            print(
                f"\n{what}: median {middle:6.1f} ms, last of {PAGES} pages {last:6.1f} ms, "
                f"{last / PROMISED:.0%} of what is promised; bare page {bare:5.1f} ms, ratio {last / bare:.1f}",
                end="",
            )
    assert all(0 < middle <= last for middle, last in ours.values())


def _bare(browser: Browser, floor: Server) -> float:
    context = browser.new_context()
    pages = [context.new_page() for _ in range(PAGES)]
    for page in pages:
        page.goto(floor.url)
        page.wait_for_function("socket.readyState === WebSocket.OPEN")
    shown_after(floor, pages, 2)
    found = shown_after(floor, pages, ROUNDS)[1]
    context.close()
    return found


def _measure(browser: Browser, server: Server) -> dict[str, tuple[float, float]]:
    """For each thing that is saved the median over all pages, and of the last page each time."""
    save, turn = _roles(browser, server)
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.add_init_script(NOTE)
    pages = [context.new_page() for _ in range(PAGES)]
    for page in pages:
        page.goto(server.url)
        if page is pages[0]:
            page.get_by_role("button", name="Continue as Marcus").click()
        page.get_by_role("status", name="Connection").get_by_text("Live").wait_for(timeout=SOON)
    steps = (
        ("the right to send is taken", "Send Text Messages", False, "may not"),
        ("the right to send is given", "Send Text Messages", True, "may"),
        ("the right to view is taken", "View Message Center", False, "none"),
        ("the right to view is given", "View Message Center", True, "may"),
    )
    found: dict[str, list[list[float]]] = {what: [] for what in (*(what for what, *_ in steps), NOTICED)}
    for _ in range(ROUNDS):
        for what, right, on, state in steps:
            for page in pages:
                page.evaluate("window.noted = {}")
            turn(right, on)
            before = float(save.evaluate(CLICK))
            found[what].append([_noted(page, state) - before for page in pages])
        found[NOTICED].append([float(page.evaluate("performance.timeOrigin")) - before for page in pages])
    context.close()
    return {
        what: (median(time for times in rounds for time in times), median(map(max, rounds)))
        for what, rounds in found.items()
    }


def _noted(page: Page, state: str) -> float:
    """When the page came to this; it may be loaded anew meanwhile."""
    for _ in range(SOON // 50):
        with suppress(Error):  # it is just being loaded
            if at := page.evaluate("state => window.noted?.[state]", state):
                return float(at)
        page.wait_for_timeout(50)
    raise AssertionError(f"A page never came to this: {state}")


def _roles(browser: Browser, server: Server) -> tuple[Locator, Callable[[str, bool], None]]:
    """Dana's page of the dispatchers' role: its Save, and what ticks one of its boxes."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}roles")
    page.get_by_role("button", name="Continue as Dana").click()
    page.goto(f"{server.url}roles")
    page.get_by_role("list", name="Roles").get_by_role("button", name="Dispatcher").click()
    save = page.get_by_role("button", name="Save", exact=True)

    def turn(right: str, on: bool) -> None:
        page.get_by_role("checkbox", name=right, exact=True).set_checked(on, timeout=SOON)
        expect(save).to_be_enabled(timeout=SOON)

    return save, turn
