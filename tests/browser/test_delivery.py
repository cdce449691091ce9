"""What became of a text of ours: in words, with the reason; the Failed view, and one more attempt."""

import time

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
# Of the simulated company: nothing arrives there, no answer comes, the first of two texts does not arrive.
NEVER, LOST, AT_FIRST = "+15005550001", "+15005550002", "+15005550003"


def sent(server: Server, window: Window, to: str, body: str, status: str) -> tuple[int, Locator]:
    """A text to a number, once it is in a state: its thread, and where it stands."""
    thread = server.text(to, "Hello?").thread
    window.open(thread).send(body)
    return thread, stands(window, body, status)


def stands(window: Window, body: str, status: str, place: int = 0) -> Locator:
    text = window.saying(body).nth(place)
    expect(text).to_have_attribute("data-status", status)
    return text


def test_b1_a_failed_text_is_tried_again_in_the_failed_view_and_goes_once_however_many_click(
    server: Server, both: tuple[Window, Window]
):
    (dana, marcus), body = both, f"On our way {a_number()}"
    thread, text = sent(server, dana, AT_FIRST, body, "failed")
    expect(text).to_contain_text("Failed: The number is no longer in service.")
    marcus.choose("Failed").shows(thread)
    expect(marcus.tab("Sent")).to_have_attribute("aria-selected", "true")
    expect(marcus.row(thread).get_by_text("Failed", exact=True)).to_be_visible()
    marcus.open(thread)
    buttons = [stands(who, body, "failed").get_by_role("button", name="Try again") for who in both]
    for button in buttons:
        expect(button).to_be_visible()
    at = time.time() * 1000 + 1_000
    for button in buttons:  # both at the same moment, and twice
        button.evaluate(
            "(button, at) => { setTimeout(() => { button.click(); button.click(); }, at - Date.now()); }", at
        )
    for window in both:
        stands(window, body, "delivered", 1)
        expect(window.saying(body)).to_have_count(2)
        expect(stands(window, body, "failed")).to_contain_text("Sent again by")
        expect(window.saying(body).get_by_role("button", name="Try again")).to_have_count(0)
    marcus.lacks(thread)


def test_b1_what_could_not_be_confirmed_says_so_and_can_be_let_be(server: Server, both: tuple[Window, Window]):
    (dana, marcus), body = both, f"Are you there? {a_number()}"
    thread, text = sent(server, dana, LOST, body, "unknown")
    expect(text).to_contain_text("Could not confirm: The simulated company did not answer.")
    expect(text).to_contain_text("trying again sends it twice")
    marcus.choose("Failed").shows(thread)
    text.get_by_role("button", name="Dismiss").click()
    expect(text).to_contain_text("Dismissed")
    marcus.lacks(thread)


def test_b1_a_text_goes_through_its_states_to_delivered_in_words(server: Server, window: Window):
    _, text = sent(server, window, a_number(), "Nine o’clock", "delivered")
    expect(text).to_contain_text("Delivered")
    expect(text.get_by_role("button", name="Try again")).to_have_count(0)


def test_b1_an_attempt_that_fails_too_offers_another_and_the_first_does_not(server: Server, window: Window):
    body = f"Once more {a_number()}"
    _, text = sent(server, window, NEVER, body, "failed")
    text.get_by_role("button", name="Try again").click()
    second = stands(window, body, "failed", 1)
    expect(window.saying(body)).to_have_count(2)
    expect(second.get_by_role("button", name="Try again")).to_be_visible()
    expect(text.get_by_role("button", name="Try again")).to_have_count(0)
