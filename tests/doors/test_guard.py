"""The guard: only requests that name this host, and only pages that came from it."""

import sys

import panel as pn
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


# Every route of a running server, by its pattern, with what was decided about it: ours, needed by the page, or shut.
DECIDED = {
    "/?$": "needed", "/ws$": "needed", "/static/(?!extensions/)(.*)$": "needed", "/static/extensions/(.*)$": "needed",
    "/healthz$": "ours", "/metrics$": "ours", "/login$": "ours", "/logout$": "ours", "/navigation$": "ours", f"{INBOUND}$": "ours", "/hooks/simulated/status$": "ours",
    "/media/([1-9][0-9]{0,8})$": "ours", "/upload$": "ours", "/share/([A-Za-z0-9_.-]+)$": "ours",
    "/static/(.*)$": "shut",  # by the pattern above it, which takes what the page needs
    "/favicon.ico$": "shut", "/metadata$": "shut", "/autoload.js$": "shut", "/components/(.*)$": "shut",
    "/liveness$": "shut",
}  # fmt: skip
for page in ("/documents", "/roles", "/add-ons", "/activity"):
    DECIDED |= {f"{page}/?$": "needed", f"{page}/ws$": "needed", f"{page}/static/(.*)$": "shut"}
    DECIDED |= {f"{page}/metadata$": "shut", f"{page}/autoload.js$": "shut"}
DECIDED |= {
    "1.9": {"^/rest/.*$": "shut"},
    "1.10": {"/rest/session_info/?$": "shut", "/session_info/?$": "shut"},
}[".".join(pn.__version__.split(".")[:2])]  # a KeyError: look at the handler table of this Panel, and decide
# What is shut, as it would be asked for.
SHUT = [
    "/metadata", "/autoload.js?bokeh-autoload-element=x", "/favicon.ico", "/liveness", "/rest/session_info",
]  # fmt: skip


def routes(made):
    """The patterns of a server's handler table, and the handlers."""
    return [(rule.matcher.regex.pattern, rule.target.__name__) for rule in made._tornado.wildcard_router.rules]


@pytest.mark.parametrize("kind", ["plain", "demo", "wide", "unguarded"])
def test_there_is_a_decision_about_every_route_of_panel_and_bokeh(servers, kind):
    """A new one is shut anyway; here it is noticed."""
    found = {pattern for pattern, _ in routes(getattr(servers, kind).made)}
    assert len(found) > 10, "the handler table is somewhere else now"
    assert found - set(DECIDED) == set()


@pytest.mark.parametrize("pattern", DECIDED)
def test_no_decision_is_about_a_route_that_has_gone(servers, pattern):
    everywhere = routes(servers.wide.made) + routes(servers.plain.made)
    assert pattern in {there for there, _ in everywhere}


@pytest.mark.parametrize("path", SHUT)
def test_what_the_page_does_not_need_is_shut(servers, path):
    server = servers.wide
    answer = server.ask("GET", path, Cookie=server.cookie(1))
    assert (answer.status, answer.text.partition(".")[0]) == (404, "There is nothing at this address")


@pytest.mark.parametrize("path", SHUT)
def test_without_the_guard_it_would_be_open(servers, path):
    server = servers.unguarded
    assert server.ask("GET", path, Cookie=server.cookie(1)).status == 200


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/hooks/simulated/other", "/hooks/", "/static/nothing.js", "/static/js/nothing.js", "/media/x",
     "/media/", "/share/x", "/static/extensions/bokeh/x.js", "/admin", "/index.html", "//"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_unknown_address_is_404(server, path, accept):
    answer = server.ask("GET", path, Accept=accept)
    assert answer.status == 404
    assert "There is nothing at this address" in answer.text


@pytest.mark.parametrize("path", ["/static/js/../../x", "/static/extensions/panel/../../../x"])
def test_nobody_climbs_out_of_the_folder_of_scripts(server, path):
    assert server.ask("GET", path).status == 403


@pytest.fixture
def canary(tmp_path, monkeypatch):
    """A module that nobody has imported."""
    (tmp_path / "canary.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield "canary"
    sys.modules.pop("canary", None)


@pytest.mark.parametrize(
    "path", ["/components/{}/Any/__css__/x", "/%63omponents/{}/Any/__css__/x", "//components/{}/Any/__css__/x"]
)
def test_no_module_can_be_imported_by_its_name(servers, canary, path):
    server = servers.wide
    assert server.ask("GET", path.format(canary), Cookie=server.cookie(1)).status == 404
    assert canary not in sys.modules


def test_without_the_guard_any_module_could_be(servers, canary):
    servers.unguarded.ask("GET", f"/components/{canary}/Any/__css__/x")
    assert canary in sys.modules


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "POST"])
@pytest.mark.parametrize("path", ["/healthz", "/"])
def test_a_method_that_an_address_does_not_take_is_405_and_says_which_it_takes(server, method, path):
    answer = server.ask(method, path, b"", Cookie=server.cookie(1), Accept="text/html")
    # Tornado asks for the form's token before it looks for the method.
    assert answer.status == (403 if path == "/" and method != "OPTIONS" else 405)
    assert answer.status != 405 or "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/login", "/logout", "/", "/healthz", "/nothing"])
def test_a_body_is_not_taken_where_none_is_needed(server, path):
    answer = server.ask("POST", path, b"x" * 100_000)
    assert answer.status == (404 if path == "/nothing" else 413)


def test_even_an_endless_body_is_answered(server):
    assert server.ask("POST", "/login", b"x" * 20_000_000).status == 413
