"""Housekeeping: ends the logins whose time is over, and clears the pictures that were uploaded and never sent."""

import logging
import time
from collections.abc import Callable
from typing import Any

from dashboard.actions import attachments, logins
from dashboard.store import attachments as kept
from dashboard.store import media
from dashboard.store.database import Store
from dashboard.store.logins import has_expired

log = logging.getLogger(__name__)
LOOK_EVERY = 100  # ticks between two looks at the logins: five seconds
CLEAR_EVERY = 72_000  # ticks between two looks at the pictures: an hour


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
            clears = self._ticks % CLEAR_EVERY == 0
            self._submit(lambda: self._keep(clears))
        self._ticks += 1

    def _keep(self, clears: bool) -> None:
        try:
            self.end_sessions()
            if clears:
                self.clear_uploads()
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

    def clear_uploads(self) -> None:
        """First what no text has is forgotten; its files go later, when a backup that still speaks of them is done."""
        with self.store.reading() as connection:
            forgotten = kept.has_abandoned(connection, self.store.clock())
            files = kept.cleared(connection, self.store.clock())
        if forgotten:
            number = attachments.clear_uploads(self.store)
            log.info("%s pictures were uploaded and never sent: they are cleared", number)
        if files:
            before = time.time() - kept.REST.total_seconds()
            for sha256 in files:
                media.discard(self.store.media_folder, sha256, before)
