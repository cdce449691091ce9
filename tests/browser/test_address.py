"""The view stands in the page's address."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
NONSENSE = (
    "?tab=nonsense&filter=%00&unread=maybe",
    "?thread=999999999",
    "?thread=abc&thread=-1&tab=sent&tab=received",
    "?thread=99999999999999999999&q=" + "x" * 3000,
)


def test_b19_a_shared_address_opens_the_same_view(server: Server, windows: Windows):
    dana, sender = windows("Dana"), a_number()
    text, other = server.text(sender, "Shared"), server.text(a_number())
    dana.open(text.thread).send("Shared answer")
    dana.turn_to("Sent").choose("Unknown numbers").search(sender)
    dana.shows(text.thread).lacks(other.thread)
    expect(dana.page).to_have_url(re.compile("q="))
    search = dana.page.evaluate("location.search")
    marcus = windows("Marcus", search)
    marcus.shows(text.thread).lacks(other.thread)
    expect(marcus.tab("Sent")).to_have_attribute("aria-selected", "true")
    expect(marcus.filter).to_have_value("unknown")
    expect(marcus.search_box).to_have_value(sender)
    expect(marcus.row(text.thread)).to_have_attribute("aria-current", "true")
    expect(marcus.saying("Shared answer")).to_have_count(1)
    assert marcus.page.evaluate("location.search") == search


def test_b19_an_address_leads_through_the_login_to_its_view(server: Server, windows: Windows):
    text = server.text(a_number(), "Behind the login")
    window = windows("Marcus", f"?tab=received&thread={text.thread}")
    expect(window.article(text.message)).to_be_visible()


def test_b19_the_back_button_goes_through_what_was_looked_at(server: Server, window: Window):
    first, second = server.text(a_number(), "First"), server.text(a_number(), "Second")
    window.open(first.thread).open(second.thread).turn_to("Sent")
    expect(window.page).to_have_url(re.compile(f"tab=sent&thread={second.thread}"))
    window.page.go_back()
    expect(window.tab("Received")).to_have_attribute("aria-selected", "true")
    expect(window.article(second.message)).to_be_visible()
    window.page.go_back()
    expect(window.article(first.message)).to_be_visible()
    expect(window.row(first.thread)).to_have_attribute("aria-current", "true")
    window.page.go_back()
    expect(window.log).to_be_hidden()
    window.page.go_forward()
    expect(window.article(first.message)).to_be_visible()
    expect(window.page).to_have_url(re.compile(rf"\?thread={first.thread}$"))


def test_b19_whoever_goes_back_while_they_write_a_search_sees_what_is_searched_for(server: Server, window: Window):
    text = server.text(a_number())
    go = "history.pushState(null, '', './'); dispatchEvent(new PopStateEvent('popstate'))"
    window.search_box.press_sequentially("zebra")
    expect(window.page).to_have_url(re.compile("q=zebra"))
    window.page.evaluate(go)
    expect(window.search_box).to_have_value("")
    window.shows(text.thread).search_box.press_sequentially("quagga")
    window.page.evaluate(go)
    window.page.wait_for_timeout(500)
    expect(window.search_box).to_have_value("")
    expect(window.page).not_to_have_url(re.compile("q="))
    window.shows(text.thread)


def test_b19_a_reload_keeps_the_view(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender, "Still here")
    window.open(text.thread).search(sender)
    expect(window.page).to_have_url(re.compile("q="))
    window.page.reload()
    window.is_live().shows(text.thread)
    expect(window.search_box).to_have_value(sender)
    expect(window.articles).to_have_count(1)


def test_b19_typing_makes_one_entry_of_the_history(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread)
    window.search_box.press_sequentially("nobody at all", delay=40)
    expect(window.page).to_have_url(re.compile("q=nobody\\+at\\+all"))
    before = window.page.evaluate("history.length")
    window.search_box.press_sequentially(" here", delay=40)
    expect(window.page).to_have_url(re.compile("here"))
    assert window.page.evaluate("history.length") == before


def test_b19_an_address_that_makes_no_sense_opens_the_inbox_all_the_same(window: Window):
    for search in NONSENSE:
        window.page.goto(window.url + search)
        window.is_live().settled().search("")
        expect(window.rows.first).to_be_visible()
