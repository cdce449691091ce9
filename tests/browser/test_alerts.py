"""The bell: whoever wrote last is told of the answer, in the list, the title, by a sound and by the desktop, and nobody else."""

import re
import time

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import SOON, Window

pytestmark = pytest.mark.browser
# Counts what a page lets sound and shows, where nobody listens: the real audio graph still runs.
COUNTING = """
    window.heard = 0; window.noted = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...all) { window.heard += 1; return start.apply(this, all); };
    const given = Notification;
    window.Notification = class {
        constructor(title, options) { window.noted.push([title, options.body]); window.lastNote = this; }
        close() {}
        static get permission() { return given.permission; }
        static requestPermission() { return given.requestPermission(); }
    };
"""
NOTES = 2  # tones of one sound


def bell(window: Window | Page) -> Locator:
    return getattr(window, "page", window).get_by_role("button", name=re.compile(r"^Alerts(, [\d,]+ new)?$"))


def rings(window: Window, count: int) -> Window:
    """Wait until the bell counts so many."""
    name = f"Alerts, {count} new" if count else "Alerts"
    expect(window.page.get_by_role("button", name=name, exact=True)).to_be_visible()
    return window


def list_of(window: Window) -> Locator:
    """The open list of alerts."""
    if not window.page.get_by_role("dialog", name="Alerts").is_visible():
        bell(window).click()
    return window.page.get_by_role("list", name="Alerts")


@pytest.fixture
def client(server: Server) -> str:
    """The number of a client of the test's own."""
    number = a_number()
    server.knows((f"Client {number[-4:]}", number, "client"))
    return number


def written(server: Server, window: Window, client: str) -> int:
    """The client texted, and the window's person answered and went back to the list; the thread."""
    thread = server.text(client, "Can you come?").thread
    window.open(thread).send("We can")
    expect(window.saying("We can")).to_have_count(1)
    return thread


def test_a10_to_a12_whoever_wrote_last_is_alerted_and_a_click_opens_the_thread_and_clears(
    server: Server, both: tuple[Window, Window], client: str
):
    dana, marcus = (window.without_alerts() for window in both)
    thread = written(server, dana, client)
    dana.start_over()
    server.text(client, "Thank you!")
    rings(dana, 1)
    rings(marcus, 0)
    expect(dana.page).to_have_title("(1) Message Center")
    line = list_of(dana).get_by_role("listitem")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(f"Client {client[-4:]}")
    expect(line).to_contain_text("Thank you!")
    line.get_by_role("button", name="Thank you!").click()
    expect(dana.log).to_have_accessible_name(f"Conversation with Client {client[-4:]}")
    expect(dana.row(thread)).to_have_attribute("aria-current", "true")
    rings(dana, 0)
    dana.is_unread(thread, yes=False)
    marcus.open(thread).send("Marcus here")
    dana.start_over()
    marcus.start_over()
    server.text(client, "Hello Marcus")
    rings(marcus, 1)
    rings(dana, 0)
    dana.open(thread)
    rings(marcus, 1).open(thread)
    rings(marcus, 0)


def test_a10_a_text_under_its_owners_eyes_leaves_no_alert(server: Server, window: Window, client: str):
    window.without_alerts()
    thread = written(server, window, client)
    window.page.bring_to_front()
    text = server.text(client, "Seen at once")
    expect(window.article(text.message)).to_be_visible()
    window.is_unread(thread, yes=False)
    rings(window, 0)


def test_alerts_are_dismissed_one_by_one_or_all(server: Server, window: Window, client: str):
    window.without_alerts()
    written(server, window, client)
    window.start_over()
    for number in range(3):
        server.text(client, f"Answer {number}")
    rings(window, 3)
    lines = list_of(window).get_by_role("listitem")
    expect(lines.first).to_contain_text("Answer 2")
    lines.first.get_by_role("button", name="Dismiss").click()
    expect(lines).to_have_count(2)
    expect(lines.first.get_by_role("button").first).to_be_focused()
    window.page.get_by_role("button", name="Clear all").click()
    expect(window.page.get_by_text("Nobody you wrote to has answered")).to_be_visible()
    rings(window, 0)
    window.page.keyboard.press("Escape")
    expect(bell(window)).to_be_focused()


def test_c6_a_text_says_whom_it_alerted_or_why_nobody(server: Server, window: Window, client: str):
    window.without_alerts()
    first = server.text(client, "First of all")
    thread = written(server, window, client)
    window.start_over()
    second = server.text(client, "Thank you!")
    window.open(thread)
    box = window.page.get_by_role("dialog", name="Who was alerted?")
    for message, words in ((first.message, "Nobody here had written to them yet."), (second.message, "and opened it")):
        window.article(message).hover()
        window.article(message).get_by_role("button", name="Who was alerted?").click()
        expect(box).to_contain_text(words)
        window.page.keyboard.press("Escape")
        expect(box).to_be_hidden()


def test_b12_a_sound_and_a_notification_come_once_for_all_windows_of_a_person_and_not_for_old_alerts(
    server: Server, windows: Windows, drawn: Browser, client: str
):
    window = windows("Dana", within=drawn, permissions=["notifications"])
    window.without_alerts()
    other = window.new_page()
    pages = (window.page, other)
    for page in pages:
        page.add_init_script(COUNTING)
        page.goto(window.url)
        expect(bell(page)).to_be_visible()
        page.mouse.click(5, 5)  # a page may sound once it was clicked
    thread = server.text(client, "Can you come?").thread
    _switch_on(window.page)
    window.page.bring_to_front()
    window.open(thread).send("We can")
    window.start_over()
    before = _counted(pages)
    server.text(client, "An answer")
    _are_counted(pages, before[1] + 1)
    after = _counted(pages)
    assert (after[0] - before[0], after[1] - before[1]) == (NOTES, 1)
    _answer_at_once(server, client)
    rings(window, 3)
    _are_counted(pages, after[1] + 2)
    assert _counted(pages)[1] - after[1] == 2, "of those that come together each is told"
    for page in pages:
        page.reload()
        expect(bell(page)).to_have_accessible_name("Alerts, 3 new")
    window.page.wait_for_timeout(1500)
    assert _counted(pages) == (0, 0)


def _are_counted(pages: tuple[Page, ...], notices: int) -> None:
    """Wait until so many notices were shown, and for the other window to have had its turn."""
    end = time.monotonic() + SOON / 1000
    while _counted(pages)[1] < notices and time.monotonic() < end:
        pages[0].wait_for_timeout(100)
    pages[0].wait_for_timeout(1500)


def _answer_at_once(server: Server, client: str) -> None:
    for words in ("One more thing", "And another"):
        server.text(client, words)


def _switch_on(page: Page) -> None:
    bell(page).click()
    for words in ("Play a sound", "Show a desktop notification"):
        page.get_by_role("checkbox", name=words).click()
    for words in ("Play a sound", "Show a desktop notification"):
        expect(page.get_by_role("checkbox", name=words)).to_be_checked()
    page.keyboard.press("Escape")


def _counted(pages: tuple[Page, ...]) -> tuple[int, int]:
    told = [page.evaluate("[window.heard, window.noted.length]") for page in pages]
    return sum(heard for heard, _ in told), sum(noted for _, noted in told)


def test_b12_the_switches_can_be_tested_and_a_browser_that_refuses_is_explained(windows: Windows):
    window = windows("Marcus", fresh=True)
    window.page.add_init_script(COUNTING + "Object.defineProperty(given, 'permission', {get: () => 'denied'});")
    window.page.goto(window.url)
    bell(window).click()
    window.page.evaluate("new AudioContext().resume().then(() => true)")  # the first one of a browser may be slow
    window.page.get_by_role("button", name="Test sound").click()
    note = window.page.get_by_role("dialog", name="Alerts").get_by_role("status")
    expect(note).to_contain_text("Played.")
    assert window.page.evaluate("window.heard") == NOTES
    window.page.get_by_role("button", name="Test notification").click()
    expect(note).to_contain_text("This browser blocks notifications")
    switch = window.page.get_by_role("checkbox", name="Show a desktop notification")
    switch.click()
    expect(switch).not_to_be_checked()
    expect(note).to_contain_text("This browser blocks notifications")
