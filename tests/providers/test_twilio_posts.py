"""Twilio's posts: its own examples of signatures hold, nothing else is let in, and what is odd is read all the same."""

from urllib.parse import urlencode

import pytest

from dashboard.core.errors import Forbidden, Refused
from dashboard.core.values import Posted, RemoteMedia
from dashboard.providers import twilio_posts
from dashboard.providers.twilio_posts import parsed, report, signature, signed, text
from tests.fake_twilio import ACCOUNT, TOKEN, a_text
from tests.fake_twilio import signed as written_by_twilio

URL = "https://texts.example.com/hooks/twilio/in"
# As in Twilio's documentation (webhooks-security) and in the tests of its own libraries; the token is "12345".
EXAMPLE = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]  # fmt: skip
TWICE = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]


def posted(fields, url=URL, body=None, **headers):
    """A request as the door hands it on, signed as Twilio would."""
    usual = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": written_by_twilio(url, fields)}
    return Posted("in", "POST", url, usual | headers, urlencode(fields).encode() if body is None else body)


def taken(request):
    return signed(request, TOKEN, ACCOUNT)


def read(**fields):
    """What a signed text comes to."""
    request = posted(a_text(**fields))
    return text("twilio", taken(request), request)


def told(url=URL, **fields):
    """What a signed report comes to."""
    known = {"AccountSid": ACCOUNT, "MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"} | fields
    request = posted(known, url)
    return report("twilio", taken(request), request)


@pytest.mark.parametrize(
    ("url", "fields", "expected"),
    [
        (EXAMPLE, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (EXAMPLE, TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (EXAMPLE.replace(".com", ".com:443"), CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (EXAMPLE.replace("https", "http").replace(".com", ".com:80"), CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (EXAMPLE.replace("https", "http").replace(".com", ".com:1234"), CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_twilios_own_examples_hold(url, fields, expected):
    assert signature("12345", url, fields) == expected


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (URL, URL.replace(".com", ".com:443")),
        (URL.replace(".com", ".com:443"), URL),
        (URL.replace(".com", ".com:8443"), URL),
        (URL.replace("https", "http"), URL.replace("https", "http").replace(".com", ".com:80")),
    ],
)
def test_with_the_port_or_without_it_is_the_same_address(ours, theirs):
    fields = a_text()
    request = posted(fields, ours, **{"x-twilio-signature": written_by_twilio(theirs, fields)})
    assert taken(request)["Body"] == "Hello"


WRONG = {
    "no signature": {"x-twilio-signature": ""},
    "another token's": {"x-twilio-signature": written_by_twilio(URL, a_text(), "another token")},
    "another address's": {"x-twilio-signature": written_by_twilio(URL + "x", a_text())},
    "what is no base64": {"x-twilio-signature": "☔\udc00"},
    "JSON": {"content-type": "application/json"},
    "no type": {"content-type": ""},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_any_other_post_is_forbidden(wrong):
    with pytest.raises(Forbidden):
        taken(posted(a_text(), **WRONG[wrong]))


@pytest.mark.parametrize("body", [b"", b"&" * 2000, b"=" * 9, b"\xff\x00", b"a=" + b"&a=" * 1001])
def test_an_empty_or_endless_form_is_forbidden_even_with_the_signature_of_an_empty_one(body):
    """The library's own validator takes any body that has no fields."""
    with pytest.raises(Forbidden):
        taken(posted({}, body=body))


@pytest.mark.parametrize(
    "fields",
    [{"AccountSid": "AC" + "9" * 32}, {"AccountSid": ""}, {"ApiVersion2010-04-01Body": "Hello"}],
)  # fmt: skip
def test_what_is_signed_and_not_for_this_account_is_forbidden(fields):
    with pytest.raises(Forbidden, match="signed"):
        taken(posted(a_text() | fields))


def test_a_form_that_says_two_things_at_once_is_forbidden():
    fields = [*a_text().items(), ("Body", "Something else")]
    mark = signature(TOKEN, URL, fields)
    with pytest.raises(Forbidden):
        taken(posted({}, body=urlencode(fields).encode(), **{"x-twilio-signature": mark}))


def test_a_text_is_read_as_it_came():
    came = read(Body="  Gutter's down + 100% ☔\r\n ", NewField="of next year", OptOutType="")
    assert (came.sender, came.to, came.body) == ("+16035550142", "+16035550100", "  Gutter's down + 100% ☔\r\n ")
    assert (came.id[:2], came.word, came.remote, came.at) == ("SM", None, (), None)


@pytest.mark.parametrize(("said", "word"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("SING", None)])
def test_what_twilio_took_it_for_is_kept(said, word):
    assert read(OptOutType=said, Body="Arrêt").word == word


def test_a_body_may_be_absent():
    fields = a_text()
    del fields["Body"]
    request = posted(fields)
    assert text("twilio", taken(request), request).body == ""


@pytest.mark.parametrize(("count", "kept"), [("2", 2), ("0", 0), ("many", 2), ("99", 2), ("-1", 2)])
def test_its_files_are_named_and_not_fetched(count, kept):
    urls = {f"MediaUrl{n}": f"https://api.twilio.com/{n}" for n in range(2)}
    types = {"MediaContentType0": "image/jpeg"}
    files = read(NumMedia=count, **urls, **types).remote
    assert (
        files
        == (RemoteMedia("https://api.twilio.com/0", "image/jpeg"), RemoteMedia("https://api.twilio.com/1", ""))[:kept]
    )


@pytest.mark.parametrize("fields", [{"MessageSid": "SM1", "SmsSid": "x"}, {"From": ""}, {"To": ""}])
def test_what_can_be_no_text_is_refused_by_the_name_of_the_field(fields):
    with pytest.raises(Refused, match=f"^{next(iter(fields))}: "):
        read(**fields)


@pytest.mark.parametrize(
    ("said", "state"),
    [("accepted", "sent"), ("queued", "sent"), ("sending", "sent"), ("sent", "sent"), ("delivered", "delivered"),
     ("read", "delivered"), ("undelivered", "failed"), ("failed", "failed"), ("canceled", "failed")],
)  # fmt: skip
def test_a_report_is_in_our_states_and_names_our_message(said, state):
    came = told(f"{URL}?message=7&life=0f", MessageStatus=said)
    assert (came.status, came.message, came.life, came.provider_id) == (state, 7, "0f", "SM" + "1" * 32)


@pytest.mark.parametrize("query", ["", "?message=", "?message=x", "?message=-1", "?message=" + "9" * 30, "?other=1"])
def test_a_report_without_our_message_is_known_by_twilios(query):
    assert told(URL + query).message is None


def test_a_state_that_is_none_of_a_texts_is_no_news_and_is_logged(caplog):
    assert told(MessageStatus="dancing") is None
    assert "'dancing'" in caplog.text


@pytest.mark.parametrize(
    ("code", "words", "final", "opted_out"),
    [("21610", "opted out", True, True), ("30003", "could not be reached", False, False), ("", "did not say why", False, False),
     ("30007", "filtered", True, False), ("x" * 99, "did not say why", False, False), ("31999", "error 31999", False, False)],
)  # fmt: skip
def test_a_failure_says_why(code, words, final, opted_out):
    came = told(f"{URL}?message=7&life=0f", MessageStatus="undelivered", ErrorCode=code)
    assert came.life == "0f"
    assert words in came.reason
    assert (came.final, came.opted_out) == (final, opted_out)


def test_what_is_no_utf_8_keeps_its_signature():
    raw = urlencode(a_text(Body="BODY")).replace("BODY", "%FF%ED%A0%80").encode()
    request = posted({}, body=raw, **{"x-twilio-signature": signature(TOKEN, URL, parsed(raw))})
    assert taken(request)["Body"] == "\udcff\udced\udca0\udc80"


def test_the_sid_of_a_text_has_its_form():
    assert all(twilio_posts.is_sid(kind + "a1" * 16) for kind in ("SM", "MM"))
    assert not any(
        map(twilio_posts.is_sid, (None, "", "SM1", "CA" + "a" * 32, "SM" + "g" * 32, "SM" + "a" * 32 + "\n"))
    )
