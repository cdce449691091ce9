"""Pace: a view that is dear to read is not read anew at every commit, so that it cannot take the live thread from others."""

import time
from collections.abc import Callable, Hashable

DEAR = 0.02  # seconds of reading above which a view is dear: a broad search among 100,000 threads takes 0.1
REST = 9  # times what a reading took that its view then rests: all dear views together get a tenth of the live thread


class Pace:
    """Which views rest, and until when. Commits wait for that; what a viewer does itself does not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[Hashable, float] = {}

    def note(self, view: Hashable, seconds: float) -> None:
        """A screen with this view was brought up to date, which took so long."""
        self._forget()
        if seconds > DEAR:
            self._until[view] = self._clock() + seconds * REST * (len(self._until.keys() | {view}))

    def rests(self, view: Hashable) -> bool:
        return self._until.get(view, 0) > self._clock()

    def wait(self, views: set[Hashable]) -> float | None:
        """Seconds until the first of these views has rested; None where there are none."""
        now = self._clock()
        return min((max(self._until.get(view, 0) - now, 0) for view in views), default=None)

    def _forget(self) -> None:
        now = self._clock()
        self._until = {view: until for view, until in self._until.items() if until > now}
