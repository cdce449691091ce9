"""The guard: only requests that name this host, and only pages that came from it."""

import pytest

from tests.doors.test_simulated import INBOUND, refused, text

PATHS = ["/", "/login", "/healthz", INBOUND, "/nothing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.example:5006"])
def test_a_request_for_another_host_is_misdirected(server, path, host):
    """A name that was rebound to 127.0.0.1 is another host, to a browser and to us."""
    answer = server.ask("GET", path, Host=host)
    assert answer.status in ((421,) if host else (400, 421))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_a_request_for_this_host_is_let_in(server, host):
    assert server.ask("GET", "/healthz", Host=f"{host}:{server.port}").status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "file://", "nonsense"])
def test_a_request_of_another_sites_page_is_refused(server, path, origin):
    assert server.ask("GET", path, Origin=origin).status == 403


def test_an_origin_that_is_no_address_is_refused_too(server):
    assert server.ask("GET", "/healthz", Origin="http://[").status == 403


def test_another_sites_page_cannot_post_a_text(server):
    refused(server, INBOUND, text(), 403, "another site", Origin="http://evil.example")


def test_our_own_page_is_let_in(server):
    assert server.ask("GET", "/healthz", Origin=f"http://127.0.0.1:{server.port}").status == 200


@pytest.mark.parametrize(
    "path", ["/nothing", "/hooks/simulated/other", "/hooks/", "/static/nothing.js", "/media/999", "/share/x"]
)
def test_an_unknown_address_is_404(server, path):
    assert server.ask("GET", path).status == 404


@pytest.mark.parametrize(
    "path",
    ["/components/dashboard", "/components/os/system", "/components", "/%63omponents/dashboard", "//components/x"],
)
def test_no_module_can_be_imported_by_its_name(server, path):
    assert server.ask("GET", path).status == 404
