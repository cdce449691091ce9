"""The headers of every answer: what a browser may do with it, and nothing about what serves it."""

import re

import pytest

from tests.doors.test_simulated import INBOUND, text

SCRIPT = "/static/js/bokeh.min.js"


def policy(answer):
    """The directives of an answer's policy."""
    parts = answer.headers["content-security-policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def every_kind(server):
    """A page, a standing page, a redirect, plain text, JSON, a file, a handshake, and every kind of refusal."""
    cookie = server.cookie(1)
    yield server.ask("GET", "/", Cookie=cookie)
    yield server.connect(server.token(cookie), Cookie=cookie)
    yield server.post(INBOUND, text())
    yield server.post(INBOUND, b"nonsense")
    yield server.ask("GET", "/", Host="evil.example")
    yield server.ask("GET", "/", Origin="http://evil.example")
    yield server.ask("POST", "/login", b"person=1")
    for path in ("/login", "/?tab=sent", "/healthz", SCRIPT, "/nothing", "/ws", "/static/js/nothing.js"):
        yield server.ask("GET", path)
        yield server.ask("GET", path, Accept="text/html")


def test_every_answer_is_guarded_and_does_not_name_what_serves_it(server):
    answers = list(every_kind(server))
    assert {answer.status for answer in answers} == {101, 200, 302, 400, 403, 404, 421}
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert policy(answer)["default-src"] == "'none'"
        assert "server" not in answer.headers
        assert "Tornado" not in answer.text


def test_nothing_that_may_hold_data_is_kept_by_a_browser(server):
    for answer in every_kind(server):
        kept = answer.headers["cache-control"]
        assert kept == ("no-cache" if answer.text.startswith("'use strict'") else "no-store")


def test_a_file_under_its_versions_name_is_kept(server):
    assert "max-age" in server.ask("GET", f"{SCRIPT}?v=1").headers["cache-control"]


def test_only_our_own_scripts_run(server):
    page = server.ask("GET", "/", Cookie=server.cookie(1))
    allowed = policy(page)["script-src"]
    assert "unsafe" not in allowed
    nonce = re.search(r"'nonce-([\w-]{16,})'", allowed)[1]
    scripts = re.findall(r"<script\b[^>]*>", page.text)
    assert len(scripts) > 5
    assert all(f'nonce="{nonce}"' in script for script in scripts)


def test_the_nonce_is_new_each_time(server):
    assert len({policy(server.ask("GET", "/login"))["script-src"] for _ in range(3)}) == 3


def test_a_page_talks_to_this_server_only(server):
    here = f"127.0.0.1:{server.port}"
    connects = policy(server.ask("GET", "/login"))["connect-src"]
    assert connects == f"'self' blob: ws://{here} wss://{here}"


@pytest.mark.parametrize("host", ["evil.example", "x; script-src *"])
def test_a_strangers_name_does_not_come_into_the_policy(server, host):
    answer = server.ask("GET", "/", Host=host)
    assert answer.status in {400, 421}
    assert host not in answer.headers.get("content-security-policy", "")


@pytest.mark.parametrize(
    ("directive", "value"), [("frame-ancestors", "'none'"), ("base-uri", "'none'"), ("object-src", "'none'"), ("form-action", "'self'")]
)  # fmt: skip
def test_a_page_is_not_framed_moved_or_made_to_post_elsewhere(server, directive, value):
    assert policy(server.ask("GET", "/login"))[directive] == value
