"""Requests of every kind for a running server: any method, address, query, headers and body, right, wrong and in between."""

import json
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doors.conftest import SECRET, Server

PATIENCE = 20  # seconds until an answer has come
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get")
CLOSED = 0  # a connection that is ended without an answer: what is no HTTP may be treated so
FAULT, BUSY = 500, 503
# What our doors and pages ask for by these names: the chance that one meets another is to be fair.
NAMES = (
    "id", "from", "to", "body", "media", "at", "message", "status", "error", "person", "name", "password", "next",
    "_xsrf", "thread", "size", "tab", "filter", "q", "unread", "bokeh-session-id", "bokeh-autoload-element",
    "MessageSid", "AccountSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MessageStatus", "type", "answer",
)  # fmt: skip
HEADERS = (
    "Host", "Origin", "Cookie", "X-Secret", "Content-Type", "Accept", "Authorization", "Upgrade", "Connection",
    "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "X-Forwarded-For", "X-Forwarded-Proto",
    "Range", "If-None-Match", "If-Modified-Since", "X-XSRFToken", "Transfer-Encoding", "Expect", "Accept-Encoding",
    "X-Twilio-Signature", "Content-Encoding", "Referer", "Accept-Language", "Content-Length",
)  # fmt: skip
KINDS = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/jpeg",
    "text/plain; charset=utf-16", "multipart/form-data", "application/json; charset=nonsense", "",
)  # fmt: skip
words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ("", "0", "-1", "1", "99999999999999999999", "null", "%00", "../../etc/passwd", "\x00", "+16035550142")
    ),
    st.sampled_from(
        ("NaN", "1e999", "[" * 200, "{", "é" * 300, "\ud800", "\r\nX-Injected: 1", "';--", "2026-11-20T12:00:00Z")
    ),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | words, inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def wire(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        return head.encode("utf-8", "surrogatepass") + self.body


def addresses(server: Server) -> tuple[str, ...]:
    """Every address that the running server has a handler for, its variable part as a pattern."""
    found = (rule.matcher.regex.pattern for rule in server.made._tornado.wildcard_router.rules)
    return tuple(sorted({re.sub(r"/\?$", "", pattern.removesuffix("$").lstrip("^")) or "/" for pattern in found}))


def requests(server: Server) -> st.SearchStrategy[Sent]:
    """Any request for this server; half of them from somebody who is logged in."""
    host = server.application.settings.url or f"http://127.0.0.1:{server.port}"
    name = host.partition("//")[2]
    cookies = (server.cookie(1), server.cookie(6), f"{server.cookie(1)}x", "_xsrf=2|x|y|0", "=;=;;")
    usual = {
        "Host": st.just(name), "Origin": st.sampled_from((host, "null")), "Cookie": st.sampled_from(cookies),
        "X-Secret": st.just(SECRET), "Content-Type": st.sampled_from(KINDS), "Upgrade": st.just("websocket"),
        "Sec-WebSocket-Version": st.sampled_from(("13", "8", "x")), "Accept": st.sampled_from(("text/html", "*/*")),
        "Transfer-Encoding": st.sampled_from(("chunked", "gzip")), "Expect": st.just("100-continue"),
        "Content-Length": st.sampled_from(("0", "5", "-1", "x", "99999999999", "1, 1", "٣")),
    }  # fmt: skip
    header = st.sampled_from(HEADERS).flatmap(lambda key: st.tuples(st.just(key), usual.get(key, line) | line))
    return st.builds(
        composed,
        st.sampled_from(METHODS) | st.sampled_from(("GET", "POST")),
        st.one_of(*(st.just(address) if "(" not in address else filled(address) for address in addresses(server)))
        | path,
        st.dictionaries(st.sampled_from(NAMES), words, max_size=3),
        st.lists(header, max_size=6),
        bodies,
        st.just(name),
        st.sampled_from((True, True, True, False)),
        st.sampled_from(cookies[:2]) | st.none(),
    )


line = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)
path = st.text(max_size=30).map(lambda found: "/" + quote(found, errors="surrogatepass")) | st.sampled_from(
    ("*", "//", "/%", "/%ff", "http://[", "/..;/")
)
forms = st.dictionaries(st.sampled_from(NAMES), words, max_size=4).map(
    lambda found: urlencode(found, errors="surrogatepass").encode()
)
multipart = st.binary(max_size=60).map(
    lambda data: b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n' + data + b"\r\n--x--"
)
bodies = st.one_of(
    st.just(b""),
    st.binary(max_size=200),
    st.dictionaries(st.sampled_from(NAMES), json_values, max_size=6).map(lambda found: json.dumps(found).encode()),
    json_values.map(lambda found: json.dumps(found).encode("utf-8", "surrogatepass")),
    forms,
    multipart,
)


def filled(address: str) -> st.SearchStrategy[str]:
    """An address with something where its pattern has a group, fitting or not."""
    before, _, rest = address.partition("(")
    fitting = st.from_regex(f"({rest}", fullmatch=True).map(lambda found: quote(found, errors="surrogatepass"))
    return st.one_of(fitting, words.map(lambda found: quote(found, errors="surrogatepass"))).map(
        lambda found: before + found
    )


def composed(
    method: str,
    target: str,
    query: dict[str, str],
    headers: list[tuple[str, str]],
    body: bytes,
    host: str,
    is_whole: bool,
    cookie: str | None,
) -> Sent:
    """A request; a ``whole`` one has the host and the length that it should have."""
    known = {name for name, _ in headers}
    more = [("Host", host)] if is_whole and "Host" not in known else []
    more += [("Cookie", cookie)] if cookie and "Cookie" not in known else []
    more += [("Content-Length", str(len(body)))] if is_whole and "Content-Length" not in known and body else []
    asked = "?" + urlencode(query, errors="surrogatepass") if query else ""
    return Sent(method, target + asked, (*headers, *more), body)


def answer(server: Server, sent: Sent) -> tuple[int, bytes]:
    """The status that is answered, CLOSED where none is, and all that came."""
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent.wire())
            connection.shutdown(socket.SHUT_WR)  # whoever waits for more of a body has it
            found = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return CLOSED, b""
    status = found.split(maxsplit=2)[1:2]
    return int(status[0]) if status and status[0].isdigit() else CLOSED, found


def attack(server: Server, count: int, **options: Any) -> None:
    """Send so many requests; each is answered with no fault of ours, and afterwards the server serves."""

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), **options)
    @given(requests(server))
    def tried(sent: Sent) -> None:
        status, found = answer(server, sent)
        assert status < FAULT, (sent, found[:300])
        assert b"Traceback" not in found
        assert b"X-Injected" not in found.partition(b"\r\n\r\n")[0]

    tried()
    serves(server)


def serves(server: Server) -> None:
    host = (server.application.settings.url or f"http://127.0.0.1:{server.port}").partition("//")[2]
    assert server.ask("GET", "/healthz", Host=host).text == "ok\n"
    assert server.ask("GET", "/", Host=host, Cookie=server.cookie(1)).status == 200
