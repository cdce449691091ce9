"""Sessions and their tokens: each is one person's, and is opened by nobody else."""

import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.application.handlers.handler import Handler
from bokeh.document import Document
from bokeh.util.token import check_token_signature, get_token_payload

from dashboard.core.rights import PAGES
from dashboard.core.values import Visit

PERSON, SESSION = "person", "session"  # the keys of the person's and their login's ids in a page's signed token
PROTOCOL = "bokeh"  # what a page's connection speaks
NAMED = ("bokeh-token", "bokeh-session-id")  # the arguments by which Bokeh would open a session of the asker's choice
FAILURES: WeakKeyDictionary[Document, Exception] = WeakKeyDictionary()  # why a page could not be made
VisitOf = Callable[[Any], Visit | None]
Require = Callable[[Visit, str], None]


class WhoAsks(Handler):
    """Puts the id of the person who asks into the session's signed token, for the page to open for that person."""

    def __init__(self, visit_of: VisitOf) -> None:
        super().__init__()
        self.visit_of = visit_of

    def modify_document(self, doc: Document) -> None:
        """The page was made by Panel's handler; what went wrong in it is told here, where Bokeh hears it."""
        failure = FAILURES.pop(doc, None)
        if failure is not None:
            raise failure

    def process_request(self, request: Any) -> dict[str, Any]:
        visit = self.visit_of(request)
        return {PERSON: visit.person.id, SESSION: visit.session} if visit else {}


class Admission:
    """Decides whether a request may open a session, before there is one; ``require`` raises Forbidden for whoever has
    not a right."""

    def __init__(self, key: str, visit_of: VisitOf, require: Require) -> None:
        self.key, self.visit_of, self.require = key, visit_of, require

    def __call__(self, request: Any, page: str) -> str | None:
        """None, or why not, for a request of a page or of its connection. Raises
        Forbidden, in words, and what the database raises."""
        if any(name in request.arguments for name in NAMED) or "Bokeh-Session-Id" in request.headers:
            # Whoever could name a session could give a colleague a link to one, and then look into it.
            return "A session is not chosen by its name: open the inbox without one."
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return self._connection(request, page)
        visit = self.visit_of(request)  # whoever is nobody is sent to the login page
        if visit is not None:
            self.require(visit, PAGES[page].right)
        return None

    def _connection(self, request: Any, page: str) -> str | None:
        protocol, _, token = request.headers.get("Sec-WebSocket-Protocol", "").partition(",")
        if protocol.strip() != PROTOCOL:
            return "This is not how a page of ours connects: load it again."
        payload = _payload(token.strip(), self.key)
        visit = self.visit_of(request)
        if payload is None or payload.get("session_expiry", 0) <= time.time():
            return "This page has grown too old: load it again."
        if visit is None or (payload.get(PERSON), payload.get(SESSION)) != (visit.person.id, visit.session):
            return "This page was opened under another login: load it again."
        self.require(visit, PAGES[page].right)
        return None


def _payload(token: str, key: str) -> dict[str, Any] | None:
    """What a token says; None for one that we did not sign."""
    try:
        signed = check_token_signature(token, secret_key=key.encode(), signed=True)
        return dict(get_token_payload(token)) if signed else None
    except (ValueError, KeyError, TypeError, AttributeError):  # no token at all
        return None
