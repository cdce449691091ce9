"""B4: the same webhook many times, at several processes, is one message, and every count is exact; on both engines."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Barrier

import pytest

from dashboard.store.database import Store
from dashboard.store.verify import faults
from tests.cluster import Cluster
from tests.proof.scale import scaled
from tests.serving import SECRET, Server, a_server

pytestmark = pytest.mark.proof
TEXTS, COPIES, PEOPLE = scaled(1_000), 20, 50


@pytest.fixture
def database(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> str:
    """The address of an empty database."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'inbox.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database()


@pytest.mark.parametrize(("engine", "processes"), [("sqlite", 1), ("sqlite", 3), ("postgresql", 3)])
def test_a_thousand_texts_each_posted_twenty_times_in_parallel_are_a_thousand_messages(
    tmp_path: Path, database: str, processes: int
) -> None:
    with ExitStack() as stack:
        start = lambda number: a_server("serve", "--database", database, log=tmp_path / f"log{number}", secret=SECRET)  # noqa: E731
        servers = [stack.enter_context(start(number)) for number in range(processes)]
        answers = _post_all(servers)
    assert len(answers) == TEXTS * COPIES
    assert len({answer["message"] for answer in answers}) == TEXTS
    assert sum(not answer["duplicate"] for answer in answers) == TEXTS
    _check(database)


def _post_all(servers: list[Server]) -> list[dict[str, int]]:
    """Twenty connections that post the same text at the same moment, one text after the other."""
    barrier = Barrier(COPIES)

    def copies(number: int) -> list[dict[str, int]]:
        found = []
        port = servers[number % len(servers)].port
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            for text in range(TEXTS):
                barrier.wait(120)
                found.append(_post(connection, text))
        return found

    with ThreadPoolExecutor(COPIES) as pool:
        return [answer for answers in pool.map(copies, range(COPIES)) for answer in answers]


def _post(connection: http.client.HTTPConnection, number: int) -> dict[str, int]:
    text = {"id": f"text-{number}", "from": f"+1603555{number % PEOPLE:04}", "to": None, "body": f"Text {number}"}
    headers = {"Content-Type": "application/json", "X-Secret": SECRET}
    connection.request("POST", "/hooks/simulated/inbound", json.dumps(text), headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, body
    answer: dict[str, int] = json.loads(body)
    return answer


def _check(url: str) -> None:
    store = Store(url)
    try:
        with store.reading() as connection:
            count = connection.exec_driver_sql
            assert count("SELECT count(*), count(DISTINCT body) FROM message").one() == (TEXTS, TEXTS)
            assert count("SELECT count(*), sum(unread) FROM thread").one() == (min(PEOPLE, TEXTS), TEXTS)
            assert count("SELECT sum(unread) FROM tally").scalar() == TEXTS
            assert not store.is_sqlite or count("PRAGMA integrity_check").scalar() == "ok"
            assert faults(connection) == {}
    finally:
        store.close()
