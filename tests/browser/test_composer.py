"""Writing and sending."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]


def test_b4_ten_fast_clicks_on_send_are_one_text(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    dana.composer.fill("Only once")
    box = dana.send_button.bounding_box()
    for _ in range(10):
        dana.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    _is_there_once(both, "Only once")


def test_b4_ten_clicks_in_one_turn_of_the_page_are_one_text(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    dana.composer.fill("Only once, in one go")
    dana.send_button.evaluate("button => { for (let n = 0; n < 10; n++) button.click(); }")
    _is_there_once(both, "Only once, in one go")


def test_b4_ctrl_enter_twice_is_one_text(server: Server, both: Both):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    dana.composer.fill("Only once, from the keyboard")
    dana.page.keyboard.press("Control+Enter")
    dana.page.keyboard.press("Control+Enter")
    _is_there_once(both, "Only once, from the keyboard")


def _is_there_once(both: Both, words: str) -> None:
    for window in both:
        expect(window.saying(words)).to_have_attribute("data-status", "delivered")
        expect(window.saying(words)).to_have_count(1)
        expect(window.articles).to_have_count(2)
    expect(both[0].composer).to_have_value("")
    both[0].page.reload()
    both[0].is_live()
    expect(both[0].articles).to_have_count(2)


def test_b4_the_same_words_can_be_sent_again(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread).send("Yes").send("Yes")
    expect(window.saying("Yes")).to_have_count(2)


def test_enter_alone_starts_a_new_line_and_sends_nothing(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread)
    window.composer.press_sequentially("One")
    window.page.keyboard.press("Enter")
    window.composer.press_sequentially("Two")
    expect(window.composer).to_have_value("One\nTwo")
    expect(window.articles).to_have_count(1)


def test_an_empty_text_cannot_be_sent(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread)
    expect(window.send_button).to_be_disabled()
    window.composer.fill("  \n ")
    expect(window.send_button).to_be_disabled()
    window.page.keyboard.press("Control+Enter")
    expect(window.articles).to_have_count(1)


def test_a_text_of_1600_characters_is_sent_and_a_longer_one_cannot_be(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread)
    longest = ("All of it. " * 146)[:1599] + "!"
    window.composer.fill(longest + "!")
    expect(window.page.get_by_text("1 over the limit of 1600")).to_be_visible()
    expect(window.send_button).to_be_disabled()
    window.send(longest)
    expect(window.articles.last.locator(".body")).to_have_text(longest, use_inner_text=False)


def test_b17_a_draft_is_kept_per_thread(server: Server, window: Window):
    first, second = server.text(a_number()), server.text(a_number())
    window.open(first.thread)
    window.composer.fill("Half a thought")
    window.open(second.thread)
    expect(window.composer).to_have_value("")
    window.composer.fill("Another")
    window.open(first.thread)
    expect(window.composer).to_have_value("Half a thought")
    window.page.reload()
    window.is_live()
    expect(window.composer).to_have_value("Half a thought")


def test_b1_an_outbound_text_says_its_state_and_a_late_failure_does_not_undo_a_delivery(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread).send("Are you there?")
    sent = window.saying("Are you there?")
    expect(sent).to_contain_text("Delivered")
    server.report(int(sent.get_attribute("data-message")), "failed", "The phone is off")
    other = server.text(a_number())
    window.shows(other.thread)
    expect(sent).to_have_attribute("data-status", "delivered")


def test_a_sender_without_a_number_cannot_be_answered_and_the_page_says_why(server: Server, window: Window):
    text = server.text("FIREDEPT", "Burn ban today")
    window.open(text.thread)
    expect(window.composer).to_be_hidden()
    expect(window.page.get_by_text("FIREDEPT is a sender's name, not a number: no reply can reach it.")).to_be_visible()


def test_b17_sending_in_one_thread_leaves_what_is_written_in_another(server: Server, windows: Windows):
    window = windows("Dana")
    first, second = server.text(a_number()), server.text(a_number())
    window.open(first.thread)
    window.composer.fill("To the first")
    window.page.keyboard.press("Control+Enter")
    window.opener(second.thread).click()
    window.composer.fill("To the second")
    window.row(second.thread).and_(window.page.locator('[aria-current="true"]')).wait_for()
    expect(window.articles).to_have_count(1)
    expect(window.composer).to_have_value("To the second")
    window.open(first.thread)
    expect(window.saying("To the first")).to_have_count(1)
    expect(window.composer).to_have_value("")
