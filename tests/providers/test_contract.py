"""What every phone company behind the interface keeps to; made of PROVIDERS, so that a new one is held to it too."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.core import delivery
from dashboard.core.errors import Forbidden, NotFound, Refused
from dashboard.core.values import Delivery, Inbound, Outbound, Outcome, Posted, Question, RemoteMedia
from dashboard.providers import PROVIDERS, web
from dashboard.providers.provider import Here
from tests.factories import OURS
from tests.fake_kannel import PASSWORD, SECRET, a_smsbox
from tests.fake_twilio import ACCOUNT, TOKEN, a_text, a_twilio, signed

URL = "https://texts.example.com"
ANA = "+16035550142"
STATES = {delivery.QUEUED, delivery.SENT, delivery.SENDING, delivery.DELIVERED, delivery.FAILED, delivery.UNKNOWN}


@dataclass
class Case:
    """A company with something to stand in for it: its options, its secrets, and requests at its doors by what they are.

    ``posts`` has for each hook's name requests that are the company's own (``good``), that are not (``forged``), and
    that are its own and odd (``odd``), which may be read, be no news or be refused in words; ``close`` ends all.
    """

    options: dict[str, Any]
    secrets: tuple[str, ...] = ()
    posts: dict[str, dict[str, list[Posted]]] = field(default_factory=dict)
    close: Callable[[], object] = lambda: None


def twilio() -> Case:
    """Twilio, and the Twilio of the tests."""
    running = a_twilio()
    fake = running.__enter__()
    report = {"AccountSid": ACCOUNT, "MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
    return Case(
        {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_url": fake.url},
        (TOKEN,),
        {
            "in": {
                "good": [_form("in", a_text()), _form("in", a_text(Body=""))],
                "forged": [_form("in", a_text(), mark="x"), _form("in", a_text(), mark=""), _form("in", {})],
                "odd": [_form("in", a_text(New="1")), _form("in", a_text(NumMedia="x")), _form("in", a_text(From="?"))],
            },
            "status": {
                "good": [_form("status", report)],
                "forged": [_form("status", report, mark="AAAA")],
                "odd": [
                    _form("status", report | {"MessageStatus": "new"}),
                    _form("status", report | {"MessageSid": ""}),
                ],
            },
        },
        lambda: running.__exit__(None, None, None),
    )


def _form(door: str, fields: dict[str, str], mark: str | None = None) -> Posted:
    url = f"{URL}/hooks/twilio/{door}"
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signed(url, fields) if mark is None else mark,
    }
    return Posted(door, "POST", url, headers, urlencode(fields).encode())


def kannel() -> Case:
    """Kannel, and a smsbox that takes everything."""
    running = a_smsbox()
    box = running.__enter__()
    text = {"secret": SECRET, "id": "149b0654-c8ae-4134-babb-395ed7c5dcd6", "from": ANA, "to": OURS, "coding": "0"}
    report = {"secret": SECRET, "message": "7", "kind": "8", "answer": "ACK/"}
    texts = {
        "good": [text | {"text": "Hello"}, text | {"text": ""}],
        "forged": [text | {"secret": "x"}, text | {"secret": ""}, {}],
        "odd": [text | {"id": ""}, text | {"from": "?"}, text | {"coding": "9"}, text | {"new": "1"}],
    }
    reports = {
        "good": [report, report | {"kind": "1"}],
        "forged": [report | {"secret": SECRET + "x"}, {"message": "7", "kind": "1"}],
        "odd": [report | {"kind": "32"}, report | {"kind": "x"}, report | {"message": "0"}],
    }
    posts = {"mo": ("GET", texts), "in": ("POST", texts), "dlr": ("GET", reports)}
    return Case(
        box.options,
        (PASSWORD, SECRET),
        {
            door: {kind: [_called(door, method, fields) for fields in each] for kind, each in kinds.items()}
            for door, (method, kinds) in posts.items()
        },
        lambda: running.__exit__(None, None, None),
    )


def _called(door: str, method: str, fields: dict[str, str]) -> Posted:
    return Posted(
        door, method, f"{URL}/hooks/kannel/{door}?{urlencode(fields)}", {}, b"Hello" if method == "POST" else b""
    )


CASES: dict[str, Callable[[], Case]] = {"simulated": lambda: Case({}), "twilio": twilio, "kannel": kannel}


@pytest.fixture(params=PROVIDERS)
def case(request):
    made = CASES[request.param]()  # a KeyError: a new company needs something that stands in for it here
    made.key = request.param
    yield made
    made.close()


@pytest.fixture
def company(case):
    kind = PROVIDERS[case.key]
    here = Here(URL, lambda file: f"{URL}/share/{file.sha256}", (OURS,))
    company = kind.made(kind.settings(**case.options), here)
    company.limits = web.Limits(connect=2, read=1, whole=5)
    return company


def requests(case, kind):
    return [(hook, post) for hook in PROVIDERS[case.key].hooks for post in case.posts[hook.name][kind]]


def test_its_settings_and_doors_are_described(case):
    kind = PROVIDERS[case.key]
    assert kind.key == case.key
    assert all(field.description for field in kind.settings.model_fields.values())
    assert len({hook.name for hook in kind.hooks}) == len(kind.hooks)
    assert {hook.method for hook in kind.hooks} <= {"GET", "POST"}
    assert {hook.takes for hook in kind.hooks} <= {"text", "report"}


def test_a_text_is_taken(company):
    assert company.send(Outbound(1, OURS, ANA, "Hello")).status == delivery.SENT


def test_whatever_comes_of_a_text_is_an_outcome_and_no_exception(company, monkeypatch):
    for trouble in (web.NotSent("no"), TimeoutError(), ConnectionResetError(), web.Garbled("?"), ValueError("?")):
        monkeypatch.setattr(web, "ask", _raising(trouble))
        outcome = company.send(Outbound(2, OURS, ANA, "Hello"))
        assert outcome.status in STATES
        if outcome.status != delivery.SENT:
            assert outcome.status == (delivery.QUEUED if isinstance(trouble, web.NotSent) else delivery.UNKNOWN)
            assert outcome.reason


def _raising(trouble):
    def ask(*_: object, **__: object) -> None:
        raise trouble

    return ask


def test_its_own_requests_are_read(case, company):
    for hook, post in requests(case, "good"):
        said = company.read(hook, post)
        assert isinstance(said, Inbound if hook.takes == "text" else Delivery)
        assert said.provider == case.key


def test_what_is_not_its_own_is_forbidden(case, company):
    for hook, post in requests(case, "forged"):
        with pytest.raises(Forbidden):
            company.read(hook, post)


def test_what_is_odd_is_read_or_refused_in_words_and_raises_nothing_else(case, company):
    for hook, post in requests(case, "odd"):
        assert isinstance(_said(company, hook, post), Inbound | Delivery | str | None)


@pytest.mark.parametrize("key", [key for key, kind in PROVIDERS.items() if kind.hooks])
@settings(max_examples=150, deadline=None)
@given(
    url=st.text(max_size=30),
    headers=st.dictionaries(st.sampled_from(("content-type", "x-twilio-signature", "x-secret")), st.text(max_size=40)),
    body=st.one_of(
        st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
    ),
    is_form=st.booleans(),
)
def test_whatever_comes_to_a_door_is_read_or_refused_in_words(key, url, headers, body, is_form):
    company = a_reader(key)
    known = {"content-type": "application/x-www-form-urlencoded"} if is_form else {}
    for hook in company.hooks:
        assert isinstance(
            _said(company, hook, Posted(hook.name, hook.method, url, headers | known, body)),
            Inbound | Delivery | str | None,
        )


@cache
def a_reader(key):
    """A company that nobody can reach: reading asks nobody."""
    case = CASES[key]()
    case.close()
    return PROVIDERS[key].made(PROVIDERS[key].settings(**case.options), Here(URL, str, (OURS,)))


def _said(company, hook, post):
    """What a request says, or the words with which it is refused."""
    try:
        return company.read(hook, post)
    except Refused as error:
        return str(error) or error


def test_what_became_of_a_text_is_an_outcome_or_not_known(company):
    question = Question(3, OURS, ANA, "Never sent", datetime.now(UTC))
    assert company.settle(question) is None
    company.send(Outbound(4, OURS, ANA, "Was it sent?"))
    settled = company.settle(Question(4, OURS, ANA, "Was it sent?", datetime.now(UTC)))
    assert settled is None or isinstance(settled, Outcome)


def test_what_was_missed_is_a_list_even_where_the_company_keeps_none(company):
    assert list(company.missed(datetime.now(UTC) - timedelta(days=1), lambda _: False)) == []


@pytest.mark.parametrize("url", ["https://evil.example/x", "http://169.254.169.254/latest", "file:///etc/passwd", ""])
def test_a_file_from_elsewhere_is_not_fetched(company, url, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", _raising(AssertionError("a name was looked up")))
    with pytest.raises((NotFound, Refused)):
        company.fetch(RemoteMedia(url, "image/jpeg"))


def test_what_has_to_be_entered_at_the_company_names_each_of_its_doors(case, company):
    guide = " ".join(company.guide())
    assert all(f"{URL}/hooks/{case.key}/{hook.name}" in guide for hook in company.hooks)


def test_no_secret_stands_in_its_guide_in_its_description_or_in_the_log(case, company, caplog):
    caplog.set_level(logging.DEBUG)
    company.send(Outbound(5, OURS, ANA, "Hello"))
    company.probe()
    for hook, post in [*requests(case, "good"), *requests(case, "odd")]:
        logging.getLogger(__name__).info("%s", _said(company, hook, post))
    said = f"{caplog.text} {company!r} {vars(company)!r} {company.guide()}"
    assert [secret for secret in case.secrets if secret in said] == []
