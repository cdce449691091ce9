"""Twilio: each answer to a text is told apart, what may have gone is never given twice, and what was missed is found."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dashboard.core.errors import MessageCenterError, NotFound, SettingError
from dashboard.core.values import Outbound, OutboundFile, Outcome, Question, RemoteMedia
from dashboard.providers import web
from dashboard.providers.provider import Here
from dashboard.providers.twilio import UNSETTLED, Account, Twilio
from tests.factories import OURS
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, Way, a_twilio

ANA = "+16035550142"
URL = "https://texts.example.com"
TEXT = Outbound(7, OURS, ANA, "On our way")
HERE = Here(URL, lambda file: f"{URL}/share/{file.sha256}", (OURS,), life="0f")


@pytest.fixture
def fake():
    with a_twilio() as fake:
        yield fake


def company(fake: FakeTwilio, here: Here = HERE, **more: str) -> Twilio:
    account = Account(**{"account_sid": ACCOUNT, "auth_token": TOKEN, "api_url": fake.url} | more)
    return Twilio(account, here, web.Limits(connect=2, read=0.3, whole=5))


def now():
    return datetime.now(UTC)


def a_question(**more):
    return Question(**{"message": 7, "sender": OURS, "to": ANA, "body": "On our way", "tried_at": now()} | more)


def ago(minutes):
    """A time as Twilio writes it."""
    return format_datetime(now() - timedelta(minutes=minutes))


def test_a_text_that_is_taken_has_its_id_and_its_own_address_for_reports(fake):
    assert company(fake).send(TEXT) == Outcome("sent", "SM" + "1".rjust(32, "0"))
    assert fake.asked == [
        {
            "To": [ANA],
            "From": [OURS],
            "Body": ["On our way"],
            "StatusCallback": [f"{URL}/hooks/twilio/status?message=7&life=0f"],
        }
    ]


def test_pictures_go_as_addresses_that_twilio_fetches_and_need_no_words(fake):
    files = tuple(OutboundFile(name, "image/jpeg", 9) for name in ("a" * 64, "b" * 64))
    company(fake).send(Outbound(8, OURS, ANA, "", media=files))
    assert fake.asked[0]["MediaUrl"] == [f"{URL}/share/{'a' * 64}", f"{URL}/share/{'b' * 64}"]
    assert "Body" not in fake.asked[0]


def test_a_messaging_service_and_an_api_key_are_used_where_they_are_set(fake):
    service, key = "MG" + "2" * 32, "SK" + "3" * 32
    refused = company(fake, messaging_service=service, api_key=key, api_secret="x" * 20).send(TEXT)
    assert refused.reason == "Twilio does not accept our account or its token: whoever set it up has to look at it."
    company(fake, messaging_service=service).send(TEXT)
    assert fake.asked[0]["MessagingServiceSid"] == [service]


# How each answer is told: state, whether another attempt cannot succeed, whether Twilio is in trouble.
TOLD = {
    "ok": ("sent", False, False), "400": ("failed", True, False), "429": ("queued", False, True),
    "500": ("unknown", False, True), "503": ("unknown", False, True), "time-out": ("unknown", False, True),
    "reset": ("unknown", False, True), "garbage": ("unknown", False, True),
}  # fmt: skip


@pytest.mark.parametrize("answer", TOLD)
def test_every_answer_is_told_apart_and_asked_for_once(fake, answer):
    fake.behave(answer)
    outcome = company(fake).send(TEXT)
    assert (outcome.status, outcome.final, outcome.trouble) == TOLD[answer]
    assert bool(outcome.reason) != (answer == "ok")
    assert len(fake.asked) == 1, "an answer that did not come is no reason to ask again"


def test_a_company_that_cannot_be_reached_has_certainly_not_taken_it():
    with a_twilio() as gone:
        pass
    outcome = company(gone).send(TEXT)
    assert (outcome.status, outcome.trouble) == ("queued", True)
    assert "cannot be reached" in outcome.reason


def test_when_it_is_busy_it_is_left_for_as_long_as_it_says(fake):
    fake.behave("429")
    assert company(fake).send(TEXT).wait == 1.0


@pytest.mark.parametrize(
    ("code", "words", "flags"),
    [(21610, "opted out", (True, True)), (21408, "not allowed", (True, False)), (21614, "landline", (True, False)),
     (30034, "A2P 10DLC", (True, False)), (21999, "error 21999", (False, False))],
)  # fmt: skip
def test_a_no_says_why_in_plain_words(fake, code, words, flags):
    fake.behave(Way("400", code=code))
    outcome = company(fake).send(TEXT)
    assert (outcome.status, outcome.final, outcome.opted_out) == ("failed", *flags)
    assert words in outcome.reason


def test_too_many_that_wait_at_twilio_are_given_again_later(fake):
    fake.behave(Way("400", code=21611))
    assert company(fake).send(TEXT).status == "queued"


@pytest.mark.parametrize("answer", ["500", "time-out", "reset", "garbage"])
def test_what_it_took_without_saying_so_is_found_again(fake, answer):
    fake.behave(answer)
    twilio = company(fake)
    assert twilio.send(TEXT).status == "unknown"
    assert twilio.settle(a_question()) == Outcome("sent", str(fake.sent()[0]["sid"]))


def test_what_it_did_not_take_is_not_found(fake):
    fake.behave(Way("500", taken=False))
    company(fake).send(TEXT)
    assert company(fake).settle(a_question()) is None


OTHERS = {
    "other words": {"body": "On our way!"},
    "to somebody else": {"to": "+16035550143"},
    "from another number": {"from": "+16035550199"},
    "that came in": {"direction": "inbound"},
    "long before": {"date_created": ago(60)},
    "long after": {"date_created": ago(-60)},
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_text_is_not_taken_for_it(fake, other):
    same = {"from": OURS, "to": ANA, "body": " On our  way ", "direction": "outbound-api", "status": "delivered"}
    fake.hold(**same | OTHERS[other])
    assert company(fake).settle(a_question()) is None
    sid = fake.hold(**same)["sid"]
    assert company(fake).settle(a_question()) == Outcome("delivered", sid)


def test_of_two_that_are_alike_neither_is_it_unless_one_is_known_to_be_another(fake):
    same = {"from": OURS, "to": ANA, "body": "On our way", "direction": "outbound-api"}
    one, two = (str(fake.hold(**same)["sid"]) for _ in range(2))
    assert company(fake).settle(a_question()) is None
    assert company(fake).settle(a_question(linked=frozenset({one}))).provider_id == two


def test_one_whose_id_is_known_is_asked_for_by_it(fake):
    sid = fake.hold(status="undelivered", error_code=30003, direction="outbound-api")["sid"]
    outcome = company(fake).settle(a_question(provider_id=sid))
    assert (outcome.status, "could not be reached" in outcome.reason) == ("failed", True)


def test_texts_that_were_missed_are_found_on_every_page_the_oldest_first(fake):
    fake.page_size = 2
    for minutes in (2, 3, 4, 5, 6):
        fake.hold(body=f"{minutes}", date_sent=ago(minutes))
    fake.hold(to=ANA, **{"from": OURS}, direction="outbound-api", date_sent=ago(3))
    fake.hold(to="+16035550199", date_sent=ago(3))
    found = list(company(fake).missed(now() - timedelta(days=1)))
    assert [text.body for text in found] == ["6", "5", "4", "3", "2"]
    assert (found[0].provider, found[0].sender, found[0].to) == ("twilio", ANA, OURS)
    assert now() - found[0].at > timedelta(minutes=5)


def test_texts_to_numbers_that_nobody_set_are_found_too_and_each_once(fake):
    adopted = "+16035550177"
    for to in (OURS, adopted, "+16035550178"):
        fake.hold(to=to, body=to, date_sent=ago(5))
    found = company(fake).missed(now() - timedelta(days=1), numbers=(OURS, adopted))
    assert sorted(text.body for text in found) == [OURS, adopted]


def test_a_page_of_the_longest_texts_is_no_more_than_is_read(fake):
    for number in range(1000):
        fake.hold(body="\U0001f600" * 1600, date_sent=ago(3 + number / 100))
    assert len(list(company(fake).missed(now() - timedelta(days=1)))) == 1000


def test_a_missed_text_whose_files_are_not_told_of_holds_up_no_other_and_is_found_the_next_time(fake):
    bad = str(fake.hold(body="with a picture", date_sent=ago(5), num_media="1")["sid"])
    fake.hold(body="after it", date_sent=ago(4))
    fake.silent.add(bad)
    twilio, came = company(fake), []
    with pytest.raises(MessageCenterError):
        came.extend(twilio.missed(now() - timedelta(days=1)))
    assert [text.body for text in came] == ["after it"]
    fake.silent.clear()
    assert [text.body for text in twilio.missed(now() - timedelta(days=1))] == ["with a picture", "after it"]


def test_what_is_too_old_or_so_new_that_it_still_comes_by_itself_is_left(fake):
    fake.hold(date_sent=ago(130))
    fake.hold(date_sent=ago(0))
    assert list(company(fake).missed(now() - timedelta(minutes=120))) == []
    assert timedelta(minutes=5) > UNSETTLED


def test_the_files_of_a_missed_text_are_asked_for_only_where_it_is_not_known(fake):
    sid = str(fake.hold(date_sent=ago(3), num_media="1")["sid"])
    url = fake.a_file(sid, b"JPEG")
    assert list(company(fake).missed(now() - timedelta(days=1), known=lambda name: name == sid)) == []
    assert not any("Media" in request for request in fake.requests)
    (text,) = company(fake).missed(now() - timedelta(days=1))
    assert text.remote == (RemoteMedia(url, "image/jpeg"),)


def test_a_file_is_fetched_with_the_accounts_credentials_once_it_is_there(fake):
    url = fake.a_file("MM" + "1" * 32, b"JPEG", early=1)
    with pytest.raises(NotFound, match="not there yet"):
        company(fake).fetch(RemoteMedia(url, "image/jpeg"))
    assert company(fake).fetch(RemoteMedia(url, "image/jpeg")).data == b"JPEG"


def test_the_guide_has_the_address_with_what_makes_twilio_come_again(fake):
    guide = "\n".join(company(fake).guide())
    assert f"{URL}/hooks/twilio/in#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000" in guide
    assert f"{URL}/hooks/twilio/status" in guide


def test_the_account_is_asked_for_its_name_and_state(fake):
    assert "Granite Gutters" in company(fake).probe()
    fake.state = "suspended"
    with pytest.raises(MessageCenterError, match="suspended"):
        company(fake).probe()


@pytest.mark.parametrize("ask", ["probe", "settle", "missed"])
def test_who_cannot_be_asked_says_so_in_words(fake, ask):
    twilio = company(fake, auth_token="another token, as of yesterday")
    asked = {
        "probe": twilio.probe,
        "settle": lambda: twilio.settle(a_question()),
        "missed": lambda: list(twilio.missed(now())),
    }
    with pytest.raises(MessageCenterError, match="does not accept our account"):
        asked[ask]()


@pytest.mark.parametrize(
    ("here", "name"),
    [
        (Here("http://texts.example.com", str, (OURS,)), "MESSAGE_CENTER_URL"),
        (Here(URL, str), "MESSAGE_CENTER_NUMBERS"),
    ],
)
def test_without_what_it_needs_of_the_other_settings_it_is_not_made(here, name):
    with pytest.raises(SettingError, match=f"^{name}: "):
        Twilio.made(Account(account_sid=ACCOUNT, auth_token=TOKEN), here)


@pytest.mark.parametrize(
    "options",
    [{"account_sid": "AC1"}, {"auth_token": ""}, {"api_key": "SK" + "1" * 32}, {"api_secret": "x"}, {"api_key": "x"},
     {"messaging_service": "MG"}, {"api_url": "http://api.twilio.com"}],
)  # fmt: skip
def test_options_that_cannot_be_right_are_refused(options):
    with pytest.raises(ValueError):
        Account(**{"account_sid": ACCOUNT, "auth_token": TOKEN} | options)
