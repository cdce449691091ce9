"""Refusals: in our look for a browser, one line for a program, and never a stack trace or a page of somebody else's."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.core.errors import StoreError
from dashboard.doors import refusal
from dashboard.ui import page
from tests.doors.test_simulated import INBOUND

AWAY = [
    StoreError("The database does not answer: is the server running?"),
    OperationalError("SELECT 1", {}, Exception("connection refused")),
]
FOREIGN = ("Traceback", "File &quot;", "Tornado", "Bokeh", "Panel", "https://", "cdn", "connection refused", "SELECT")


def is_ours(answer, status):
    """A page of ours, which loads nothing, with the words for its status."""
    assert answer.status == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    said = refusal.of(status)
    assert f"<h1>{said.heading}</h1>" in answer.text
    assert "--mc-page" in answer.text
    assert not any(words in answer.text for words in FOREIGN)
    assert re.findall(r"<script|src=", answer.text) == []
    return answer


def is_a_line(answer, status):
    """One line of text."""
    assert answer.status == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(refusal.of(status).heading)
    assert answer.text.count("\n") == 1


CASES = {
    "a socket asked for as a page": ("GET", "/ws", {}, 400),
    "another site's page": ("GET", "/", {"Origin": "http://evil.example"}, 403),
    "a form without our token": ("POST", "/login", {}, 403),
    "a session chosen by its name": ("GET", "/?bokeh-session-id=x", {}, 403),
    "a bad token": ("GET", "/?bokeh-token=x", {}, 403),
    "nothing there": ("GET", "/nothing", {}, 404),
    "a file that is not there": ("GET", "/static/js/nothing.js", {}, 404),
    "a method that is not taken": ("DELETE", "/healthz", {}, 405),
    "a method that nobody knows": ("BREW", "/login", {}, 405),
    "too much": ("POST", "/login", {"form": "x" * 70_000}, 413),
    "another host": ("GET", "/", {"Host": "evil.example"}, 421),
}  # fmt: skip


def asked(server, case, **more):
    method, path, headers, status = CASES[case]
    headers = dict(headers)
    body = headers.pop("form", "").encode() if method == "POST" else None
    if body and status == 400:
        return server.choose(body.decode().partition("=")[2], **more), status
    return server.ask(method, path, body, Cookie=server.cookie(1), **headers | more), status


@pytest.mark.parametrize("case", CASES)
def test_a_browser_is_told_in_our_look(server, case):
    is_ours(*asked(server, case, Accept="text/html,application/xhtml+xml,*/*;q=0.8"))


@pytest.mark.parametrize("case", CASES)
def test_a_program_is_told_in_one_line(server, case):
    is_a_line(*asked(server, case, Accept="*/*"))


def test_every_refusal_says_what_to_do():
    for status in (400, 403, 404, 405, 413, 421, 500, 503):
        assert refusal.of(status).words.endswith(".")
    assert (refusal.of(418).status, refusal.of(418).words) == (418, refusal.of(400).words)
    assert refusal.of(599).words == refusal.of(500).words


def test_what_stands_in_an_address_is_not_markup(server):
    assert "<b>" not in server.ask("GET", "/<b>nothing", Accept="text/html").text


@pytest.fixture
def away(server, monkeypatch):
    """The database goes away; the people are known before."""

    def away(error):
        def gone():
            raise error

        monkeypatch.setattr(server.store, "reading", gone)

    return away


@pytest.mark.parametrize("error", AWAY, ids=["ours", "the driver's"])
@pytest.mark.parametrize("path", ["/", "/?tab=sent", "/login"])
def test_while_the_database_is_away_a_page_says_so_and_asks_again_by_itself(server, away, caplog, path, error):
    cookie = server.cookie(1)
    away(error)
    answer = is_ours(server.ask("GET", path, Cookie=cookie, Accept="text/html"), 503)
    assert f'<meta http-equiv="refresh" content="{refusal.RETRY}">' in answer.text
    assert answer.headers["retry-after"] == str(refusal.RETRY)
    elsewhere = [record for record in caplog.records if not record.name.startswith("dashboard.live")]
    assert [record for record in elsewhere if record.exc_info] == [], "the live half has its own to say"


def test_when_it_is_back_so_is_the_page(server, away, monkeypatch):
    cookie = server.cookie(1)
    away(AWAY[0])
    assert server.ask("GET", "/", Cookie=cookie).status == 503
    monkeypatch.undo()
    assert server.ask("GET", "/", Cookie=cookie).status == 200


def test_no_connection_is_made_while_it_is_away(server, away):
    cookie = server.cookie(1)
    token = server.token(cookie)
    away(AWAY[0])
    is_a_line(server.connect(token, Cookie=cookie), 503)


def test_what_is_posted_while_it_is_away_is_not_posted_again_by_itself(server, away):
    away(AWAY[0])
    answer = server.ask("POST", "/login", b"", Accept="text/html")
    assert answer.status in {403, 503}
    assert "refresh" not in answer.text


@pytest.mark.parametrize(("error", "status"), [(AWAY[0], 503), (AWAY[1], 503), (KeyError("a slip of ours"), 500)])
def test_a_page_that_cannot_be_made_shows_no_trace(server, monkeypatch, caplog, error, status):
    """Panel would answer 200, and show whoever asks the stack."""
    monkeypatch.setattr(page, "MessageCenter", lambda *_, **__: (_ for _ in ()).throw(error))
    answer = server.ask("GET", "/", Cookie=server.cookie(1), Accept="text/html")
    is_ours(answer, status)
    assert "a slip of ours" not in answer.text
    traced = [record for record in caplog.records if record.exc_info and record.name == "tornado.application"]
    assert bool(traced) == (status == 500), "what nobody expected stands in the log, whole"


class Raised(dict):
    """What a factory of Panel's usual kind does with what goes wrong."""

    def __setitem__(self, document, error):
        raise error


def test_from_a_factory_of_the_usual_kind_there_would_be_a_trace_on_the_page(server, monkeypatch):
    monkeypatch.setattr(page, "FAILURES", Raised())
    monkeypatch.setattr(page, "MessageCenter", lambda *_, **__: {}["a slip of ours"])
    answer = server.ask("GET", "/", Cookie=server.cookie(1))
    assert answer.status == 200
    assert "<h1" not in answer.text


def test_a_door_that_fails_says_nothing_of_itself(server, monkeypatch, caplog):
    monkeypatch.setattr(server.store, "revision", lambda: {}["a slip of ours"])
    is_a_line(server.ask("GET", "/healthz"), 500)
    assert "a slip of ours" in caplog.text
    is_ours(server.ask("GET", "/healthz", Accept="text/html"), 500)


def test_a_text_that_fails_is_told_in_a_line(server, monkeypatch):
    monkeypatch.setattr(server.application.live, "receive", lambda _: {}["a slip of ours"])
    is_a_line(server.post(INBOUND, {"id": "1", "from": "+16035550142", "to": None, "body": "x"}), 500)
