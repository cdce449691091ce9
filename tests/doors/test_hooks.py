"""The hooks: what a phone company posts is checked, stored and only then answered; nothing that it vouches for is lost."""

import asyncio
import sqlite3
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.actions import messages
from dashboard.actions.people import add_people
from dashboard.doors import hooks
from dashboard.providers import PROVIDERS, twilio_posts
from dashboard.store import media
from tests.canary import jpeg
from tests.conftest import a_folder
from tests.doors.conftest import KEY, Server, running
from tests.doors.test_guard import routes
from tests.doors.test_rights import DOORS
from tests.factories import OURS, a_reply, a_text, a_url, a_user, asked, by_hand, eventually, sound, spoken
from tests.fake_kannel import a_smsbox
from tests.fake_twilio import ACCOUNT, a_twilio, signed
from tests.fake_twilio import a_text as a_form

URL = "https://texts.example.com"
IN = f"{URL}/hooks/twilio/in"
EMPTY = "<Response/>"


@contextmanager
def serving(**chosen):
    """A server that is ``serve``'s, in this process."""
    from dashboard import app, settings

    with a_folder() as folder:
        known = {"database": a_url(folder), "port": 0, "numbers": OURS, "url": URL, "secret_key": KEY, "rate_limit": 20}
        application = app.assemble(settings.load({}, **known | chosen))
        add_people(application.store, (a_user("Dana Whitcomb", 101, "Administrator"),))
        asyncio.set_event_loop(asyncio.new_event_loop())
        made = app.server(application)
        thread = running(made)
        try:
            yield Server(application, made)
        finally:
            made.io_loop.add_callback(made.stop, wait=False)
            made.io_loop.add_callback(made.io_loop.stop)
            thread.join(5)
            application.stop()


@pytest.fixture(scope="module")
def twilio():
    with a_twilio() as twilio:
        yield twilio


@pytest.fixture(scope="module")
def hooked(twilio):
    with serving(**twilio.settings) as server:
        yield server


def bodies(server, sid):
    return [body for (body,) in asked(server.store, "SELECT body FROM message WHERE provider_id = ?", sid)]


def test_a_signed_text_is_stored_and_answered_in_the_companys_own_form(hooked, twilio):
    form = a_form(Body="  Gutter's down ☔ ")
    connection = hooked.ask("POST", "/hooks/twilio/in", urlencode(form).encode(), **headers(form))
    assert (connection.status, connection.text) == (200, EMPTY)
    assert connection.headers["content-type"] == "text/xml; charset=utf-8"
    assert bodies(hooked, form["MessageSid"]) == ["  Gutter's down ☔ "]


def headers(form, url=IN, **more):
    usual = {"X_Twilio_Signature": signed(url, form), "Content_Type": "application/x-www-form-urlencoded"}
    return usual | {"Host": "texts.example.com"} | more


def test_b4_the_same_post_ten_times_is_one_message(hooked, twilio):
    form = a_form(Body="Ten times")
    assert {twilio.post(IN, hooked.port, form) for _ in range(10)} == {(200, EMPTY)}
    assert bodies(hooked, form["MessageSid"]) == ["Ten times"]


@pytest.mark.parametrize("wrong", ["", "x", "kRZq5vzC8dHCDiUwpSO1ZPrJtg8=", "☔".encode().decode("latin-1")])
def test_what_is_not_signed_is_403_and_stores_nothing(hooked, twilio, wrong):
    before = hooked.stored()
    assert twilio.post(IN, hooked.port, a_form(), wrong)[0] == 403
    assert hooked.stored() == before


def test_a_company_is_never_made_to_wait_however_often_it_was_refused(hooked, twilio):
    refused = {twilio.post(IN, hooked.port, a_form(), "x")[0] for _ in range(30)}
    assert (refused, twilio.text(IN, hooked.port, Body="After all")[0]) == ({403}, 200)


def test_the_address_that_is_signed_is_the_one_that_was_set_and_not_the_hosts(hooked):
    form = a_form(Body="As of a proxy that renames the host")
    here = f"127.0.0.1:{hooked.port}"
    answer = hooked.ask("POST", "/hooks/twilio/in", urlencode(form).encode(), **headers(form, Host=here))
    forged = signed(f"http://{here}/hooks/twilio/in", form)
    other = hooked.ask(
        "POST", "/hooks/twilio/in", urlencode(form).encode(), **headers(form, Host=here, X_Twilio_Signature=forged)
    )
    assert (answer.status, other.status) == (200, 403)


def test_a_text_to_a_number_that_nobody_named_is_kept_and_the_number_is_ours(hooked, twilio, caplog):
    assert twilio.text(IN, hooked.port, To="+16035550177", Body="To the new number")[0] == 200
    assert "it is ours now" in caplog.text
    found = asked(hooked.store, "SELECT provider FROM our_number WHERE address = '+16035550177'")
    assert found == [("twilio",)]
    assert sound(hooked.store)


@pytest.mark.parametrize("sender", ["whatsapp:+16035550142", "+266696687000000000000", "?", "x" * 300])
def test_a_text_from_what_is_no_address_is_kept_as_from_nobody_who_can_be_answered(hooked, twilio, sender, caplog):
    form = a_form(From=sender, Body=f"from {sender[:30]}")
    assert twilio.post(IN, hooked.port, form)[0] == 200
    assert bodies(hooked, form["MessageSid"]) == [form["Body"]]
    assert "no address" in caplog.text


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ("a%00b", "a\ufffdb"),
        ("%ED%A0%80x", "\ufffd\ufffd\ufffdx"),
        ("%FF", "\ufffd"),
        ("", ""),
        ("x" * 4000, "x" * 4000),
    ],
)
def test_a_body_that_no_database_holds_is_kept_as_far_as_it_can_be_with_what_came(hooked, body, stored):
    form = a_form(Body="BODY", SmsSid=body[:9])
    raw = urlencode(form).replace("Body=BODY", f"Body={body}").encode()
    fields = twilio_posts.parsed(raw)
    signature = twilio_posts.signature("only-for-tests-0123456789abcdef-", IN, fields)
    answer = hooked.ask("POST", "/hooks/twilio/in", raw, **headers(form, X_Twilio_Signature=signature))
    assert (answer.status, bodies(hooked, form["MessageSid"])) == (200, [stored])


@pytest.mark.parametrize(
    "fields",
    [{"MessageSid": "SM1", "SmsSid": "SM1"}, {"From": ""}, {"To": ""}, {"To": "nobody at all, is it?"}],
)  # fmt: skip
def test_what_is_signed_and_can_be_no_text_is_400_in_words_and_in_the_log(hooked, twilio, fields, caplog):
    before = hooked.stored()
    status, words = twilio.text(IN, hooked.port, **fields)
    assert (status, hooked.stored()) == (400, before)
    assert words.strip()
    assert "is not taken" in caplog.text


def test_a_report_comes_to_the_message_that_its_address_names(hooked, twilio):
    thread = a_text(hooked.store).thread
    by_hand(hooked.store, "UPDATE our_number SET provider = 'twilio'")
    message = a_reply(hooked.store, thread, "On our way, with a report")
    assert eventually(lambda: twilio.sent("On our way, with a report"))
    (text,) = twilio.sent("On our way, with a report")
    life = hooked.application.here.life
    assert text["status_callback"] == f"{URL}/hooks/twilio/status?message={message}&life={life}"
    assert twilio.report(text, hooked.port, "undelivered", 30003)[0] == 200
    said = next(row for row in spoken(hooked.store, thread) if row.id == message)
    assert (said.status, said.reason) == ("failed", "Their phone could not be reached: it may be off, or out of range.")


def test_a_report_on_a_text_that_was_not_sent_from_here_is_taken_so_that_it_does_not_come_for_ever(
    hooked, twilio, caplog
):
    text = {
        "sid": "SM" + "f" * 32,
        "from": OURS,
        "to": OURS,
        "status_callback": f"{URL}/hooks/twilio/status?message=99999",
    }
    assert twilio.report(text, hooked.port, "delivered")[0] == 200
    assert "was not sent from here" in caplog.text


@pytest.fixture(scope="module")
def kannel():
    with (
        a_smsbox() as box,
        serving(provider="kannel", **{f"kannel_{key}": of for key, of in box.options.items()}) as at,
    ):
        yield at, box


def reported(server, url):
    """What smsbox hears that has something to tell at the address that came with a text."""
    return server.ask(
        "GET", url.replace("%d", "1").replace("%A", "").removeprefix(URL), Host="texts.example.com"
    ).status


def test_a_report_on_what_had_its_id_before_a_restore_is_on_nothing_here_and_does_not_come_for_ever(kannel, caplog):
    server, box = kannel
    thread = a_text(server.store).thread
    message = a_reply(server.store, thread, "Over Kannel")
    assert eventually(lambda: spoken(server.store, thread)[-1].status == "sent")
    url = box.heard[-1][0]["x-kannel-dlr-url"]
    assert server.application.here.life in url
    by_hand(server.store, "UPDATE life SET name = 'of a restore'")
    assert reported(server, url) == 200
    assert spoken(server.store, thread)[-1].status == "sent"
    assert f"message {message} that is here is another one" in caplog.text
    by_hand(server.store, "UPDATE life SET name = ?", server.application.here.life)
    assert reported(server, url) == 200
    assert spoken(server.store, thread)[-1].status == "delivered"


def test_while_the_database_is_in_trouble_the_company_is_asked_to_come_again(hooked, twilio, monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(messages, "receive", away)
    assert twilio.text(IN, hooked.port, Body="While it is away")[0] == 503


def test_a_request_that_is_too_large_is_413_and_a_wrong_method_405(hooked):
    form = {"Body": "x" * (hooks.LIMIT + 1), "AccountSid": ACCOUNT}
    large = hooked.ask("POST", "/hooks/twilio/in", urlencode(form).encode(), **headers(form))
    asked_for = hooked.ask("GET", "/hooks/twilio/in")
    assert (large.status, asked_for.status, asked_for.headers["allow"]) == (413, 405, "POST")


def test_every_hook_of_every_company_has_a_door_and_a_rule(hooked):
    paths = {hooks.path(key, hook) for key, provider in PROVIDERS.items() for hook in provider.hooks}
    assert paths <= {path for path, rule in DOORS.items() if rule in ("signature", "secret")}
    there = {pattern for pattern, _ in routes(hooked.made)}
    assert {f"{hooks.path('twilio', hook)}$" for hook in PROVIDERS["twilio"].hooks} <= there


def test_a_picture_that_a_customer_sends_is_loaded_from_twilio_and_shown(hooked, twilio):
    sid = "MM" + "7" * 32
    url = twilio.a_file(sid, jpeg(), early=1)
    form = a_form(MessageSid=sid, SmsSid=sid, Body="", NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg")
    assert twilio.post(IN, hooked.port, form) == (200, EMPTY)
    which = "SELECT state FROM attachment JOIN message ON message.id = message_id WHERE provider_id = ?"
    assert eventually(lambda: asked(hooked.store, which, sid) == [("ready",)], 20), asked(hooked.store, which, sid)


def test_a_picture_that_is_sent_is_fetched_by_twilio_from_its_share(hooked, twilio):
    thread = a_text(hooked.store).thread
    by_hand(hooked.store, "UPDATE our_number SET provider = 'twilio'")
    file = media.incoming(hooked.store.media_folder)
    file.write_bytes(jpeg())
    picture, made = hooked.application.live.darkroom.take(thread, file, "roof.jpg", 1)
    messages.send(hooked.store, thread, "The roof", by=1, key="with a picture", attachments=(picture,))
    assert eventually(lambda: twilio.sent("The roof"))
    (url,) = twilio.sent("The roof")[0]["media"]
    assert url.startswith(f"{URL}/share/")
    answers = [hooked.ask(way, url.removeprefix(URL), Host="texts.example.com") for way in ("HEAD", "GET")]
    assert [(one.status, one.headers["content-type"]) for one in answers] == [(200, made.type)] * 2
    assert {one.headers["content-length"] for one in answers} == {str(made.size)}
