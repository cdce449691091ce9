"""The listener: PostgreSQL's NOTIFY wakes this process; the clock, asked every second, is what can be relied on."""

import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

import psycopg

from dashboard.store.postgres import CHANNEL, Server, Watched

log = logging.getLogger(__name__)
POLL = 1.0  # seconds between two looks at the clock, for a notice that did not come through
RETRY = 0.5  # seconds at most until a lost connection is tried again


class Listener:
    """One connection per process that does nothing but listen, in a thread of its own.

    ``wake`` is called when anything may have been written, and when the server goes or comes back: whoever is woken
    then reads, and finds out.
    """

    def __init__(self, server: Server, wake: Callable[[], None]) -> None:
        self._server = server
        self._wake = wake
        self._seen = -1
        self._due = 0.0
        self._connection: Watched | None = None
        self._lock = Lock()
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tick(self) -> None:
        """The listener looks at the time by itself: a server that hangs holds up no ticker."""

    def stop(self) -> None:
        """End at once, whatever it waits for."""
        self._stopping.set()
        with self._lock, suppress(OSError, psycopg.Error):
            if self._connection is not None:
                self._connection.cut()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        lost = False
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                if not (lost or self._stopping.is_set()):
                    log.warning("the listener lost the database; trying again: %s", error)
                lost = self._connection is None
            finally:
                self._drop()
            if not self._stopping.is_set():
                self._wake()
                self._stopping.wait(random.uniform(RETRY / 2, RETRY))

    def _listen(self) -> None:
        connection = self._server.connect()
        with self._lock:
            self._connection = connection
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        self._seen, self._due = -1, 0.0  # anything may have happened while nobody listened
        self._poll(connection)
        while not self._stopping.is_set():
            for _ in connection.notifies(timeout=POLL, stop_after=1):
                self._wake()
            self._poll(connection)

    def _poll(self, connection: Watched) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + POLL
        row = connection.execute("SELECT revision FROM clock").fetchone()
        if row is not None and row[0] != self._seen:
            self._seen = row[0]
            self._wake()

    def _drop(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
