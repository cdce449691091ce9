"""Presence: which pages of this process have which thread open, and who is typing; told to all processes."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from dashboard.actions.presence import LEASE, say_who_is_here
from dashboard.core.values import PageHere
from dashboard.store.database import Store, is_trouble
from dashboard.store.presence import has_expired

log = logging.getLogger(__name__)
BEAT = timedelta(seconds=12)  # a page says every 5 seconds that it is there; one that missed two is gone
TYPING = timedelta(seconds=5)  # after the last key; a page says every 2 seconds that somebody types
PAUSE = timedelta(seconds=1)  # between two writes, however many keys are pressed
RENEWAL = LEASE / 2  # between two writes when nothing changes


@dataclass(frozen=True)
class _Page:
    here: PageHere
    until: datetime


class Presence:
    """The pages of one process. What they say comes on the live thread; ``tick`` comes on the ticker.

    Nothing here touches the inbox: pages are kept in memory, and a write, once a second at most, replaces what this
    process has said before. A page that closes says so; one that falls silent, or whose process does, runs out.
    """

    def __init__(self, store: Store, submit: Callable[[Callable[[], None]], Any]) -> None:
        self.store = store
        self.process = uuid.uuid4().hex
        self._submit = submit
        self._pages: dict[str, _Page] = {}
        self._said: tuple[PageHere, ...] = ()
        self._last = datetime.min.replace(tzinfo=store.clock().tzinfo)
        self._busy = False
        self._failing = False
        self._lock = Lock()

    def beat(self, page: str, resource: int | None, thread: int | None) -> None:
        """A page is there, and has this thread open, or none."""
        if resource is None or thread is None:
            return self.leave(page)
        with self._lock:
            known = self._pages.get(page)
            same = known is not None and (known.here.resource, known.here.thread) == (resource, thread)
            here = known.here if known is not None and same else PageHere(page, resource, thread)
            self._pages[page] = _Page(here, self.store.clock() + BEAT)
        return None

    def type(self, page: str, on: bool) -> None:
        """Somebody types on a page, or has sent or emptied what was typed."""
        with self._lock:
            if known := self._pages.get(page):
                until = self.store.clock() + TYPING if on else None
                self._pages[page] = replace(known, here=replace(known.here, typing_until=until))

    def leave(self, page: str) -> None:
        """A page is gone, or has no thread open any more."""
        with self._lock:
            self._pages.pop(page, None)

    def tick(self) -> None:
        """Say what has changed, and now and then that it has not."""
        now = self.store.clock()
        if self._busy or now < self._last + PAUSE:
            return
        here = self._here(now)
        if here != self._said or now >= self._last + RENEWAL:
            self._busy = True
            self._last = now
            self._submit(lambda: self._say(here))

    def stop(self) -> None:
        """Take this process's pages away."""
        if self._said:
            self._say(())

    def _here(self, now: datetime) -> tuple[PageHere, ...]:
        """The pages that are there, with who still types."""
        with self._lock:
            self._pages = {key: page for key, page in self._pages.items() if page.until > now}
            return tuple(_now(page.here, now) for page in self._pages.values())

    def _say(self, here: tuple[PageHere, ...]) -> None:
        try:
            if here or self._said or self._is_anybody_silent():
                say_who_is_here(self.store, self.process, here)
            self._said, self._failing = here, False
        except Exception as error:  # who is here is worth no more than this: it is said again with the next tick
            if not self._failing:
                log.warning("who is here could not be said; trying again: %s", error, exc_info=not is_trouble(error))
            self._failing = True
        finally:
            self._busy = False

    def _is_anybody_silent(self) -> bool:
        with self.store.reading() as connection:
            return has_expired(connection)


def _now(here: PageHere, now: datetime) -> PageHere:
    return here if here.typing_until is None or here.typing_until > now else replace(here, typing_until=None)
