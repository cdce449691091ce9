"""Our server ends, in order or by the kernel's hand, under a stream of texts: nothing acknowledged is lost; both engines."""

import signal
from pathlib import Path

import pytest

from dashboard.store.database import Store
from tests.cluster import Cluster
from tests.factories import eventually
from tests.proof.scale import scaled
from tests.serving import SECRET, a_free_port, a_server
from tests.streaming import Stream

pytestmark = pytest.mark.proof
RESTARTS = scaled(10)
LEAST = 50  # texts between two ends


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_server_that_ends_under_a_stream_has_lost_nothing_that_it_acknowledged(
    tmp_path: Path, cluster: Cluster, engine: str, end: signal.Signals
) -> None:
    url = cluster.database() if engine == "postgresql" else f"sqlite:///{tmp_path / 'inbox.db'}"
    port = a_free_port()
    serve = ("serve", "--database", url)
    with Stream(port) as stream:
        for _ in range(RESTARTS):
            known = len(stream.stored)
            with a_server(*serve, log=tmp_path / "log", secret=SECRET, port=port) as server:
                assert eventually(lambda known=known: len(stream.stored) >= known + LEAST)
                server.process.send_signal(end)
                server.process.wait(60)
    store = Store(url)
    stream.check(store)
    store.close()
    assert len(stream.stored) >= RESTARTS * LEAST
