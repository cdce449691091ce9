"""Ticks and the ellipsis menu: mark as read, mark as unopened, remove."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]


def test_a27_every_row_has_a_checkbox(window: Window):
    expect(window.rows.first).to_be_visible()
    assert window.rows.get_by_role("checkbox").count() == window.rows.count() > 50


def test_a28_the_menu_works_when_something_is_ticked_and_is_disabled_otherwise(server: Server, window: Window):
    text = server.text(a_number())
    window.shows(text.thread)
    expect(window.bulk).to_be_disabled()
    window.tick(text.thread)
    expect(window.bulk).to_be_enabled()
    window.bulk.click()
    expect(window.page.get_by_role("menuitem")).to_have_text(["Mark as read", "Mark as unopened", "Remove"])
    for item in window.page.get_by_role("menuitem").all():
        assert window.style(item, "text-transform") == "uppercase"
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("menuitem").first).to_be_hidden()
    window.checkbox(text.thread).uncheck()
    expect(window.bulk).to_be_disabled()


def test_a36_ticking_opens_nothing_and_marks_nothing_as_read(server: Server, both: Both):
    dana, _marcus = both
    text = server.text(a_number())
    before = dana.shows(text.thread).unread()
    dana.tick(text.thread)
    expect(dana.page.get_by_text("1 selected")).to_be_visible()
    other = server.text(a_number())
    for window in both:
        window.shows(other.thread).is_unread(text.thread).has_unread(before + 1)
    expect(dana.log).to_be_hidden()
    expect(dana.row(text.thread)).not_to_have_attribute("aria-current", "true")
    assert "thread=" not in dana.page.url


def test_a36_ticks_survive_live_changes(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    text, other = server.text(sender), server.text(a_number())
    dana.tick(text.thread)
    server.text(sender, "It moves to the top")
    expect(dana.row(text.thread)).to_contain_text("It moves to the top")
    marcus.open(text.thread)
    dana.is_unread(text.thread, yes=False)
    expect(dana.checkbox(text.thread)).to_be_checked()
    expect(dana.checkbox(other.thread)).not_to_be_checked()
    expect(dana.threads.get_by_role("checkbox", checked=True)).to_have_count(1)
    expect(marcus.threads.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_a28_what_is_ticked_before_another_view_answers_goes_with_the_view_that_is_left(server: Server, window: Window):
    first, second = server.text(a_number()).thread, server.text(a_number()).thread
    choose = "(select, box) => { select.value = 'removed'; select.dispatchEvent(new Event('change')); box.click(); }"
    boxes = (window.shows(first, second).checkbox(first), window.whole)
    for box, act in zip(boxes, ("read", "unopened"), strict=True):
        window.settled().filter.evaluate(choose, box.element_handle())
        expect(window.settled().bulk).to_be_disabled()
        window.choose("All").settled().shows(first, second)
        expect(window.bulk).to_be_disabled()
        window.tick(second).act(f"Mark as {act}")
        expect(window.result).to_contain_text(f"1 thread marked as {act}")
        expect(window.checkbox(second)).not_to_be_checked()


SLOW = """() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) { setTimeout(() => send.call(this, data), 1000); };
}"""


def test_a28_what_was_ticked_in_the_view_before_takes_no_tick_of_the_next_one_back(server: Server, windows: Windows):
    """What the page says arrives late: the tick of the view that is left when the next one is already ticked in."""
    window = windows("Dana", fresh=True)
    left, first, second = (server.text(a_number()).thread for _ in range(3))
    late = "setTimeout(() => box.click(), 500)"
    choose = f"(select, box) => {{ select.value = 'unknown'; select.dispatchEvent(new Event('change')); {late}; }}"
    window.shows(left, first, second).settled().page.evaluate(SLOW)
    window.filter.evaluate(choose, window.checkbox(left).element_handle())
    window.tick(first, second)
    expect(window.page.get_by_text("2 selected")).to_be_visible()
    window.act("Remove")
    expect(window.result).to_contain_text("2 threads removed.")
    window.lacks(first, second).shows(left)


def test_b19_what_is_unticked_right_after_all_were_ticked_stays_so(server: Server, window: Window):
    thread = server.text(a_number()).thread
    both = "(whole, box) => { whole.click(); box.click(); }"
    window.settled().whole.evaluate(both, window.shows(thread).checkbox(thread).element_handle())
    later = server.text(a_number()).thread
    window.shows(later)
    expect(window.checkbox(later)).to_be_checked()
    expect(window.checkbox(thread)).not_to_be_checked()


def test_a28_a_view_that_is_chosen_again_keeps_what_is_ticked(server: Server, window: Window):
    thread = server.text(a_number()).thread
    enter = "input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
    again = f"(input, [box, list]) => {{ {enter}; box.click(); return list.ariaBusy; }}"
    nodes = [place.element_handle() for place in (window.shows(thread).checkbox(thread), window.threads)]
    assert window.settled().search_box.evaluate(again, nodes) == "true"
    expect(window.settled().checkbox(thread)).to_be_checked()
    window.tab("Received").click()
    expect(window.settled().checkbox(thread)).to_be_checked()
    expect(window.bulk).to_be_enabled()


def test_a36_a_change_of_tab_filter_or_query_or_an_act_clears_the_ticks(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender)
    window.open(text.thread).send("Seen")
    for change in (
        lambda: window.act("Mark as unopened"),
        window.badge.click,
        lambda: window.turn_to("Sent"),
        lambda: window.choose("Unknown numbers"),
        lambda: window.search(sender),
        lambda: window.search(""),
    ):
        window.tick(text.thread)
        expect(window.bulk).to_be_enabled()
        change()
        expect(window.bulk).to_be_disabled()
        expect(window.page.get_by_text("1 selected")).to_be_hidden()
        expect(window.checkbox(text.thread)).not_to_be_checked()


def test_a29_mark_as_read(server: Server, both: Both):
    (dana, _marcus), sender = both, a_number()
    before = dana.unread()
    first, second = server.text(sender), server.text(a_number())
    server.text(sender, "And another")
    dana.has_unread(before + 3).tick(first.thread, second.thread).act("Mark as read")
    for window in both:
        window.is_unread(first.thread, yes=False).is_unread(second.thread, yes=False).has_unread(before)
    expect(dana.page.get_by_role("status", name="Result")).to_have_text("2 threads marked as read.")


def test_a30_mark_as_unopened_brings_dot_and_badge_back(server: Server, both: Both):
    dana, _marcus = both
    text = server.text(a_number())
    before = dana.open(text.thread).is_unread(text.thread, yes=False).unread()
    dana.tick(text.thread).act("Mark as unopened")
    for window in both:
        window.is_unread(text.thread).has_unread(before + 1)


def test_a31_remove_takes_a_thread_off_both_tabs(server: Server, both: Both):
    dana, _marcus = both
    text = server.text(a_number())
    dana.open(text.thread).send("We know")
    dana.turn_to("Sent").tick(text.thread).act("Remove")
    for window in both:
        window.turn_to("Sent").lacks(text.thread)
        window.turn_to("Received").lacks(text.thread)


def test_a32_a33_remove_deletes_nothing_unsends_nothing_and_leaves_the_badge(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    before = dana.unread()
    text = server.text(sender, "Please cancel")
    dana.open(text.thread).send("Done, cancelled")
    expect(dana.saying("Done, cancelled")).to_have_attribute("data-status", "delivered")
    server.text(a_number(), "somebody else")
    dana.tick(text.thread).act("Mark as unopened")
    dana.has_unread(before + 2)
    dana.tick(text.thread).act("Remove")
    for window in both:
        window.lacks(text.thread).has_unread(before + 1)
    marcus.search(sender).open(text.thread)
    expect(marcus.articles).to_have_count(2)
    expect(marcus.saying("Please cancel")).to_have_count(1)
    expect(marcus.saying("Done, cancelled")).to_have_attribute("data-status", "delivered")
    marcus.has_unread(before + 1)


def test_a34_a_removed_thread_returns_on_the_next_text_received(server: Server, both: Both):
    (dana, _marcus), sender = both, a_number()
    text = server.text(sender, "One")
    dana.open(text.thread).send("Answer")
    dana.tick(text.thread).act("Remove")
    dana.open(server.text(a_number()).thread)
    for window in both:
        window.lacks(text.thread)
    server.text(sender, "Two")
    for window in both:
        window.shows(text.thread).is_unread(text.thread)
        expect(window.row(text.thread)).to_contain_text("Two")
        window.turn_to("Sent").shows(text.thread)
    dana.open(text.thread)
    expect(dana.articles).to_have_count(3)


def test_a35_a_removed_thread_returns_on_the_next_text_sent_by_anybody(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    text = server.text(sender, "One")
    dana.open(text.thread).tick(text.thread).act("Remove")
    for window in both:
        window.lacks(text.thread)
    marcus.search(sender).open(text.thread).send("From the search")
    expect(marcus.saying("From the search")).to_have_count(1)
    dana.shows(text.thread)
    dana.turn_to("Sent").shows(text.thread)
    expect(dana.row(text.thread)).to_contain_text("From the search")


def test_a35_a_removed_thread_that_is_still_open_returns_when_it_is_answered(server: Server, window: Window):
    text = server.text(a_number(), "One")
    window.open(text.thread).tick(text.thread).act("Remove")
    window.lacks(text.thread)
    expect(window.articles).to_have_count(1)
    window.send("One more thing").shows(text.thread)


def test_a31_what_was_done_is_said(server: Server, windows: Windows):
    window = windows("Dana", fresh=True)
    text = server.text(a_number())
    window.tick(text.thread).act("Remove")
    expect(window.page.get_by_role("status", name="Result")).to_have_text(re.compile(r"^1 thread removed\.$"))
