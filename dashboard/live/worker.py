"""A worker: threads that do what there is to do when they are woken, and outlive whatever goes wrong with it."""

import logging
import random
import time
from collections.abc import Callable
from threading import Condition, Thread

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds at most after a failure


class Worker:
    """Carries out ``step`` at the start and after each ``wake``, in as many threads as it has ``hands``; each wake is
    heard by one of them. What goes wrong is logged, and tried again after a pause: what is to be done is stored, and
    stays where it is. A step that takes long looks at ``stopping`` now and then."""

    def __init__(self, name: str, step: Callable[[], object], hands: int = 1) -> None:
        self.name = name
        self.stopping = False
        self._step = step
        self._wanted = True
        self._condition = Condition()
        names = [name] if hands == 1 else [f"{name}-{number}" for number in range(hands)]
        self._threads = [Thread(target=self._work, name=each, daemon=True) for each in names]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float) -> None:
        """Finish what was begun, then end; what takes longer than ``patience`` seconds is left to itself."""
        with self._condition:
            self.stopping = True
            self._condition.notify_all()
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                log.error("%s has not ended after %.0f s: what it has begun is taken up later", thread.name, patience)

    def wake(self) -> None:
        """There may be something to do. Callable from any thread."""
        with self._condition:
            self._wanted = True
            self._condition.notify_all()  # one may be resting, and would not hear it

    def rest(self) -> None:
        """Wait for up to a second, or until the end."""
        with self._condition:
            self._condition.wait_for(lambda: self.stopping, random.uniform(PAUSE / 2, PAUSE))

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self.stopping or self._wanted)
                self._wanted = False
            if self.stopping:
                return
            self._attempt()

    def _attempt(self) -> None:
        try:
            self._step()
        except Exception:  # logged, and tried again
            log.exception("%s could not go on; trying again", self.name)
            self.rest()
            self.wake()
