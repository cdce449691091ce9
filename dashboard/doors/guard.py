"""The guard in front of every handler: who may come in, what every answer carries, and how a refusal is said."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.log import access_log, app_log
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from dashboard.core.errors import Forbidden, Refused
from dashboard.doors import client, headers, refusal
from dashboard.doors.client import Networks
from dashboard.doors.door import PATIENCE, BodyDoor, length
from dashboard.doors.rates import Rates
from dashboard.doors.refusal import Refusal
from dashboard.doors.site import HOOKS, Site
from dashboard.live.counts import COUNTS
from dashboard.store.database import is_trouble

log = logging.getLogger(__name__)
SOCKET = "/ws"  # after a page's path: where its own connection is made
FILES = ("/static/js/", "/static/extensions/panel/")  # Bokeh's and Panel's scripts and styles, as they were installed
FORM_LIMIT = 64 * 1024  # bytes that a handler takes which does not read its body in pieces
Admission = Callable[[HTTPServerRequest, str], str | None]
Around = Callable[[HTTPServerRequest], Any]
Known = Callable[[HTTPServerRequest], object | None]
WRONG, LATER, FAULT = 400, 429, 500  # statuses: from here on the asker is to blame; has to wait; we are to blame
MACHINES = (
    "/healthz",
    "/metrics",
    HOOKS,
    "/share/",
)  # never made to wait: a text or picture that is refused may be lost
SHOWN = 80  # characters of a path that the log shows
DIGITS = re.compile(r"[0-9]{5,}")


@dataclass(frozen=True)
class Rules:
    """Who is let in, and how the others are told.

    Parameters
    ----------
    site
        The names that this server answers to, and its pages come from.
    doors
        The patterns of our own doors' paths.
    pages
        The paths of our pages; their one websocket is let in too.
    admission
        Asked about every page and websocket: None, or why a session is not opened. May raise what the database raises.
    page
        The template of a refusal.
    around
        What stands around the refusal of a page for whoever asks, as its template has it; None for whoever is nobody.
    known
        Whose session a request carries, None for nobody's. May raise what the database raises.
    rates
        How often an address may be refused.
    trusted
        The proxies whose word is taken for where a request comes from.
    """

    site: Site
    doors: frozenset[str]
    pages: frozenset[str]
    admission: Admission
    page: str
    around: Around
    known: Known = lambda _: None
    rates: Rates = field(default_factory=lambda: Rates(0))
    trusted: Networks = ()

    @property
    def sockets(self) -> dict[str, str]:
        """Where the pages' connections are made, each with its page."""
        return {page.rstrip("/") + SOCKET: page for page in self.pages}

    def refusal(self, request: HTTPServerRequest) -> Refusal | None:
        """Why a request does not even reach its handler."""
        origin = request.headers.get("Origin")
        host = _host(request.path) or request.host.lower()
        names = {host, request.host.lower()}
        if not all(
            self.site.answers_to(name, request.path) for name in names
        ):  # as of a DNS name that was rebound to us
            return refusal.of(421)
        if origin is not None and origin.lower() not in self.site.origins:
            return refusal.of(403, "This request comes from another site's page: open the inbox itself.")
        if not self._leads_somewhere(request.path):
            return refusal.of(404)
        is_socket = request.path in self.sockets
        if is_socket and request.headers.get("Upgrade", "").lower() != "websocket":
            return refusal.of(400, "Only a page's own connection is made here: open the inbox instead.")
        page = self.sockets.get(request.path, request.path)
        return self._session(request, page) if page in self.pages else None

    def wait(self, request: HTTPServerRequest) -> int:
        """Seconds for which whoever asks has to wait; never for one who has a session, nor for a machine."""
        wait = self.rates.wait(str(request.remote_ip))
        return 0 if wait and (request.path.startswith(MACHINES) or self._has_session(request)) else wait

    def count(self, request: HTTPServerRequest, status: int) -> None:
        """Count an answer where it refused somebody who has no session."""
        if WRONG <= status < FAULT and status != LATER and not self._has_session(request):
            self.rates.refused(str(request.remote_ip))
            if self.rates.wait(str(request.remote_ip)):
                log.warning("%s was refused too often, and is not listened to for a while", request.remote_ip)

    def place(self, path: str) -> str:
        """A path as the log may show it: without a token, and without what may be a number."""
        for door in self.doors:
            if "(" in door and re.fullmatch(door, path):
                return door.partition("(")[0] + "…"
        shown = ascii(path[:SHOWN])[1:-1] + ("…" if len(path) > SHOWN else "")
        return DIGITS.sub("…", shown)

    def _has_session(self, request: HTTPServerRequest) -> bool:
        try:
            return self.known(request) is not None
        except Exception as error:
            if not is_trouble(error):
                raise
            return True  # nobody can tell while the database is away: nobody is made to wait for that

    def _leads_somewhere(self, path: str) -> bool:
        """What is not named here is shut, whatever Panel and Bokeh put there: a module's files, metadata, sessions."""
        ours = path in self.pages or any(re.fullmatch(door, path) for door in self.doors)
        return ours or path in self.sockets or path.startswith(FILES)

    def _session(self, request: HTTPServerRequest, page: str) -> Refusal | None:
        try:
            words = self.admission(request, page)
        except Forbidden as error:
            return refusal.of(403, str(error), waits=True)
        except Exception as error:
            if not is_trouble(error):
                raise
            log.error("%s", error)
            return refusal.of(503)
        return refusal.of(403, words) if words else None


class Guarded(RequestHandler):
    """What each handler becomes, ours and Bokeh's alike: its answers carry our headers, its failures our words."""

    rules: Rules
    words: dict[int, str]  # of a status, where the handler knows better than usual what to do
    waits: bool  # whether a refusal may end soon; not set here, where it would hide the handler's own

    def set_default_headers(self) -> None:
        super().set_default_headers()
        headers.put_on(self, self.rules.site)

    def write_error(self, status_code: int, **details: Any) -> None:
        said = _said(details.get("exc_info", (None, None, None))[1])
        if status_code == 405:  # noqa: PLR2004 - RFC 9110 15.5.6 asks for the methods there are
            self.set_header("Allow", ", ".join(_methods(type(self))))
        known = getattr(self, "words", {}).get(status_code)
        around = self.rules.around(self.request) if getattr(self, "waits", False) else None
        refusal.say(self, said or refusal.of(status_code, known), self.rules.page, around)

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """One line for what is away; where it broke, for anything that nobody expected; of a refusal, its status only.

        A refusal's words may repeat what somebody wrote, and Tornado's own summary of a request its query.
        """
        if isinstance(error, Refused | HTTPError):
            return
        if is_trouble(error):
            log.warning("%s", error)
        else:
            place = self.rules.place(self.request.path)
            app_log.error("Uncaught exception at %s %s", self.request.method, place, exc_info=(kind, error, trace))


@stream_request_body
class Refuse(RequestHandler):
    """Answers any request with a refusal, once its body has been thrown away."""

    retry = 0  # seconds until it is worth while to ask again

    def initialize(self, refusal: Refusal, retry: int = 0) -> None:
        self.refusal, self.retry = refusal, retry

    def set_default_headers(self) -> None:
        """Asked for again when the answer is a refusal."""
        if self.retry:
            self.set_header("Retry-After", str(self.retry))

    def prepare(self) -> None:
        self.request.connection.set_max_body_size(PATIENCE)  # type: ignore[union-attr]
        if length(self.request) > PATIENCE:
            self.refuse()

    def data_received(self, chunk: bytes) -> None:
        """Thrown away."""

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here."""

    def refuse(self, *arguments: str, **named: str) -> None:
        """Whatever was asked."""
        raise HTTPError(self.refusal.status)

    get = head = post = put = patch = delete = options = refuse

    @property
    def words(self) -> dict[int, str]:
        return {self.refusal.status: self.refusal.words}

    @property
    def waits(self) -> bool:
        return self.refusal.waits


def put_before(application: Application, rules: Rules) -> None:
    """Let only what the rules let in reach the handlers of a Tornado application, and make each of them ``Guarded``."""
    find, make = application.find_handler, application.get_handler_delegate

    made: dict[type[RequestHandler], type[RequestHandler]] = {}

    def guarded(handler: type[RequestHandler]) -> type[RequestHandler]:
        if handler not in made:
            made[handler] = type(handler.__name__, (Guarded, handler), {"rules": rules})
        return made[handler]

    def get_handler_delegate(request: HTTPServerRequest, handler: type[RequestHandler], *rest: Any, **more: Any) -> Any:
        if length(request) > FORM_LIMIT and not issubclass(handler, BodyDoor):
            return make(request, guarded(Refuse), {"refusal": refusal.of(413)})
        return make(request, guarded(handler), *rest, **more)

    def find_handler(request: HTTPServerRequest, **options: Any) -> Any:
        request.remote_ip = client.address(request, rules.trusted)
        wait = rules.wait(request)
        if wait:
            return make(request, guarded(Refuse), {"refusal": refusal.of(LATER), "retry": wait})
        refused = rules.refusal(request)
        return make(request, guarded(Refuse), {"refusal": refused}) if refused else find(request, **options)

    def answered(handler: RequestHandler) -> None:
        if handler.request.path in hooks:
            COUNTS.answers[handler.request.path, handler.get_status()] += 1
        rules.count(handler.request, handler.get_status())
        _log(handler, rules)

    hooks = {path for path in rules.doors if path.startswith(HOOKS)}
    application.settings["log_function"] = answered
    application.get_handler_delegate = get_handler_delegate  # type: ignore[method-assign, assignment]
    application.find_handler = find_handler  # type: ignore[method-assign]


def _log(handler: RequestHandler, rules: Rules) -> None:
    """One line for each answer, as Tornado's, without the query: that may be a search for a name or a number."""
    status, request = handler.get_status(), handler.request
    level = logging.INFO if status < WRONG or status == LATER else logging.WARNING if status < FAULT else logging.ERROR
    place, milliseconds = rules.place(request.path), 1000 * request.request_time()
    access_log.log(level, "%d %s %s (%s) %.0fms", status, request.method, place, request.remote_ip, milliseconds)


def _said(error: Any) -> Refusal | None:
    """How an error of ours, or of the database, is told; None for what nobody expected, and for Tornado's own."""
    if isinstance(error, Forbidden):
        return refusal.of(403, str(error))
    if isinstance(error, Refused):
        return refusal.of(400, str(error))
    return refusal.of(503) if isinstance(error, Exception) and is_trouble(error) else None


def _methods(handler: type[RequestHandler]) -> list[str]:
    names = ("get", "head", "post", "put", "patch", "delete", "options")
    return [name.upper() for name in names if getattr(handler, name) is not getattr(RequestHandler, name)]


def _host(target: str) -> str:
    """The host that a request's target names, where it is more than a path: RFC 9112 3.2.2; empty where it is none."""
    try:
        return "" if target.startswith("/") else urlsplit(target).netloc.lower()
    except ValueError:  # no address at all, which leads nowhere
        return ""
