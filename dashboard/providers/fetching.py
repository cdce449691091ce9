"""Fetching: a file from a phone company's hosts, and from nowhere else, whatever an address or a redirect says."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from dashboard.core.errors import NotFound, Refused, TooLarge
from dashboard.core.values import Media, RemoteMedia
from dashboard.providers import web

SIZE = 16 * 2**20  # bytes of one file
LIMITS = web.Limits(connect=5.0, read=10.0, whole=30.0, size=SIZE)  # half of the lease under which it is fetched
REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)
NOT_YET = (403, 404, 408, 425, 429)  # Twilio has answered 404 for some seconds after it told of a text
FINE, FAULT = 200, 500
UNICAST = ipaddress.ip_network("2000::/3")  # of IPv6, all that is given out: RFC 4291; what leads to IPv4 is elsewhere
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Hosts:
    """Some hosts: by their names, with a port where it is not the usual one, or by how they end."""

    names: frozenset[str]
    suffixes: tuple[str, ...] = ()

    def have(self, netloc: str) -> bool:
        """Whether a host is one of them."""
        name = netloc.lower()
        return name in self.names or (":" not in name and name.endswith(self.suffixes))


@dataclass(frozen=True)
class Source:
    """Where files may come from: ``hosts``; of these ``own`` are told the ``authorization``, unless a redirect led
    there. ``local`` is a host on this machine that is asked by plain HTTP, for tests."""

    hosts: Hosts
    own: Hosts
    authorization: str
    local: str | None = None


def fetch(file: RemoteMedia, source: Source, limits: web.Limits = LIMITS) -> Media:
    """A file, from where it lies. Raises NotFound while it is not there, Refused for what is not fetched, TooLarge
    above 16 MB, OSError where nobody answers."""
    url, end = file.url, monotonic() + limits.whole
    for hop in range(REDIRECTS + 1):
        parts = _checked(url, source)
        headers = {"Authorization": source.authorization} if hop == 0 and source.own.have(_host(parts)) else {}
        left = replace(limits, whole=max(0.01, end - monotonic()))
        answer = _asked(web.Call("GET", url, headers), left, is_local=parts.netloc == source.local)
        if answer.status not in MOVED:
            return _media(answer, file)
        url = _led_to(url, answer.headers.get("location", ""))
    raise Refused(f"was not fetched: its address led on more than {REDIRECTS} times.")


def public_only(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to a name, at an address that was looked at: every one that the name has is on the internet.

    The name is looked up once, and what was looked at is what is connected to: an answer that changes in between
    changes nothing. Raises Refused, with no connection made, where one of them is not public.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(place[4][0]).partition("%")[0]) for place in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("was not fetched: its host is not on the internet.")
    return _first(found, seconds)


def is_public(address: Address) -> bool:
    """Whether an address is somebody's on the internet; so is the one within it, where it carries another."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    carried = (address.sixtofour, *(address.teredo or ()))
    return address in UNICAST and address.is_global and all(is_public(one) for one in carried if one is not None)


def _first(found: Sequence[tuple[Any, ...]], seconds: float) -> socket.socket:
    """The first that answers. Raises OSError where none does."""
    trouble: OSError = OSError("it has no address")
    for family, kind, protocol, _, place in found:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(seconds)
            opened.connect(place)
        except OSError as error:
            opened.close()
            trouble = error
        else:
            return opened
    raise trouble


def _led_to(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused("was not fetched: its address leads to none.") from None


def _checked(url: str, source: Source) -> SplitResult:
    """The parts of an address that may be asked. Raises Refused for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("was not fetched: its address is none.") from None
    if parts.netloc and parts.netloc == source.local and parts.scheme == "http":
        return parts
    usual = parts.scheme == "https" and port in (None, web.PORTS["https"]) and "@" not in parts.netloc
    if not usual or not source.hosts.have(_host(parts)) or not url.isascii():
        raise Refused("was not fetched: its address is none of the phone company's.")
    return parts


def _host(parts: SplitResult) -> str:
    """The host, with its port where that is not the usual one."""
    return (parts.netloc if parts.port not in (None, web.PORTS["https"]) else parts.hostname or "").lower()


def _asked(call: web.Call, limits: web.Limits, is_local: bool) -> web.Answer:
    connect: Callable[[str, int, float], socket.socket] = web.dial if is_local else public_only
    try:
        return web.ask(call, limits, connect)
    except web.TooMuch:
        raise TooLarge(f"was not fetched: it is larger than {SIZE // 2**20} MB.") from None


def _media(answer: web.Answer, file: RemoteMedia) -> Media:
    if answer.status in NOT_YET:
        raise NotFound(f"is not there yet (HTTP status {answer.status}).")
    if answer.status >= FAULT:
        raise OSError(f"HTTP status {answer.status}")
    if answer.status != FINE:
        raise Refused(f"was not fetched: the phone company has it no more (HTTP status {answer.status}).")
    type_ = file.type or answer.headers.get("content-type", "").partition(";")[0].strip()
    return Media(answer.body, type_)
