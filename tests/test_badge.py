"""A16: the badge equals what a click on it shows; the long run is in tests/proof."""

from pathlib import Path

from tests.badge import act_at_random


def test_the_badge_equals_what_a_click_on_it_shows(tmp_path: Path) -> None:
    assert act_at_random(tmp_path, 40) > 20
