"""What is sent over Kannel, what its smsbox answers, and what follows; a real one stands in tests/gateway."""

import pytest
from pydantic import ValidationError

from dashboard.core import delivery
from dashboard.core.errors import MessageCenterError, NotFound, SettingError
from dashboard.core.values import Outbound, OutboundFile, RemoteMedia
from dashboard.providers.kannel import Gateway, Kannel
from dashboard.providers.provider import Here
from tests.factories import OURS
from tests.fake_kannel import PASSWORD, SECRET, a_smsbox
from tests.serving import a_free_port

ANA = "+16035550142"
HERE = Here("http://127.0.0.1:5006", lambda _: "", (OURS,), life="0f")
LONG = "x" * 161


@pytest.fixture(scope="module")
def smsbox():
    with a_smsbox() as box:
        yield box


def a_kannel(smsbox, here=HERE, **changed):
    return Kannel(Gateway(**smsbox.options | changed), here)


def sent(smsbox, body="Hello", answer=(202, b"0: Accepted for delivery"), **changed):
    smsbox.answer = answer
    return a_kannel(smsbox, **changed).send(Outbound(7, OURS, ANA, body))


def test_password_and_text_stand_in_headers_and_body_and_the_report_names_our_message(smsbox):
    assert sent(smsbox).status == delivery.SENT
    headers, body = smsbox.heard[-1]
    assert body == b"Hello"
    assert (headers["x-kannel-from"], headers["x-kannel-to"], headers["x-kannel-dlr-mask"]) == (OURS, ANA, "31")
    called = f"http://127.0.0.1:5006/hooks/kannel/dlr?secret={SECRET}&message=7&life=0f&kind=%d&answer=%A"
    assert headers["x-kannel-dlr-url"] == called


@pytest.mark.parametrize(("body", "coding"), [("Hello {€} ~\n", "0"), ("Grüße ☔", "2"), ("😀", "2"), ("naïve", "2")])
def test_a_text_goes_as_gsm_7_where_it_can_and_else_as_ucs_2(smsbox, body, coding):
    sent(smsbox, body)
    headers, data = smsbox.heard[-1]
    assert (headers["x-kannel-coding"], headers["content-type"]) == (coding, "text/plain; charset=UTF-8")
    assert data.decode() == body


@pytest.mark.parametrize(
    ("answer", "body", "status", "flags"),
    [
        ((202, b"3: Queued for later delivery"), "x", delivery.SENT, ""),
        ((202, b"Sent."), "x", delivery.SENT, ""),
        ((202, b"<html>"), "x", delivery.UNKNOWN, "trouble"),
        ((200, b"OK"), "x", delivery.UNKNOWN, "trouble"),
        ((503, b"Temporal failure, try again later."), "x", delivery.QUEUED, "trouble"),
        ((503, b"Temporal failure, try again later."), LONG, delivery.UNKNOWN, "trouble"),
        ((503, b"<html>Service unavailable"), "x", delivery.UNKNOWN, "trouble"),
        ((502, b"Bad gateway"), "x", delivery.UNKNOWN, "trouble"),
        ((500, b"Sending failed."), "x", delivery.UNKNOWN, "trouble"),
        ((404, b"Unknown request."), "x", delivery.QUEUED, "trouble"),
        ((403, b"Authorization failed for sendsms"), "x", delivery.QUEUED, "trouble"),
        ((403, b"Not routable. Do not try again."), "x", delivery.FAILED, ""),
        ((400, b"Number(s) has/have been denied by white- and/or black-lists."), "x", delivery.FAILED, "final"),
    ],
)
def test_what_smsbox_answers_and_what_follows(smsbox, answer, body, status, flags):
    outcome = sent(smsbox, body, answer)
    assert outcome.status == status
    assert (outcome.trouble, outcome.final) == ("trouble" in flags, "final" in flags)
    assert bool(outcome.reason) == (status != delivery.SENT)
    assert (outcome.wait > 0) == (status == delivery.QUEUED)


def test_a_gateway_that_is_not_there_was_certainly_not_given_it(smsbox):
    outcome = sent(smsbox, url=f"http://127.0.0.1:{a_free_port()}")
    assert (outcome.status, outcome.trouble) == (delivery.QUEUED, True)
    assert "cannot be reached" in outcome.reason


def test_a_picture_is_refused_in_words(smsbox):
    heard = len(smsbox.heard)
    picture = OutboundFile("0" * 64, "image/jpeg", 1)
    outcome = a_kannel(smsbox).send(Outbound(7, OURS, ANA, "Look", media=(picture,)))
    assert (outcome.status, outcome.final, len(smsbox.heard)) == (delivery.FAILED, True, heard)
    assert "no pictures" in outcome.reason


def test_it_is_asked_whether_it_knows_us_and_nothing_is_sent(smsbox):
    heard = len(smsbox.heard)
    assert "lets us in" in a_kannel(smsbox).probe()
    with pytest.raises(MessageCenterError, match="PASSWORD"):
        a_kannel(smsbox, password="wrong").probe()
    assert len(smsbox.heard) == heard


def test_another_address_may_be_named_under_which_it_reaches_us(smsbox):
    guide = "\n".join(a_kannel(smsbox, callback="http://10.0.0.5:5006/").guide())
    assert "http://10.0.0.5:5006/hooks/kannel/mo?secret=SECRET&id=%I&from=%P" in guide
    assert not any(secret in guide for secret in (SECRET, PASSWORD))


def test_there_is_nothing_to_fetch(smsbox):
    with pytest.raises(NotFound):
        a_kannel(smsbox).fetch(RemoteMedia("http://127.0.0.1/x", "image/jpeg"))


def test_without_numbers_it_is_not_begun(smsbox):
    with pytest.raises(SettingError, match="MESSAGE_CENTER_NUMBERS"):
        Kannel.made(Gateway(**smsbox.options), Here("http://127.0.0.1:5006", lambda _: ""))


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "short"}, {"secret": "sixteen&and=more?"}, {"username": "a\nb"}, {"password": "ü"}, {"password": ""},
     {"url": "127.0.0.1:13013"}, {"callback": "http://x/?a"}, {"pace": -1}],
)  # fmt: skip
def test_what_could_not_work_is_refused_before_it_begins(smsbox, wrong):
    with pytest.raises(ValidationError):
        Gateway(**smsbox.options | wrong)
