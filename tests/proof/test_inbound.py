"""B4: the same webhook many times is one message, and every count is exact."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from dashboard.store.database import Store
from dashboard.store.verify import faults
from tests.proof.scale import scaled
from tests.serving import SECRET, Server, a_server

pytestmark = pytest.mark.proof
TEXTS, COPIES, PEOPLE = scaled(1_000), 20, 50


def test_a_thousand_texts_each_posted_twenty_times_in_parallel_are_a_thousand_messages(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    with a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server:
        answers = _post_all(server)
    assert len(answers) == TEXTS * COPIES
    assert len({answer["message"] for answer in answers}) == TEXTS
    assert sum(not answer["duplicate"] for answer in answers) == TEXTS
    _check(url)


def _post_all(server: Server) -> list[dict[str, int]]:
    """Twenty connections that post the same text at the same moment, one text after the other."""
    barrier = Barrier(COPIES)

    def copies(_: int) -> list[dict[str, int]]:
        found = []
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
            for number in range(TEXTS):
                barrier.wait(120)
                found.append(_post(connection, number))
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
            assert count("PRAGMA integrity_check").scalar() == "ok"
            assert faults(connection) == {}
    finally:
        store.close()
