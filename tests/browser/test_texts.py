"""A text on screen is the text that was sent, letter by letter, and never more than a text."""

import pytest
from playwright.sync_api import expect

from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
SCRIPT = "<script>alert(1); window.pwned = true</script><img src=x onerror='window.pwned = true; alert(2)'>"
TEXTS = {
    "emoji with joiners": "👩‍👩‍👧‍👦 and 🏳️‍🌈 and 👍🏽 and 🇺🇸 and ❤️‍🔥",
    "right to left": "שלום, אפשר לבוא ב-9:00? مرحبا، هل يمكنكم القدوم؟ (OK)",
    "overridden direction": "abc \u202e fdp.exe \u2066x\u2069",
    "combining marks": "Z\u0351\u036b\u0343a\u0301l\u0323g\u0308o\u0310 e\u0301 vs é, ﬁ, Å Å",
    "1,600 characters": ("The quick brown fox, 0123456789. " * 49)[:1599] + "!",
    "1,600 in one word": "W" * 1600,
    "markup": SCRIPT,
    "entities": "&lt;b&gt; &amp; &nbsp; \u00a0 <b>bold</b> {{ 7 * 7 }} ${7*7} %s %00",
    "windows line ends": "One\r\nTwo\r\n\r\nFour",
    "a carriage return": "One\rTwo",
    "line ends and spaces": "\n\n  indented\n\ttabbed   and   wide  \n",
    "links": "See https://example.com/a?b=c&d=e#f, or (http://example.org). javascript:alert(1) https://x.y'\"><i>",
    "separators of unicode": "a\u2028b\u2029c\u0085d\u200be\ufefff\u00adg",
    "controls": "a\x01b\x07c\x1bd\x7fe",
    "other planes": "𝒜𝓁𝓁 𐍈 🀄 漢字 ㍿ 한국어 ไทย हिन्दी",
}
TYPED = {name: text for name, text in TEXTS.items() if "\r" not in text and text.strip() == text}


def test_an_inbound_text_is_on_screen_as_it_was_sent(server: Server, window: Window):
    sender = a_number()
    texts = {server.text(sender, body): body for body in TEXTS.values()}
    window.open(next(iter(texts)).thread)
    for text, body in texts.items():
        assert window.article(text.message).locator(".body").text_content() == body
    _nothing_ran(window)


def test_an_inbound_text_is_previewed_as_text(server: Server, window: Window):
    for body in TEXTS.values():
        text = server.text(a_number(), body)
        assert window.row(text.thread).locator(".snippet").text_content() == " ".join(body.split())[:200]
    _nothing_ran(window)


def test_an_outbound_text_is_on_screen_as_it_was_typed(server: Server, both: tuple[Window, Window]):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    for number, body in enumerate(TYPED.values(), 2):
        dana.send(body)
        for window in both:
            expect(window.articles).to_have_count(number)
            assert window.articles.last.locator(".body").text_content() == body
    for window in both:
        _nothing_ran(window)


def test_a_link_opens_safely_and_only_a_web_address_is_one(server: Server, window: Window):
    text = server.text(a_number(), TEXTS["links"])
    window.open(text.thread)
    links = window.article(text.message).get_by_role("link")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs[:2] == ["https://example.com/a?b=c&d=e#f", "http://example.org"]
    assert all(href.startswith(("http://", "https://")) for href in hrefs)
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in link.get_attribute("rel")
        assert link.text_content() == link.get_attribute("href")


def test_what_no_database_holds_is_shown_as_a_replacement(server: Server, window: Window):
    text = server.text(a_number(), "a\x00b\ud800c")
    window.open(text.thread)
    assert window.article(text.message).locator(".body").text_content() == "a\ufffdb\ufffdc"


def test_a_text_without_words_is_no_blank_bubble(server: Server, window: Window):
    text = server.text(a_number(), "")
    window.open(text.thread)
    expect(window.article(text.message)).to_contain_text("Empty text")
    expect(window.row(text.thread).locator(".snippet")).not_to_be_empty()


def test_a_name_is_never_more_than_a_name(server: Server, window: Window):
    number, name = a_number(), "<img src=x onerror=alert(3)> \u202eEvil"
    server.knows((name, number, "client"))
    text = server.text(number)
    window.open(text.thread)
    expect(window.log).to_have_accessible_name(f"Conversation with {name}")
    _nothing_ran(window)


def test_a_wide_word_does_not_widen_the_page(server: Server, window: Window):
    text = server.text(a_number(), "W" * 1600)
    window.open(text.thread)
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert window.log.evaluate("log => log.scrollWidth <= log.clientWidth")


def _nothing_ran(window: Window) -> None:
    """What was posted is inert; the window's troubles tell of dialogs."""
    assert window.page.evaluate("window.pwned") is None
