"""Logging in and out: our own page, a signed cookie that names a session which the database knows, limits on tries."""

import asyncio
import hashlib
import logging
import re
import secrets
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.template import Template
from tornado.web import HTTPError, RequestHandler, decode_signed_value

from dashboard.actions import logins
from dashboard.core.errors import Refused
from dashboard.core.passwords import fits
from dashboard.core.rights import INBOX, LOGGED_OUT, navigation
from dashboard.core.text import folded
from dashboard.core.values import Person, Visit
from dashboard.doors.client import is_from_here
from dashboard.doors.door import Desk
from dashboard.doors.rates import neighbourhood
from dashboard.live.live import Live
from dashboard.store import logins as known
from dashboard.store import people

log = logging.getLogger(__name__)
NAME_LIMIT = 200  # characters of a login name that are looked at
WRONG = "This name and password do not belong together: try again."
COOKIE_LIFE = logins.LIFE.days + 7  # days: it outlives its session, so that the page can say what became of that
TOO_MANY = "Too many tries have failed: wait {} minutes, then try again."


def cookie_name(port: int, secure: bool = False) -> str:
    """The cookie of the server on a port: browsers keep cookies by host, whatever the port.

    A secure one is bound to its host by its name (RFC 6265bis 4.1.3.2).
    """
    return "__Host-message_center" if secure else f"message_center_{port}"


class Identity:
    """Reads from a request who is logged in: for pages, websockets, doors and session tokens alike."""

    def __init__(self, live: Live, cookie: str, key: str) -> None:
        self.live, self.cookie, self.key = live, cookie, key

    def of(self, request: HTTPServerRequest) -> Visit | None:
        """Who is logged in under the session that the request's signed cookie names, while active."""
        token = self._token(request, logins.LIFE.days)
        if not token:
            return None
        store = self.live.store
        with store.reading() as connection:
            return known.visit(connection, _hash(token), store.clock() - logins.LIFE)

    def was_ended(self, request: HTTPServerRequest) -> bool:
        """Whether whoever asks was logged in here and is no longer, without having logged out."""
        return self._token(request, COOKIE_LIFE) is not None and self.of(request) is None

    def _token(self, request: HTTPServerRequest, days: int) -> bytes | None:
        morsel = request.cookies.get(self.cookie)
        return decode_signed_value(self.key, self.cookie, morsel.value, max_age_days=days) if morsel else None


class LoginDoor(RequestHandler):
    """GET, POST /login"""

    words: ClassVar = {
        403: "This form has grown too old, or is none of ours: go back, reload the page, and log in again.",
    }

    def initialize(self, desk: Desk, identity: Identity, page: str, demo: bool, secure: bool, public: bool) -> None:
        self.desk, self.live = desk, desk.live
        self.identity, self.page, self.demo, self.secure, self.public = identity, page, demo, secure, public

    def get(self) -> None:
        self._show(notice=LOGGED_OUT if self.identity.was_ended(self.request) else "")

    async def post(self) -> None:
        person, kept = (self._chosen(), None) if self.demo else await self._by_password()
        if person is None:
            return
        token = secrets.token_urlsafe(32)
        begin = partial(self._begin, _hash(token.encode()), kept, person.id)
        await asyncio.get_running_loop().run_in_executor(self.desk.workers, begin)
        self.set_signed_cookie(
            self.identity.cookie,
            token,
            expires_days=COOKIE_LIFE,
            httponly=True,
            samesite="Lax",
            secure=self.secure,
        )
        self.redirect(self._next(person))

    def _show(self, status: int = 200, error: str = "", name: str = "", notice: str = "") -> None:
        self.set_status(status)
        with self.live.store.reading() as connection:
            everybody = people.everybody(connection) if self.demo else ()
            nobody = not self.demo and not known.logins(connection)
        # To whoever passes by, nothing of where the data is.
        is_told = is_from_here(self.request) and not self.public
        self.finish(
            Template(self.page).generate(
                people=[person for person in everybody if person.role],
                database=self.live.store.url.render_as_string() if is_told else None,
                nobody=nobody,
                error=error,
                notice=notice,
                name=name,
                next=self.get_argument("next", INBOX),
                xsrf=self.xsrf_form_html(),
                label=_label,
            )
        )

    def _begin(self, token: str, kept: str | None, person: int) -> None:
        """Whoever was logged in in this browser is so no longer."""
        before = self.identity.of(self.request)
        if before is not None:
            logins.log_out(self.live.store, before.session, by=before.person.id)
        logins.log_in(self.live.store, token, kept, by=person)

    def _chosen(self) -> Person:
        """In the demo a click is enough."""
        chosen = self.get_body_argument("person", "")
        with self.live.store.reading() as connection:
            person = people.person(connection, int(chosen)) if re.fullmatch(r"[0-9]{1,9}", chosen) else None
        if person is None:
            raise Refused("Nobody of that number works here: go back and choose again.")
        return person

    async def _by_password(self) -> tuple[Person | None, str | None]:
        """The person whose name and password were given, and the hash that fits; else the page again, in words."""
        name = self.get_body_argument("name", "", strip=False)[:NAME_LIMIT]
        check = partial(self._checked, folded(name), self.get_body_argument("password", "", strip=False))
        person, kept, error = await asyncio.get_running_loop().run_in_executor(self.desk.workers, check)
        if error:
            status = 403 if error == WRONG else 429
            if status == 429:  # noqa: PLR2004 - RFC 6585 4
                self.set_header("Retry-After", str(int(logins.MEMORY.total_seconds())))
            self._show(status, error, name)
        return person, kept

    def _checked(self, name: str, password: str) -> tuple[Person | None, str | None, str]:
        """Who it is, or why not; it takes as long for a name that there is as for one that there is not."""
        store, address = self.live.store, neighbourhood(self.request.remote_ip or "")
        with store.reading() as connection:  # first, so that a guesser costs no writes
            exhausted = known.is_exhausted(connection, name, address, store.clock() - logins.MEMORY)
        if exhausted or not logins.begin_try(store, name, address):
            log.warning("a login is refused unseen: too many tries have failed")
            return None, None, TOO_MANY.format(int(logins.MEMORY.total_seconds() / 60))
        with store.reading() as connection:
            login = known.login(connection, name)
            person = people.person(connection, login.resource) if login else None
        if not fits(password, login.password if login else None) or person is None or login is None:
            return None, None, WRONG
        logins.forget_tries(store, name, address)
        return person, login.password, ""

    def _next(self, person: Person) -> str:
        """Where to go: only ever a page of this server that they may open; what the wanted one's address says is kept."""
        mine = [page.address for page in navigation(person.rights)]
        try:
            wanted = urlsplit(self.get_argument("next", INBOX))
        except ValueError:
            wanted = urlsplit(INBOX)
        if wanted.path in mine:
            return wanted.path + (f"?{wanted.query}" if wanted.query else "")
        return mine[0] if mine else INBOX


class LogoutDoor(RequestHandler):
    """POST /logout"""

    def initialize(self, desk: Desk, identity: Identity, secure: bool) -> None:
        self.desk, self.identity, self.secure = desk, identity, secure

    def check_xsrf_cookie(self) -> None:
        """The guard lets no other site's form come this far, and the page that holds our form has no handler's token."""

    async def post(self) -> None:
        visit = self.identity.of(self.request)
        if visit is not None:
            end = partial(logins.log_out, self.desk.live.store, visit.session, by=visit.person.id)
            await asyncio.get_running_loop().run_in_executor(self.desk.workers, end)
        self.clear_cookie(self.identity.cookie, secure=self.secure)
        self.redirect("/login")


class NavigationDoor(RequestHandler):
    """GET /navigation: what whoever asks may open, for a page that waits to be allowed."""

    def initialize(self, identity: Identity) -> None:
        self.identity = identity

    def get(self) -> None:
        visit = self.identity.of(self.request)
        if visit is None:
            raise HTTPError(403)
        self.finish({"pages": [page.address for page in navigation(visit.person.rights)]})


def _hash(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()


def _label(person: Person) -> str:
    return f"Continue as {person.name.split()[0]}, {person.role}"
