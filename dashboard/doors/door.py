"""The base of every door: a bounded body, work off the loop, and refusals in words."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, stream_request_body

from dashboard.core.errors import Forbidden, NotFound, Refused, TooLarge
from dashboard.core.text import storable
from dashboard.live.live import Live
from dashboard.store.database import is_trouble

log = logging.getLogger(__name__)
BODY_LIMIT = 24 * 1024 * 1024  # bytes of a request that is taken
PATIENCE = 32 * 1024 * 1024  # bytes that are read, and thrown away, so that the answer can be heard
WORKERS = 16  # requests whose work goes on at the same time


class Desk:
    """What all doors of a server share: the live half, the workers, and which requests are being answered."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.workers = ThreadPoolExecutor(WORKERS, "doors")
        self.answering: set[RequestHandler] = set()


class Door(RequestHandler):
    """A door without a page: plain words or JSON."""

    def initialize(self, desk: Desk, **options: Any) -> None:
        self.desk = desk
        self.live = desk.live
        self.secret: str | None = options.get("secret")

    def prepare(self) -> None:
        self.desk.answering.add(self)

    def on_finish(self) -> None:
        self.desk.answering.discard(self)

    def on_connection_close(self) -> None:
        self.desk.answering.discard(self)

    def check_xsrf_cookie(self) -> None:
        """No browser form posts here: each of these doors has a secret or a signature of its own, or changes nothing."""

    def answer(self, status: int, words: str | dict[str, Any]) -> None:
        """Answer with a status and words, or with JSON."""
        self.set_status(status)
        if isinstance(words, str):
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(storable(words) + "\n")  # a refusal may repeat what cannot be encoded
        else:
            self.finish(words)

    def trouble(self, error: Exception) -> str:
        """What is said while the database is in trouble."""
        return "The database does not take anything just now: send this again later."

    async def do(self, work: Callable[[], dict[str, Any] | str]) -> None:
        """Work off the loop; 200 with its result, or the status and words of what went wrong."""
        try:
            result = await asyncio.get_running_loop().run_in_executor(self.desk.workers, work)
        except NotFound as error:
            self.answer(404, str(error))
        except Forbidden as error:
            self.answer(403, str(error))
        except TooLarge as error:
            self.answer(413, str(error))
        except Refused as error:
            self.answer(400, str(error))
        except Exception as error:
            if not is_trouble(error):
                raise
            log.error("%s", error)
            self.answer(503, self.trouble(error))
        else:
            self.answer(200, result)


def length(request: HTTPServerRequest) -> int:
    """Bytes of the body, as far as the request says; it may say the same more than once (RFC 9112 6.3)."""
    said = request.headers.get("Content-Length", "").partition(",")[0].strip()
    return int(said) if said.isascii() and said.isdigit() else 0


@stream_request_body
class BodyDoor(Door):
    """A door that takes a body of up to 24 MB; a larger one is read to the end of patience and answered 413."""

    limit = BODY_LIMIT

    def prepare(self) -> None:
        super().prepare()
        self.body = bytearray()
        self.too_large = False
        self.request.connection.set_max_body_size(PATIENCE)  # type: ignore[union-attr]
        if length(self.request) > PATIENCE:
            self.refuse_size()

    def data_received(self, chunk: bytes) -> None:
        self.too_large = self.too_large or len(self.body) + len(chunk) > self.limit
        if self.too_large:
            self.body.clear()
        else:
            self.body += chunk

    def refuse_size(self) -> None:
        self.answer(413, f"The request is too large: at most {self.limit // 2**20} MB are taken.")
