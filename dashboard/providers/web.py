"""The web: one request to a phone company, bounded in time and size, which tells whether it can have gone at all."""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
CHUNK = 64 * 1024  # bytes that are read at a time
Connect = Callable[[str, int, float], socket.socket]


class NotSent(OSError):  # noqa: N818 - it reads as what happened
    """No connection came about, so not one byte of the request has gone."""


class Garbled(OSError):  # noqa: N818
    """An answer that is none: not of HTTP, or cut off."""


class TooMuch(Garbled):
    """An answer with more bytes than are read."""


@dataclass(frozen=True)
class Limits:
    """How long a request may take, in seconds (to connect, between two bytes, as a whole), and the bytes of an answer."""

    connect: float = 5.0
    read: float = 15.0
    whole: float = 30.0
    size: int = 2**20


LIMITS = Limits()


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to a name, whatever address it has."""
    return socket.create_connection((host, port), seconds)


def ask(call: Call, limits: Limits = LIMITS, connect: Connect = dial) -> Answer:
    """Send a request on a connection of its own, and read the answer.

    No connection is kept for the next one: on a kept one nobody can say whether a request was lost or taken. Raises
    NotSent where nothing can have gone; TimeoutError, Garbled or another OSError where it may have.
    """
    parts = urlsplit(call.url)
    end = monotonic() + limits.whole
    opened = _opened(parts, limits, connect)
    left = end - monotonic()
    if left <= 0:  # a name with many addresses, none of which answers
        opened.close()
        raise NotSent(f"no connection to {parts.hostname} within {limits.whole:.0f} s")
    cut = Timer(left, _ending(opened))
    cut.daemon = True
    cut.start()
    try:
        return _exchanged(opened, parts, call, limits)
    except (http.client.HTTPException, ValueError) as error:
        raise Garbled(f"the answer cannot be read ({type(error).__name__})") from error
    finally:
        cut.cancel()
        opened.close()


def _ending(opened: socket.socket) -> Callable[[], None]:
    """Ends a connection under whoever reads from it."""

    def close() -> None:
        with suppress(OSError):  # it has ended by itself
            socket.socket.shutdown(opened, socket.SHUT_RDWR)  # one of TLS would first forget that it is one

    return close


def _opened(parts: SplitResult, limits: Limits, connect: Connect) -> socket.socket:
    host = parts.hostname or ""
    try:
        plain = connect(host, parts.port or PORTS[parts.scheme], limits.connect)
    except OSError as error:
        raise NotSent(f"no connection to {host} ({_reason(error)})") from error
    if parts.scheme == "https":
        return _secured(plain, host)
    return plain


def _secured(plain: socket.socket, host: str) -> socket.socket:
    try:
        return _context().wrap_socket(plain, server_hostname=host)
    except OSError as error:
        plain.close()
        raise NotSent(f"no safe connection to {host} ({_reason(error)})") from error


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    """Reading the machine's certificates takes 20 ms."""
    return ssl.create_default_context()


def _exchanged(opened: socket.socket, parts: SplitResult, call: Call, limits: Limits) -> Answer:
    opened.settimeout(limits.read)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or PORTS[parts.scheme])
    connection.sock = opened
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(call.method, target, call.body, {"Host": parts.netloc.rpartition("@")[2], **call.headers})
    answer = connection.getresponse()
    body = _body(answer, limits.size)
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)


def _body(answer: http.client.HTTPResponse, size: int) -> bytes:
    body = bytearray()
    while chunk := answer.read(CHUNK):
        body += chunk
        if len(body) > size:
            raise TooMuch(f"the answer is larger than {size:,} bytes")
    if answer.length:  # as of a connection that ended too early
        raise Garbled("the answer was cut off")
    return bytes(body)


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
