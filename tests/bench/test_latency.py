"""From the POST of a text to its being on 1, 10 and 30 pages, beside a bare Tornado WebSocket page in the same run."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.bench.measuring import a_browser, a_floor, shown_after
from tests.serving import Server, a_server

pytestmark = pytest.mark.bench
ROUNDS = 12
CROWDS = (1, 10, 30)


def test_from_the_post_to_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    with a_browser() as browser, a_floor("bare", log) as floor:
        floors = _measure(browser, floor, login=False)
        with a_server("demo", "--quiet", "--no-browser", log=log) as server:
            ours = _measure(browser, server, login=True)
    with capsys.disabled():
        for pages, (median, last), (floor_median, floor_last) in zip(CROWDS, ours, floors, strict=True):
            print(
                f"\n{pages:3} pages: median {median:6.1f} ms, last viewer {last:6.1f} ms; "
                f"bare page {floor_median:5.1f} and {floor_last:5.1f} ms; "
                f"ratios {median / floor_median:.1f} and {last / floor_last:.1f}",
                end="",
            )
    assert all(median > 0 for median, _ in ours)


def _measure(browser: Browser, server: Server, login: bool) -> list[tuple[float, float]]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    pages: list[Page] = []
    found = []
    for crowd in CROWDS:
        while len(pages) < crowd:
            pages.append(context.new_page())
            pages[-1].goto(server.url)
            if login and len(pages) == 1:
                pages[-1].get_by_role("button", name="Continue as Dana").click()
            if login:
                pages[-1].get_by_role("list", name="Threads").wait_for()
                pages[-1].get_by_role("status", name="Connection").get_by_text("Live").wait_for()
            else:
                pages[-1].wait_for_function("socket.readyState === WebSocket.OPEN")
        shown_after(server, pages, 2)
        found.append(shown_after(server, pages, ROUNDS))
    context.close()
    return found
