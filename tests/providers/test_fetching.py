"""Files are fetched from the phone company's hosts at public addresses, and no connection is made to any other place."""

import ipaddress
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dashboard.core.errors import NotFound, Refused, TooLarge
from dashboard.core.values import RemoteMedia
from dashboard.providers import fetching, web
from dashboard.providers.fetching import Hosts, Source, fetch, is_public

FAR = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
TWILIO = Hosts(frozenset({"api.twilio.com", "s3-external-1.amazonaws.com"}), (".twilio.com", ".twiliocdn.com"))
SOURCE = Source(TWILIO, Hosts(frozenset({"api.twilio.com"}), (".twilio.com",)), "Basic secret")
PUBLIC = "93.184.216.34"
OK = web.Answer(200, {"content-type": "image/png; x=y"}, b"PNG")


class Network:
    """The internet as these tests have it: what names mean, and every connection that is tried."""

    def __init__(self, monkeypatch):
        self.names, self.looked_up, self.tried, self.asked, self.answers = {}, [], [], [], []
        monkeypatch.setattr(socket, "getaddrinfo", self.getaddrinfo)
        monkeypatch.setattr(socket.socket, "connect", lambda _, place: self.tried.append(place[0]))
        monkeypatch.setattr(web, "_secured", lambda plain, host: plain)
        monkeypatch.setattr(web, "_exchanged", self.exchanged)

    def getaddrinfo(self, host, port, *about, **more):
        self.looked_up.append(host)
        meant = self.names.get(host, [PUBLIC])
        addresses = meant.pop(0) if meant and isinstance(meant[0], list) else meant
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (address, port)) for kind, address in zip(kinds, addresses, strict=True)
        ]

    def exchanged(self, opened, parts, call, limits):
        self.asked.append((parts.netloc, dict(call.headers)))
        return self.answers.pop(0) if self.answers else OK


@pytest.fixture
def network(monkeypatch):
    return Network(monkeypatch)


def get(url=FAR, type="image/jpeg"):
    return fetch(RemoteMedia(url, type), SOURCE)


def moved(to, status=307):
    return web.Answer(status, {"location": to}, b"")


def test_a_file_comes_from_the_address_that_was_looked_at(network):
    assert (get().data, get(type="").type) == (b"PNG", "image/png")
    assert network.tried == [PUBLIC, PUBLIC]
    assert network.asked[0] == ("api.twilio.com", {"Authorization": "Basic secret"})


NOT_PUBLIC = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:0a00:1::", "64:ff9b::7f00:1", "64:ff9b::0a00:1",
    "64:ff9b:1::1", "2001:0:0:0:0:0:80ff:fefe", "::7f00:1", "100::1", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_connection_is_made_to_an_address_that_is_not_public(network, address):
    network.names["api.twilio.com"] = [address]
    with pytest.raises(Refused, match="not on the internet"):
        get()
    assert network.tried == []


@pytest.mark.parametrize("addresses", [[PUBLIC, "127.0.0.1"], ["10.0.0.1", PUBLIC], []])
def test_one_address_that_is_not_public_is_enough_to_ask_none(network, addresses):
    network.names["api.twilio.com"] = addresses
    with pytest.raises((Refused, OSError)):
        get()
    assert network.tried == []


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_what_is_on_the_internet_is_public(address):
    assert is_public(ipaddress.ip_address(address))


def test_an_answer_of_dns_that_changes_changes_nothing(network):
    """A name that is public when it is looked at and 127.0.0.1 when it is connected to."""
    network.names["api.twilio.com"] = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]]
    get()
    assert (network.tried, network.looked_up) == ([PUBLIC], ["api.twilio.com"])


NOT_ALLOWED = [
    "http://api.twilio.com/x", "ftp://api.twilio.com/x", "file:///etc/passwd", "https://evil.example/x",
    "https://api.twilio.com.evil.example/x", "https://eviltwilio.com/x", "https://api.twilio.com@evil.example/x",
    "https://evil.example@api.twilio.com/x", "https://api.twilio.com:8443/x", "https://api.twilio.com:22/", "https://",
    "https://127.0.0.1/x", "https://[::1]/x", "https://[", "https://api.twilio.com:x/", "", "/x", "//api.twilio.com/x",
    "https://api.twilio.com\\@evil.example/", "https://api.twilio.com./x", "https://аpi.twilio.com/x", "gopher://x",
    "https://s3-external-1.amazonaws.com.evil.example/", "https://x.s3-external-1.amazonaws.com/", "http://localhost/x",
]  # fmt: skip


@pytest.mark.parametrize("url", NOT_ALLOWED)
def test_no_name_is_even_looked_up_that_is_not_the_companys(network, url):
    with pytest.raises(Refused, match="was not fetched"):
        get(url)
    assert (network.looked_up, network.tried) == ([], [])


@pytest.mark.parametrize("url", [*NOT_ALLOWED[:20], "https://media.twiliocdn.com/x"])
def test_a_redirect_is_looked_at_as_the_first_address_was(network, url):
    network.answers = [moved(url)]
    network.names["media.twiliocdn.com"] = ["192.168.0.1"]
    if url in ("", "/x", "//api.twilio.com/x", "https://"):  # these lead to the same host
        assert get().data == b"PNG"
        return
    with pytest.raises(Refused):
        get()
    assert network.tried == [PUBLIC]


def test_a_redirects_target_is_not_told_who_we_are(network):
    network.answers = [moved("https://mms.twiliocdn.com/x"), moved("https://api.twilio.com/again"), OK]
    get()
    assert [headers for _, headers in network.asked] == [{"Authorization": "Basic secret"}, {}, {}]


def test_another_host_of_the_companys_is_not_told_either(network):
    get("https://s3-external-1.amazonaws.com/media.twiliocdn.com/x")
    assert network.asked == [("s3-external-1.amazonaws.com", {})]


@pytest.mark.parametrize(("times", "fine"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_more(network, times, fine):
    network.answers = [moved(f"https://media.twiliocdn.com/{n}") for n in range(times)]
    if fine:
        assert get().data == b"PNG"
    else:
        with pytest.raises(Refused, match="more than 3 times"):
            get()
    assert len(network.tried) == 4


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotFound), (429, NotFound), (410, Refused), (500, OSError), (503, OSError)]
)
def test_what_is_not_there_yet_is_told_from_what_never_will_be(network, status, error):
    network.answers = [web.Answer(status, {}, b"")]
    with pytest.raises(error):
        get()


@contextmanager
def listening(status=200, headers=(), body=b""):
    """A real server on this machine: its address, and the connections it had."""
    came = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(self.path)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *about):
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1], came
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_real_listener_on_this_machine_hears_of_nothing():
    """Over the real network, by every name there is for it."""
    with listening(body=b"secret") as (port, came):
        for name in ("127.0.0.1", "localhost", "[::1]", "127.1", "2130706433"):
            with pytest.raises(Refused):
                fetch(RemoteMedia(f"https://{name}/x", ""), SOURCE)
            everywhere = Source(Hosts(frozenset({name, f"{name}:{port}"}), ("",)), TWILIO, "")
            with pytest.raises((Refused, OSError)):
                fetch(RemoteMedia(f"https://{name}/x", ""), everywhere)
        with pytest.raises(Refused, match="not on the internet"):
            fetching.public_only("localhost", port, 1.0)
        assert came == []


def test_a_redirect_of_a_host_that_is_asked_does_not_lead_to_this_machine():
    with (
        listening(body=b"secret") as (inner, heard),
        listening(302, [("Location", f"http://127.0.0.1:{inner}/")]) as (outer, came),
    ):
        local = Source(TWILIO, TWILIO, "", local=f"127.0.0.1:{outer}")
        with pytest.raises(Refused):
            fetch(RemoteMedia(f"http://127.0.0.1:{outer}/x", ""), local)
        assert (came, heard) == (["/x"], [])


@pytest.mark.parametrize(("size", "fine"), [(1000, True), (1001, False)])
def test_a_file_above_the_limit_is_not_read_to_its_end(size, fine):
    with listening(body=b"x" * size) as (port, _):
        local = Source(TWILIO, TWILIO, "", local=f"127.0.0.1:{port}")
        limits = web.Limits(size=1000)
        if fine:
            assert len(fetch(RemoteMedia(f"http://127.0.0.1:{port}/", ""), local, limits).data) == size
        else:
            with pytest.raises(TooLarge, match="16 MB"):
                fetch(RemoteMedia(f"http://127.0.0.1:{port}/", ""), local, limits)
