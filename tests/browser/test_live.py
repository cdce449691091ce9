"""What one person does, and what comes in, shows on every screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]


def test_a6_an_inbound_text_shows_on_every_open_screen(server: Server, both: Both):
    text = server.text(a_number(), "Is the gate open today?")
    for window in both:
        expect(window.row(text.thread)).to_contain_text("Is the gate open today?")
        window.is_unread(text.thread)
        assert window.order()[0] == text.thread


def test_a6_an_inbound_text_shows_in_an_open_conversation(server: Server, both: Both):
    sender = a_number()
    first = server.text(sender, "One")
    for window in both:
        window.open(first.thread)
    second = server.text(sender, "Two")
    for window in both:
        expect(window.article(second.message)).to_contain_text("Two")
        expect(window.article(second.message)).to_have_attribute("data-direction", "inbound")
        expect(window.articles).to_have_count(2)


def test_a7_a_text_that_one_person_sends_shows_on_the_others_screens(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number(), "When are you coming?")
    dana.open(text.thread)
    marcus.open(text.thread)
    dana.send("Tomorrow at nine")
    for window in both:
        expect(window.saying("Tomorrow at nine")).to_have_count(1)
        expect(window.saying("Tomorrow at nine")).to_have_attribute("data-direction", "outbound")
        expect(window.saying("Tomorrow at nine")).to_contain_text("Dana Whitcomb")
        expect(window.saying("Tomorrow at nine")).to_have_attribute("data-status", "delivered")
    marcus.turn_to("Sent")
    expect(marcus.row(text.thread)).to_contain_text("Tomorrow at nine")
    assert marcus.order()[0] == text.thread


def test_a8_what_one_person_reads_is_read_for_all(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    marcus.is_unread(text.thread)
    before = marcus.unread()
    dana.open(text.thread)
    for window in both:
        window.is_unread(text.thread, yes=False)
        window.has_unread(before - 1)


def test_a9_what_one_person_removes_is_removed_for_all(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread).send("We will")
    marcus.shows(text.thread)
    dana.tick(text.thread).act("Remove")
    for window in both:
        window.lacks(text.thread)
        window.turn_to("Sent").lacks(text.thread)
