"""The outbox: takes queued messages under a lease, hands them to the provider, stores what it answers."""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from threading import Condition, Thread

from dashboard.actions import messages
from dashboard.core import delivery
from dashboard.core.errors import MessageCenterError
from dashboard.core.values import Outbound, OutboundFile, Outcome
from dashboard.providers import Provider
from dashboard.store.database import Store, is_trouble
from dashboard.store.outbox import has_work

log = logging.getLogger(__name__)
Fitted = Callable[[tuple[OutboundFile, ...]], tuple[OutboundFile, ...]]
NOBODY_KNOWS = "The phone company could not be asked, so nobody can say whether it went."
PAUSE = 1.0  # seconds at most after a failure of the database
LOOK_EVERY = 20  # ticks between two looks for what others have queued


class Outbox:
    """The worker of one process. A message is handed over once: what may have gone is never sent again by itself."""

    def __init__(self, store: Store, provider: Provider, fitted: Fitted = lambda media: media) -> None:
        self.store = store
        self.provider = provider
        self.fitted = fitted
        self._condition = Condition()
        self._waiting = True
        self._ticks = 0
        self._stopping = False
        self._thread = Thread(target=self._work, name="outbox", daemon=True)

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._thread.start()

    def stop(self) -> None:
        """Finish the text that is being handed over, then end."""
        self.store.listeners.remove(self.wake)
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join()

    def wake(self) -> None:
        """There may be something to send. Callable from any thread."""
        with self._condition:
            self._waiting = True
            self._condition.notify()

    def tick(self) -> None:
        """Time has passed. Called by the ticker; looks for what other processes queued once a second."""
        with self._condition:
            self._ticks += 1
            self._waiting = self._waiting or self._ticks % LOOK_EVERY == 0
            self._condition.notify()

    def _work(self) -> None:
        ticks = -1
        while not self._stopping:
            with self._condition:
                while not (self._waiting or self._ticks != ticks or self._stopping):
                    self._condition.wait()
                waiting, self._waiting, ticks = self._waiting, False, self._ticks
            self._attempt(self._tell_time)
            if waiting:
                self._attempt(self._send_all)

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # logged, and tried again: the messages stay where they are
            log.exception("the outbox could not go on; trying again")
            self._pause()
            self._waiting = True

    def _tell_time(self) -> None:
        self.provider.tick(self.store.clock())

    def _send_all(self) -> None:
        while not self._stopping and self._is_there_work():
            messages.expire_leases(self.store)
            if outbound := messages.claim(self.store):
                self._record(outbound, self._send(outbound))

    def _record(self, outbound: Outbound, outcome: Outcome) -> None:
        """Store what came of it, however long the database is away: the text has been handed over."""
        while not self._stopping:
            try:
                return messages.record_outcome(self.store, outbound.message, self.provider.key, outcome)
            except Exception as error:
                if not is_trouble(error):
                    raise
                log.exception("what came of message %s cannot be stored; trying again", outbound.message)
                self._pause()
        return None

    def _pause(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopping, random.uniform(PAUSE / 2, PAUSE))

    def _is_there_work(self) -> bool:
        """Asked of a reader first: a write that finds nothing would still wait for its turn."""
        with self.store.reading() as connection:
            return has_work(connection, self.store.clock())

    def _send(self, outbound: Outbound) -> Outcome:
        try:
            return self.provider.send(replace(outbound, media=self.fitted(outbound.media)))
        except MessageCenterError as error:
            return Outcome(delivery.FAILED, reason=str(error))
        except Exception:  # whether it went is not known, and that is what is stored
            log.exception("sending message %s ended in an unknown way", outbound.message)
            return Outcome(delivery.UNKNOWN, reason=NOBODY_KNOWS)
