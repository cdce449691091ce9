"""The law, in a run short enough for every day; the whole is in tests/proof."""

from hypothesis import HealthCheck, settings

from tests.law import Law

SETTINGS = settings(
    max_examples=6, stateful_step_count=40, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
TestTheLaw = Law.TestCase
TestTheLaw.settings = SETTINGS
