"""Sessions: each is one person's, and nobody else opens it."""

import pytest
from bokeh.util.token import generate_jwt_token, generate_session_id

from dashboard.settings import signing_key
from tests.factories import asked

DANA, MARCUS = 1, 2


def key(server):
    settings = server.application.settings
    from pathlib import Path

    return signing_key(settings, Path(server.store.url.database)).encode()


def its_session(server):
    """The session that was begun last."""
    return asked(server.store, "SELECT max(id) FROM login_session")[0][0]


def a_token(server, person=DANA, life=300, signed_with=None):
    """A session token as our page would hold it, or not quite."""
    secret = signed_with or key(server)
    session = generate_session_id(secret_key=secret, signed=True)
    payload = {"headers": {}, "cookies": {}, "arguments": {}, "person": person, "session": its_session(server)}
    return generate_jwt_token(session, secret_key=secret, signed=True, expiration=life, extra_payload=payload)


def test_a_page_is_connected_by_whom_it_was_made_for(server):
    cookie = server.cookie(DANA)
    assert server.connect(server.token(cookie), Cookie=cookie).status == 101
    assert server.connect(a_token(server), Cookie=cookie).status == 101, "after a restart there is only the token"


def test_whoever_has_no_cookie_is_sent_to_the_login_and_gets_no_connection(server):
    token = server.token(server.cookie(DANA))
    assert server.ask("GET", "/").status == 302
    assert server.connect(token).status == 403


def test_a_page_is_not_connected_by_another_person(server):
    answer = server.connect(server.token(server.cookie(DANA)), Cookie=server.cookie(MARCUS))
    assert (answer.status, "another login" in answer.text) == (403, True)


def test_without_the_guard_it_would_be(servers):
    server = servers.unguarded
    assert server.connect(server.token(server.cookie(DANA)), Cookie=server.cookie(MARCUS)).status == 101


@pytest.mark.parametrize("person", [MARCUS, None, "1", 0, True])
def test_a_token_for_somebody_else_opens_nothing(server, person):
    cookie = server.cookie(DANA)
    answer = server.connect(a_token(server, person), Cookie=cookie)
    assert answer.status == (101 if person is True else 403), "True is 1, in JSON too"


@pytest.mark.parametrize(
    "token", ["", "x", "x.y", ".", "e30.x", "\u00e9.\u00e9", "a.b.c", "x" * 3000, "W10.x", "bnVsbA.x", "MQ.x"]
)
def test_what_is_no_token_opens_nothing(server, token):
    answer = server.connect(token, Cookie=server.cookie(DANA))
    assert (answer.status, "too old" in answer.text) == (403, True)


def test_a_token_that_we_did_not_sign_opens_nothing(server):
    cookie = server.cookie(DANA)
    assert server.connect(a_token(server, signed_with=b"a key of my own"), Cookie=cookie).status == 403
    token = server.token(cookie)
    forged = a_token(server, signed_with=b"a key of my own").partition(".")[0] + "." + token.partition(".")[2]
    assert server.connect(forged, Cookie=cookie).status == 403


def test_a_token_that_has_expired_opens_nothing(server):
    cookie = server.cookie(DANA)
    assert server.connect(a_token(server, life=-1), Cookie=cookie).status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_sites_page_makes_no_connection(server, origin):
    cookie = server.cookie(DANA)
    assert server.connect(server.token(cookie), Cookie=cookie, Origin=origin).status == 403


def test_a_connection_under_another_hosts_name_is_misdirected(server):
    cookie = server.cookie(DANA)
    assert server.connect(server.token(cookie), Cookie=cookie, Host="evil.example").status == 421


def sessions(server):
    """The sessions that a server holds."""
    return {session.id for session in server.made.get_sessions("/")}


def named(server, session):
    """The ways in which a request could name a session."""
    token = a_token(server)
    return [
        (f"/?bokeh-session-id={session}", {}), (f"/?bokeh-token={token}", {}), ("/", {"Bokeh_Session_Id": session}),
        (f"/?tab=sent&bokeh-session-id={session}", {}), ("/?bokeh%2Dsession%2Did=x", {}),
    ]  # fmt: skip


def test_nobody_chooses_a_session_by_its_name(server):
    """Whoever could, would send a colleague a link to one, and look into it: the same session, and its writes as theirs."""
    session = generate_session_id(secret_key=key(server), signed=True)
    before = sessions(server)
    for path, headers in named(server, session):
        assert server.ask("GET", path, Cookie=server.cookie(DANA), **headers).status == 403
    assert sessions(server) <= before  # those of other tests may have ended meanwhile


def test_without_the_guard_two_people_would_be_in_one_session(servers):
    server = servers.unguarded
    session = generate_session_id(secret_key=key(server), signed=True)
    path = f"/?bokeh-session-id={session}"
    victim = server.ask("GET", path, Cookie=server.cookie(DANA))
    assert "Dana Whitcomb" in victim.text
    assert "Dana Whitcomb" in server.ask("GET", path, Cookie=server.cookie(MARCUS)).text


@pytest.mark.parametrize("path", ["/metadata", "/autoload.js?bokeh-autoload-element=x", "/nothing", "/ws"])
def test_what_is_refused_builds_no_session(server, path):
    before = sessions(server)
    assert server.ask("GET", path, Cookie=server.cookie(DANA)).status in {400, 404}
    assert sessions(server) <= before  # those of other tests may have ended meanwhile
