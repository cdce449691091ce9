"""Nothing is ever sent after a STOP until a START, in many orders: 6,000 steps on SQLite, 2,000 on PostgreSQL."""

import pytest

from tests.consents import Consents
from tests.engine import PostgreSQL, SQLite
from tests.machines import hold
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50


def test_b2_nothing_is_sent_after_a_stop_in_6_000_steps(databases: SQLite | PostgreSQL) -> None:
    hold(Consents, databases, examples=scaled(6_000 // STEPS), steps=STEPS)


def test_b2_nothing_is_sent_after_a_stop_in_2_000_steps_on_postgresql(on_postgresql: PostgreSQL) -> None:
    hold(Consents, on_postgresql, examples=scaled(2_000 // STEPS), steps=STEPS)
