"""The client: a proxy that is trusted says whom it asks for; nobody else is believed."""

from ipaddress import ip_network

import pytest
from tornado.httputil import HTTPHeaders

from dashboard.doors.client import address, is_from_here

TRUSTED = (ip_network("127.0.0.1"), ip_network("10.0.0.0/24"), ip_network("fd00::/8"))


class Asked:
    """As much of a request as matters here."""

    def __init__(self, remote_ip, *forwarded):
        self.remote_ip = remote_ip
        self.headers = HTTPHeaders()
        for value in forwarded:
            self.headers.add("X-Forwarded-For", value)


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("127.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("192.0.2.9", ["192.0.2.1"], "192.0.2.9"),  # says so itself
        ("127.0.0.1", ["1.1.1.1, 192.0.2.1"], "192.0.2.1"),  # the proxy added its peer to what that one said
        ("127.0.0.1", ["1.1.1.1", "192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", ["1.1.1.1, 192.0.2.1, 10.0.0.7"], "192.0.2.1"),  # two proxies, one behind the other
        ("127.0.0.1", ["10.0.0.7,10.0.0.8"], "10.0.0.7"),
        ("127.0.0.1", ["192.0.2.1, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("fd00::1", ["192.0.2.1"], "192.0.2.1"),
        ("nowhere", ["192.0.2.1"], "nowhere"),
    ],
)
def test_who_asks_is_the_nearest_that_is_no_proxy(remote, forwarded, client):
    assert address(Asked(remote, *forwarded), TRUSTED) == client


def test_without_proxies_nobody_is_believed():
    assert address(Asked("127.0.0.1", "192.0.2.1"), ()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("remote", "forwarded", "here"),
    [
        ("127.0.0.1", [], True),
        ("127.9.9.9", [], True),
        ("::1", [], True),
        ("127.0.0.1", ["127.0.0.1"], False),
        ("192.0.2.9", [], False),
        ("nowhere", [], False),
    ],
)
def test_who_asks_from_this_machine_asks_for_themselves(remote, forwarded, here):
    assert is_from_here(Asked(remote, *forwarded)) is here
