"""The one ticker of a process: everything that has to look at the time is called from here."""

import logging
from collections.abc import Callable
from threading import Event, Thread

log = logging.getLogger(__name__)
TICK = 0.05  # seconds


class Ticker:
    """Calls its functions every twentieth of a second, one after the other; each is to be quick."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], object]] = []
        self._failing: set[Callable[[], object]] = set()
        self._stopped = Event()
        self._thread = Thread(target=self._work, name="ticker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(TICK):
            for call in tuple(self.calls):
                self._attempt(call)

    def _attempt(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception:  # one call's trouble is not the others'; it is logged once, and tried again at every tick
            if call not in self._failing:
                log.exception("%s failed on the ticker", call)
            self._failing.add(call)
        else:
            self._failing.discard(call)
