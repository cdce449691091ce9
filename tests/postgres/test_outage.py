"""A PostgreSQL that crashes, or hangs, under a stream of texts: nothing acknowledged is lost, and all is well soon after."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.live.live import Live
from dashboard.live.screen import Screen
from dashboard.providers import Simulated
from dashboard.providers.simulated import Behaviour
from dashboard.store import schema
from dashboard.store.database import Store
from tests.cluster import Cluster
from tests.factories import Clock, a_reply, a_store, a_text, asked, dana, eventually, sound
from tests.live.test_screen import Face
from tests.serving import SECRET, Server, a_server, memory
from tests.streaming import BROKEN, Stream

pytestmark = pytest.mark.postgres
HEALED = 60.0  # seconds after the database is back, on a machine that does much else; by itself 1 or 2
NOTICED = 60.0  # seconds until a hung server is known to hang: a wait, a look, and a connection that comes to nothing


@pytest.fixture
def breakable() -> Iterator[Cluster]:
    """A PostgreSQL of the test's own, to be broken."""
    cluster = Cluster(memory())
    yield cluster
    cluster.stop()


@contextmanager
def a_life(store: Store, provider: Simulated | None = None) -> Iterator[tuple[Live, Screen]]:
    """The live half on a store, with one screen."""
    live = Live(store, provider)
    live.start()
    screen = live.screen(user=dana(store))
    screen.face = Face()
    live.attach(screen)
    assert eventually(lambda: screen.snapshot)
    yield live, screen
    live.stop()


def health(server: Server) -> int:
    try:
        with urllib.request.urlopen(f"{server.url}healthz", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code if b"does not answer" in error.read() else 0


def unread(store: Store) -> object:
    return asked(store, "SELECT count(*) FROM message WHERE direction = 'inbound'")[0][0]


def test_a_database_that_crashes_three_times_under_a_stream_loses_nothing(breakable: Cluster, tmp_path: Path) -> None:
    url = breakable.database()
    with (
        a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server,
        a_store(url) as store,
        a_life(store) as (_, screen),
    ):
        with Stream(server.port) as stream:
            for _ in range(3):
                grown = len(stream.stored) + 20
                assert eventually(lambda least=grown: len(stream.stored) > least, HEALED)
                breakable.crash()
                assert eventually(lambda: screen.face.trouble, HEALED), "the screen is to say so"
                assert health(server) == 503
                breakable.start()
                after = len(stream.stored)
                assert eventually(lambda known=after: len(stream.stored) > known, HEALED), "texts are taken again"
                assert eventually(lambda: screen.face.trouble is None, HEALED), "and the screen says so"
        assert eventually(lambda: screen.snapshot.unread == unread(store) >= len(stream.stored), HEALED)
        stream.check(store)
    assert set(stream.answers) <= {200, 503}
    assert stream.answers[503] > 0, "nothing was refused, and this proves nothing"
    assert BROKEN not in stream.answers


def test_a_database_that_hangs_is_noticed_told_and_healed(breakable: Cluster, tmp_path: Path) -> None:
    url = breakable.database()
    with (
        a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server,
        a_store(url) as store,
        a_life(store) as (_, screen),
        Stream(server.port) as stream,
    ):
        assert eventually(lambda: len(stream.stored) > 20, HEALED)
        breakable.freeze()
        try:
            assert eventually(lambda: screen.face.trouble, NOTICED)
            assert eventually(lambda: stream.answers[503], NOTICED), "the doors answer, and say no"
            assert health(server) == 503
        finally:
            breakable.thaw()
        known = len(stream.stored)
        assert eventually(lambda: screen.face.trouble is None, HEALED)
        assert eventually(lambda: len(stream.stored) > known, HEALED)
    store = Store(url)
    stream.check(store)
    store.close()


def test_texts_that_are_sent_while_the_database_comes_and_goes_go_once(breakable: Cluster) -> None:
    company, clock = Simulated(Behaviour(delay=0)), Clock()

    def none_waits(store: Store) -> bool:
        clock.pass_(0.05)  # what could not be handed over waits a moment until it is tried again
        return not asked(store, "SELECT 1 FROM message WHERE status = 'queued'")

    with a_store(breakable.database(), clock) as store, a_life(store, company):
        thread = a_text(store).thread
        sent = [a_reply(store, thread, f"before {number}") for number in range(40)]
        breakable.crash()
        breakable.start()
        assert eventually(lambda: none_waits(store), HEALED)
        later = a_reply(store, thread, "after")
        assert eventually(lambda: company.sent.get(later), HEALED)
        assert set(company.sent.values()) == {1}
        assert set(company.sent) <= {*sent, later}
        assert sound(store)


def test_send_answers_in_words_while_the_database_is_away_and_the_same_key_goes_once_it_is_back(
    breakable: Cluster,
) -> None:
    with a_store(breakable.database()) as store:
        thread = a_text(store).thread
        with a_life(store) as (live, screen):
            breakable.crash()
            live.do(screen, lambda: screen.send("my-key", thread, "On our way"))
            assert eventually(lambda: _sent(screen), NOTICED)
            assert "nothing can be stored just now" in str(_sent(screen)["error"])
            breakable.start()
            live.do(screen, lambda: screen.send("my-key", thread, "On our way"))
            live.do(screen, lambda: screen.send("my-key", thread, "On our way"))
            assert eventually(lambda: _sent(screen)["error"] is None, HEALED)
            assert asked(store, "SELECT count(*) FROM message WHERE send_key = 'my-key'") == [(1,)]


def _sent(screen: Screen) -> dict[str, object]:
    """What the composer was last told of a text."""
    return next((news["sent"] for news in reversed(screen.face.told) if "sent" in news), {})


def test_a_slow_statement_is_not_taken_for_a_hung_server(breakable: Cluster) -> None:
    with a_store(breakable.database()) as store, store.reading() as connection:
        assert connection.exec_driver_sql("SELECT pg_sleep(3) IS NOT NULL").scalar()


def test_a_database_is_ready_again_after_all_its_connections_were_ended(breakable: Cluster) -> None:
    with a_store(breakable.database()) as store:
        breakable.crash()
        breakable.start()
        schema.ready(store)
        assert a_text(store).message
