"""POST /hooks/simulated/...: what is a text is stored before it is answered; what is none is refused in words, whole."""

import base64
import itertools
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.actions import messages
from dashboard.core.delivery import DELIVERED, FAILED, REPORTS, SENDING, SENT
from dashboard.providers.simulated import Behaviour
from tests.factories import asked, eventually, spoken, when
from tests.test_rules_of_text import BROKEN, TEXTS

INBOUND, STATUS = "/hooks/simulated/inbound", "/hooks/simulated/status"
names = (f"id-{number}" for number in itertools.count(1))
LOST = "+16035550188"  # an address that gets nothing
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def text(**changes):
    """The fields of a text; a change to ... leaves the field out."""
    fields = {"id": next(names), "from": "+16035550142", "to": None, "body": "Hello", "media": []} | changes
    return {name: value for name, value in fields.items() if value is not ...}


def refused(server, path, body, status, words, **headers):
    """The post is refused with the status and the words, on one line, and nothing is stored, not by half."""
    before = server.stored()
    answer = server.post(path, body, **headers)
    assert (answer.status, answer.text.count("\n")) == (status, 1)
    assert words in answer.text
    assert server.stored() == before


def bodies(server, answer):
    return [
        message.body
        for message in spoken(server.store, answer.fields["thread"])
        if message.id == answer.fields["message"]
    ]


def test_a_text_is_stored_before_it_is_answered(server):
    answer = server.post(INBOUND, text(body="Is it going to snow?"))
    assert answer.status == 200
    assert answer.fields.keys() == {"message", "thread", "duplicate"}
    assert answer.fields["duplicate"] is False
    assert bodies(server, answer) == ["Is it going to snow?"]


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_a_text_is_stored_character_for_character(server, body):
    answer = server.post(INBOUND, text(body=body))
    assert bodies(server, answer) == [body]


@pytest.mark.parametrize(("body", "stored"), BROKEN.values(), ids=BROKEN)
def test_what_no_database_holds_is_replaced_and_the_payload_kept_as_it_came(server, body, stored):
    sent = json.dumps(text(body=body)).encode()
    answer = server.post(INBOUND, sent)
    assert bodies(server, answer) == [stored]
    assert asked(server.store, "SELECT data FROM payload WHERE message_id = ?", answer.fields["message"]) == [(sent,)]


def test_a_duplicate_is_the_first_one_again(server):  # B4
    first = server.post(INBOUND, text(id="twice"))
    before = server.stored()
    again = server.post(INBOUND, text(id="twice", body="Another", **{"from": "+16035550199"}))
    assert again.status == 200
    assert again.fields == first.fields | {"duplicate": True}
    assert server.stored() == before


def test_the_same_text_ten_times_at_once_is_one_message(server):  # B4
    fields = text()
    with ThreadPoolExecutor(10) as pool:
        answers = [answer.fields for answer in pool.map(lambda _: server.post(INBOUND, fields), range(10))]
    assert len({answer["message"] for answer in answers}) == 1
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 9


def test_texts_of_many_senders_at_once_are_all_there(server):
    texts = [text(**{"from": f"+1603555{number:04}"}) for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda fields: server.post(INBOUND, fields), texts))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.fields["message"] for answer in answers}) == 60


def test_a_picture_is_kept_byte_for_byte(server):
    file = {"data": base64.b64encode(PICTURE).decode(), "type": "image/png", "name": "gutter.png"}
    answer = server.post(INBOUND, text(body="", media=[file]))
    (found,) = asked(
        server.store, "SELECT sha256, type, name, size FROM attachment WHERE message_id = ?", answer.fields["message"]
    )
    assert found[1:] == ("image/png", "gutter.png", len(PICTURE))
    assert (server.store.media_folder / found[0][:2] / found[0]).read_bytes() == PICTURE


def test_the_time_of_the_text_is_kept(server):
    answer = server.post(INBOUND, text(at="2026-01-02T06:30:00-05:00"))
    ((at,),) = asked(server.store, "SELECT at FROM message WHERE id = ?", answer.fields["message"])
    assert when(at) == datetime(2026, 1, 2, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("optional", ["to", "body", "media", "at"])
def test_only_id_and_from_are_required(server, optional):
    assert server.post(INBOUND, text(**{optional: ...})).status == 200
    assert server.post(INBOUND, text(**{optional: None})).status == 200


NOT_JSON = {
    "nothing": b"",
    "a cut": b'{"id": "1", "from',
    "a form": b"id=1&from=%2B16035550142",
    "latin-1": '{"id": "1", "from": "+16035550142", "body": "é"}'.encode("latin-1"),
    "a list": b"[]",
    "a string": b'"Hello"',
    "null": b"null",
    "too deep": b"[" * 100_000,
    "a number of 5,000 digits": b'{"id": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("path", [INBOUND, STATUS])
@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_object_is_refused(server, path, body):
    refused(server, path, body, 400, "JSON")


WRONG = {
    "id missing": ({"id": ...}, "id"),
    "id empty": ({"id": ""}, "id"),
    "id a number": ({"id": 7}, "id"),
    "id too long": ({"id": "x" * 201}, "id"),
    "from missing": ({"from": ...}, "from"),
    "from null": ({"from": None}, "from"),
    "from a number": ({"from": 6035550142}, "from"),
    "from no number": ({"from": "nonsense!"}, "no phone number"),
    "from too short": ({"from": "+1603"}, "no phone number"),
    "from with a lone surrogate": ({"from": "\ud800"}, "no phone number"),
    "to not ours": ({"to": "+16035550111"}, "not one of our numbers"),
    "to a list": ({"to": ["+16035550100"]}, "to"),
    "to with a lone surrogate": ({"to": "+1603555\udfff"}, "no phone number"),
    "body a number": ({"body": 5}, "body"),
    "body a list": ({"body": ["Hello"]}, "body"),
    "media no list": ({"media": {"data": "", "type": "x"}}, "media"),
    "media of strings": ({"media": ["x"]}, "media 0"),
    "media without data": ({"media": [{"type": "image/png"}]}, "data"),
    "media without type": ({"media": [{"data": ""}]}, "type"),
    "media no base64": ({"media": [{"data": "Hello!", "type": "image/png"}]}, "no base64"),
    "media cut base64": ({"media": [{"data": "QUJ", "type": "image/png"}]}, "no base64"),
    "media base64 in accents": ({"media": [{"data": "QUJé", "type": "image/png"}]}, "no base64"),
    "media eleven": ({"media": [{"data": "", "type": "x"}] * 11}, "at most 10"),
    "at in words": ({"at": "yesterday"}, "ISO 8601"),
    "at a number": ({"at": 1_700_000_000}, "at"),
    "at without offset": ({"at": "2026-01-02T06:30:00"}, "offset"),
    "at before there were texts": ({"at": "1970-01-01T00:00:00Z"}, "before the first"),
    "at the beginning of time": ({"at": "0001-01-01T00:00:00+23:59"}, "before the first"),
    "at the end of time": ({"at": "9999-12-31T23:59:59-23:59"}, "still to come"),
    "a picture from nobody": ({"from": "", "media": [{"data": "QUJD", "type": "image/png"}]}, "missing"),
    "a picture from tomorrow": (
        {"at": "9999-01-01T00:00:00Z", "media": [{"data": "REVG", "type": "image/png"}]},
        "still to come",
    ),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_what_is_no_text_is_refused_in_words_and_nothing_is_stored(server, changes, words):
    refused(server, INBOUND, text(**changes), 400, words)


def test_a_text_from_the_future_is_refused(server):
    refused(server, INBOUND, text(at=(datetime.now(UTC) + timedelta(minutes=5)).isoformat()), 400, "still to come")


@pytest.mark.parametrize(
    ("body", "status"), [("x" * 65_536, 200), ("x" * 65_537, 413), ("é" * 32_768, 200), ("é" * 32_769, 413)]
)
def test_64_kilobytes_are_taken_and_not_a_byte_more(server, body, status):
    before = server.stored()
    answer = server.post(INBOUND, text(body=body))
    assert answer.status == status
    assert status == 200 or ("64 kB" in answer.text and server.stored() == before)


def test_a_request_that_is_too_large_is_read_to_its_end_and_told_so(server):
    refused(server, INBOUND, b"x" * (25 * 1024 * 1024), 413, "at most 24 MB")


def test_a_request_of_almost_24_megabytes_is_taken(server):
    data = base64.b64encode(bytes(17 * 1024 * 1024)).decode()
    assert server.post(INBOUND, text(media=[{"data": data, "type": "image/png"}])).status == 200


def test_a_request_that_breaks_off_leaves_nothing_and_harms_nobody(server):
    before = server.stored()
    with socket.create_connection(("127.0.0.1", server.port)) as cut:
        head = f"POST {INBOUND} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 1000\r\n\r\n"
        cut.sendall(head.encode() + b'{"id": "1"')
    assert server.ask("GET", "/healthz").status == 200
    assert server.stored() == before


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_another_content_type_is_refused(server, content_type):
    """A form on another site can post those without asking first."""
    refused(server, INBOUND, text(), 415, "application/json", Content_Type=content_type)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_written_in_any_way(server, content_type):
    assert server.post(INBOUND, text(), Content_Type=content_type).status == 200


@pytest.mark.parametrize("path", [INBOUND, STATUS])
@pytest.mark.parametrize("secret", ["", "wrong", "open sesame!", "Open Sesame", "é"])
def test_a_missing_or_wrong_secret_is_refused_before_anything_is_read(server, path, secret):
    refused(server, path, text(), 403, "X-Secret", X_Secret=secret.encode("utf-8").decode("latin-1"))


def test_the_demo_needs_no_secret(demo):
    assert demo.post(INBOUND, text()).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_door_only_takes_posts(server, method):
    assert server.ask(method, INBOUND, X_Secret=server.secret).status == 405


@pytest.fixture
def sent(server):
    """A message of ours that the provider has taken."""
    from dashboard.actions import messages

    thread = server.post(INBOUND, text()).fields["thread"]
    message = messages.send(server.store, thread, "On our way", by=1, key=next(names))
    assert eventually(lambda: asked(server.store, "SELECT status FROM message WHERE id = ?", message) == [("sent",)])
    return message


def test_a_report_is_stored(server, sent):  # B1
    answer = server.post(STATUS, {"message": sent, "status": "failed", "error": "Number is off"})
    assert (answer.status, answer.fields) == (200, {"message": sent})
    assert asked(server.store, "SELECT status, reason FROM message WHERE id = ?", sent) == [("failed", "Number is off")]


def test_a_report_on_a_message_that_was_never_sent_is_404(server):
    received = server.post(INBOUND, text()).fields["message"]
    for message in (received, 2**31 - 1):
        refused(server, STATUS, {"message": message, "status": "delivered"}, 404, "no outbound message")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"message": ...}, "message"), ({"message": "1"}, "message"), ({"message": True}, "message"),
        ({"message": 0}, "message"), ({"message": -1}, "message"), ({"message": 2**31}, "message"), ({"message": 1.5}, "message"),
        ({"status": ...}, "status"), ({"status": 5}, "status"), ({"status": "lost"}, "none of"),
        ({"status": "queued"}, "none of"), ({"status": "\ud800"}, "none of"), ({"error": 5}, "error"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_words(server, sent, changes, words):
    fields = {"message": sent, "status": "delivered", "error": None} | changes
    refused(server, STATUS, {name: value for name, value in fields.items() if value is not ...}, 400, words)


@pytest.mark.parametrize("count", [1, 2])
def test_every_order_of_reports_ends_in_one_right_state(server, count):  # B1
    end_right(server, itertools.product(REPORTS, repeat=count))


def end_right(server, orders):
    """Of texts whose sending gets no answer, which may become known before, between or after the reports."""
    server.application.provider.behave(LOST, Behaviour(lose=True))
    thread = server.post(INBOUND, text(**{"from": LOST})).fields["thread"]
    wanted = {}
    for reports in orders:
        message = messages.send(server.store, thread, "Hello", by=1, key="-".join(reports))
        for status in reports:
            error = "Number is off" if status == FAILED else None
            assert server.post(STATUS, {"message": message, "status": status, "error": error}).status == 200
        last = max(reports, key=(SENDING, SENT, FAILED, DELIVERED).index)
        wanted[message] = (message, last, "Number is off" if last == FAILED else None)
    waiting = "SELECT 1 FROM message WHERE status = 'queued' OR lease_until IS NOT NULL"
    assert eventually(lambda: asked(server.store, waiting) == [])
    told = "SELECT id, status, reason FROM message WHERE thread_id = ? AND id >= ? ORDER BY id"
    assert asked(server.store, told, thread, min(wanted)) == list(wanted.values())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_length_that_is_said_twice_is_one_length(server, method):
    """Tornado takes it, and hands it on as "2, 2"."""
    lines = [f"{method} {INBOUND} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *["Content-Length: 0"] * 2]
    assert server.raw(*lines) == (405 if method == "GET" else 403)
