"""What a browser lets a page of ours do, and what it is told where there is no page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.test_connection import HEALED
from tests.browser.test_page import CONTRAST, READABLE
from tests.browser.window import Window

pytestmark = pytest.mark.browser
WATCH = """window.violations = [];
addEventListener('securitypolicyviolation', said => violations.push(`${said.violatedDirective} ${said.blockedURI}`));"""
# Each as it would run if somebody's text had become part of the page.
SMUGGLED = {
    "a script": "const node = document.createElement('script'); node.textContent = 'smuggled = 1'; document.body.append(node)",
    "an attribute": "document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=\"smuggled = 1\">')",
    "a link": "document.body.insertAdjacentHTML('beforeend', '<a id=bad href=\"javascript:smuggled = 1\">x</a>'); bad.click()",
    "a text that is run": "setTimeout('smuggled = 1', 0)",
    "another site's script": "const node = document.createElement('script'); node.src = 'data:text/javascript,smuggled = 1'; document.body.append(node)",
}  # fmt: skip


@pytest.fixture
def watched(windows: Windows) -> Window:
    """Dana's window, which remembers what the browser kept from running."""
    return windows("Dana", script=WATCH)


def test_the_inbox_is_used_without_breaking_its_own_policy(server: Server, watched: Window):
    sender = a_number()
    text = server.text(sender, "See https://example.com/picture.png")
    watched.open(text.thread).send("Answer")
    watched.tick(text.thread).act("Mark as unopened")
    watched.search(sender)
    expect(watched.rows).to_have_count(1)
    watched.turn_to("Sent").choose("Unknown numbers")
    watched.badge.click()
    watched.page.wait_for_url("**unread=1**")
    assert watched.page.evaluate("violations") == []


@pytest.mark.parametrize("how", SMUGGLED)
def test_what_is_smuggled_into_the_page_does_not_run(watched: Window, how: str):
    watched.page.evaluate(f"() => {{ {SMUGGLED[how]} }}")
    watched.until("violations.length > 0")
    assert watched.page.evaluate("typeof smuggled") == "undefined"
    watched.troubles.clear()


def test_the_page_talks_to_nobody_else(watched: Window):
    for url in ("http://127.0.0.1:1/", "ws://127.0.0.1:1/"):
        said = "new WebSocket(url)" if url.startswith("ws") else "fetch(url).catch(() => {})"
        watched.page.evaluate(f"url => {{ {said} }}", url)
    watched.until("violations.length == 2")
    watched.troubles.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refusal_is_in_our_look_and_leads_back(windows: Windows, scheme: str):
    window = windows("Dana", color_scheme=scheme)
    window.forgiving = True
    window.page.goto(f"{window.url}nothing")
    for place in ("h1", "p >> nth=0", "a"):
        assert window.page.locator(place).evaluate(CONTRAST) >= READABLE
    assert _dark(window.page) == (scheme == "dark")
    window.page.get_by_role("link", name="Open the inbox").click()
    window.is_live()


def test_a_page_that_could_not_be_made_asks_again_by_itself(server: Server, windows: Windows):
    """The server's own words for a database that is away, given once; then the server answers itself."""
    window = windows("Dana", fresh=True)
    window.forgiving = True
    words = _away()  # made before: what it imports takes longer than a page may, on a busy machine
    window.page.route(window.url, lambda route: route.fulfill(**words), times=1)
    window.page.goto(window.url)
    expect(window.page.get_by_role("heading", name="The database does not answer just now")).to_be_visible()
    window.is_live()


def test_a_page_whose_browser_has_another_person_now_becomes_that_persons(windows: Windows):
    """Whoever logs in over somebody ends their session: the open page asks the server, which knows who is there now."""
    window = windows("Dana", fresh=True)
    window.forgiving = True  # its connection is cut
    _become_marcus(window)
    expect(window.page.get_by_text("Marcus Bell", exact=True).first).to_be_visible(timeout=HEALED)
    if "/login" in window.page.url:  # on a busy machine it asked before the browser had its new cookie
        window.page.goto(window.url)
    window.is_live(HEALED)
    expect(window.page.get_by_text("Marcus Bell", exact=True).first).to_be_visible()


def _become_marcus(window: Window) -> None:
    """In another tab of the same browser."""
    other = window.context.new_page()
    other.goto(f"{window.url}login")
    other.get_by_role("button", name="Continue as Marcus, Dispatcher").click()
    expect(other.get_by_text("Marcus Bell", exact=True).first).to_be_visible()
    other.close()


def _away() -> dict[str, Any]:
    from tornado.template import Template

    from dashboard.app import _standing
    from dashboard.doors import refusal

    page = Template(_standing("refusal.html")).generate(refusal=refusal.of(503), retry=5, around=None, nonce="")
    return {"status": 503, "body": page.decode(), "content_type": "text/html"}


def _dark(page: Page) -> bool:
    return page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
