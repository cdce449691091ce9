"""A Twilio of the tests' own, on 127.0.0.1: takes texts as its API does, misbehaves when told to, counts, and posts.

It speaks HTTP as Twilio documents it (paths, forms, JSON, basic auth, signatures), and is asked through the real library.
"""

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "only-for-tests-0123456789abcdef-"
ANSWERS = ("ok", "400", "429", "500", "503", "time-out", "reset", "garbage")
NOT_TAKEN = ("400", "429")  # answers to what was certainly not taken
FOREVER = 60  # seconds after which a request that is never answered is let go
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass(frozen=True)
class Way:
    """How one request to send is answered, and whether the text was ``taken``: sent, and paid for.

    ``answer`` is one of ANSWERS; ``code`` Twilio's code where it is a 400; ``status`` the text's first state.
    """

    answer: str = "ok"
    taken: bool | None = None
    code: int = 21211
    status: str = "queued"

    @property
    def is_taken(self) -> bool:
        return self.answer not in NOT_TAKEN if self.taken is None else self.taken


@dataclass
class FakeTwilio:
    """A running one. ``texts`` are all that it holds, in and out, as its API shows them; ``asked`` the forms of all
    requests to send, whatever came of them; ``behave`` sets the ways of the next ones, ``expect`` that of the first
    with certain words, ``way`` that of all others."""

    port: int = 0
    texts: list[dict[str, object]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    early: Counter[str] = field(default_factory=Counter)  # how often a file is 404 before it is there
    way: Way = field(default_factory=Way)
    ways: deque[Way] = field(default_factory=deque)
    firsts: dict[str, Way] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)  # words of texts that its list has not
    page_size: int = 1000
    silent: set[str] = field(default_factory=set)  # texts whose files it does not tell of
    state: str = "active"
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a message center is told to use it: settings, as ``settings.load`` takes them by name."""
        return {
            "provider": "twilio", "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_api_url": self.url,
        }  # fmt: skip

    def behave(self, *ways: Way | str) -> None:
        """Treat the next requests to send in these ways, in turn."""
        self.ways.extend(way if isinstance(way, Way) else Way(way) for way in ways)

    def expect(self, body: str, answer: str, takes: bool, lists: bool) -> None:
        """As ``Company.expect`` of tests/counting.py."""
        self.firsts[body] = Way(answer, answer == "ok" or (takes and answer not in NOT_TAKEN))
        if not lists:
            self.unlisted.add(body)

    @property
    def taken(self) -> Counter[str]:
        """How often it took which words."""
        return Counter(str(text["body"]) for text in self.sent())

    def sent(self, body: str | None = None) -> list[dict[str, object]]:
        """The texts that it took from us, or those with these words."""
        with self.lock:
            out = [text for text in self.texts if text["direction"] == "outbound-api"]
        return [text for text in out if body is None or text["body"] == body]

    def hold(self, **values: object) -> dict[str, object]:
        """Let it have one more text, as its API shows it."""
        now = format_datetime(datetime.now(UTC))
        sid = f"SM{next(self.numbers):032x}"
        text = {
            "sid": sid, "account_sid": ACCOUNT, "from": "+16035550142", "to": "+16035550100", "body": "Hello",
            "direction": "inbound", "status": "received", "date_sent": now, "date_created": now, "date_updated": now,
            "num_media": "0", "num_segments": "1", "error_code": None, "error_message": None, "price": None,
            "price_unit": "USD", "messaging_service_sid": None, "api_version": "2010-04-01",
        } | values  # fmt: skip
        text["uri"] = f"{ROOT}/Messages/{text['sid']}.json"
        with self.lock:
            self.texts.append(text)
        return text

    def a_file(self, sid: str, data: bytes, type: str = "image/jpeg", early: int = 0) -> str:
        """Let it have a file of a text; the address, as a post names it."""
        path = f"{ROOT}/Messages/{sid}/Media/ME{next(self.numbers):032x}"
        self.media[path] = (data, type)
        self.early[path] = early
        return self.url + path

    def post(self, url: str, port: int, fields: dict[str, str], signature: str | None = None) -> tuple[int, str]:
        """Post a form, signed for ``url``, to that place behind a port of this machine: the status, and the body."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signed(url, fields) if signature is None else signature,
            "I-Twilio-Idempotency-Token": "0b5d6c3e", "User-Agent": "TwilioProxy/1.1",
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", target, urlencode(fields), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def text(self, url: str, port: int, **fields: str) -> tuple[int, str]:
        """Post a text that came in."""
        return self.post(url, port, a_text(**fields))

    def report(self, text: dict[str, object], port: int, status: str, code: int | None = None) -> tuple[int, str]:
        """Post a report on a text that it took, to the address that came with it."""
        fields = {
            "AccountSid": ACCOUNT, "MessageSid": str(text["sid"]), "SmsSid": str(text["sid"]), "MessageStatus": status,
            "SmsStatus": status, "From": str(text["from"]), "To": str(text["to"]), "ApiVersion": "2010-04-01",
        }  # fmt: skip
        return self.post(str(text["status_callback"]), port, fields | ({"ErrorCode": str(code)} if code else {}))


def a_text(**fields: str) -> dict[str, str]:
    """The form of a text that comes in, with the fields that Twilio documents."""
    sid = fields.get("MessageSid") or "SM" + hashlib.md5(repr(sorted(fields.items())).encode()).hexdigest()
    usual = {
        "ToCountry": "US", "ToState": "NH", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "NASHUA",
        "FromZip": "03060", "SmsSid": sid, "FromState": "NH", "SmsStatus": "received", "FromCity": "NASHUA",
        "Body": "Hello", "FromCountry": "US", "To": "+16035550100", "ToZip": "03060", "NumSegments": "1",
        "MessageSid": sid, "AccountSid": ACCOUNT, "From": "+16035550142", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    return usual | fields


def signed(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    """X-Twilio-Signature, as Twilio's documentation makes it; written here for itself, and not taken from the product."""
    said = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


@contextmanager
def a_twilio() -> Iterator[FakeTwilio]:
    """One that runs, and ends afterwards."""
    twilio = FakeTwilio()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Door,), {"twilio": twilio}))
    server.daemon_threads = True
    server.block_on_close = False
    twilio.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="fake twilio", daemon=True)
    thread.start()
    try:
        yield twilio
    finally:
        twilio.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Door(BaseHTTPRequestHandler):
    twilio: FakeTwilio

    def log_message(self, *about: object) -> None:
        """Nothing is said."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.twilio.requests.append(f"GET {self.path}")
        if parts.path in self.twilio.media:
            self._file(parts.path)
        elif self._may():
            self._show(parts.path, dict(parse_qsl(parts.query)))

    def do_POST(self) -> None:
        self.twilio.requests.append(f"POST {self.path}")
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        if self._may():
            self._take(form)

    def _may(self) -> bool:
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {wanted}":
            return True
        self._json(401, {"code": 20003, "message": "Authenticate", "status": 401})
        return False

    def _take(self, form: dict[str, list[str]]) -> None:
        with self.twilio.lock:
            way = self.twilio.ways.popleft() if self.twilio.ways else self.twilio.way
            way = self.twilio.firsts.pop(form.get("Body", [""])[0], way)
            self.twilio.asked.append(form)
        text = self._taken(form, way.status) if way.is_taken else {}
        if way.answer == "ok":
            self._json(201, text)
        elif way.answer == "400":
            self._json(400, {"code": way.code, "message": "No", "more_info": "", "status": 400})
        elif way.answer == "429":
            self._json(429, {"code": 20429, "message": "Too Many Requests", "status": 429}, Retry_After="1")
        elif way.answer in ("500", "503"):
            self._json(int(way.answer), {"code": 20500, "message": "Internal Server Error"})
        else:
            self._misbehave(way.answer)

    def _taken(self, form: dict[str, list[str]], status: str) -> dict[str, object]:
        one = {name: values[0] for name, values in form.items()}
        return self.twilio.hold(
            **{"from": one.get("From"), "to": one["To"], "body": one.get("Body", ""), "direction": "outbound-api"},
            status=status, status_callback=one.get("StatusCallback"), date_sent=None,
            num_media=str(len(form.get("MediaUrl", []))), media=form.get("MediaUrl", []),
        )  # fmt: skip

    def _misbehave(self, answer: str) -> None:
        self.close_connection = True
        if answer == "time-out":
            self.twilio.ended.wait(FOREVER)
        elif answer == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self._say(201, b"<html>\xff not JSON", "application/json")

    def _show(self, path: str, query: dict[str, str]) -> None:
        texts = {f"{ROOT}/Messages/{text['sid']}.json": text for text in self.twilio.texts}
        if path == f"{ROOT}.json":
            self._json(200, {"sid": ACCOUNT, "friendly_name": "Granite Gutters", "status": self.twilio.state})
        elif path == f"{ROOT}/Messages.json":
            self._list(query)
        elif path.endswith("/Media.json") and path.split("/")[-2] in self.twilio.silent:
            self._json(500, {"code": 20500, "message": "Internal Server Error", "status": 500})
        elif path.endswith("/Media.json"):
            start = path.removesuffix(".json") + "/"
            files = [(place, kind) for place, (_, kind) in self.twilio.media.items() if place.startswith(start)]
            listed = [{"sid": place[-34:], "uri": f"{place}.json", "content_type": kind} for place, kind in files]
            self._json(200, {"media_list": listed, "next_page_uri": None, "uri": path})
        elif path in texts:
            self._json(200, texts[path])
        else:
            self._json(404, {"code": 20404, "message": "Not found", "status": 404})

    def _list(self, query: dict[str, str]) -> None:
        with self.twilio.lock:
            listed = [text for text in self.twilio.texts if text["body"] not in self.twilio.unlisted]
        found = [text for text in reversed(listed) if _matches(text, query)]
        size = min(int(query.get("PageSize", "50")), self.twilio.page_size)
        page = int(query.get("Page", "0"))
        rest = found[(page + 1) * size :]
        next_page = f"{ROOT}/Messages.json?{urlencode(query | {'Page': page + 1})}" if rest else None
        shown = found[page * size : (page + 1) * size]
        self._json(
            200, {"messages": shown, "page": page, "page_size": size, "next_page_uri": next_page, "uri": self.path}
        )

    def _file(self, path: str) -> None:
        data, kind = self.twilio.media[path]
        if self.twilio.early[path] > 0:
            self.twilio.early[path] -= 1
            self._json(404, {"code": 20404})
        elif self._may():
            self._say(200, data, kind)

    def _json(self, status: int, fields: dict[str, object], **headers: str) -> None:
        self._say(status, json.dumps(fields).encode(), "application/json", **headers)

    def _say(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def _matches(text: dict[str, object], query: dict[str, str]) -> bool:
    """As Twilio filters: by day, and without the texts that have no date yet."""
    day = query.get("DateSent>", "")[:10]
    if day and (text["date_sent"] is None or _day(str(text["date_sent"])) < day):
        return False
    return all(text[key.lower()] == query[key] for key in ("To", "From") if key in query)


def _day(said: str) -> str:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(said).date().isoformat()
