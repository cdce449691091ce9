"""GET /healthz: 200 while the database answers, 503 with the reason when not."""

import pytest
from sqlalchemy.exc import InternalError, OperationalError

from dashboard.core.errors import StoreError
from dashboard.store.database import parsed


def test_a_sound_server_says_ok(server):
    answer = server.ask("GET", "/healthz")
    assert (answer.status, answer.text) == (200, "ok\n")
    assert answer.headers["cache-control"] == "no-store"


def test_a_server_without_its_database_says_why(server, monkeypatch, caplog):
    def away():
        raise StoreError("The database does not answer: is the server running?")

    monkeypatch.setattr(server.store, "revision", away)
    answer = server.ask("GET", "/healthz")
    assert answer.status == 503
    assert "database" in answer.text
    assert "does not answer" in caplog.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "connection to server at 10.0.0.7 failed for user inbox",
            "The database does not answer: is the server running?",
        ),
        ("database or disk is full", "The database has no room left on its disk: free some, nothing was lost."),
        ("a plan of 10.0.0.7 changed", "The database cannot be used just now: the log says why."),
    ],
)
def test_an_outsider_is_not_told_where_the_database_is_or_whose(server, monkeypatch, caplog, words, said):
    class LostError(Exception):
        sqlstate = None

    class Away:
        def connect(self):
            kind = OperationalError if "plan" not in words else InternalError
            raise kind("SELECT 1", None, LostError(words))

    monkeypatch.setattr(server.store, "engine", Away())
    monkeypatch.setattr(server.store, "url", parsed("postgresql+psycopg://inbox:geheim@10.0.0.7/texts"))
    answer = server.ask("GET", "/healthz")
    assert (answer.status, answer.text) == (503, f"{said}\n")
    assert words in caplog.text
    assert "geheim" not in caplog.text
