"""No text is refused for its content: what is stored is what was sent, character for character."""

import pytest

from tests.factories import a_person, a_reply, a_text, asked, handed_over, listed, spoken

TEXTS = {
    "a family joined by ZWJ": "Kids 👨‍👩‍👧‍👦 are home",
    "skin tone and variation selector": "👍🏽 ❤️",
    "a flag": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "right to left": "שלום עליכם, مرحبا",
    "direction marks": "\u202eevil\u202c and \u200fmarks",
    "composed": "Ana Díaz",
    "combining": "Ana Di\u0301az",
    "a pile of accents": "Z\u0351\u036b\u0343a\u035b\u034dl\u0301go",
    "CRLF": "line one\r\nline two\r\n",
    "CR, LF, NEL, LS": "a\rb\nc\x85d\u2028e",
    "spaces around": "  \t indented  ",
    "control characters": "bell\x07 escape\x1b[31m",
    "no character": "\ufffe\uffff\U0010ffff",
    "byte order mark": "\ufeffHello",
    "1,600 characters": "é" * 1600,
    "1,600 emoji": "🧡" * 1600,
    "script": "<script>alert(1)</script>",
    "markup": "&amp; <b>bold</b> ${7*7} {{7*7}} %s \\n",
    "SQL": "'); DROP TABLE message; --",
    "a quote": '"Ruth\'s" «texte»',
}
BROKEN = {
    "NUL": ("a\x00b", "a\ufffdb"),
    "lone high surrogate": ("\ud83d cut", "\ufffd cut"),
    "lone low surrogate": ("cut \ude00", "cut \ufffd"),
    "both": ("\x00\ud800\x00", "\ufffd\ufffd\ufffd"),
}


def test_a_text_that_comes_in_is_stored_as_it_was_sent(store):
    for text in TEXTS.values():
        a_text(store, body=text)
    thread = listed(store)[0].id
    assert [message.body for message in spoken(store, thread)] == list(TEXTS.values())
    assert asked(store, "SELECT count(*) FROM payload") == [(0,)]


def test_a_text_that_goes_out_is_stored_and_handed_over_as_it_was_written(store):
    thread = a_text(store).thread
    for text in TEXTS.values():
        a_reply(store, thread, text)
    assert [message.body for message in spoken(store, thread)][1:] == list(TEXTS.values())
    assert [handed_over(store).body for _ in TEXTS] == list(TEXTS.values())


@pytest.mark.parametrize(("sent", "stored"), BROKEN.values(), ids=BROKEN)
def test_what_no_database_holds_is_replaced_and_the_raw_payload_kept(store, sent, stored):
    raw = b'{"body": "as it came", \xff\x00}'
    thread = a_text(store, body=sent, raw=raw).thread
    assert spoken(store, thread)[0].body == stored
    assert asked(store, "SELECT data FROM payload") == [(raw,)]


def test_a_name_is_stored_as_it_was_written(store):
    a_text(store, a_person(store, TEXTS["script"]))
    assert listed(store)[0].name == TEXTS["script"]
