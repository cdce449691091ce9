"""Texts: what is stored is what came, what is searched is plain, and a preview is never blank."""

import pytest

from dashboard.core.text import SNIPPET_LIMIT, folded, is_seen, snippet, storable
from tests.test_rules_of_text import TEXTS


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_a_database_holds_is_left_as_it_is(text):
    assert storable(text) == text


@pytest.mark.parametrize(
    ("text", "stored"),
    [("a\x00b", "a\ufffdb"), ("\ud800", "\ufffd"), ("x\udfff\ud83d", "x\ufffd\ufffd"), ("\x01\x1f", "\x01\x1f")],
)
def test_only_nul_and_lone_surrogates_are_replaced(text, stored):
    assert storable(text) == stored


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Ana Díaz", "ana diaz"),
        ("ANA DI\u0301AZ", "ana diaz"),  # the accent as a character of its own
        ("Seamus O'Brien", "seamus obrien"),
        ("Seamus O’Brien", "seamus obrien"),
        ("Jean-Luc  Picard", "jean luc picard"),
        ("Łukasz Øster", "lukasz oster"),
        ("Straße", "strasse"),
        ("Ｆｕｌｌ", "full"),
        ("Nguyễn Đức", "nguyen duc"),
        ("Ælfric Þór", "aelfric thor"),
        ("王小明", "王小明"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_name_is_searched_without_case_accents_or_punctuation(name, plain):
    assert folded(name) == plain
    assert folded(plain) == plain


@pytest.mark.parametrize(
    ("body", "attachments", "line"),
    [
        ("Hello\r\n  there\t!", 0, "Hello there !"),
        ("x" * 1600, 0, "x" * SNIPPET_LIMIT),
        ("", 0, "(empty text)"),
        (" \n ", 0, "(empty text)"),
        ("", 1, "Attachment"),
        ("", 3, "3 attachments"),
        ("Look", 3, "Look"),
    ],
)
def test_a_preview_is_one_line_and_never_blank(body, attachments, line):
    assert snippet(body, attachments) == line


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u202e\u2066", "\u3164 \u2800", "\ufeff", "\x07", "\ufe0f"])
def test_what_takes_no_ink_is_not_seen(text):
    assert not is_seen(text)
    assert is_seen(f"{text}.")


@pytest.mark.parametrize("text", ["\ufffd", "\u0301", "🔥", "\ue000", "\u0378", "!", "李"])
def test_what_a_font_draws_is_seen(text):
    assert is_seen(text)
