"""The law, in a run short enough for every day; the whole is in tests/proof."""

from tests.law import hold


def test_a_screen_that_lived_through_the_changes_equals_one_opened_now() -> None:
    hold(examples=3, steps=40)
