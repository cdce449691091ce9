"""The law, in a run short enough for every day; the whole is in tests/proof."""

from tests.engine import PostgreSQL, SQLite
from tests.law import Law
from tests.machines import hold


def test_a_screen_that_lived_through_the_changes_equals_one_opened_now(databases: SQLite | PostgreSQL) -> None:
    hold(Law, databases, examples=3, steps=40)
