"""The guard in front of every handler: only requests that name this host, and only pages that came from it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

MISDIRECTED = 421  # RFC 9110 15.5.20


class Refusal(RequestHandler):
    """Answers any request with one status and a sentence."""

    def initialize(self, status: int, words: str) -> None:
        self.status, self.words = status, words

    def prepare(self) -> None:
        self.set_status(self.status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.words + "\n")

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here."""


def put_before(application: Application, hosts: frozenset[str], shut: Callable[[str], bool]) -> None:
    """Let only requests through whose Host is one of ``hosts`` (a rebound DNS name is not), whose Origin, where there
    is one, is too, and whose path is not ``shut``."""
    find: Any = application.find_handler

    def find_handler(request: HTTPServerRequest, **options: Any) -> Any:
        refusal = _refusal(request, hosts, shut)
        if refusal is None:
            return find(request, **options)
        return application.get_handler_delegate(request, Refusal, {"status": refusal[0], "words": refusal[1]})

    application.find_handler = find_handler  # type: ignore[method-assign]


def _refusal(request: HTTPServerRequest, hosts: frozenset[str], shut: Callable[[str], bool]) -> tuple[int, str] | None:
    if request.host.lower() not in hosts:
        return MISDIRECTED, "This server does not answer under that name: use the address it printed when it started."
    origin = request.headers.get("Origin")
    if origin is not None and _host(origin) not in hosts:
        return 403, "This request comes from another site's page, and is refused."
    if shut(request.path):
        return 404, "There is nothing at this address."
    return None


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # no address at all, and so none of ours
        return ""
