"""Noticing that another connection, of this process or another, has written."""

from sqlalchemy import text

from dashboard.store.database import Store

ASK_EVERY = 5  # calls to one look at PostgreSQL's clock, which is a transaction


class Watch:
    """Tells cheaply whether anything was written since it was last asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.engine.connect() if store.is_sqlite else None
        self._asked = 0
        self._last = self._mark()

    def changed(self) -> bool:
        self._asked += 1
        if self._connection is None and self._asked % ASK_EVERY:
            return False
        before, self._last = self._last, self._mark()
        return self._last != before

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _mark(self) -> int:
        if self._connection is None:
            return self._store.revision()
        # 2.5 microseconds; must stand outside a transaction, in which SQLite shows the state of its beginning.
        mark = int(self._connection.execute(text("PRAGMA data_version")).scalar_one())
        self._connection.rollback()
        return mark
