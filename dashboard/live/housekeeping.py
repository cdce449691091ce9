"""Housekeeping: ends the logins whose time is over, with the pages that stayed open."""

import logging
from collections.abc import Callable
from typing import Any

from dashboard.actions import logins
from dashboard.store.database import Store
from dashboard.store.logins import has_expired

log = logging.getLogger(__name__)
LOOK_EVERY = 100  # ticks between two looks: five seconds


class Housekeeper:
    """Of one process; any number may keep the same house. ``tick`` comes on the ticker, ``submit`` takes the work off it."""

    def __init__(self, store: Store, submit: Callable[[Callable[[], None]], Any]) -> None:
        self.store = store
        self._submit = submit
        self._ticks = 0
        self._busy = False
        self._failing = False

    def tick(self) -> None:
        """Look now and then."""
        if self._ticks % LOOK_EVERY == 0 and not self._busy:
            self._busy = True
            self._submit(self._keep)
        self._ticks += 1

    def _keep(self) -> None:
        try:
            self.end_sessions()
            self._failing = False
        except Exception:  # nobody waits for it: it is logged once, and tried again
            if not self._failing:
                log.exception("the house could not be kept; trying again")
            self._failing = True
        finally:
            self._busy = False

    def end_sessions(self) -> None:
        """Open pages of a login whose time is over end with it, as if somebody had logged out."""
        with self.store.reading() as connection:
            over = has_expired(connection, self.store.clock() - logins.LIFE)
        if over:
            logins.end_sessions(self.store)
