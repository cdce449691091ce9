"""A server behind a proxy: under its public name, with cookies for https only, and each client counted by itself."""

import itertools

import pytest

from tests.doors.conftest import LIMIT
from tests.doors.test_headers import policy
from tests.doors.test_simulated import INBOUND, text
from tests.factories import PASSWORD

NAME = "texts.example.com"
HTTPS = f"https://{NAME}"
clients = (f"192.0.2.{number}" for number in itertools.count(1))


@pytest.fixture
def public(servers):
    return servers.public


def ask(server, method="GET", path="/healthz", body=None, **headers):
    """A request as the proxy hands it on."""
    return server.ask(method, path, body, **{"Host": NAME, "X_Forwarded_For": next(clients)} | headers)


@pytest.mark.parametrize("host", [NAME, f"{NAME}:443", NAME.upper()])
def test_it_answers_under_its_public_name(public, host):
    assert ask(public, Host=host).status == 200


def test_and_still_on_this_machine_for_whoever_looks_whether_it_runs(public):
    assert public.ask("GET", "/healthz").status == 200


@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", f"{NAME}:80", f"{NAME}:5006", "example.com"])
def test_under_no_other(public, host):
    assert ask(public, Host=host).status == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [(HTTPS, 200), (HTTPS.upper(), 200), (f"http://{NAME}", 403), (f"{HTTPS}:444", 403), (f"{HTTPS}.evil.example", 403),
     (f"https://evil.{NAME}", 403)],
)  # fmt: skip
def test_its_pages_come_by_https(public, origin, status):
    """A page that came by http may be anybody's who sits in between."""
    assert ask(public, Origin=origin).status == status


def test_a_browser_is_told_to_come_by_https_from_now_on(public, server):
    assert ask(public).headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in server.ask("GET", "/healthz").headers


def test_the_pages_connection_goes_to_the_public_name(public):
    allowed = policy(ask(public, path="/login"))["connect-src"]
    assert allowed == f"'self' blob: ws://{NAME} wss://{NAME}"


def test_the_cookie_of_our_forms_is_for_https_and_for_this_host_only(public, server):
    name, *rest = ask(public, path="/login").headers["set-cookie"].split("; ")
    assert name.startswith("__Host-xsrf=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest)
    assert "Secure" not in server.ask("GET", "/login").headers["set-cookie"]


def test_the_cookie_of_a_login_is_for_https_and_for_this_host_only(public):
    form = {"name": "Dana Whitcomb", "password": PASSWORD}
    name, *rest = public.log_in(form, Host=NAME, Origin=HTTPS).headers["set-cookie"].split("; ")
    assert name.startswith("__Host-message_center=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest)
    assert not any(part.startswith("Domain") for part in rest)
    assert ask(public, path="/", Cookie=name).status == 200


def test_a_page_is_connected_under_the_public_name(public):
    cookie = public.cookie(1)
    assert public.connect(public.token(cookie), Cookie=cookie, Host=NAME, Origin=HTTPS).status == 101


def used_up(server, client, path="/nothing"):
    """Ask until there is nothing more to hear."""
    for _ in range(LIMIT):
        assert ask(server, path=path, X_Forwarded_For=client).status in {403, 404}


def test_who_is_refused_too_often_has_to_wait_and_nobody_else(public):
    client = next(clients)
    used_up(public, client)
    for path in ("/login", "/nothing", "/static/js/bokeh.min.js"):
        answer = ask(public, path=path, X_Forwarded_For=client)
        assert (answer.status, "Wait a minute" in answer.text) == (429, True)
        assert 0 < int(answer.headers["retry-after"]) <= 60
    assert ask(public, path="/login").status == 200


def test_the_log_says_so_once(public, caplog):
    client = next(clients)
    used_up(public, client)
    for _ in range(3):
        ask(public, path="/nothing", X_Forwarded_For=client)
    said = [record for record in caplog.records if "refused too often" in record.getMessage()]
    assert [record.getMessage().split()[0] for record in said] == [client]
    assert " 429 " not in caplog.text, "whoever goes on does not fill the log"


def test_who_says_to_be_somebody_else_is_still_the_same(public):
    """The proxy adds its peer at the end; what stands before is the peer's own word."""
    client = next(clients)
    for number in range(LIMIT):
        ask(public, path="/nothing", X_Forwarded_For=f"198.51.100.{number}, {client}")
    assert ask(public, path="/login", X_Forwarded_For=f"198.51.100.99, {client}").status == 429


def test_a_guesser_of_sessions_is_stopped(public):
    client = next(clients)
    statuses = [public.connect(f"guess-{number}", Host=NAME, X_Forwarded_For=client).status for number in range(LIMIT)]
    assert set(statuses) == {403}
    assert public.connect("guess", Host=NAME, X_Forwarded_For=client).status == 429


def test_a_colleague_at_the_same_address_is_not_stopped(public):
    """An office has one address: whoever has a session goes on, and is never counted."""
    cookie, client = public.cookie(1), next(clients)
    for _ in range(2 * LIMIT):
        assert ask(public, path="/nothing", Cookie=cookie, X_Forwarded_For=client).status == 404
    used_up(public, client)
    assert ask(public, path="/", Cookie=cookie, X_Forwarded_For=client).status == 200
    token = public.token(cookie)
    assert public.connect(token, Cookie=cookie, Host=NAME, Origin=HTTPS, X_Forwarded_For=client).status == 101


def test_a_text_is_never_refused_for_it_nor_a_look_whether_all_is_well(public):
    client = next(clients)
    used_up(public, client)
    public.secret = "open sesame"
    assert public.post(INBOUND, text(), Host=NAME, X_Forwarded_For=client).status == 200
    assert ask(public, X_Forwarded_For=client).status == 200


def test_what_is_answered_well_is_not_counted(public):
    client = next(clients)
    for _ in range(2 * LIMIT):
        assert ask(public, path="/login", X_Forwarded_For=client).status == 200


def test_while_the_database_is_away_nobody_is_counted(public, monkeypatch):
    client, cookie = next(clients), public.cookie(1)

    def gone():
        from dashboard.core.errors import StoreError

        raise StoreError("away")

    monkeypatch.setattr(public.store, "reading", gone)
    for _ in range(2 * LIMIT):
        assert ask(public, path="/nothing", Cookie=cookie, X_Forwarded_For=client).status == 404
    monkeypatch.undo()
    assert ask(public, path="/login", X_Forwarded_For=client).status == 200
