"""The log says that something was refused or broke, and where; never what somebody wrote, searched for, or proved."""

import asyncio
import json
import logging
from urllib.parse import urlencode

import pytest
from sqlalchemy import text as sql
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from dashboard.logs import Discreet
from tests.doors.test_simulated import INBOUND, STATUS, text
from tests.factories import by_hand, eventually

WORD = "canary"  # in a query, a body, a header, a form and a cookie
NUMBER = "+16035550177"
QUERY = urlencode({"q": WORD, "thread": WORD, "name": WORD, "size": WORD, "next": f"/?q={WORD}"})
FORM = urlencode({"person": WORD, "name": WORD, "password": WORD, "_xsrf": WORD}).encode()
TOKEN = f"{WORD}.x-y_z"
HEADERS = {"Authorization": f"Bearer {WORD}", "User_Agent": WORD, "Referer": f"http://127.0.0.1/?q={WORD}"}
PATHS = ["/", "/documents", "/login", "/logout", "/healthz", "/upload", "/media/9", "/share/" + TOKEN, INBOUND, STATUS,
         "/ws", "/documents/ws", "/nothing", f"/{NUMBER}", "/static/js/nothing.js", "/metrics"]  # fmt: skip


@pytest.fixture(scope="module")
def discreet():
    """Lines are as ``serve`` writes them, for all tests here: a request's last line may come when its test is over."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(Discreet)
    yield
    logging.setLogRecordFactory(before)


@pytest.fixture
def log(discreet, caplog):
    """What ``serve`` would log, from the first line on."""
    caplog.set_level(logging.INFO)
    return caplog


def says_nothing(log):
    """No canary, and yet something."""
    assert log.records
    assert WORD not in log.text.lower()
    assert NUMBER[-4:] not in log.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_request_leaves_its_place_and_status_in_the_log_and_no_more(server, log, path, method):
    for cookie in (server.cookie(1), f"message_center_{server.port}={WORD}|1|{WORD}; _xsrf={WORD}"):
        body = None if method == "GET" else FORM
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        server.ask(method, f"{path}?{QUERY}", body, Cookie=cookie, **form, **HEADERS)
    assert eventually(lambda: f"{method} /" in log.text)
    says_nothing(log)


@pytest.mark.parametrize("path", [INBOUND, STATUS])
@pytest.mark.parametrize(
    "body",
    [WORD.encode(), {"from": WORD}, text(**{"from": f"{NUMBER} {WORD}"}), text(to=NUMBER, body=WORD), text(body=[WORD]),
     text(media=[{"data": WORD, "type": WORD}]), {"message": WORD, "status": WORD, "error": WORD}],
)  # fmt: skip
def test_what_a_provider_posts_is_not_in_the_log(server, log, path, body):
    for secret in (server.secret, WORD):
        server.post(path, body, X_Secret=secret)
    says_nothing(log)


def test_what_the_database_does_not_take_is_not_in_the_log(server, log, monkeypatch):
    def refused(inbound):
        with server.store.reading() as connection:
            connection.execute(sql("SELECT :body FROM nothing WHERE number = :number"), vars_of(inbound))

    monkeypatch.setattr(server.application.live, "receive", refused)
    assert server.post(f"{INBOUND}?{QUERY}", text(**{"from": NUMBER, "body": WORD})).status == 503
    assert "nothing" in log.text, "the table that there is not"
    says_nothing(log)


def vars_of(inbound):
    return {"body": inbound.body, "number": inbound.sender}


def test_what_nobody_expected_is_told_with_its_trace_and_without_the_query(server, log, monkeypatch):
    monkeypatch.setattr(server.application.live, "receive", lambda _: {}["a slip of ours"])
    assert server.post(f"{INBOUND}?{QUERY}", text(body=WORD)).status == 500
    assert f"Uncaught exception at POST {INBOUND}" in log.text
    assert "a slip of ours" in log.text
    says_nothing(log)


@pytest.mark.parametrize("name", [WORD, "Dana Whitcomb", NUMBER])
def test_a_login_that_fails_leaves_neither_name_nor_password_in_the_log(server, log, name):
    for _ in range(7):
        assert server.log_in({"name": name, "password": WORD}).status in {403, 429}
    by_hand(server.store, "DELETE FROM login_try")
    says_nothing(log)
    assert "Whitcomb" not in log.text


FRAMES = [
    [WORD, "{}", "{}"], ["{" + WORD, "{}", "{}"], [json.dumps({"msgid": "1", "msgtype": WORD}), "{}", "{}"],
    [json.dumps({"msgid": "1", "msgtype": "PATCH-DOC"}), "{}", json.dumps({"events": [WORD], "q": NUMBER})],
    [json.dumps({"msgid": "1", "msgtype": "PATCH-DOC"}), "{}", json.dumps({"events": [
        {"kind": "ModelChanged", "model": {"id": WORD}, "attr": WORD, "new": NUMBER}]})],
]  # fmt: skip


@pytest.mark.parametrize("frames", FRAMES)
def test_what_a_page_says_that_makes_no_sense_is_not_in_the_log(server, log, frames):
    """Bokeh would log the frame, whole."""
    cookie = server.cookie(1)
    token = server.token(cookie)

    async def say():
        address = HTTPRequest(f"ws://127.0.0.1:{server.port}/ws", headers={"Cookie": cookie})
        connection = await websocket_connect(address, subprotocols=["bokeh", token])
        await connection.read_message()
        for frame in frames:
            await connection.write_message(frame)
        assert await asyncio.to_thread(eventually, lambda: complaints(log))
        connection.close()
        while await connection.read_message() is not None:
            """Until it is closed."""

    asyncio.run(say())
    says_nothing(log)


def complaints(log):
    """What Bokeh did not like."""
    return [line for line in log.records if line.name.startswith("bokeh") and line.levelno >= logging.ERROR]


def test_without_the_measure_the_frame_would_be_there(server, log):
    logging.setLogRecordFactory(logging.LogRecord)
    with pytest.raises(AssertionError):
        test_what_a_page_says_that_makes_no_sense_is_not_in_the_log(server, log, FRAMES[4])
    assert WORD in log.text
