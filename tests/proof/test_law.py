"""The law in full: 20,000 steps."""

import pytest

from tests.law import hold
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50


def test_a_screen_that_lived_through_20_000_steps_equals_one_opened_now() -> None:
    hold(examples=scaled(20_000 // STEPS), steps=STEPS)
