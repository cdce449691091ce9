"""One person writes in one thread in two windows: nothing that either wrote is lost without a word."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Desk = tuple[Window, Window]


@pytest.fixture
def desk(windows: Windows, server: Server) -> Desk:
    """Two windows of Dana's, with the same thread open."""
    thread = server.text(a_number(), "When will you come?").thread
    two = windows("Dana", fresh=True), windows("Dana", fresh=True)
    for window in two:
        window.open(thread)
    return two


def offer(window: Window) -> Locator:
    return window.page.get_by_role("group", name="Written in another window")


def come_back(window: Window) -> None:
    """The person turns to this window: it gets the focus, as a real one does."""
    window.page.evaluate("dispatchEvent(new Event('blur')); dispatchEvent(new Event('focus'))")


def saved(window: Window, text: str) -> None:
    """What is written has come to the server, so another window is told of it."""
    window.composer.fill(text)
    window.until("() => !Object.keys(sessionStorage).some(key => key.includes('unsaved:'))")


def test_b17_an_idle_window_takes_over_what_was_written_in_the_other(desk: Desk):
    one, other = desk
    saved(one, "Tomorrow at te")
    come_back(other)
    expect(other.composer).to_have_value("Tomorrow at te")
    saved(other, "Tomorrow at ten")
    come_back(one)
    expect(one.composer).to_have_value("Tomorrow at ten")
    for window in desk:
        expect(offer(window)).to_be_hidden()


def test_b17_where_both_have_written_the_other_s_text_is_offered_and_either_can_be_had(desk: Desk):
    one, other = desk
    saved(one, "Tomorrow at ten")
    saved(other, "Not before Friday")
    expect(offer(other)).to_contain_text("You wrote this in another window:Tomorrow at ten")
    expect(other.composer).to_have_value("Not before Friday")
    other.button("Use it instead").click()
    expect(other.composer).to_have_value("Tomorrow at ten")
    expect(offer(other)).to_contain_text("You wrote this here before:Not before Friday")
    other.page.reload()
    expect(offer(other.is_live())).to_contain_text("Not before Friday")
    other.button("Discard it").click()
    expect(offer(other)).to_be_hidden()
    expect(other.composer).to_be_focused()


def test_b17_a_window_that_is_written_in_keeps_its_text_and_is_told_of_the_other(desk: Desk):
    one, other = desk
    saved(one, "Tomorrow at ten")
    saved(other, "Not before Friday")
    one.page.evaluate("dispatchEvent(new Event('focus'))")  # without having lost it: a telephone wrote the other
    expect(offer(one)).to_contain_text("Not before Friday")
    expect(one.composer).to_have_value("Tomorrow at ten")


def test_b17_what_is_sent_in_one_window_tells_what_was_written_in_the_other(desk: Desk):
    one, other = desk
    saved(one, "And bring the long ladder")
    other.send("At ten")
    expect(offer(other)).to_contain_text("And bring the long ladder")
