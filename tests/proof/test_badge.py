"""A16 in full: 1,000 random acts by several users on headless screens."""

from pathlib import Path

import pytest

from tests.badge import act_at_random
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof


def test_the_badge_equals_what_a_click_on_it_shows(tmp_path: Path) -> None:
    acts = scaled(1_000)
    assert act_at_random(tmp_path, acts) > acts / 2
