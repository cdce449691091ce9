"""Whoever follows the clock misses nothing of what others write at the same moment; by a plain sequence they would."""

from collections.abc import Callable

import pytest

from tests.factories import a_store
from tests.following import missed_by_a_sequence, missed_by_the_clock

pytestmark = pytest.mark.postgres


def test_a_reader_of_the_clock_misses_nothing_of_eight_writers(a_postgres_url: Callable[..., str]) -> None:
    with a_store(a_postgres_url()) as store:
        assert missed_by_the_clock(store, writers=8, changes=400) == 0


def test_a_reader_of_a_sequence_misses_some_so_that_the_test_above_proves_something(
    a_postgres_url: Callable[..., str],
) -> None:
    with a_store(a_postgres_url()) as store:
        assert missed_by_a_sequence(store, writers=8, changes=400) > 0
