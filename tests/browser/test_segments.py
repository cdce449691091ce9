"""The live counter: characters, segments and why; the page counts as the server does."""

import pytest
from playwright.sync_api import expect

from dashboard.core.segments import BASIC, EXTENSION, segments
from dashboard.ui.component import source
from tests.browser.product import Server, a_number
from tests.browser.window import Window
from tests.texting import some_texts

pytestmark = pytest.mark.browser
COUNT = """texts => {
  %s
  return texts.map(segments).map(({encoding, units, count, causes, doubles}) => [encoding, units, count, causes, doubles]);
}"""


def test_b14_the_counter_says_characters_segments_encoding_and_what_caused_it(server: Server, window: Window):
    window.open(server.text(a_number()).thread)
    counter = window.page.locator(".counter .count")
    for text, words in (
        ("a" * 160, "160 characters · 1 segment · GSM-7"),
        ("a" * 161, "161 characters · 2 segments · GSM-7"),
        ("5 € {x}", "7 characters · 1 segment · GSM-7, € { } count two"),
        ("a" * 69 + "😀", "70 characters · 2 segments · UCS-2 because of 😀"),
        ("ő\u200b", "2 characters · 1 segment · UCS-2 because of ő U+200B"),
    ):
        window.composer.fill(text)
        expect(counter).to_have_text(words)
    window.composer.fill("")
    expect(counter).to_have_text("")


def test_b14_the_page_counts_as_the_server_does(window: Window):
    texts = [*some_texts(3_000, seed=3), *sorted(BASIC | EXTENSION), "a" * 400, "я" * 400]
    said = window.page.evaluate(COUNT % source("segments.js"), texts)
    found = [segments(text) for text in texts]
    assert said == [[one.encoding, one.units, one.count, [*one.causes], [*one.doubles]] for one in found]
