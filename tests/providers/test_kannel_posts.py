"""What comes from Kannel is read as it was meant: captured from a real one, and what no Kannel should say."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.core import delivery
from dashboard.core.addresses import normalise
from dashboard.core.errors import Forbidden, Refused
from dashboard.core.text import storable
from dashboard.core.values import Media, Posted
from dashboard.providers import kannel_posts
from dashboard.providers.kannel_posts import international
from tests.fake_kannel import SECRET

CAPTURED = json.loads((Path(__file__).parent / "payloads" / "kannel.json").read_text(encoding="utf-8"))
FIELDS = {"id": b"1", "from": b"+16035550142", "to": b"+16035550100", "coding": b"0", "charset": b"UTF-8"}


def fields(url, secret=SECRET):
    return kannel_posts.fields(Posted("mo", "GET", f"http://127.0.0.1:5006{url}", {}, b""), secret)


def text(data=b"Hello", region="US", **changed):
    return kannel_posts.text("kannel", FIELDS | changed, data, region)


@pytest.mark.parametrize("captured", CAPTURED["bearerbox"])
def test_a_text_that_bearerbox_hands_over(captured):
    found = fields(captured["url"])
    said = kannel_posts.text("kannel", found, found["text"], "US")
    assert (said.body, said.sender, said.id) == (captured["text"], said.sender, found["id"].decode())
    assert said.sender in ("+15552223333", "15552223333")
    assert said.at == datetime.fromtimestamp(int(found["at"]), UTC)


@pytest.mark.parametrize("captured", CAPTURED["smsbox"])
def test_a_text_that_smsbox_posts(captured):
    data = captured["body"].encode("latin-1")
    said = kannel_posts.text("kannel", fields(captured["url"]), data, "US")
    assert (said.body, said.raw, said.media) == (captured["text"], data, ())


def test_a_binary_message_is_kept_as_the_file_that_it_is():
    captured = CAPTURED["binary"]
    found = fields(captured["url"])
    said = kannel_posts.text("kannel", found, found["text"], "US")
    assert said.body == ""
    assert said.media == (Media(captured["data"].encode(), "application/octet-stream", "message.bin"),)


@pytest.mark.parametrize("captured", CAPTURED["reports"])
def test_a_report_names_our_message_and_its_state(captured):
    report = kannel_posts.report("kannel", fields(captured["url"]))
    assert (report.message, report.status, report.reason, report.life) == (7, captured["status"], None, "")


def test_a_report_says_in_whose_life_its_message_was_named():
    given = {"message": b"7", "kind": b"1", "life": b"0f\xff"}
    assert kannel_posts.report("kannel", given).life == "0f\xff"


@pytest.mark.parametrize("secret", ["x", "", SECRET[:-1], SECRET + "x", SECRET.upper(), "ü" * 21])
def test_a_request_without_our_secret_is_forbidden(secret):
    with pytest.raises(Forbidden):
        fields(f"/hooks/kannel/mo?secret={quote(secret)}&id=1")
    with pytest.raises(Forbidden):
        fields("/hooks/kannel/mo?id=1")


def test_of_two_secrets_the_first_counts():
    with pytest.raises(Forbidden):
        fields(f"/hooks/kannel/mo?secret=x&secret={SECRET}")


@pytest.mark.parametrize(
    ("data", "coding", "charset", "body"),
    [
        (b"\xc3\x28", "0", "UTF-8", "\ufffd("),
        (b"\x00A\x00", "2", "UTF-16BE", "A\ufffd"),
        (b"\xd8\x3d\x00A", "2", "UTF-16BE", "\ufffdA"),
        (b"caf\xe9", "0", "ISO-8859-1", "café"),
        (b"\x80 5", "", "WINDOWS-1252", "€ 5"),
        (b"eJwDAAAAAAE=", "0", "base64", "eJwDAAAAAAE="),
        (b"a\x00b", "0", "zip", "a\ufffdb"),
        (b"Hello", "-1", "", "Hello"),
    ],
)
def test_no_text_is_refused_for_its_bytes_and_what_is_altered_is_seen_to_be(data, coding, charset, body):
    said = text(data, coding=coding.encode(), charset=charset.encode())
    assert storable(said.body) == body
    assert ("\ufffd" in body) == (storable(said.body) != said.body)


@pytest.mark.parametrize("name", ["id", "from", "to"])
def test_what_is_missing_is_named(name):
    with pytest.raises(Refused, match=f"^{name}:"):
        text(**{name: b" "})


@pytest.mark.parametrize("at", [b"", b"0", b"yesterday", b"99999999999999", b"-5"])
def test_a_time_that_is_none_is_left_out(at):
    assert text(at=at).at is None


@pytest.mark.parametrize(
    ("kind", "answer", "status", "reason", "final"),
    [
        (4, "", delivery.SENT, None, False),
        (2, "id:1 sub:001 dlvrd:000 stat:EXPIRED err:001 text:Hi", delivery.FAILED, "gave up", False),
        (2, "stat:NEWSTATE", delivery.FAILED, "NEWSTATE", False),
        (2, "", delivery.FAILED, "could not deliver", False),
        (16, "NACK/11/Invalid Destination Address", delivery.FAILED, "Invalid Destination Address (11)", True),
        (16, "NACK/88/Throttling error", delivery.FAILED, "Throttling error (88)", False),
        (16, "", delivery.FAILED, "refused", False),
    ],
)
def test_what_failed_says_why(kind, answer, status, reason, final):
    report = kannel_posts.report("kannel", {"message": b"7", "kind": b"%d" % kind, "answer": answer.encode()})
    assert (report.status, report.final) == (status, final)
    assert report.reason is None if reason is None else reason in report.reason


def test_a_kind_that_nobody_asked_for_is_no_news():
    assert kannel_posts.report("kannel", {"message": b"7", "kind": b"32"}) is None


@pytest.mark.parametrize(
    "wrong", [{"message": b""}, {"message": b"0"}, {"message": b"9" * 30}, {"kind": b"%d"}, {"kind": b""}]
)
def test_a_report_on_nothing_is_refused_in_words(wrong):
    with pytest.raises(Refused, match="dlr-url"):
        kannel_posts.report("kannel", {"message": b"7", "kind": b"1"} | wrong)


@pytest.mark.parametrize(
    ("number", "region", "read"),
    [
        ("+15552223333", "US", "+15552223333"),
        ("15552223333", "US", "+15552223333"),
        ("6035550142", "US", "+16035550142"),
        ("447700900123", "US", "+447700900123"),
        ("004915112345678", "DE", "+4915112345678"),
        ("4915112345678", "DE", "+4915112345678"),
        ("15552223333", "DE", "+15552223333"),
        ("015112345678", "DE", "+4915112345678"),
        ("4520123456", "DK", "+4520123456"),
        ("12345", "US", "12345"),
        ("KANNEL", "US", "KANNEL"),
    ],
)
def test_a_number_that_lost_its_plus_is_found_again(number, region, read):
    assert normalise(international(number, region), region) == read
