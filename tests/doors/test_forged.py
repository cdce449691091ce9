"""Forged requests: each is answered with its status, does nothing, and opens nothing."""

import socket
import struct

import pytest

from tests.doors.test_guard import routes
from tests.doors.test_sessions import DANA, a_token, sessions
from tests.doors.test_simulated import INBOUND, STATUS, text
from tests.fuzzing import HANDSHAKE, Sent

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PATHS = ["/", "/documents", "/ws", "/login", "/logout", "/upload", "/media/1", "/share/x", INBOUND, STATUS, "/healthz",
         "/static/js/bokeh.min.js"]  # fmt: skip
FOREIGN = ["http://evil.example", "null", "http://localhost", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}/",
           "http://127.0.0.1:{port}, http://evil.example", "http://u@127.0.0.1:{port}", "127.0.0.1:{port}"]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", PATHS)
def test_another_sites_page_may_do_nothing_by_any_method(server, method, path):
    cookie = server.cookie(DANA)
    for origin in ("http://evil.example", "null"):
        assert server.ask(method, path, b"" if method != "GET" else None, Cookie=cookie, Origin=origin).status == 403
    assert server.ask(method, path, Cookie=cookie, Host="evil.example").status == 421


@pytest.mark.parametrize("origin", FOREIGN)
def test_what_is_not_quite_our_origin_is_another_sites(server, origin):
    named = origin.format(port=server.port)
    cookie = server.cookie(DANA)
    assert server.ask("GET", "/healthz", Origin=named).status == 403
    assert server.connect(server.token(cookie), Cookie=cookie, Origin=named).status == 403


def test_two_origins_are_none(server):
    here = f"127.0.0.1:{server.port}"
    said = ["GET /healthz HTTP/1.1", f"Host: {here}", f"Origin: http://{here}", "Origin: http://evil.example"]
    assert server.raw(*said) == 403
    assert server.raw(*said[:3]) == 200


@pytest.mark.parametrize(
    ("hosts", "status"),
    [(["{here}", "evil.example"], 400), (["evil.example", "{here}"], 400), (["{here}", "{here}"], 400), ([], 400),
     (["{here}, evil.example"], 400), (["evil.example"], 421), (["{here}."], 421), (["{here}"], 200)],
)  # fmt: skip
def test_a_request_names_one_host_and_ours(server, hosts, status):
    here = f"127.0.0.1:{server.port}"
    named = [f"Host: {host.format(here=here)}" for host in hosts]
    assert server.raw("GET /healthz HTTP/1.1", *named) == status


def test_an_old_browsers_request_without_a_host_is_misdirected(server):
    assert server.raw("GET /healthz HTTP/1.0") == 421


@pytest.mark.parametrize(
    ("target", "status"),
    [("http://evil.example/healthz", 421), ("http://evil.example/", 421), ("https://evil.example/ws", 421),
     ("http://{here}/healthz", 404), ("evil.example:80", 404), ("*", 404), ("healthz", 404), ("http://[/", 404),
     ("//evil.example/healthz", 404), ("/\\evil.example", 404), ("http://{here}@evil.example/", 421), ("/healthz", 200)],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_target_that_is_more_than_a_path_leads_nowhere(server, method, target, status):
    """As for a proxy, which this is not: RFC 9112 3.2.2."""
    here = f"127.0.0.1:{server.port}"
    answer = server.raw(f"{method} {target.format(here=here)} HTTP/1.1", f"Host: {here}")
    assert answer == (405 if (method, status) == ("OPTIONS", 200) else status)


def test_nobody_is_asked_to_be_a_proxy(server):
    assert server.raw("CONNECT evil.example:443 HTTP/1.1", f"Host: 127.0.0.1:{server.port}") == 405


def tokens(server):
    """Tokens of a page, each wrong in another way."""
    right = a_token(server)
    payload, _, signature = right.partition(".")
    return {
        "none": "", "unsigned": payload, "of an empty signature": f"{payload}.",
        "of another signature": f"{payload}.{signature[::-1]}", "cut short": right[:-10],
        "altered": f"{payload[:-8]}AAAAAAAA.{signature}", "signed by somebody else": a_token(server, signed_with=b"x" * 32),
        "expired": a_token(server, life=-1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    ["none", "unsigned", "of an empty signature", "of another signature", "cut short", "altered",
     "signed by somebody else", "expired"],
)  # fmt: skip
@pytest.mark.parametrize("origin", ["ours", None])
def test_a_token_that_is_wrong_opens_no_connection(server, kind, origin):
    said = {"Origin": f"http://127.0.0.1:{server.port}"} if origin else {}
    before = sessions(server)
    for path_cookie in (server.cookie(DANA), ""):
        assert server.connect(tokens(server)[kind], Cookie=path_cookie, **said).status == 403
    assert sessions(server) <= before  # those of other tests may have ended meanwhile


def test_a_program_that_names_no_origin_needs_a_session_all_the_same(server):
    token = server.token(server.cookie(DANA))
    assert server.connect(token).status == 403
    assert server.connect(token, Cookie=f"message_center_{server.port}=1").status == 403


@pytest.mark.parametrize("changes", [{"Upgrade": "h2c"}, {"Sec_WebSocket_Version": "7"}, {"Sec_WebSocket_Key": ""}])
def test_a_handshake_that_is_none_opens_no_connection(server, changes):
    cookie = server.cookie(DANA)
    answer = server.connect(server.token(cookie), Cookie=cookie, **changes)
    assert answer.status in {400, 426}


@pytest.mark.parametrize("protocol", ["x", "", "Bokeh"])
def test_a_connection_that_does_not_speak_as_our_pages_do_is_refused_before_it_is_one(server, protocol):
    """Bokeh finds it out when it is open already, and fails."""
    cookie = server.cookie(DANA)
    said = f"{protocol}, {server.token(cookie)}"
    assert server.connect("", Cookie=cookie, Sec_WebSocket_Protocol=said).status == 403


def test_a_page_that_goes_in_the_middle_of_its_handshake_is_no_fault(server, caplog):
    cookie = server.cookie(DANA)
    known = {
        "Host": f"127.0.0.1:{server.port}",
        "Cookie": cookie,
        "Sec-WebSocket-Protocol": f"bokeh, {server.token(cookie)}",
    }
    wire = Sent("GET", "/ws", (*HANDSHAKE, *known.items()), b"").wire()
    for _ in range(20):
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(wire)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # gone without a word
        assert server.ask("GET", "/healthz").status == 200
    assert "Traceback" not in caplog.text


def test_a_forged_text_is_not_stored(server):
    before = server.stored()
    for headers in ({"Origin": "null"}, {"Host": "evil.example"}, {"X_Secret": ""}, {"X_Secret": "open sesam"}):
        assert server.post(INBOUND, text(), **headers).status in {403, 421}
    assert server.stored() == before


def test_every_page_has_its_connection_and_is_guarded_alike(server):
    found = [pattern for pattern, _ in routes(server.made) if pattern.endswith("/ws$")]
    cookie = server.cookie(DANA)
    assert len(found) > 1
    for pattern in found:
        path = pattern.removesuffix("$")
        answer = server.ask("GET", path, Cookie=cookie, Upgrade="websocket", Origin="http://evil.example")
        assert answer.status == 403
        assert server.ask("GET", path, Cookie=cookie, Upgrade="websocket", Host="evil.example").status == 421
