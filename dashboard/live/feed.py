"""The feed: one per process. It wakes on commits, coalesces, and brings every screen up to date from one reading."""

import logging
import random
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Any

from dashboard.live.counts import COUNTS
from dashboard.live.pace import Pace
from dashboard.live.snapshot import Reads
from dashboard.live.viewer import Viewer
from dashboard.store.database import Store, is_trouble

log = logging.getLogger(__name__)
BREATH = 0.02  # seconds between two wakes: a burst of commits costs a screen a few updates, not hundreds
RETRY = 1.0  # seconds at most until a failed reading is tried again
TROUBLE = "The database does not answer. What you see may be out of date; nothing is lost, and this page catches up by itself."


class Feed:
    """The live thread. All screens live on it: only it reads for them, changes them and draws them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.screens: set[Viewer] = set()
        self.revision = store.revision()
        self.wakes = 0
        self._stale: set[Viewer] = set()
        self._postponed: set[Viewer] = set()
        self._pace = Pace()
        self._everyone = False
        self._unchecked = False
        self._in_trouble = False
        self._warning: str | None = None
        self._calls: list[Callable[[], Any]] = []
        self._stopping = False
        self._condition = Condition()
        self._thread = Thread(target=self._work, name="live", daemon=True)

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._thread.start()

    def stop(self) -> None:
        self.store.listeners.remove(self.wake)
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join()

    def wake(self) -> None:
        """Something was committed. Callable from any thread."""
        with self._condition:
            self._everyone = True
            self._condition.notify()

    def call(self, function: Callable[[], Any]) -> None:
        """Carry out ``function`` on the live thread, in the order of the calls."""
        with self._condition:
            self._calls.append(function)
            self._condition.notify()

    def refresh(self, screen: Viewer) -> None:
        """Bring one screen up to date, from the live thread."""
        self._stale.add(screen)

    def add(self, screen: Viewer) -> None:
        """Keep a screen up to date from now on, from the live thread."""
        self.screens.add(screen)
        self.refresh(screen)
        if self._warning is not None:
            self._tell_one(screen, self._warning)

    def discard(self, screen: Viewer) -> None:
        """Forget a screen, from the live thread."""
        self.screens.discard(screen)
        self._stale.discard(screen)
        self._postponed.discard(screen)

    def warn(self, words: str | None) -> None:
        """Say on every screen, and on each that comes, what does not work beside reading; None: all does. From the
        live thread."""
        self._warning = words
        if not self._in_trouble:
            self._tell_trouble(words)

    def _work(self) -> None:
        while self._wait():
            self._call_all()
            self._wake_screens()
            if self._stale or (self._unchecked and self.screens):
                self._catch_up()
                time.sleep(BREATH)

    def _wait(self) -> bool:
        with self._condition:
            rest = self._pace.wait({screen.place.view for screen in self._postponed})
            self._condition.wait_for(lambda: self._everyone or self._calls or self._stale or self._stopping, rest)
            return not self._stopping

    def _wake_screens(self) -> None:
        """After a commit all screens are stale; those with a view that rests come later, idle ones when they ask. But
        whether they may show anything at all is looked at at once, and for all of them."""
        with self._condition:
            woken = self._postponed | (self.screens if self._everyone else set())
            self._unchecked = self._unchecked or self._everyone
            self._everyone = False
        woken = {screen for screen in woken if not screen.is_idle()}
        self._postponed = {screen for screen in woken if self._pace.rests(screen.place.view)}
        self._stale |= woken - self._postponed

    def _call_all(self) -> None:
        with self._condition:
            calls, self._calls = self._calls, []
        for function in calls:
            try:
                function()
            except Exception:  # one screen's trouble is not the others'
                log.exception("a call on the live thread failed")

    def _catch_up(self) -> None:
        stale, self._stale = self._stale, set()
        began = time.perf_counter()
        try:
            with self.store.reading() as connection:
                reads = Reads(connection)
                if self._unchecked:
                    self._check(reads)
                for screen in stale:
                    self._catch_up_one(screen, reads)
            self.revision = reads.revision
            self.wakes += 1
            COUNTS.readings += 1
            COUNTS.read += time.perf_counter() - began
            self._be_well()
        except Exception as error:  # the database is away: nothing is lost, the screens catch up when it is back
            self._be_in_trouble(error)
            self._stale |= stale
            self._rest()

    def _check(self, reads: Reads) -> None:
        for screen in self.screens:
            try:
                screen.check(reads)
            except Exception as error:  # as below
                if is_trouble(error):
                    raise
                log.exception("a screen could not be checked")
        self._unchecked = False

    def _be_in_trouble(self, error: Exception) -> None:
        """Told again after each failure: a page that was just opened, or drawn anew, is to know it too."""
        if not self._in_trouble:
            log.error("the screens could not catch up; trying again until they can", exc_info=error)
        self._in_trouble = True
        self._tell_trouble(TROUBLE)

    def _be_well(self) -> None:
        if self._in_trouble:
            log.warning("the database answers again, and the screens have caught up")
            self._in_trouble = False
            self._tell_trouble(self._warning)

    def _tell_trouble(self, words: str | None) -> None:
        for screen in self.screens:
            self._tell_one(screen, words)

    @staticmethod
    def _tell_one(screen: Viewer, words: str | None) -> None:
        try:
            screen.trouble(words)
        except Exception:  # one screen's trouble is not the others'
            log.exception("a screen could not be told")

    def _rest(self) -> None:
        """Until it is time to try again, or a viewer does something; not all processes at the same moment."""
        with self._condition:
            self._condition.wait_for(lambda: self._stopping or self._calls, random.uniform(RETRY / 2, RETRY))

    def _catch_up_one(self, screen: Viewer, reads: Reads) -> None:
        started = time.perf_counter()
        try:
            screen.catch_up(reads)
            self._pace.note(screen.place.view, time.perf_counter() - started)
        except Exception as error:  # one screen's trouble is not the others'; the database's is everybody's
            if is_trouble(error):
                raise
            log.exception("a screen could not catch up")
