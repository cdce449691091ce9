"""Twilio's API through its own library: nothing leads it elsewhere, a no is told with its code, and it loads when used."""

import subprocess
import sys

import pytest

from dashboard.providers import web
from dashboard.providers.twilio import Account
from dashboard.providers.twilio_api import Line, Refusal, basic
from tests.fake_twilio import ACCOUNT, TOKEN, a_twilio


@pytest.fixture
def line():
    with a_twilio() as fake:
        yield Line(Account(account_sid=ACCOUNT, auth_token=TOKEN, api_url=fake.url), web.LIMITS)


def test_what_is_asked_goes_to_the_address_that_is_set(line, monkeypatch):
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    assert line.client().api.accounts(ACCOUNT).fetch().friendly_name == "Granite Gutters"


def test_a_no_has_its_status_and_code(line):
    with pytest.raises(Refusal) as refusal:
        line.client().messages("SM" + "9" * 32).fetch()
    assert (refusal.value.status, refusal.value.code) == (404, 20404)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code": "x"}', b"\xff", b"[" * 100_000])
def test_a_no_without_a_code_has_its_status(line, monkeypatch, body):
    monkeypatch.setattr(web, "ask", lambda *_: web.Answer(403, {"retry-after": "soon"}, body))
    with pytest.raises(Refusal) as refusal:
        line.client().messages.create(to="+16035550142", body="x")
    assert (refusal.value.status, refusal.value.code, refusal.value.wait) == (403, None, 0.0)


def test_the_credentials_are_written_as_http_has_them():
    assert basic(("Aladdin", "open sesame")) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # RFC 7617, section 2


def test_the_library_is_loaded_only_when_something_is_asked():
    """Nobody else may import it: pyproject.toml has the rule, tests/test_architecture.py holds it."""
    script = "import sys, dashboard.providers; print('twilio' in sys.modules, 'requests' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split()[0] == "False"
