"""What is said instead of an answer: a status, and words that say what to do, as a page or as plain text."""

from dataclasses import dataclass
from typing import Any

from tornado.template import Template
from tornado.web import RequestHandler

from dashboard.doors.headers import nonce

RETRY = 5  # seconds until a page that could not be made just now asks again by itself
PROGRAMMING_ERROR, UNAVAILABLE = 500, 503


@dataclass(frozen=True)
class Refusal:
    """A status and its words: a heading, and a sentence that says what to do.

    ``waits``: it may be allowed soon, by somebody else, and the page asks again by itself.
    """

    status: int
    heading: str
    words: str
    waits: bool = False


BY_STATUS = {
    refusal.status: refusal
    for refusal in (
        Refusal(400, "This request makes no sense here", "Go back, reload the page, and try again."),
        Refusal(403, "This is not allowed", "Go back, reload the page, and try again."),
        Refusal(404, "There is nothing at this address", "Check it for a slip of the pen, or open the inbox."),
        Refusal(405, "This address does not take that", "Open it in a browser, or send what it is made for."),
        Refusal(413, "This is too large", "Send less at once."),
        Refusal(
            421,
            "This server has another name",
            "It does not answer under this one: use the address it printed when it started.",
        ),
        Refusal(429, "Too many requests from here were refused", "Wait a minute, then try again."),
        Refusal(500, "Something went wrong here", "What it was stands in the server's log. Try again."),
        Refusal(503, "The database does not answer just now", "Try again in a moment."),
    )
}


def of(status: int, words: str | None = None, waits: bool = False) -> Refusal:
    """The refusal for any status, with its usual words or others."""
    usual = BY_STATUS.get(status) or BY_STATUS[400 if status < PROGRAMMING_ERROR else PROGRAMMING_ERROR]
    return Refusal(status, usual.heading, words or usual.words, waits)


def say(handler: RequestHandler, refusal: Refusal, page: str, around: Any = None) -> None:
    """Finish a handler's answer with a refusal: the page, where a browser asks, else one line of text.

    ``around`` is whoever asks and the navigation they have, for a page that they may be allowed to see later.
    """
    handler.set_status(refusal.status)
    handler.set_header("Cache-Control", "no-store")
    if refusal.status == UNAVAILABLE:
        handler.set_header("Retry-After", str(RETRY))
    if "text/html" in handler.request.headers.get("Accept", ""):
        again = refusal.status == UNAVAILABLE and handler.request.method == "GET"
        handler.set_header("Content-Type", "text/html; charset=utf-8")
        known = {"around": around, "nonce": nonce(handler.request)}
        handler.finish(Template(page).generate(refusal=refusal, retry=RETRY if again else None, **known))
    else:
        handler.set_header("Content-Type", "text/plain; charset=utf-8")
        handler.finish(f"{refusal.heading}. {refusal.words}\n")
