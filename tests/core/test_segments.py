"""Segments: what a text is on the phone network, and why; the same as Twilio's own calculator says."""

import pytest

from dashboard.core.segments import EXTENSION, GSM7, UCS2, segments


def counted(text):
    found = segments(text)
    return found.encoding, found.units, found.count


@pytest.mark.parametrize(
    ("length", "count"), [(0, 1), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4), (1600, 11)]
)
def test_b14_gsm_7_is_160_alone_and_153_together(length, count):
    assert counted("a" * length) == (GSM7, length, count)


@pytest.mark.parametrize(("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_b14_ucs_2_is_70_alone_and_67_together(length, count):
    assert counted("я" * length) == (UCS2, length, count)


@pytest.mark.parametrize("character", sorted(EXTENSION))
def test_b14_each_extension_character_counts_two_and_says_so(character):
    assert counted("a" * 158 + character) == (GSM7, 160, 1)
    assert counted("a" * 159 + character) == (GSM7, 161, 2)
    assert segments(character * 2).doubles == (character,)


@pytest.mark.parametrize("character", sorted(EXTENSION))
def test_b14_an_extension_character_is_not_cut_in_two(character):
    assert counted("a" * 152 + character + "a" * 152) == (GSM7, 306, 3)
    assert counted("a" * 151 + character + "a" * 153) == (GSM7, 306, 2)


@pytest.mark.parametrize("emoji", ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇺🇸", "1️⃣", "e\u0301"])
def test_b14_what_a_person_sees_as_one_is_not_split_at_a_boundary(emoji):
    size = segments(emoji).units
    assert counted("a" * (70 - size) + emoji) == (UCS2, 70, 1)
    assert counted("a" * (67 - size) + emoji + "a" * 67) == (UCS2, 134, 2)
    assert counted("a" * (68 - size) + emoji + "a" * 66) == (UCS2, 134, 3)


def test_b14_what_caused_ucs_2_is_named_once_and_in_order():
    found = segments("Olé 😀 ű 😀 “ok”")
    assert (found.encoding, found.causes, found.doubles) == (UCS2, ("😀", "ű", "“", "”"), ())


def test_a_heap_of_marks_that_no_segment_holds_is_cut():
    assert segments("a" + "\u0301" * 200).count == 3


def test_a_line_end_of_windows_is_two_characters():
    assert counted("\r\n" * 80) == (GSM7, 160, 1)
