"""The filter "Removed": what was removed, by whom and when, and the way back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]


def test_b20_the_removed_filter_shows_who_removed_what_and_when_the_last_removed_first(server: Server, both: Both):
    dana, marcus = both
    first, second = server.text(a_number(), "Out with me").thread, server.text(a_number(), "And me").thread
    marcus.choose("Removed").lacks(first, second)
    before = dana.shows(first, second).unread()
    dana.tick(second).act("Remove")
    marcus.shows(second)
    dana.lacks(second).tick(first).act("Remove")
    marcus.shows(first)
    assert marcus.order()[:2] == [first, second]
    expect(marcus.row(first).get_by_text("Removed", exact=True)).to_be_visible()
    expect(marcus.row(first).get_by_text("by Dana Whitcomb")).to_be_visible()
    expect(marcus.row(first)).to_contain_text("Out with me")
    words = re.compile(r"Removed by Dana Whitcomb, \d+:\d\d [AP]M, Out with me")
    expect(marcus.opener(first)).to_have_accessible_name(words)
    dana.has_unread(before - 2)
    marcus.has_unread(before - 2)


def test_b20_the_words_of_a_removed_row_fit_and_the_time_is_never_cut(server: Server, window: Window):
    sender = a_number()
    server.knows(("Bartholomew Featherstonehaugh-Cholmondeley", sender, "lead"))
    thread = server.text(sender, "A long text " * 20).thread
    window.tick(thread).act("Remove")
    window.show_removed(thread)
    row = window.row(thread)
    for part in (".then", ".by", ".snippet"):
        inner, outer = row.locator(part).bounding_box(), row.bounding_box()
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert row.locator(".then").evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    assert row.locator(".by").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_b20_the_head_of_a_removed_thread_says_it_and_brings_it_back(server: Server, both: Both):
    dana, marcus = both
    thread = server.text(a_number()).thread
    marcus.open(thread)
    dana.tick(thread).act("Remove")
    head = marcus.page.locator("header", has=marcus.page.get_by_role("heading", level=2))
    expect(head).to_contain_text(re.compile(r"Removed by Dana Whitcomb, \d+:\d\d [AP]M"))
    back = head.get_by_role("button", name="Bring back")
    back.focus()
    marcus.press("Enter")
    for window in both:
        window.shows(thread)
    expect(back).to_be_hidden()
    expect(head).not_to_contain_text("Removed")
    expect(marcus.result).to_have_text("1 thread brought back.")
    expect(marcus.undo_button).to_be_visible()
    assert marcus.focus().startswith("h2")


def test_b20_the_menu_offers_what_can_be_done(server: Server, window: Window):
    sender = a_number()
    thread, other = server.text(sender).thread, server.text(a_number()).thread
    window.tick(thread).act("Remove")
    items = window.page.get_by_role("menuitem")
    window.show_removed(thread).tick(thread).bulk.click()
    expect(items).to_have_text(["Mark as read", "Mark as unopened", "Bring back"])
    window.press("Escape").choose("All").lacks(thread).search_for(sender, thread).tick(thread).bulk.click()
    expect(items).to_have_text(["Mark as read", "Mark as unopened", "Remove", "Bring back"])
    items.filter(has_text="Bring back").click()
    expect(window.row(thread).locator(".gone")).to_have_count(0)
    window.search("").shows(thread, other)


def test_b20_a_removed_thread_brought_back_from_the_menu_returns_for_everybody(server: Server, both: Both):
    dana, marcus = both
    thread = server.text(a_number()).thread
    dana.open(thread).send("Noted")
    dana.tick(thread).act("Remove")
    marcus.lacks(thread).show_removed(thread).tick(thread).act("Bring back")
    marcus.lacks(thread)
    dana.shows(thread).turn_to("Sent").shows(thread)
    expect(marcus.result).to_have_text("1 thread brought back.")


def test_b20_the_removed_filter_stands_in_the_address_and_a_search_looks_within_it(server: Server, windows: Windows):
    sender, other = a_number(), a_number()
    thread, listed = server.text(sender).thread, server.text(other).thread
    dana = windows("Dana")
    dana.tick(thread).act("Remove")
    dana.show_removed(thread).search(sender)
    expect(dana.page).to_have_url(re.compile("filter=removed&q="))
    marcus = windows("Marcus", dana.page.evaluate("location.search"))
    marcus.shows(thread)
    marcus.search(other)
    expect(marcus.page.get_by_text("Only removed threads were looked through.")).to_be_visible()
    marcus.page.get_by_role("button", name="Clear search and filter").click()
    marcus.shows(listed).lacks(thread)
    expect(marcus.search_box).to_be_focused()
