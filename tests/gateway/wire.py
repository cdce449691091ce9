"""The wire between a gateway and a message center: it counts what was handed over, and loses an answer now and then."""

import http.client
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.serving import a_free_port

PATIENCE = 30  # seconds that an answer may take


class Wire:
    """Passes requests on to a port of this machine.

    ``answered`` counts, by a text's id, how often the message center said that it has it. Of ``losing`` such answers
    one is lost on its way back, as where a connection breaks; 0 loses none.
    """

    def __init__(self, port: int, losing: int = 0) -> None:
        self.port = port
        self.losing = losing
        self.answered: Counter[str] = Counter()
        self.own_port = a_free_port()
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", self.own_port), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.own_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def duplicates(self) -> int:
        """How often the message center was told what it had already said that it has."""
        return sum(self.answered.values()) - len(self.answered)

    def _passed(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """The answer to one request; None where there is none, or where it is lost."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            said = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return said if self._arrives(target, said[0]) else None

    def _arrives(self, target: str, status: int) -> bool:
        """Whether an answer gets back, and note of which text it was."""
        names = parse_qs(urlsplit(target).query).get("id")
        if status != http.client.OK or not names:
            return True
        with self._lock:
            self.answered[names[0]] += 1
            return not self.losing or self.answered.total() % self.losing != 0

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        passed = self._passed

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name: value for name, value in self.headers.items() if name != "Host"}
                answer = passed(self.command, self.path, headers, body)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A box that is killed leaves its connections broken."""
