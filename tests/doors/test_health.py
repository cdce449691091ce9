"""GET /healthz: 200 while the database answers, 503 with the reason when not."""

from dashboard.core.errors import StoreError


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
