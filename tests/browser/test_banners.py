"""What is wrong with more than one thread: on a narrow screen one line that opens, and nothing is lost of it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.actions import outbox
from dashboard.store.database import Store
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number, a_service
from tests.browser.window import Window
from tests.factories import by_hand

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}
LINE = 48  # pixels at most that one line takes
OUT = "Simulated does not take texts just now (Down for maintenance; every text that is given now will go later)."


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose phone company takes nothing."""
    with a_service(tmp_path) as server:
        _begins(server)
        yield server


def _begins(server: Server) -> None:
    with closing(Store(server.database)) as store:
        outbox.begin_outage(store, "simulated", OUT.partition("(")[2].rstrip(")."))
        by_hand(store, "UPDATE outage SET until = ?", f"{datetime.now(UTC) + timedelta(minutes=9):%Y-%m-%d %H:%M:%S}")


def _ends(server: Server) -> None:
    with closing(Store(server.database)) as store:
        outbox.end_outage(store, "simulated")


def test_on_a_narrow_screen_what_is_wrong_takes_one_line_until_it_is_opened(service: Server, windows: Windows):
    window = windows("Dana", url=service.url, viewport=NARROW)
    banners = window.page.get_by_role("group", name="What is wrong")
    expect(window.page.get_by_role("status", name="Texts that wait")).to_have_text(OUT)
    assert _height(window) <= LINE
    thread = service.text(a_number(), "Are you there?").thread
    window.opener(thread).click()
    window.send("On our way").button("Back to threads").click()
    more = window.button("and 1 more: show all that is wrong")
    expect(more).to_have_attribute("aria-expanded", "false")
    assert _height(window) <= LINE
    # Cut for the eye, whole for whoever hears it.
    expect(banners).to_contain_text(f"{OUT} 1 text waits since")
    assert "1 text waits since" in banners.aria_snapshot()
    more.focus()
    window.press("Enter")
    less = window.button("Less: fold what is wrong")
    expect(less).to_be_focused()
    expect(less).to_have_attribute("aria-expanded", "true")
    assert _height(window) > LINE
    assert not window.page.evaluate(f"{PARTS}; parts('p').some(node => node.scrollWidth > node.clientWidth)")
    window.press("Enter")
    expect(more).to_be_focused()
    assert _height(window) <= LINE


def test_b24_the_focus_goes_on_to_the_inbox_when_what_is_wrong_is_over(service: Server, windows: Windows):
    window = windows("Dana", url=service.url, viewport=NARROW)
    thread = service.text(a_number(), "Are you there?").thread
    banners = window.page.get_by_role("group", name="What is wrong")
    more = window.button("and 1 more: show all that is wrong")  # what waits: without it an outage ends by itself
    window.opener(thread).click()
    window.send("On our way")
    more.focus()
    window.press("Enter")
    expect(window.button("Less: fold what is wrong")).to_be_focused()
    _ends(service)
    expect(banners).to_be_hidden()
    expect(window.page.get_by_role("heading", level=2)).to_be_focused()
    # A text that goes ends an outage: the first has gone, and the next is known, before another is written.
    expect(window.saying("On our way")).to_have_attribute("data-status", "delivered")
    _begins(service)
    expect(banners).to_be_visible()
    window.send("Still on our way").button("Back to threads").click()
    more.focus()
    _ends(service)
    expect(banners).to_be_hidden()
    expect(window.opener(thread)).to_be_focused()


def test_on_a_wide_screen_every_matter_has_its_line(service: Server, windows: Windows):
    window = windows("Dana", url=service.url)
    expect(window.page.get_by_role("status", name="Texts that wait")).to_have_text(OUT)
    expect(window.page.get_by_role("group", name="What is wrong").get_by_role("button")).to_have_count(0)


PARTS = """const parts = tag => {
    const found = [], walk = root => root.querySelectorAll('*').forEach(node => {
        if (node.matches('.banners')) found.push(...node.querySelectorAll(tag));
        if (node.shadowRoot) walk(node.shadowRoot);
    });
    walk(document);
    return found;
}"""


def _height(window: Window) -> float:
    """Pixels that all of it takes."""
    box = window.page.get_by_role("group", name="What is wrong").bounding_box()
    assert box is not None
    return box["height"]
