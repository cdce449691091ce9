"""Nothing is ever sent after a STOP until a START, in many orders: 6,000 steps on SQLite, 2,000 on PostgreSQL."""

import pytest

from tests.cluster import Cluster
from tests.consents import Consents, hold
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50


def test_b2_nothing_is_sent_after_a_stop_in_6_000_steps() -> None:
    hold(examples=scaled(6_000 // STEPS), steps=STEPS)


def test_b2_nothing_is_sent_after_a_stop_in_2_000_steps_on_postgresql(cluster: Cluster) -> None:
    class OnPostgreSQL(Consents):
        make_url = staticmethod(lambda _: cluster.database())

    hold(examples=scaled(2_000 // STEPS), steps=STEPS, machine=OnPostgreSQL)
