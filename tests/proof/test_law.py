"""The law in full: 20,000 steps on SQLite, 5,000 on PostgreSQL."""

import pytest

from tests.engine import PostgreSQL, SQLite
from tests.law import Law
from tests.machines import hold
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
STEPS = 50


def test_a_screen_that_lived_through_20_000_steps_equals_one_opened_now(databases: SQLite | PostgreSQL) -> None:
    hold(Law, databases, examples=scaled(20_000 // STEPS), steps=STEPS)


def test_a_screen_that_lived_through_5_000_steps_on_postgresql_equals_one_opened_now(on_postgresql: PostgreSQL) -> None:
    hold(Law, on_postgresql, examples=scaled(5_000 // STEPS), steps=STEPS)
