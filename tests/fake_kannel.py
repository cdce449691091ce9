"""The smsbox of a Kannel, as far as sendsms goes: it answers in the words that a real one was heard to say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

USER, PASSWORD, SECRET = "mc", "s3cret-of-kannel", "secret-of-our-doors-1"
ACCEPTED = (202, b"0: Accepted for delivery")
LET_IN = (400, b"Missing receiver(s) number(s), rejected")
NOT_LET_IN = (403, b"Authorization failed for sendsms")


@dataclass
class Smsbox:
    """``answer`` is what it says to a text; ``heard`` what it was sent: the header fields in lower case, and the body."""

    url: str = ""
    answer: tuple[int, bytes] = ACCEPTED
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def options(self) -> dict[str, str]:
        return {"url": self.url, "username": USER, "password": PASSWORD, "secret": SECRET}

    def say(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if (headers.get("x-kannel-username"), headers.get("x-kannel-password")) != (USER, PASSWORD):
            return NOT_LET_IN
        if "x-kannel-to" not in headers:
            return LET_IN
        self.heard.append((headers, body))
        return self.answer


@contextmanager
def a_smsbox() -> Iterator[Smsbox]:
    box = Smsbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, words = box.say({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    box.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
