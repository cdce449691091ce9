"""A phone company that counts: an HTTP server that answers each first attempt as it is told, and the provider for it."""

import json
import os
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, ClassVar, Self
from urllib.parse import quote, unquote

from dashboard.core import delivery
from dashboard.core.errors import NotFound
from dashboard.core.values import Delivery, Inbound, Media, Outbound, Outcome, Posted, Question, RemoteMedia
from dashboard.providers.provider import Here, Hook, Options

ANSWERS = ("ok", "400", "429", "500", "503", "time-out", "reset", "garbage")
REFUSED = ("400", "429")  # answers to what was certainly not taken
PATIENCE = 0.7  # seconds that the provider waits for an answer
PORT = "COUNTING_PORT"


class Company:
    """What the phone company knows: how it answers a text's first attempt, whether it takes it then, and what it took."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.takes: dict[str, bool] = {}
        self.lists: dict[str, bool] = {}
        self.asked: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.port = 0
        self._lock = Lock()

    def expect(self, body: str, answer: str, takes: bool, lists: bool) -> None:
        """Answer the first attempt at a text so; ``takes``: although it does not say so; ``lists``: it tells later."""
        self.answers[body], self.takes[body], self.lists[body] = answer, takes, lists

    def hear(self, body: str) -> str:
        """A text comes; the answer to it."""
        with self._lock:
            self.asked[body] += 1
            answer = self.answers[body] if self.asked[body] == 1 else "ok"
            self.taken[body] += answer == "ok" or (answer not in REFUSED and self.takes[body])
        return answer

    @property
    def settings(self) -> dict[str, str]:
        """What a message center is told to use it, as environment variables."""
        return {PORT: str(self.port), "MESSAGE_CENTER_PROVIDER": Counting.key}

    def found(self, body: str) -> list[str]:
        return [f"p-{body}"] if self.taken[body] and self.lists[body] else []


@contextmanager
def a_company() -> Iterator[Company]:
    """A company that listens on a port of its own."""
    company = Company()

    class Door(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(200, json.dumps(company.found(unquote(self.path[1:]))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = company.hear(body)
            if answer == "time-out":
                time.sleep(2 * PATIENCE)
            elif answer == "reset":  # closed with what was not read: the other side is told of a reset
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                self._answer(int(answer) if answer.isdigit() else 200, _words(answer, body))

        def _answer(self, status: int, words: str) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(words.encode())))
                self.end_headers()
                self.wfile.write(words.encode())
            except OSError:  # whoever asked was killed meanwhile, which is the point
                return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A connection that was reset on purpose is no error."""

    server = Server(("127.0.0.1", 0), Door)
    company.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield company
    finally:
        server.shutdown()
        server.server_close()


def _words(answer: str, body: str) -> str:
    return {"ok": json.dumps({"id": f"p-{body}"}), "garbage": "<html>It works!</html>"}.get(answer, "no")


class Counting:
    """The provider for it, as strict as a real one's: what may have gone is unknown."""

    key: ClassVar[str] = "counting"
    hooks: ClassVar[tuple[Hook, ...]] = ()
    settings: ClassVar[type[Options]] = Options
    pace = 0.0

    def __init__(self) -> None:
        self.report = self.deliver = lambda _: None

    @classmethod
    def made(cls, options: Any, here: Here) -> Self:
        return cls()

    def send(self, outbound: Outbound) -> Outcome:
        try:
            status, said = self._ask("POST", "/", outbound.body)
        except ConnectionRefusedError as error:
            return Outcome(delivery.QUEUED, reason=str(error), trouble=True)
        except (OSError, HTTPException) as error:
            return Outcome(delivery.UNKNOWN, reason=f"No answer: {type(error).__name__}.", trouble=True)
        if status == 429:
            return Outcome(delivery.QUEUED, reason="Too many.", wait=0.1)
        if status == 400:
            return Outcome(delivery.FAILED, reason="Bad request.", final=True)
        try:
            assert status == 200
            return Outcome(delivery.SENT, json.loads(said)["id"])
        except (AssertionError, ValueError, LookupError):
            return Outcome(delivery.UNKNOWN, reason=f"It answered {status} and makes no sense.", trouble=True)

    def settle(self, question: Question) -> Outcome | None:
        found = json.loads(self._ask("GET", f"/{quote(question.body)}")[1])
        return Outcome(delivery.SENT, found[0]) if found else None

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", int(os.environ[PORT]), timeout=PATIENCE)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def missed(self, since: datetime, *_: object) -> Iterable[Inbound]:
        return ()

    def fetch(self, file: RemoteMedia) -> Media:
        raise NotFound("It has no files.")

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        return None

    def tick(self, now: datetime) -> None:
        pass
