"""The login: who is offered, what the cookie is worth, and that nobody is sent elsewhere."""

import re
from urllib.parse import urlencode

import pytest


def page(server, query=""):
    """The login page and the cookies and token that its form needs."""
    answer = server.ask("GET", "/login" + query)
    cookie = re.search(r"_xsrf=[^;]+", answer.headers["set-cookie"])[0]
    token = re.search(r'name="_xsrf" value="([^"]+)"', answer.text)[1]
    return answer, cookie, token


def choose(server, person, next="/", **changes):
    _, cookie, token = page(server)
    form = {"_xsrf": token, "person": person, "next": next} | changes
    return server.ask(
        "POST", "/login", urlencode(form).encode(), Cookie=cookie, Content_Type="application/x-www-form-urlencoded"
    )


def test_the_page_offers_the_people_who_can_act(server):
    answer, _, _ = page(server)
    assert answer.status == 200
    assert 'aria-label="Continue as Dana, Administrator"' in answer.text
    assert "Luis" not in answer.text or "Continue as Luis, " in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_has_not_chosen_is_sent_to_the_login(server):
    answer = server.ask("GET", "/?tab=sent")
    assert answer.status == 302
    assert answer.headers["location"].removeprefix(".") == "/login?next=%2F%3Ftab%3Dsent"


def test_a_choice_is_kept_in_a_signed_cookie_and_opens_the_inbox(server):
    answer = choose(server, "1")
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
    cookie = choose(demo, "1").headers["set-cookie"].split(";")[0]
    value = cookie.partition("=")[2]
    assert demo.ask("GET", "/", Cookie=cookie).status == 200
    assert server.ask("GET", "/", Cookie=f"message_center_{server.port}={value}").status == 302


@pytest.mark.parametrize(
    "person", ["", "999", "0", "-1", "1e3", "Dana", "9" * 30, "²", "1 OR 1=1", "\u0661\u0661\u0661"]
)
def test_nobody_is_let_in_under_a_number_that_there_is_not(server, person):
    answer = choose(server, person)
    assert answer.status == 400
    assert "Nobody of that number" in answer.text
    assert "message_center" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("changes", [{"_xsrf": ""}, {"_xsrf": "2|forged|0|0"}])
def test_a_form_that_is_not_ours_is_refused(server, changes):
    answer = choose(server, "1", **changes)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("next", "there"),
    [
        ("/", "/"), ("/?tab=sent&q=ana", "/?tab=sent&q=ana"), ("", "/"),
        ("http://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("javascript:alert(1)", "/"),
        ("https:evil.example", "/"), ("http://[", "/"), ("/logout", "/"), ("/?a=\r\nSet-Cookie: x=1", None),
    ],
)  # fmt: skip
def test_after_the_choice_nobody_is_sent_elsewhere(server, next, there):
    answer = choose(server, "1", next)
    assert answer.status == 302
    assert "x=1" not in answer.headers.get("set-cookie", "")
    assert answer.headers["location"].startswith("/")
    assert there is None or answer.headers["location"] == there


def test_an_address_that_is_no_text_is_not_taken_for_a_person(server):
    answer = server.ask("GET", "/login?next=%ff")
    assert (answer.status, "Nobody" in answer.text) == (400, False)


def test_what_stands_in_next_is_not_markup(server):
    answer, _, _ = page(server, "?" + urlencode({"next": '/?q="><script>alert(1)</script>'}))
    assert "<script>alert" not in answer.text


def test_after_logout_the_choice_is_gone(server):
    answer = server.ask("POST", "/logout", b"")
    assert (answer.status, answer.headers["location"]) == (302, "/login")
    assert f'message_center_{server.port}=""' in answer.headers["set-cookie"]
