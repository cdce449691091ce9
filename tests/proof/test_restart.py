"""Our server ends under a stream of webhooks, by the kernel's hand 100 times: of 10,000 texts that were acknowledged
none is lost, none is there twice, and the database is whole. In order too, and on both engines."""

import signal
from pathlib import Path

import pytest

from dashboard.store.database import Store
from tests.cluster import Cluster
from tests.factories import OURS, eventually
from tests.fake_twilio import a_twilio
from tests.proof.scale import scaled
from tests.serving import SECRET, a_free_port, a_server
from tests.streaming import PUBLIC, Door, Stream, simulated, twilio

pytestmark = pytest.mark.proof
KILLS, ENDS = scaled(100), scaled(10)
LEAST = 100  # texts that are acknowledged between two ends
DOORS: dict[str, Door] = {"simulated": simulated, "twilio": twilio}  # whose texts come in


def end_often(database: str, log: Path, ends: int, by: signal.Signals, door: Door, **settings: str) -> None:
    """Start the server and end it, again and again, under a stream; then look at what is stored."""
    port = a_free_port()
    with Stream(port, door=door) as stream:
        for _ in range(ends):
            known = len(stream.stored)
            with a_server("serve", "--database", database, log=log, secret=SECRET, port=port, **settings) as server:
                assert eventually(lambda known=known: len(stream.stored) >= known + LEAST)
                server.process.send_signal(by)
                server.process.wait(60)
    store = Store(database)
    stream.check(store)
    store.close()
    assert len(stream.stored) >= ends * LEAST


@pytest.mark.parametrize("door", DOORS)
def test_a_server_that_is_killed_under_a_stream_has_lost_nothing_that_it_acknowledged(
    tmp_path: Path, door: str
) -> None:
    """Twilio's are signed; its list of messages, from which missed ones are fetched, has none of them."""
    with a_twilio() as company:
        known = company.settings | {"url": PUBLIC, "numbers": OURS} if door == "twilio" else {}
        end_often(f"sqlite:///{tmp_path / 'inbox.db'}", tmp_path / "log", KILLS, signal.SIGKILL, DOORS[door], **known)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_server_that_ends_in_order_or_on_either_engine_has_not_either(
    tmp_path: Path, cluster: Cluster, engine: str, end: signal.Signals
) -> None:
    url = cluster.database() if engine == "postgresql" else f"sqlite:///{tmp_path / 'inbox.db'}"
    end_often(url, tmp_path / "log", ENDS, end, simulated)
