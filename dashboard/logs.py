"""The log: what may not stand in it is taken out of every line, whoever wrote it."""

import logging
import re
import traceback
from collections.abc import Iterable
from typing import Any

FORMAT = "%(asctime)s %(name)s: %(message)s"
# These repeat what a browser sent: a frame of its connection, a cookie.
TALKATIVE = ("bokeh", "tornado.general")
# A day or an address on the internet, which stay; or nine digits and more, as E.164 has them and as people write them.
NUMBER = re.compile(
    r"(?P<other>\b\d{4}-\d\d-\d\d\b|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b)|\+?\(?\d(?:[ .\-()/]{0,2}\d){8,}"
)
QUERY = re.compile(r"\?[^\s'\"<>?]*=[^\s'\"<>]*")
# PostgreSQL's second line of an error repeats the row, whose text goes on in the lines that follow.
DETAIL = re.compile(
    r"^[ \t]*(?:DETAIL|CONTEXT):.*?(?=^[ \t]*(?:HINT|CONTEXT):|^\[SQL|^The above exception was|^During handling of|\Z)",
    re.MULTILINE | re.DOTALL,
)
HIDDEN_FROM = 6  # characters of a secret that is looked for: shorter ones are part of many words
PASSWORD = re.compile(r"(//[^\s:/@]*:)[^\s@]*@")

_hidden: set[str] = set()


class Discreet(logging.LogRecord):
    """A record that says nothing of texts and numbers, whichever handler shows it."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        is_talkative = self.name.startswith(TALKATIVE)
        if is_talkative and isinstance(self.args, tuple):
            self.args = tuple(_described(value) for value in self.args)
        if self.exc_info and self.exc_info[1] is not None:
            self.exc_text = discreet(_trace(self.exc_info[1], is_talkative).rstrip())

    def getMessage(self) -> str:  # noqa: N802 - logging's own name
        """The line, without what may not stand in it."""
        return discreet(super().getMessage())


def discreet(line: str) -> str:
    """A line without secrets, phone numbers, queries, passwords of a URL, and rows of the database."""
    for secret in _hidden:
        line = line.replace(secret, "***")
    for pattern, instead in ((DETAIL, ""), (PASSWORD, r"\1***@"), (QUERY, "?…")):
        line = pattern.sub(instead, line)
    return NUMBER.sub(_masked, line)


def hide(secrets: Iterable[str]) -> None:
    """Let these stand in no line from now on."""
    _hidden.update(secret for secret in secrets if len(secret) >= HIDDEN_FROM)


def begin() -> None:
    """Log warnings and worse to standard error, discreetly."""
    logging.setLogRecordFactory(Discreet)
    logging.basicConfig(level=logging.WARNING, format=FORMAT)


def _masked(found: re.Match[str]) -> str:
    """The last two digits tell two numbers apart."""
    return found["other"] or f"…{found.group()[-2:]}"


def _trace(error: BaseException, is_talkative: bool) -> str:
    """Where an error came from; its words too, where they are not a browser's."""
    if is_talkative:
        return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    return "".join(traceback.format_exception(error))


def _described(value: Any) -> Any:
    """Of what a browser sent only how much it was."""
    if isinstance(value, int | float):
        return value
    size = f" of {len(value)}" if isinstance(value, str | bytes) else ""
    return f"<{type(value).__name__}{size}>"
