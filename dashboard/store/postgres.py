"""A PostgreSQL server as this process talks to it: its connections notice when it has died, or hangs."""

import socket
from contextlib import nullcontext
from functools import cached_property
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

from dashboard.store.watchdog import Watchdog

# libpq's own, 34.1.2: a server that went without a word is noticed within these seconds, not after two hours.
CONNECTING = {
    "connect_timeout": 3,  # seconds
    "keepalives": 1,
    "keepalives_idle": 5,  # seconds without a word until the first question
    "keepalives_interval": 2,  # seconds between two questions
    "keepalives_count": 3,  # unanswered questions
    "tcp_user_timeout": 5000,  # milliseconds that what was sent may stay unconfirmed
    "application_name": "message-center",
}
PROBE = 2  # seconds a server has to answer a new connection, libpq's least
CHANNEL = "message_center"


class Watched(psycopg.Connection[Any]):
    """A connection on which nobody waits for ever: every wait is under the watchdog's eyes."""

    watchdog: Watchdog | None = None

    def wait(self, *arguments: Any, **options: Any) -> Any:
        """As psycopg's, through which all its waiting goes."""
        try:
            with self.watchdog.over(self) if self.watchdog else nullcontext():
                return super().wait(*arguments, **options)
        except psycopg.Error as error:
            spare(error)
            raise

    def cut(self) -> None:
        """Break the connection from another thread: whoever waits on it is told that it is lost."""
        with socket.fromfd(self.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
            line.shutdown(socket.SHUT_RDWR)


def spare(error: psycopg.Error) -> None:
    """Take out of an error's words, for good, what the server repeats of a row, in whatever language it does."""
    about = error.diag
    if about.message_primary:
        error.args = ("\nHINT:  ".join(filter(None, (about.message_primary, about.message_hint))),)


class Server:
    """One database of one server, by its URL."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.watchdog = Watchdog(self.answers)

    def engine(self, **options: Any) -> Engine:
        """An engine with connections of ours; ``options`` as for create_engine."""
        engine = create_engine(self._url, pool_pre_ping=True, pool_size=8, hide_parameters=True, **options)
        event.listen(engine, "do_connect", lambda *about: self.connect(**about[-1]))
        return engine

    def connect(self, **named: Any) -> Watched:
        """A connection of its own; what the URL says goes before our defaults. Raises psycopg.OperationalError."""
        connection = Watched.connect(**{**CONNECTING, **(named or self._named)})
        connection.watchdog = self.watchdog
        return connection

    def answers(self) -> bool:
        """Whether the server says anything to a new connection, be it that it has too many."""
        try:
            psycopg.connect(**{**CONNECTING, **self._named, "connect_timeout": PROBE}).close()
        except psycopg.OperationalError as error:
            return "FATAL" in str(error)
        return True

    @cached_property
    def _named(self) -> dict[str, Any]:
        return dict(create_engine(self._url).dialect.create_connect_args(self._url)[1])
