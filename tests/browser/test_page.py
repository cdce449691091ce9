"""The page as a whole: nothing from outside, the keyboard alone, narrow screens, the dark."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}
READABLE = 4.5  # WCAG 2.2, 1.4.3
CONTRAST = """node => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const rgb = (below, colour) => {
        canvas.fillStyle = `rgb(${below})`; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const layers = [];
    for (let up = node; up; up = up.parentElement ?? up.getRootNode().host ?? up.parentNode?.host)
        if (up instanceof Element) layers.unshift(getComputedStyle(up).backgroundColor);
    const back = layers.reduce((below, colour) => rgb(below, colour), [255, 255, 255]);
    const ink = rgb(back, getComputedStyle(node).color);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}"""


def test_no_request_leaves_the_machine(server: Server, windows: Windows):
    sender = a_number()
    text = server.text(sender, "See https://example.com/picture.png")
    window = windows("Dana", fresh=True)
    window.open(text.thread).send("Answer")
    window.search(sender)
    expect(window.rows).to_have_count(1)
    window.turn_to("Sent").choose("Unknown numbers").badge.hover()
    assert len(window.requested) > 10
    mine = re.compile(rf"^((https?|ws)://127\.0\.0\.1:{server.port}/|data:|blob:)")
    assert [url for url in window.requested if not mine.match(url)] == []


def test_b18_everything_from_login_to_a_sent_text_works_from_the_keyboard(server: Server, windows: Windows):
    text = server.text(a_number(), "Can you hear me?")
    window = windows("Dana", fresh=True)
    window.context.clear_cookies()
    page = window.page
    page.goto(server.url)
    _tab_to(window, page.get_by_role("button", name="Continue as Marcus, Dispatcher"), 10)
    page.keyboard.press("Enter")
    window.is_live()
    _tab_to(window, window.opener(text.thread), 25)
    page.keyboard.press("Enter")
    expect(window.article(text.message)).to_be_visible()
    _tab_to(window, window.composer, 60)
    page.keyboard.type("Loud and clear")
    page.keyboard.press("Control+Enter")
    expect(window.saying("Loud and clear")).to_contain_text("Marcus Bell")
    expect(window.composer).to_be_focused()


def test_b18_the_bulk_menu_works_from_the_keyboard(server: Server, window: Window):
    text = server.text(a_number())
    window.checkbox(text.thread).focus()
    keyboard = window.page.keyboard
    keyboard.press("Space")
    window.bulk.focus()
    keyboard.press("Enter")
    items = window.page.get_by_role("menuitem")
    expect(items.nth(0)).to_be_focused()
    keyboard.press("ArrowUp")
    expect(items.nth(2)).to_be_focused()
    keyboard.press("Escape")
    expect(window.bulk).to_be_focused()
    keyboard.press("Enter")
    expect(items.nth(0)).to_be_focused()
    keyboard.press("End")
    expect(items.nth(2)).to_be_focused()
    keyboard.press("Enter")
    window.lacks(text.thread)


def test_b18_the_arrow_keys_turn_the_tabs(window: Window):
    window.tab("Received").focus()
    window.page.keyboard.press("ArrowRight")
    expect(window.tab("Sent")).to_be_focused()
    expect(window.tab("Sent")).to_have_attribute("aria-selected", "true")
    expect(window.page).to_have_url(re.compile("tab=sent"))


def test_b24_focus_stays_on_a_row_that_moves(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender)
    others = [server.text(a_number()) for _ in range(3)]
    window.shows(*(other.thread for other in others)).opener(text.thread).focus()
    server.text(sender, "To the top")
    expect(window.row(text.thread)).to_contain_text("To the top")
    expect(window.opener(text.thread)).to_be_focused()


def test_b24_a_thread_that_is_left_before_it_was_shown_gives_the_list_back(server: Server, windows: Windows):
    """Both clicks are answered at once: nothing has changed, but on the page."""
    window = windows("Dana", viewport=NARROW)
    thread = server.text(a_number()).thread
    back = window.page.locator("[aria-label='Back to threads']")
    window.shows(thread).opener(thread).evaluate("(row, back) => { row.click(); back.click(); }", back.element_handle())
    expect(window.opener(thread)).to_be_visible()
    window.opener(thread).click()
    expect(window.log).to_be_visible()


def test_b24_a_narrow_screen_shows_one_pane_at_a_time_with_a_way_back(server: Server, windows: Windows):
    text = server.text(a_number(), "On the phone")
    window = windows("Dana", viewport=NARROW, has_touch=True, is_mobile=True)
    back = window.page.get_by_role("button", name="Back to threads")
    expect(window.threads).to_be_visible()
    expect(window.log).to_be_hidden()
    window.opener(text.thread).tap()
    expect(window.article(text.message)).to_be_visible()
    expect(window.threads).to_be_hidden()
    assert window.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    window.send("From the phone")
    expect(window.saying("From the phone")).to_be_in_viewport()
    expect(window.composer).to_be_in_viewport()
    back.tap()
    expect(window.threads).to_be_visible()
    expect(window.log).to_be_hidden()
    expect(window.page).not_to_have_url(re.compile("thread="))
    for box in (window.opener(text.thread).bounding_box(), window.bulk.bounding_box()):
        assert box["height"] >= 44


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_b24_light_and_dark_are_readable(server: Server, windows: Windows, scheme: str):
    read, unread = server.text(a_number(), "A read text"), server.text(a_number(), "An unread text")
    window = windows("Dana", color_scheme=scheme)
    window.open(read.thread).send("Our answer")
    window.tick(read.thread)
    window.tick(unread.thread)
    expect(window.saying("Our answer")).to_have_attribute("data-status", "delivered")
    page = window.page
    assert _lightness(page.locator("body")) == (scheme == "light")
    places = [
        *(window.row(unread.thread).locator(part) for part in (".name", ".snippet", "time", ".number, .label")),
        *(window.row(read.thread).locator(part) for part in (".name", ".snippet", "time", ".number, .label")),
        window.article(read.message).locator(".body"),
        window.saying("Our answer").locator(".body"),
        *window.log.locator(".meta, .who, .day").all(),
        *(window.tab("Received"), window.tab("Sent"), window.badge, window.search_box, window.filter, window.composer),
        *(window.connection, page.get_by_text("2 selected"), page.get_by_role("button", name="Log out")),
        page.get_by_role("heading", level=2).first,
        page.locator(".hint"),
    ]
    poor = {}
    for place in places:
        for one in place.all():
            if one.is_visible() and (contrast := one.evaluate(CONTRAST)) < READABLE:
                poor[one.evaluate("node => node.outerHTML.slice(0, 120)")] = round(contrast, 2)
    assert not poor


def test_b24_the_login_page_is_readable_in_the_dark(windows: Windows):
    window = windows("Dana", color_scheme="dark")
    window.context.clear_cookies()
    window.page.goto(window.url)
    for place in (*window.page.get_by_role("button").all(), window.page.locator("h1"), window.page.locator("p")):
        assert place.evaluate(CONTRAST) >= READABLE


def test_b24_news_is_announced_politely(server: Server, window: Window):
    server.text(a_number(), "Read me out")
    polite = window.page.locator('[aria-live="polite"]')
    expect(polite.filter(has_text="New text from")).to_contain_text("Read me out")


def test_logging_out_leads_to_the_login_page(windows: Windows):
    window = windows("Dana", fresh=True)
    window.page.get_by_role("button", name="Log out").click()
    expect(window.page.get_by_role("button", name="Continue as Dana, Administrator")).to_be_visible()
    window.page.goto(window.url)
    expect(window.page.get_by_role("button", name="Continue as Dana, Administrator")).to_be_visible()


def _tab_to(window: Window, place: Locator, most: int) -> None:
    """Press Tab until the place has the focus."""
    for _ in range(most):
        window.page.keyboard.press("Tab")
        if place.evaluate("node => node.getRootNode().activeElement === node"):
            return
    raise AssertionError(f"{most} times Tab did not lead to {place}")


def _lightness(body: Locator) -> bool:
    colour = body.evaluate("body => getComputedStyle(body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) > 384
