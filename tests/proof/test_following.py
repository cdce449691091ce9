"""3,200 changes by eight writers, and a reader that follows them on PostgreSQL."""

import pytest

from tests.cluster import Cluster
from tests.factories import a_store
from tests.following import missed_by_a_sequence, missed_by_the_clock
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
CHANGES, WRITERS = 3_200, 8


def test_a_reader_of_the_clock_misses_none_of_3_200_changes(cluster: Cluster) -> None:
    with a_store(cluster.database()) as store:
        assert missed_by_the_clock(store, WRITERS, scaled(CHANGES)) == 0


def test_a_reader_of_a_sequence_misses_some_of_them(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    with a_store(cluster.database()) as store:
        missed = missed_by_a_sequence(store, WRITERS, scaled(CHANGES))
    with capsys.disabled():
        print(f"\na reader of a sequence missed {missed} of {scaled(CHANGES)}", end="")
    assert missed > 0
