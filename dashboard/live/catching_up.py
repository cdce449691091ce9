"""Catching up: texts of which the phone company could not tell us are taken from its own list, at start and every 5 minutes.

Nothing is kept of how far it came. Within a process that is remembered; at a start it is looked up from the text that
came in last, and a week before that, so that what was missed while the list could not be asked is found too. Looking at
too much costs a reading: a text is stored once, by the company's id.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from dashboard.core.errors import MessageCenterError, Refused, StoreError
from dashboard.core.values import Inbound, Received
from dashboard.live.worker import Worker
from dashboard.providers import Provider
from dashboard.store import arrivals
from dashboard.store.database import Store, is_trouble, may_pass
from dashboard.store.numbers import addresses_of

log = logging.getLogger(__name__)
PATIENCE = 35.0  # seconds: one request takes 30 at most
EVERY = timedelta(minutes=5)
OVERLAP = timedelta(hours=1)  # by which a look goes back behind the one before
AT_START = timedelta(days=7)  # by which the first goes back behind the text that came in last
AT_FIRST = timedelta(days=1)  # by which it goes back where no text ever came in: a new inbox is not to be flooded


class CatchingUp:
    """The worker of one process; ``take`` stores a text, and says whether it was known."""

    def __init__(self, store: Store, provider: Provider, take: Callable[[Inbound], Received]) -> None:
        self.store = store
        self.provider = provider
        self.take = take
        self.asked: datetime | None = None  # when it last came to an end
        self._asked_for: frozenset[str] = frozenset()  # the numbers that it was about
        self._due: datetime | None = None
        self._worker = Worker("catching up", self._attempt)

    def start(self) -> None:
        self._due = self.store.clock() + EVERY
        self._worker.start()

    def stop(self) -> None:
        """End once what is being asked is answered; a company that does not answer is not waited for."""
        self._worker.stop(PATIENCE)

    def tick(self) -> None:
        """Time has passed. Called by the ticker."""
        now = self.store.clock()
        if self._due is not None and now >= self._due:
            self._due = now + EVERY
            self._worker.wake()

    def look(self) -> int:
        """Ask the company's list once; how many texts it had that were not here."""
        now = self.store.clock()
        found = 0
        with self.store.reading() as connection:
            numbers = addresses_of(connection, self.provider.key)
        try:
            for text in self.provider.missed(self._since(now, numbers), self._is_known, numbers):
                found += self._took(text)
                if self._worker.stopping:
                    return found
            self.asked, self._asked_for = now, frozenset(numbers)
        finally:
            if found:
                log.warning("%s had %d texts of which it could not tell us: they are here", self.provider.key, found)
        return found

    def _took(self, text: Inbound) -> bool:
        """Whether a text was not here. One that cannot be taken does not hold up those after it."""
        try:
            return not self.take(text).duplicate
        except Refused as error:
            log.warning("a text that %s has in its list is not taken: %s", self.provider.key, error)
        except Exception as error:
            if may_pass(error) or isinstance(error, StoreError | OSError):  # not this text's fault: it comes again
                raise
            log.exception("a text that %s has in its list cannot be taken", self.provider.key)
        return False

    def _attempt(self) -> None:
        try:
            self.look()
        except Exception as error:  # logged, and tried again in five minutes, from where it was
            if isinstance(error, MessageCenterError | OSError) or is_trouble(error):
                log.warning("%s cannot be asked for what was missed: %s", self.provider.key, error)
            else:
                log.exception("what was missed cannot be taken")

    def _since(self, now: datetime, numbers: tuple[str, ...]) -> datetime:
        """Of a number that has become ours since the last look, nothing was asked for yet."""
        if self.asked is not None and self._asked_for.issuperset(numbers):
            return self.asked - OVERLAP
        with self.store.reading() as connection:
            last = arrivals.latest(connection, self.provider.key)
        return now - AT_FIRST if last is None else min(last, now) - AT_START

    def _is_known(self, id: str) -> bool:
        with self.store.reading() as connection:
            return arrivals.is_known(connection, self.provider.key, id)
