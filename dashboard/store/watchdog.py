"""The watchdog: nobody waits for ever on a server that hangs, and nobody is interrupted on one that is only slow."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Protocol

SLOW = 1.5  # seconds from which on a wait is suspicious
LOOK = 0.25  # seconds between two looks


class Cuttable(Protocol):
    """A connection that can be broken from another thread."""

    def cut(self) -> None: ...


class Watchdog:
    """Breaks connections that are waited on while ``answers`` says that the server gives no answer to anybody.

    A hung server confirms what it is sent (its kernel does), so that no timeout of TCP's ever ends the wait; a long
    statement looks just the same from here. A new connection tells the two apart.
    """

    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers
        self._since: dict[Cuttable, float] = {}
        self._lock = Lock()
        self._stopped = Event()
        self._thread: Thread | None = None

    @contextmanager
    def over(self, connection: Cuttable) -> Iterator[None]:
        """While this lasts, somebody waits on the connection."""
        with self._lock:
            self._since[connection] = time.monotonic()
            if self._thread is None:
                self._thread = Thread(target=self._work, name="watchdog", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._since[connection]

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(LOOK):
            if self._is_anybody_late() and not self._answers():
                self._cut_late()

    def _is_anybody_late(self) -> bool:
        with self._lock:
            return any(map(self._is_late, self._since.values()))

    def _cut_late(self) -> None:
        """Under the lock: who waits cannot leave meanwhile, so that each connection is still the one it was."""
        with self._lock:
            for connection, since in self._since.items():
                if self._is_late(since):
                    with suppress(OSError):  # broken already
                        connection.cut()

    @staticmethod
    def _is_late(since: float) -> bool:
        return time.monotonic() - since > SLOW
