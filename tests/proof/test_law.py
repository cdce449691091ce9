"""The law in full: 20,000 steps."""

import pytest
from hypothesis import HealthCheck, settings

from tests.law import Law
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50
TestTheWholeLaw = Law.TestCase
TestTheWholeLaw.settings = settings(
    max_examples=scaled(20_000 // STEPS),
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
