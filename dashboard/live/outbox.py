"""The outbox: takes what is due under a lease, hands it to the provider, stores what it answers, asks where it must."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from dashboard.actions import outbox
from dashboard.core import delivery
from dashboard.core.errors import MessageCenterError, Refused
from dashboard.core.values import Outbound, OutboundFile, Outcome
from dashboard.live.worker import Worker
from dashboard.providers import Provider
from dashboard.store import outbox as waiting
from dashboard.store.database import Store, may_pass
from dashboard.store.outbox import Asking

log = logging.getLogger(__name__)
Fitted = Callable[[tuple[OutboundFile, ...]], tuple[OutboundFile, ...]]
NOBODY_KNOWS = "The phone company could not be asked, so nobody can say whether it went."
NOT_STORED = "What the phone company answered could not be stored, so nobody can say whether it went."
PICTURES_AWAY = "Its pictures cannot be read just now; it is tried again by itself."
PICTURES_REST = 60.0  # seconds until they are looked for again
TOO_LATE = "It was not ready in time; it is tried again by itself."
UNSAID = "it does not say why"
HANDS = 4  # texts that are handed over at once: one whose answer does not come holds up the others little
LOOK_EVERY = 20  # ticks between two looks for what others have queued, and at leases
TROUBLES, WINDOW = 5, timedelta(seconds=30)  # so many troubles within this: the provider is left in peace for a while


class Outbox:
    """The outbox of one process: one thread that tells the provider the time and looks at leases, and several that
    hand over texts. A text is handed over once: what may have gone is never sent again by itself."""

    def __init__(self, store: Store, provider: Provider, fitted: Fitted = lambda media: media) -> None:
        self.store = store
        self.provider = provider
        self.fitted = fitted
        self._next: datetime | None = None
        self._ticks = 0
        self._looked = -LOOK_EVERY
        self._asking: set[int] = set()
        self._troubles: deque[datetime] = deque(maxlen=TROUBLES)
        self._time = Worker("outbox", self._keep_time)
        self._hands = Worker("outbox", self._drain, HANDS)

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._time.start()
        self._hands.start()

    def stop(self) -> None:
        """Finish the texts that are being handed over, then end; one that takes longer than its lease is left, and asked
        about later."""
        self.store.listeners.remove(self.wake)
        self._hands.stop(outbox.LEASE.total_seconds())
        self._time.stop(outbox.LEASE.total_seconds())

    def wake(self) -> None:
        """There may be something to send. Callable from any thread."""
        self._hands.wake()

    def tick(self) -> None:
        """Time has passed. Called by the ticker; looks for what other processes queued once a second."""
        self._ticks += 1
        due = self._next is not None and self._next <= self.store.clock()
        if due or self._ticks % LOOK_EVERY == 0:
            self._hands.wake()
        self._time.wake()

    def _keep_time(self) -> None:
        try:
            self.provider.tick(self.store.clock())
        finally:
            if self._ticks - self._looked >= LOOK_EVERY:
                self._looked = self._ticks
                self._look()

    def _look(self) -> None:
        """Leases that have run out, and an outage of which nothing that waits can tell whether it is over."""
        with self.store.reading() as connection:
            lost = waiting.has_lost(connection, self.store.clock())
            over = waiting.is_over(connection, self.provider.key, self.store.clock())
        if lost:
            outbox.expire_leases(self.store)
        if over:
            outbox.end_outage(self.store, self.provider.key)

    def _drain(self) -> None:
        """One hand at a time looks for work, and wakes the next before it sets about what it found."""
        while not self._hands.stopping and self._step():
            pass

    def _step(self) -> bool:
        """Hand over one text, or ask about one; whether there was one.

        Asked of a reader first: a write that finds nothing would still wait for its turn.
        """
        now = self.store.clock()
        with self.store.reading() as connection:
            text = min((lane.at for lane in waiting.lanes(connection, now, self.provider.key)), default=None)
            asking = waiting.questions(connection, self.provider.key, HANDS + 1)
        question = next((one for one in asking if one.question.message not in self._asking), None)
        self._next = min((at for at in (text, question.at if question else None) if at is not None), default=None)
        if text is not None and text <= now and self._hand_over():
            return True
        return question is not None and question.at <= now and self._ask(question)

    def _hand_over(self) -> bool:
        outbound = outbox.claim(self.store, self.provider.key, self.provider.pace)
        if outbound is None:
            return False
        self.wake()
        ready = self._ready(outbound)
        if isinstance(ready, Outcome):
            self._record(outbound, ready)
            return True
        outcome = self._send(ready)
        self._record(outbound, outcome)
        self._judge(outcome)
        return True

    def _ready(self, outbound: Outbound) -> Outbound | Outcome:
        """The text with its pictures as they fit, or why it was not even tried to send it.

        That may take long, so afterwards is asked whether it may still go: what is handed over when its lease is over
        may have been tried again by a person already.
        """
        try:
            ready = replace(outbound, media=self.fitted(outbound.media))
        except Refused as error:
            return Outcome(delivery.FAILED, reason=str(error), final=True)
        except Exception:
            log.exception("the pictures of message %s cannot be made ready; trying again later", outbound.message)
            return Outcome(delivery.QUEUED, reason=PICTURES_AWAY, wait=PICTURES_REST)
        try:
            with self.store.reading() as connection:
                in_time = waiting.may_go(connection, outbound.message, self.store.clock() + outbox.LEASE / 2)
        except Exception:  # it was not handed over, and that is what is stored once the database is there again
            log.exception("whether message %s may still go cannot be read; trying again later", outbound.message)
            in_time = False
        return ready if in_time else Outcome(delivery.QUEUED, reason=TOO_LATE)

    def _send(self, outbound: Outbound) -> Outcome:
        try:
            return self.provider.send(outbound)
        except MessageCenterError as error:
            return Outcome(delivery.FAILED, reason=str(error))
        except Exception:  # whether it went is not known, and that is what is stored
            log.exception("sending message %s ended in an unknown way", outbound.message)
            return Outcome(delivery.UNKNOWN, reason=NOBODY_KNOWS, trouble=True)

    def _record(self, outbound: Outbound, outcome: Outcome) -> None:
        """Store what came of it, however long the database is away: the text has been handed over. What cannot be stored
        at all is what nobody knows; and where not even that can, its lease runs out, which says the same."""
        message = outbound.message
        while True:
            try:
                return outbox.record_outcome(self.store, message, self.provider.key, outbound.tries, outcome)
            except Exception as error:
                if self._hands.stopping:
                    raise
                if not may_pass(error):
                    log.exception("what came of message %s can never be stored: it could not be confirmed", message)
                    break
                log.exception("what came of message %s cannot be stored; trying again", message)
                self._hands.rest()
        unknown = Outcome(delivery.UNKNOWN, reason=NOT_STORED)
        return outbox.record_outcome(self.store, message, self.provider.key, outbound.tries, unknown)

    def _judge(self, outcome: Outcome) -> None:
        """Several troubles in a short time are an outage; while it lasts one text after the other tries the way."""
        key = self.provider.key
        with self.store.reading() as connection:
            is_out = waiting.is_out(connection, key)
        if not outcome.trouble:
            if is_out:
                outbox.end_outage(self.store, key)
            return
        now = self.store.clock()
        self._troubles.append(now)
        if is_out or (len(self._troubles) == TROUBLES and now - self._troubles[0] <= WINDOW):
            outbox.begin_outage(self.store, key, outcome.reason or UNSAID)
            self._troubles.clear()

    def _ask(self, asking: Asking) -> bool:
        """Ask what became of a text. That two ask at once does no harm: the second answer changes nothing."""
        message = asking.question.message
        self._asking.add(message)
        self.wake()
        try:
            outcome = self.provider.settle(asking.question)
        except (OSError, MessageCenterError) as error:
            log.warning("the phone company could not be asked what became of message %s: %s", message, error)
            outbox.postpone_question(self.store, message)
        except Exception:  # an answer that makes no sense
            log.exception("asking what became of message %s ended in an unknown way", message)
            outbox.postpone_question(self.store, message)
        else:
            self._note_answer(message, asking.asked, outcome)
        finally:
            self._asking.discard(message)
        return True

    def _note_answer(self, message: int, asked: int, outcome: Outcome | None) -> None:
        """Store what was answered; the company is not asked again at once, and again, for what can never be stored."""
        try:
            outbox.record_answer(self.store, message, self.provider.key, asked, outcome)
        except Exception as error:
            if may_pass(error):
                raise
            log.exception("what became of message %s cannot be stored; asking again later", message)
            outbox.postpone_question(self.store, message)
