"""The storekeeper: tells all screens while nothing can be stored, and tries until something can be again."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.actions.storing import try_to_store
from dashboard.store import media
from dashboard.store.database import Store, is_trouble
from dashboard.store.storing import DATABASE, MEDIA

log = logging.getLogger(__name__)
TRY_EVERY = 20  # ticks between two tries: a second
WORDS = {
    DATABASE: "Nothing can be stored just now: the server’s disk is full, or cannot be written. Reading goes on and nothing "
    "that was stored is lost; wait with what you do until this line goes.",
    MEDIA: "Pictures cannot be stored just now: the server’s disk is full, or cannot be written. Texts without a picture "
    "come and go.",
}


class Storekeeper:
    """Of one process. ``tick`` comes on the ticker; ``warn`` tells all screens, None when it is over."""

    def __init__(
        self, store: Store, warn: Callable[[str | None], object], submit: Callable[[Callable[[], None]], Any]
    ) -> None:
        self.store = store
        self._warn = warn
        self._submit = submit
        self._told: str | None = None
        self._ticks = 0
        self._busy = False
        self._failing = False

    def tick(self) -> None:
        """Tell what has changed; try again now and then."""
        failing = self.store.storing.failing
        words = next((WORDS[what] for what in (DATABASE, MEDIA) if what in failing), None)
        if words != self._told:
            self._told = words
            self._warn(words)
        self._ticks += 1
        if failing and self._ticks % TRY_EVERY == 0 and not self._busy:
            self._busy = True
            self._submit(self._try_again)

    def _try_again(self) -> None:
        try:
            for what, attempt in ((MEDIA, self._keep_a_file), (DATABASE, self._write)):
                if what in self.store.storing.failing:
                    self._attempt(what, attempt)
        finally:
            self._busy = False

    def _attempt(self, what: str, attempt: Callable[[], None]) -> None:
        try:
            attempt()
        except Exception as error:  # nobody waits for it: what does not pass by itself is logged once, and tried again
            if is_trouble(error):
                log.debug("still not: %s", error)
            elif not self._failing:
                self._failing = True
                log.exception("the %s could not be tried; trying again", what)
        else:
            self._failing = False
            log.warning("the %s can be stored in again", what)
            self.store.storing.works(what)

    def _keep_a_file(self) -> None:
        media.try_room(self.store.media_folder)

    def _write(self) -> None:
        """A little may fit where the next text does not, so there must be room for a file too."""
        if self.store.is_sqlite:
            media.try_room(Path(self.store.url.database or "").parent)
        try_to_store(self.store)
