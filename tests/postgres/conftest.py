"""Databases in the session's own cluster."""

from collections.abc import Callable

import pytest

from tests.cluster import Cluster


@pytest.fixture(scope="session")
def a_postgres_url(cluster: Cluster) -> Callable[..., str]:
    """Makes a fresh database; its address."""
    return lambda *_: cluster.database()
