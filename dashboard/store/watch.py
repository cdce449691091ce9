"""Noticing that another process has written, or another connection of this one."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import text

from dashboard.store.database import Store


class Watch(Protocol):
    """Calls its ``wake`` soon after anything was written; ``tick`` is called by the ticker."""

    def start(self) -> None: ...
    def tick(self) -> None: ...
    def stop(self) -> None: ...


def watch(store: Store, wake: Callable[[], None]) -> Watch:
    """What watches a database: a look at the file at every tick on SQLite, a listening connection on PostgreSQL."""
    if store.server is None:
        return FileWatch(store, wake)
    from dashboard.store.listener import Listener  # psycopg is an extra

    return Listener(store.server, wake)


class FileWatch:
    """Asks SQLite at every tick whether the file has changed: that takes 2.5 microseconds."""

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._connection = store.engine.connect()
        self._last = self._mark()

    def start(self) -> None:
        """Nothing runs by itself: the ticker drives it."""

    def tick(self) -> None:
        before, self._last = self._last, self._mark()
        if self._last != before:
            self._wake()

    def stop(self) -> None:
        self._connection.close()

    def _mark(self) -> int:
        # Must stand outside a transaction, in which SQLite shows the state of its beginning.
        mark = int(self._connection.execute(text("PRAGMA data_version")).scalar_one())
        self._connection.rollback()
        return mark
