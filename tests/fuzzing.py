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
METHODS = (*["GET", "POST"] * 8, "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get")
CLOSED = 0  # a connection that is ended without an answer: what is no HTTP may be treated so
GO_ON = b"HTTP/1.1 100 (Continue)\r\n\r\n"  # Tornado's, before the answer
SWITCHED = b"HTTP/1.1 101 "
FAULT = 500
# What our doors and pages ask for by these names: the chance that one meets another is to be fair.
NAMES = (
    "id", "from", "to", "body", "media", "at", "message", "status", "error", "person", "name", "password", "next",
    "_xsrf", "thread", "size", "tab", "filter", "q", "unread", "bokeh-session-id", "bokeh-autoload-element",
    "MessageSid", "AccountSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MessageStatus", "type", "answer",
)  # fmt: skip
HEADERS = (
    "Origin", "Cookie", "X-Secret", "Content-Type", "Accept", "Authorization", "Upgrade", "Connection",
    "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "X-Forwarded-For", "X-Forwarded-Proto",
    "Range", "If-None-Match", "If-Modified-Since", "X-XSRFToken", "Expect", "Accept-Encoding", "X-Twilio-Signature",
    "Content-Encoding", "Referer", "Accept-Language",
)  # fmt: skip
# What makes another request of one, or none at all.
ROUGH = {
    "Host": ("evil.example", "", "["), "Transfer-Encoding": ("chunked", "gzip"), "Cookie": ("=;=;;",),
    "Content-Length": ("0", "5", "-1", "x", "99999999999", "1, 1"), "Expect": ("100-continue",),
}  # fmt: skip
FORM = "_xsrf=61626364"  # a token of a form, as a cookie and as a field
HANDSHAKE = (
    ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
)  # fmt: skip
KINDS = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/jpeg",
    "text/plain; charset=utf-16", "multipart/form-data", "application/json; charset=nonsense", "",
)  # fmt: skip
LETTER = st.characters(exclude_categories=("Cs",))  # as by itself; which takes a second to work it out of UTF-8
words = st.one_of(
    st.text(LETTER, max_size=40),
    st.sampled_from(
        ("", "0", "-1", "1", "99999999999999999999", "null", "%00", "../../etc/passwd", "\x00", "+16035550142")
    ),
    st.sampled_from(
        ("NaN", "1e999", "[" * 200, "{", "é" * 300, "\ud800", "\r\nX-Injected: 1", "';--", "2026-11-20T12:00:00Z")
    ),
)
line = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)
OWN = {
    "Content-Type": st.sampled_from(KINDS), "Upgrade": st.just("websocket"), "Accept": st.just("text/html"),
    "Sec-WebSocket-Version": st.sampled_from(("8", "x")), "X-Secret": st.just(SECRET), "Range": st.just("bytes=0-"),
    "If-None-Match": st.just('"x"'), "X-Forwarded-For": st.sampled_from(("203.0.113.7", "::1, x")),
}  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | words, inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Kind:
    """How requests of a kind are: to addresses with ``where`` in them, with these methods and headers."""

    where: str
    methods: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the line."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def wire(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        head = "\r\n".join([*lines, "", ""])
        return head.encode("utf-8", "surrogatepass") + self.body


def addresses(server: Server) -> tuple[str, ...]:
    """Every address that the running server has a handler for, its variable part as a pattern."""
    found = (rule.matcher.regex.pattern for rule in server.made._tornado.wildcard_router.rules)
    return tuple(sorted({re.sub(r"/\?$", "", pattern.removesuffix("$").lstrip("^")) or "/" for pattern in found}))


def requests(server: Server) -> st.SearchStrategy[Sent]:
    """Any request for this server: as somebody of ours would send it, with something changed or added, or quite another."""
    origin = server.application.settings.url or f"http://127.0.0.1:{server.port}"
    host, cookie = origin.partition("//")[2], server.cookie(1)
    kinds = (
        Kind("", METHODS, ()),
        Kind("", ("GET", "HEAD"), (("Cookie", cookie), ("Accept", "text/html"))),
        Kind("/log", ("POST",), (("Cookie", f"{cookie}; {FORM}"), ("Content-Type", KINDS[1]), ("Origin", origin))),
        Kind("/upload", ("POST",), (("Cookie", f"{cookie}; {FORM}"), ("X-XSRFToken", FORM.partition("=")[2]))),
        Kind("/hooks/", ("POST",), (("X-Secret", SECRET), ("Content-Type", KINDS[0]))),
        Kind("/hooks/", ("POST", "GET"), (("X-Twilio-Signature", "eA=="), ("Content-Type", KINDS[1]))),
        Kind(
            "/ws",
            ("GET",),
            (*HANDSHAKE, ("Cookie", cookie), ("Sec-WebSocket-Protocol", f"bokeh, {server.token(cookie)}")),
        ),
    )
    known = [cookie, f"{cookie}x", server.cookie(6), "=;=;;", f"{FORM}x"]
    # Each made once: a strategy that is made for each request costs more than the request.
    header = st.one_of(*(st.tuples(st.just(key), OWN.get(key, st.sampled_from(known)) | line) for key in HEADERS))
    rough = st.one_of(*(st.tuples(st.just(key), st.one_of(*map(st.just, ROUGH[key]), line)) for key in ROUGH))
    more = st.one_of(st.just([]), st.lists(header, max_size=2), st.lists(rough, min_size=1, max_size=2))
    there = addresses(server)
    # Behind a proxy each comes from an address of its own: one that was refused often is not listened to.
    client = st.ip_addresses(network="198.18.0.0/15").map(str) if server.application.settings.url else st.none()

    def of(kind: Kind) -> st.SearchStrategy[Sent]:
        meant = [filled(address) for address in there if kind.where in address]
        others = [filled(address) for address in there]
        target = st.one_of(st.one_of(*meant), st.one_of(*meant), st.one_of(*others), path)
        method = st.sampled_from(kind.methods) | st.sampled_from(METHODS)
        queries = st.dictionaries(st.sampled_from(NAMES), words, max_size=3)
        return st.builds(composed, method, target, queries, st.just(kind.headers), more, bodies, st.just(host), client)

    return st.one_of(*map(of, kinds))


path = st.text(LETTER, max_size=30).map(lambda found: "/" + quote(found, errors="surrogatepass")) | st.sampled_from(
    ("*", "//", "/%", "/%ff", "http://[", "/..;/")
)
forms = st.dictionaries(st.sampled_from(NAMES), words, max_size=4).map(
    lambda found: f"{FORM}&{urlencode(found, errors='surrogatepass')}".encode()
)
multipart = st.binary(max_size=60).map(
    lambda data: b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n' + data + b"\r\n--x--"
)
texts = st.fixed_dictionaries(
    {"id": words, "from": st.just("+16035550142"), "body": words},
    optional={
        "to": st.none() | words,
        "at": words,
        "media": json_values,
        "status": words,
        "message": st.integers(-9, 9),
    },
)
bodies = st.one_of(
    st.just(b""),
    texts.map(lambda found: json.dumps(found).encode()),
    st.binary(max_size=200),
    st.dictionaries(st.sampled_from(NAMES), json_values, max_size=6).map(lambda found: json.dumps(found).encode()),
    json_values.map(lambda found: json.dumps(found).encode("utf-8", "surrogatepass")),
    forms,
    forms,
    multipart,
)


def filled(address: str) -> st.SearchStrategy[str]:
    """An address, with something where its pattern has a group, fitting or not."""
    before, group, rest = address.partition("(")
    if not group:
        return st.just(address)
    fitting = st.from_regex(group + rest, fullmatch=True).map(lambda found: quote(found, errors="surrogatepass"))
    other = words.map(lambda found: quote(found, errors="surrogatepass"))
    return st.one_of(fitting, st.just("1"), other).map(lambda found: before + found)


def composed(
    method: str,
    target: str,
    query: dict[str, str],
    kind: tuple[tuple[str, str], ...],
    more: list[tuple[str, str]],
    body: bytes,
    host: str,
    client: str | None,
) -> Sent:
    """A request of a kind, with some headers instead of or beside its own."""
    if client is not None:
        more = [*(pair for pair in more if pair[0] != "X-Forwarded-For"), ("X-Forwarded-For", client)]
    names = {name for name, _ in more}
    own = [("Host", host), ("Content-Length", str(len(body))), ("Connection", "close"), *kind]
    if "websocket" in dict(kind).values():
        own = [("Host", host), *kind]
    asked = "?" + urlencode(query, errors="surrogatepass") if query else ""
    return Sent(method, target + asked, (*(pair for pair in own if pair[0] not in names), *more), body)


def answer(server: Server, sent: Sent) -> tuple[int, bytes]:
    """The status that is answered, CLOSED where none is, and all that came."""
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent.wire())
            connection.shutdown(socket.SHUT_WR)  # whoever waits for more of a body has it
            found = b""
            while not found.startswith(SWITCHED) and (piece := connection.recv(65536)):  # a websocket would stay open
                found += piece
        except ConnectionError:
            return CLOSED, b""
    last = found.removeprefix(GO_ON)
    status = last.split(maxsplit=2)[1:2]
    return int(status[0]) if status and status[0].isdigit() else CLOSED, found


def attack(server: Server, count: int, **options: Any) -> None:
    """Send so many requests; each is answered with no fault of ours, and afterwards the server serves."""

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), **options)
    @given(requests(server))
    def tried(sent: Sent) -> None:
        status, found = answer(server, sent)
        assert status < FAULT, (sent, found[:300])
        assert b"Traceback" not in found
        assert b"\r\nX-Injected" not in found.partition(b"\r\n\r\n")[0]  # as a line of its own

    tried()
    serves(server)


def serves(server: Server) -> None:
    host = (server.application.settings.url or f"http://127.0.0.1:{server.port}").partition("//")[2]
    assert server.ask("GET", "/healthz", Host=host).text == "ok\n"
    assert server.ask("GET", "/", Host=host, Cookie=server.cookie(1)).status == 200
