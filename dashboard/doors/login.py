"""Who is who, for now: a page that offers the people there are, and a signed cookie that keeps the choice."""

import re
from typing import ClassVar
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.template import Template
from tornado.web import RequestHandler, decode_signed_value

from dashboard.core.errors import Refused
from dashboard.core.values import Person
from dashboard.live.live import Live
from dashboard.store import people

DAYS = 30  # that a choice is kept


def cookie_name(port: int) -> str:
    """The cookie of the server on a port: browsers keep cookies by host, whatever the port."""
    return f"message_center_{port}"


class Identity:
    """Reads the person from a request: for pages, websockets and session tokens alike."""

    def __init__(self, live: Live, cookie: str, key: str) -> None:
        self.live, self.cookie, self.key = live, cookie, key

    def of(self, request: HTTPServerRequest) -> Person | None:
        """The person whom the request's signed cookie names, while active."""
        morsel = request.cookies.get(self.cookie)
        value = decode_signed_value(self.key, self.cookie, morsel.value, max_age_days=DAYS) if morsel else None
        if not value or not value.isdigit():
            return None
        with self.live.store.reading() as connection:
            return people.person(connection, int(value))


class LoginDoor(RequestHandler):
    """GET, POST /login"""

    words: ClassVar = {
        403: "This form has grown too old, or is none of ours: go back, reload the page, and choose again.",
    }

    def initialize(self, live: Live, cookie: str, page: str, demo: bool) -> None:
        self.live, self.cookie, self.page, self.demo = live, cookie, page, demo

    def get(self) -> None:
        with self.live.store.reading() as connection:
            everybody = people.everybody(connection)
        offered = [person for person in everybody if person.role] or list(everybody)
        self.finish(
            Template(self.page).generate(
                people=offered,
                database=self.live.store.url.render_as_string(),
                demo=self.demo,
                next=self._next(),
                xsrf=self.xsrf_form_html(),
                label=_label,
            )
        )

    def post(self) -> None:
        chosen = self.get_body_argument("person", "")
        with self.live.store.reading() as connection:
            known = people.person(connection, int(chosen)) if re.fullmatch(r"[0-9]{1,9}", chosen) else None
        if known is None:
            raise Refused("Nobody of that number works here: go back and choose again.")
        self.set_signed_cookie(self.cookie, str(known.id), expires_days=DAYS, httponly=True, samesite="Lax")
        self.redirect(self._next())

    def _next(self) -> str:
        """Where to go afterwards: only ever a path of this server."""
        try:
            wanted = urlsplit(self.get_argument("next", "/"))
        except ValueError:
            return "/"
        query = f"?{wanted.query}" if wanted.query else ""
        return f"/{query}" if wanted.path == "/" else "/"


class LogoutDoor(RequestHandler):
    """POST /logout"""

    def initialize(self, cookie: str) -> None:
        self.cookie = cookie

    def check_xsrf_cookie(self) -> None:
        """The guard lets no other site's form come this far, and the page that holds our form has no handler's token."""

    def post(self) -> None:
        self.clear_cookie(self.cookie)
        self.redirect("/login")


def _label(person: Person) -> str:
    first = person.name.split()[0]
    return f"Continue as {first}, {person.role}" if person.role else f"Continue as {person.name}"
