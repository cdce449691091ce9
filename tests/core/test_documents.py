"""Fields in braces: which there are, what fills them, and what stays as it is written."""

import pytest

from dashboard.core import documents
from dashboard.core.documents import FIELDS, SAMPLE, Facts, Filled, searched, unknown, used
from dashboard.core.rights import BALANCE, EVERY

ANA = Facts("Ana Díaz", "(603) 555-0142", "ana@example.com", "12 Mill Road", 14850, "Thursday", "Dana Whitcomb")


def filled(text, facts):
    return documents.filled(text, facts, EVERY)


def test_b8_every_field_is_filled_and_says_what_it_is():
    for key, field in FIELDS.items():
        assert (field.key, bool(field.label), bool(field.sentence)) == (key, True, True)
        assert filled(f"<{{{key}}}>", ANA) == Filled(f"<{field.fill(ANA)}>", ())
        assert field.fill(ANA)


def test_b8_a_field_without_a_value_stands_as_it_was_and_is_named():
    put = filled("Hi {first_name}, see you {next_visit}. {next_visit}! {user_first_name}", Facts(user_name="Dana W"))
    assert put.text == "Hi {first_name}, see you {next_visit}. {next_visit}! Dana"
    assert put.missing == ("first_name", "next_visit")


@pytest.mark.parametrize(
    ("cents", "words"), [(14850, "$148.50"), (0, "$0.00"), (-2000, "-$20.00"), (123456789, "$1,234,567.89")]
)
def test_b8_a_balance_is_in_dollars(cents, words):
    assert filled("{balance}", Facts(balance=cents)).text == words


def test_b8_a_balance_that_is_not_known_is_missing_and_not_nothing():
    assert filled("{balance}", Facts()).missing == ("balance",)


@pytest.mark.parametrize("text", ["{", "}", "{}", "{ name }", "{Name}", "{1}", "{{", "a {b c} d", "{na-me}", "{\n}"])
def test_braces_that_are_no_field_survive(text):
    assert filled(text, ANA) == Filled(text, ())
    assert (used(text), unknown(text)) == ((), ())


def test_a_value_with_braces_is_not_looked_through_again():
    assert filled("{name}", Facts(name="{balance}", balance=1)).text == "{balance}"


def test_what_looks_like_a_field_and_is_none_is_told():
    assert unknown("{frist_name} {name} {frist_name} {x}") == ("frist_name", "x")
    assert used("{name} {frist_name} {email} {name}") == ("name", "email")


def test_a_preview_has_a_sample_for_every_field_but_the_users_own():
    assert {key for key, field in FIELDS.items() if not field.fill(SAMPLE)} == {"user_name", "user_first_name"}


def test_a_search_looks_through_title_and_text_without_accents():
    assert searched("Vamos de camino", "¡Está en casa!") == "vamos de camino esta en casa"


def test_a41_what_the_writer_may_not_know_is_missing_from_a_filled_text():
    put = documents.filled("{first_name} owes {balance}", ANA, EVERY - {BALANCE})
    assert put == Filled("Ana owes {balance}", ("balance",))
