"""The law in full: 20,000 steps on SQLite, 5,000 on PostgreSQL."""

import pytest

from tests.cluster import Cluster
from tests.law import Law, hold
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50


def test_a_screen_that_lived_through_20_000_steps_equals_one_opened_now() -> None:
    hold(examples=scaled(20_000 // STEPS), steps=STEPS)


def test_a_screen_that_lived_through_5_000_steps_on_postgresql_equals_one_opened_now(cluster: Cluster) -> None:
    class LawOnPostgreSQL(Law):
        make_url = staticmethod(lambda _: cluster.database())

    hold(examples=scaled(5_000 // STEPS), steps=STEPS, law=LawOnPostgreSQL)
