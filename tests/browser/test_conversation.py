"""The conversation: days, order, and what is older than the first screenful."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
MANY = 130
READ = "log => [...log.querySelectorAll('article')].map(node => +node.dataset.message)"


def _ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def test_a37_days_are_separated_and_named(server: Server, window: Window):
    sender = a_number()
    old = datetime.now().astimezone() - timedelta(days=9)
    text = server.text(sender, "Nine days ago", at=old.isoformat())
    server.text(sender, "Nine days ago, later", at=(old + timedelta(seconds=1)).isoformat())
    server.text(sender, "Yesterday", at=_ago(days=1))
    server.text(sender, "Today")
    window.open(text.thread)
    days = window.log.get_by_role("separator")
    expect(days).to_have_text([f"{old:%A}, {old:%B} {old.day}", "Yesterday", "Today"])
    everything = window.log.evaluate(
        "log => [...log.children].map(node => node.tagName === 'ARTICLE' ? 'text' : 'day')"
    )
    assert everything == ["day", "text", "text", "day", "text", "day", "text"]


def test_a37_a_late_text_is_put_where_it_belongs(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender, "An hour ago", at=_ago(hours=1))
    window.open(text.thread)
    server.text(sender, "Now")
    server.text(sender, "Half an hour ago, but late", at=_ago(minutes=30))
    expect(window.articles.locator(".body")).to_have_text(["An hour ago", "Half an hour ago, but late", "Now"])
    expect(window.row(text.thread)).to_contain_text("Now")


def test_a37_ours_and_theirs_are_told_apart(server: Server, window: Window):
    text = server.text(a_number(), "Theirs")
    window.open(text.thread).send("Ours")
    theirs, ours = window.article(text.message), window.saying("Ours")
    expect(ours).to_contain_text("Dana Whitcomb")
    expect(ours).to_have_attribute("data-status", "delivered")  # from now on it is not drawn anew
    left, right = theirs.locator(".bubble"), ours.locator(".bubble")
    assert left.bounding_box()["x"] < right.bounding_box()["x"]
    assert window.style(left, "background-color") != window.style(right, "background-color")


def test_a37_older_texts_load_on_scrolling_up_in_order_and_without_doubles(server: Server, window: Window):
    sender = a_number()
    posted = [server.text(sender, f"Text {number}") for number in range(MANY)]
    window.open(posted[0].thread)
    assert len(window.log.evaluate(READ)) == 50
    expect(window.article(posted[-1].message)).to_be_in_viewport()
    window.log.hover()
    for shown in (100, MANY):
        first = window.articles.first.get_attribute("data-message")
        window.page.mouse.wheel(0, -20_000)
        expect(window.articles).to_have_count(shown)
        assert window.log.evaluate("log => log.scrollTop") > 0, "the reader is carried to the top"
        expect(window.article(int(first))).to_be_in_viewport()
    assert window.log.evaluate(READ) == [text.message for text in posted]
    server.text(sender, "The newest")
    expect(window.articles).to_have_count(MANY + 1)
    expect(window.page.get_by_role("button", name="New texts below")).to_be_visible()


def test_a37_older_texts_that_nobody_answered_for_come_when_one_scrolls_on(server: Server, windows: Windows):
    sender = a_number()
    threads = [server.text(sender, f"Text {number}").thread for number in range(60)]
    window = windows("Dana", fresh=True)
    window.open(threads[0]).lose("older")
    expect(window.saying("Text 59")).to_be_in_viewport()
    window.log.evaluate("log => { log.scrollTop = 0; log.dispatchEvent(new Event('scroll')); }")
    window.until("window.lost === 'older'")
    expect(window.articles).to_have_count(50)
    window.page.wait_for_timeout(5_500)
    window.log.evaluate("log => { log.scrollTop = 9; }")
    expect(window.articles).to_have_count(60)


def test_a37_scrolling_up_does_not_lose_the_place_when_a_text_comes(server: Server, window: Window):
    sender = a_number()
    posted = [server.text(sender, f"Text {number}") for number in range(40)]
    window.open(posted[0].thread)
    window.log.hover()
    window.page.mouse.wheel(0, -600)
    expect(window.article(posted[-1].message)).not_to_be_in_viewport()
    before = window.log.evaluate("log => log.scrollTop")
    new = server.text(sender, "While reading above")
    expect(window.article(new.message)).to_be_attached()
    assert abs(window.log.evaluate("log => log.scrollTop") - before) <= 1


def test_the_conversation_follows_the_newest_text_while_at_its_bottom(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender)
    window.open(text.thread)
    for number in range(30):
        last = server.text(sender, f"Text {number}")
    expect(window.article(last.message)).to_be_in_viewport()
    window.send("And ours")
    expect(window.saying("And ours")).to_be_in_viewport()
