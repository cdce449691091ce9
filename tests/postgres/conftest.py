"""A PostgreSQL of the session's own, whatever engine the other tests run on."""

from collections.abc import Callable, Iterator

import pytest

from tests.cluster import Cluster
from tests.serving import memory


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(memory())
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def a_postgres_url(cluster: Cluster) -> Callable[..., str]:
    """Makes a fresh database; its address."""
    return lambda *_: cluster.database()
