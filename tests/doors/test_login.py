"""The login: who is let in, what the cookie is worth, how often can be tried, and that nobody is sent elsewhere."""

import http.client
import re
import time
from concurrent.futures import Future
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from dashboard import app, settings
from dashboard.actions import logins
from dashboard.core import passwords
from dashboard.core.passwords import hashed
from dashboard.core.rights import LOGGED_OUT
from dashboard.doors import login as door
from dashboard.store.logins import BY_ADDRESS, HERE
from tests.doors.conftest import DEAR, PUBLIC, Server
from tests.factories import PASSWORD, by_hand, eventually, how_many

DANA, MARCUS, THEO = 1, 2, 6


def choose(server, person, next="/", **changes):
    return server.log_in({"person": person, "next": next} | changes)


def tried(server, name="Dana Whitcomb", password=PASSWORD, next="/"):
    return server.log_in({"name": name, "password": password, "next": next})


def a_cookie(answer):
    return answer.headers["set-cookie"].split(";")[0]


@pytest.fixture(autouse=True)
def no_tries(servers):
    """Each test begins without failed tries, as all come from one address."""
    by_hand(servers.plain.store, "DELETE FROM login_try")


def test_the_demos_page_offers_the_people_who_can_act(demo):
    answer = demo.ask("GET", "/login")
    assert answer.status == 200
    assert 'aria-label="Continue as Dana, Administrator"' in answer.text
    assert "Luis" not in answer.text or "Continue as Luis, " in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_is_not_logged_in_is_sent_to_the_login(server):
    answer = server.ask("GET", "/?tab=sent")
    assert answer.status == 302
    assert answer.headers["location"].removeprefix(".") == "/login?next=%2F%3Ftab%3Dsent"


def test_without_the_demo_nobody_is_offered_and_a_choice_opens_nothing(server):
    assert "Continue as" not in server.ask("GET", "/login").text
    answer = choose(server, "1")
    assert (answer.status, "message_center" in answer.headers.get("set-cookie", "")) == (403, False)


def test_a_name_and_its_password_open_the_inbox_with_a_signed_cookie(server):
    answer = tried(server, " dana WHITCOMB")
    assert (answer.status, answer.headers["location"]) == (302, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"message_center_{server.port}=" in cookie
    inbox = server.ask("GET", "/", Cookie=cookie.split(";")[0])
    assert inbox.status == 200
    assert "Message Center" in inbox.text


@pytest.mark.parametrize("value", ["1", "2|1:0|10:1|18:message_center|4:MQ==|0", "", '"', "x" * 3000])
def test_a_cookie_that_we_did_not_sign_is_worth_nothing(server, value):
    assert server.ask("GET", "/", Cookie=f"message_center_{server.port}={value}").status == 302


def test_a_cookie_of_another_server_is_worth_nothing(server, demo):
    cookie = a_cookie(choose(demo, "1"))
    value = cookie.partition("=")[2]
    assert demo.ask("GET", "/", Cookie=cookie).status == 200
    assert server.ask("GET", "/", Cookie=f"message_center_{server.port}={value}").status == 302


@pytest.mark.parametrize(
    "person", ["", "999", "0", "-1", "1e3", "Dana", "9" * 30, "²", "1 OR 1=1", "\u0661\u0661\u0661"]
)
def test_nobody_is_let_in_under_a_number_that_there_is_not(demo, person):
    answer = choose(demo, person)
    assert answer.status == 400
    assert "Nobody of that number" in answer.text
    assert "message_center" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("changes", [{"_xsrf": ""}, {"_xsrf": "2|forged|0|0"}])
def test_a_form_that_is_not_ours_is_refused(server, changes):
    answer = server.log_in({"name": "Dana Whitcomb", "password": PASSWORD} | changes)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("next", "there"),
    [
        ("/", "/"), ("/?tab=sent&q=ana", "/?tab=sent&q=ana"), ("", "/"),
        ("http://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("javascript:alert(1)", "/"),
        ("https:evil.example", "/"), ("http://[", "/"), ("/logout", "/"), ("/documents", "/documents"), ("/?a=\r\nSet-Cookie: x=1", None),
    ],
)  # fmt: skip
def test_after_the_login_nobody_is_sent_elsewhere(demo, next, there):
    answer = choose(demo, "1", next)
    assert answer.status == 302
    assert "x=1" not in answer.headers.get("set-cookie", "")
    assert answer.headers["location"].startswith("/")
    assert there is None or answer.headers["location"] == there


def test_an_address_that_is_no_text_is_not_taken_for_a_person(server):
    answer = server.ask("GET", "/login?next=%ff")
    assert (answer.status, "Nobody" in answer.text) == (400, False)


def test_what_stands_in_next_is_not_markup(server):
    answer = server.ask("GET", "/login?" + urlencode({"next": '/?q="><script>alert(1)</script>'}))
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("name", ["Dana Whitcomb", "Nobody", "", "' OR 1=1 --", "\ufffd", "x" * 5000])
def test_a_wrong_password_and_a_name_that_there_is_not_are_told_alike(server, name):
    answer = tried(server, name, "wrong password")
    assert (answer.status, door.WRONG in answer.text) == (403, True)
    assert "message_center" not in answer.headers.get("set-cookie", "")


def test_whoever_is_disabled_cannot_log_in_and_what_they_had_is_worth_nothing(server):
    cookie = a_cookie(tried(server, "Theo Achterberg"))
    assert server.ask("GET", "/", Cookie=cookie).status == 200
    logins.set_active(server.store, "Theo Achterberg", active=False)
    try:
        assert server.ask("GET", "/", Cookie=cookie).status == 302
        assert server.ask("GET", "/media/1?size=thumb", Cookie=cookie).status == 403
        assert tried(server, "Theo Achterberg").status == 403
    finally:
        logins.set_active(server.store, "Theo Achterberg", active=True)
    assert server.ask("GET", "/", Cookie=cookie).status == 302, "what was ended stays so"


def test_another_password_ends_what_was_open_with_the_one_before(server):
    cookie = a_cookie(tried(server, "Theo Achterberg"))
    logins.set_password(server.store, "Theo Achterberg", hashed("another password"))
    assert server.ask("GET", "/", Cookie=cookie).status == 302
    assert tried(server, "Theo Achterberg").status == 403
    assert tried(server, "Theo Achterberg", "another password").status == 302


def test_after_logout_a_replayed_cookie_is_worth_nothing(server):
    cookie = a_cookie(tried(server))
    token = server.token(cookie)
    answer = server.ask("POST", "/logout", b"", Cookie=cookie)
    assert (answer.status, answer.headers["location"]) == (302, "/login")
    assert f'message_center_{server.port}=""' in answer.headers["set-cookie"]
    assert server.ask("GET", "/", Cookie=cookie).status == 302
    assert server.connect(token, Cookie=cookie).status == 403
    assert server.ask("GET", "/navigation", Cookie=cookie).status == 403


def test_logging_out_here_leaves_other_browsers_as_they_are(server):
    here, there = a_cookie(tried(server)), a_cookie(tried(server))
    server.ask("POST", "/logout", b"", Cookie=here)
    assert server.ask("GET", "/", Cookie=there).status == 200


def test_logging_in_over_somebody_logs_them_out(server):
    before = a_cookie(tried(server))
    page = server.ask("GET", "/login", Cookie=before)
    known = re.search(r"_xsrf=[^;]+", page.headers["set-cookie"])[0]
    form = {
        "_xsrf": re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1],
        "name": "Marcus Bell",
        "password": PASSWORD,
    }
    body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    answer = server.ask("POST", "/login", body, Cookie=f"{known}; {before}", Content_Type=kind)
    assert server.ask("GET", "/", Cookie=a_cookie(answer)).status == 200
    assert server.ask("GET", "/", Cookie=before).status == 302


def test_logging_out_without_a_login_is_no_error(server):
    assert server.ask("POST", "/logout", b"").status == 302


def test_a_session_older_than_a_month_is_worth_nothing(server):
    cookie = a_cookie(tried(server, "Marcus Bell"))
    by_hand(server.store, "UPDATE login_session SET made_at = '2020-01-01' WHERE resource_id = ?", MARCUS)
    assert server.ask("GET", "/", Cookie=cookie).status == 302


def test_whose_session_was_ended_is_told_at_the_login_and_who_never_had_one_or_logged_out_is_not(server):
    cookie = a_cookie(tried(server, "Marcus Bell"))
    assert LOGGED_OUT not in server.ask("GET", "/login", Cookie=cookie).text
    by_hand(server.store, "UPDATE login_session SET made_at = '2020-01-01' WHERE resource_id = ?", MARCUS)
    assert LOGGED_OUT in server.ask("GET", "/login", Cookie=cookie).text
    for nobodys in ("", cookie[:-4] + "0000"):
        assert LOGGED_OUT not in server.ask("GET", "/login", Cookie=nobodys).text


def test_after_five_failures_of_a_name_from_an_address_the_right_password_waits_too(server):
    for _ in range(HERE):
        assert tried(server, password="wrong").status == 403
    answer = tried(server)
    assert (answer.status, answer.headers["retry-after"]) == (429, "900")
    assert "wait 15 minutes" in answer.text
    assert tried(server, "Marcus Bell").status == 302, "the others are let in"


@pytest.mark.parametrize("guesses", [60, pytest.param(1000, marks=pytest.mark.proof)])
def test_many_guesses_from_one_address_against_ten_names_are_worth_thirty(server, monkeypatch, guesses):
    asked = []
    monkeypatch.setattr(door, "fits", lambda password, kept: asked.append(kept) or False)
    page = server.ask("GET", "/login")
    form = {"_xsrf": re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1]}
    known = {
        "Cookie": re.search(r"_xsrf=[^;]+", page.headers["set-cookie"])[0],
        "Content_Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    statuses = []
    for number in range(guesses):
        guess = urlencode(form | {"name": f"N{number % 10}", "password": str(number)})
        connection.request("POST", "/login", guess, {name.replace("_", "-"): value for name, value in known.items()})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert (len(asked), statuses.count(403), statuses.count(429)) == (BY_ADDRESS, BY_ADDRESS, guesses - BY_ADDRESS)
    assert how_many(server.store, "login_try") == BY_ADDRESS


def test_failures_are_forgotten_after_a_while_and_after_a_success(server):
    for _ in range(HERE - 1):
        tried(server, password="wrong")
    assert tried(server).status == 302
    assert how_many(server.store, "login_try") == 0
    for _ in range(HERE):
        tried(server, password="wrong")
    by_hand(server.store, "UPDATE login_try SET at = '2020-01-01'")
    assert tried(server).status == 302


def test_a_name_that_there_is_takes_as_long_as_one_that_there_is_not(server, monkeypatch):
    for name, dear in DEAR.items():
        monkeypatch.setattr(passwords, name, dear)
    logins.set_password(server.store, "Hannah Sorensen", hashed("a password of the usual cost"))

    def taken(name):
        by_hand(server.store, "DELETE FROM login_try")
        started = time.process_time()
        assert tried(server, name, "wrong").status == 403
        return time.process_time() - started

    known, unknown = ([taken(name) for _ in range(5)] for name in ("Hannah Sorensen", "Nobody at all"))
    ratio = sorted(known)[2] / sorted(unknown)[2]
    assert 0.5 < ratio < 2, ratio


def test_no_hash_and_no_password_leaves_the_server(server):
    page = server.ask("GET", "/", Cookie=a_cookie(tried(server)))
    assert "argon2" not in page.text
    assert PASSWORD not in page.text


@pytest.fixture
def nobody(server):
    """While nobody can log in."""
    by_hand(server.store, "UPDATE resource SET login = NULL")
    yield
    by_hand(server.store, "UPDATE resource SET login = name_folded WHERE role_id IS NOT NULL")
    assert eventually(lambda: tried(server).status == 302)


@pytest.fixture
def plain_http(servers):
    """One that people reach by a name without a certificate; made on the loop that the others run on."""
    chosen = settings.load({}, **PUBLIC | {"url": "http://texts.example.com"})
    application = replace(servers.public.application, settings=chosen)
    started: Future[object] = Future()

    def start():
        made = app.server(application)
        made.start()
        started.set_result(made)

    loop = servers.plain.made.io_loop
    loop.add_callback(start)
    made = started.result(30)
    yield Server(application, made)
    loop.add_callback(made.stop, wait=False)


def test_while_nobody_can_log_in_the_page_says_how_somebody_can(server, nobody):
    page = server.ask("GET", "/login").text
    assert "message-center users add" in page
    assert f"--database {server.store.url}" in page


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"])
def test_whoever_comes_by_a_proxy_is_not_told_where_the_database_is(server, nobody, name):
    page = server.ask("GET", "/login", **{name: "203.0.113.7"}).text
    assert "message-center users add" in page
    assert "--database" not in page


def test_where_people_come_by_a_name_nobody_is_told_where_the_database_is(plain_http, nobody):
    page = plain_http.ask("GET", "/login", Host="texts.example.com").text
    assert "message-center users add" in page
    assert "--database" not in page
