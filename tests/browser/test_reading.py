"""A18: what marks a text as read, and what does not."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]
LONG = "\n".join(f"Line {number} of a long text" for number in range(40))


def test_a18_opening_a_thread_marks_all_of_its_texts_read_for_all(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    before = marcus.unread()
    text = server.text(sender, "One")
    server.text(sender, "Two")
    marcus.has_unread(before + 2)
    dana.open(text.thread)
    for window in both:
        window.is_unread(text.thread, yes=False).has_unread(before)


def test_a18_the_enter_key_on_a_row_opens_it_too(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.opener(text.thread).focus()
    dana.page.keyboard.press("Enter")
    marcus.is_unread(text.thread, yes=False)


def test_a18_a_text_that_arrives_in_view_is_read(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    text = server.text(sender)
    dana.open(text.thread)
    before = marcus.is_unread(text.thread, yes=False).unread()
    second = server.text(sender, "While Dana looks")
    expect(dana.article(second.message)).to_be_visible()
    marcus.shows(text.thread).is_unread(text.thread, yes=False).has_unread(before)


def test_a18_a_text_that_arrives_while_the_page_is_not_focused_stays_unread_until_it_is(
    server: Server, windows: Windows, drawn: Browser
):
    dana, marcus, sender = windows("Dana", within=drawn), windows("Marcus"), a_number()
    text = server.text(sender)
    dana.open(text.thread)
    _without_pretended_focus(dana)
    elsewhere = dana.new_page()
    elsewhere.bring_to_front()
    dana.until("!document.hasFocus()")
    second = server.text(sender, "Nobody looks")
    expect(dana.article(second.message)).to_be_visible()
    _passes_a_turn(server, marcus)
    marcus.is_unread(text.thread)
    dana.is_unread(text.thread)
    elsewhere.close()
    dana.page.bring_to_front()
    marcus.is_unread(text.thread, yes=False)


def test_a18_a_text_that_arrives_while_the_page_is_hidden_stays_unread_until_it_is_seen(
    server: Server, windows: Windows
):
    dana, marcus, sender = windows("Dana", fresh=True), windows("Marcus"), a_number()
    text = server.text(sender)
    dana.open(text.thread)
    dana.page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})")
    server.text(sender, "Nobody looks")
    _passes_a_turn(server, marcus)
    marcus.is_unread(text.thread)
    dana.page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
    marcus.is_unread(text.thread, yes=False)


def test_a18_a_text_that_arrives_below_the_scrolled_view_stays_unread_until_it_is_scrolled_to(
    server: Server, both: Both
):
    (dana, marcus), sender = both, a_number()
    text = server.text(sender, LONG)
    dana.open(text.thread)
    dana.log.hover()
    dana.page.mouse.wheel(0, -400)
    expect(dana.article(text.message).locator(".meta")).not_to_be_in_viewport()
    second = server.text(sender, "Below what Dana sees")
    expect(dana.article(second.message)).to_be_attached()
    expect(dana.article(second.message)).not_to_be_in_viewport()
    _passes_a_turn(server, marcus)
    marcus.is_unread(text.thread)
    dana.page.get_by_role("button", name="New texts below").click()
    expect(dana.article(second.message)).to_be_in_viewport()
    marcus.is_unread(text.thread, yes=False)


def test_a18_a_thread_marked_unopened_while_open_stays_so_until_it_is_opened_again(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    text = server.text(sender, "One")
    dana.open(text.thread).tick(text.thread).act("Mark as unopened")
    for window in both:
        window.is_unread(text.thread)
    second = server.text(sender, "Two")
    expect(dana.article(second.message)).to_be_in_viewport()
    dana.log.click()
    _passes_a_turn(server, marcus)
    marcus.is_unread(text.thread)
    dana.open(text.thread)
    for window in both:
        window.is_unread(text.thread, yes=False)


def test_a18_a_reload_marks_nothing_as_read(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread).tick(text.thread).act("Mark as unopened")
    expect(dana.result).to_have_text("1 thread marked as unopened.")
    marcus.is_unread(text.thread)
    dana.page.reload()
    dana.is_live()
    expect(dana.articles).to_have_count(1)
    _passes_a_turn(server, marcus)
    for window in both:
        window.is_unread(text.thread)


def test_a18_a_shared_address_marks_nothing_as_read(server: Server, windows: Windows):
    text = server.text(a_number(), "Look at this")
    marcus = windows("Marcus", f"?thread={text.thread}")
    expect(marcus.article(text.message)).to_be_visible()
    expect(marcus.row(text.thread)).to_have_attribute("aria-current", "true")
    dana = windows("Dana")
    _passes_a_turn(server, dana)
    for window in (dana, marcus):
        window.is_unread(text.thread)


def test_a18_the_back_button_marks_nothing_as_read(server: Server, both: Both):
    dana, marcus = both
    first, second = server.text(a_number()), server.text(a_number())
    dana.open(first.thread).open(second.thread)
    dana.tick(first.thread).act("Mark as unopened")
    dana.is_unread(first.thread)
    dana.page.go_back()
    expect(dana.row(first.thread)).to_have_attribute("aria-current", "true")
    expect(dana.article(first.message)).to_be_visible()
    _passes_a_turn(server, marcus)
    for window in both:
        window.is_unread(first.thread)


def _without_pretended_focus(window: Window) -> None:
    """Playwright lets every page believe that it is focused; this one is to know better."""
    window.context.new_cdp_session(window.page).send("Emulation.setFocusEmulationEnabled", {"enabled": False})


def _passes_a_turn(server: Server, window: Window) -> None:
    """Another text comes, and is on screen: whatever the first one set off has been done before."""
    for _ in range(2):
        other = server.text(a_number(), "In the meantime")
        window.shows(other.thread)
