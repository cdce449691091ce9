"""The client: which address a request comes from, where proxies stand in between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from tornado.httputil import HTTPServerRequest

Networks = Sequence[IPv4Network | IPv6Network]
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


def address(request: HTTPServerRequest, trusted: Networks) -> str:
    """The nearest address that is no trusted proxy's: what anybody else says of somebody is not believed."""
    said = ",".join(request.headers.get_list("X-Forwarded-For")).split(",")
    nearest = str(request.remote_ip)
    for further in reversed(said):
        if not _is_one_of(nearest, trusted) or not _is_address(further.strip()):
            break
        nearest = further.strip()
    return nearest


def is_from_here(request: HTTPServerRequest) -> bool:
    """Whether somebody on this machine asks, and no proxy for them."""
    passed_on = any(name in request.headers for name in PASSED_ON)
    return not passed_on and _is_address(str(request.remote_ip)) and ip_address(str(request.remote_ip)).is_loopback


def _is_one_of(name: str, networks: Networks) -> bool:
    return _is_address(name) and any(ip_address(name) in network for network in networks)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
