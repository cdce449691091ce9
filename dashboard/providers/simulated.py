"""A phone company inside the process: accepts, delivers after a moment, and misbehaves when told to."""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, ClassVar, Self

from dashboard.core import delivery
from dashboard.core.errors import NotFound
from dashboard.core.values import Delivery, Inbound, Media, Outbound, Outcome, Posted, Question, RemoteMedia
from dashboard.providers.provider import Here, Hook, Options


@dataclass(frozen=True)
class Behaviour:
    """How the simulated company treats a text.

    ``fail`` is the reason with which it reports failure after a moment, ``refuse`` the one with which it does not
    take the text at all, ``lose`` an answer that never comes, ``found`` that such a text went, as it says when it is
    asked. ``wait``: it is too much at once, and may come again after so many seconds; ``trouble`` the reason with which
    the company takes nothing from anybody. ``final`` and ``opted_out`` are as of an Outcome. ``delay`` are the seconds
    to each report, ``copies`` how often each report comes, ``answer`` the body of a text that comes back.
    ``alternating``: only every other time, from the first on, a text fares so.
    """

    delay: float = 1.0
    fail: str | None = None
    refuse: str | None = None
    lose: bool = False
    found: bool = False
    wait: float | None = None
    trouble: str | None = None
    final: bool = False
    opted_out: bool = False
    copies: int = 1
    answer: str | None = None
    alternating: bool = False


GONE = "The number is no longer in service."
OPTED_OUT = "They have opted out of our texts."
NO_NUMBER = "That is not a number that can receive texts."
TOO_MANY = "Too many texts at once; it is tried again by itself."
# Numbers that are nobody's and fare the same each time, after the manner of Twilio's test credentials.
TEST_NUMBERS = {
    "+15005550001": Behaviour(fail=GONE),
    "+15005550002": Behaviour(lose=True),
    "+15005550003": Behaviour(refuse=GONE, alternating=True),
    "+15005550004": Behaviour(wait=2.0, alternating=True),
    "+15005550005": Behaviour(lose=True, found=True),
    "+15005550006": Behaviour(refuse=OPTED_OUT, final=True, opted_out=True),
    "+15005550007": Behaviour(refuse=NO_NUMBER, final=True),
}


class Simulated:
    """The simulated provider.

    ``sent`` counts what it was given and did not give back, by our message id: the proof against doubles. ``accepted``
    hears of every text that was taken; ``mood`` may treat one text in a way of its own.
    """

    key: ClassVar[str] = "simulated"
    hooks: ClassVar[tuple[Hook, ...]] = ()
    settings: ClassVar[type[Options]] = Options
    pace = 0.0

    def __init__(
        self, behaviour: Behaviour | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.report: Callable[[Delivery], object] = lambda _: None
        self.deliver: Callable[[Inbound], object] = lambda _: None
        self.accepted: Callable[[Outbound], object] = lambda _: None
        self.mood: Callable[[Outbound], Behaviour | None] = lambda _: None
        self.behaviour = behaviour or Behaviour()
        self.special: dict[str, Behaviour] = dict(TEST_NUMBERS)
        self.sent: Counter[int] = Counter()
        self._asked: Counter[str] = Counter()
        self._lost: dict[int, tuple[Outbound, Behaviour]] = {}
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count(1)
        self._lock = Lock()

    @classmethod
    def made(cls, options: Any, here: Here) -> Self:
        """It needs to know nothing."""
        return cls()

    def behave(self, to: str, behaviour: Behaviour) -> None:
        """Treat texts to one address (E.164) in a way of its own."""
        self.special[to] = behaviour

    def send(self, outbound: Outbound) -> Outcome:
        """Take a text, as the behaviour says."""
        way = self._way(outbound)
        if way.trouble:
            return Outcome(delivery.QUEUED, reason=way.trouble, wait=way.wait or 0.0, trouble=True)
        if way.wait is not None:
            return Outcome(delivery.QUEUED, reason=TOO_MANY, wait=way.wait)
        with self._lock:
            self.sent[outbound.message] += 1
        if way.refuse:
            return Outcome(delivery.FAILED, reason=way.refuse, final=way.final, opted_out=way.opted_out)
        if way.lose:
            self._lost[outbound.message] = (outbound, way)
            return Outcome(delivery.UNKNOWN, reason="The simulated company did not answer.")
        return self._take(outbound, way)

    def _take(self, outbound: Outbound, way: Behaviour) -> Outcome:
        self._plan(outbound, way)
        self.accepted(outbound)
        return Outcome(delivery.SENT, provider_id=f"simulated-{outbound.message}")

    def _way(self, outbound: Outbound) -> Behaviour:
        way = self.special.get(outbound.to)
        with self._lock:
            self._asked[outbound.to] += 1
            again = self._asked[outbound.to] % 2 == 0
        if way is not None and way.alternating and again:
            way = self.behaviour
        return way or self.mood(outbound) or self.behaviour

    def settle(self, question: Question) -> Outcome | None:
        """What it took and did not say so, where it can find it."""
        lost = self._lost.get(question.message)
        if lost is None or not lost[1].found:
            return None
        return self._take(*lost)

    def missed(
        self, since: datetime, known: Callable[[str], bool] = lambda _: False, numbers: Iterable[str] = ()
    ) -> Iterable[Inbound]:
        """It tells of every text at once."""
        return ()

    def fetch(self, file: RemoteMedia) -> Media:
        """Its texts carry their files."""
        raise NotFound("The simulated company keeps no files.")

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        """Its doors are its own (doors/simulated.py)."""
        return None

    def guide(self) -> tuple[str, ...]:
        """There is nobody to whom anything could be told."""
        return ()

    def probe(self) -> str:
        """It is always there."""
        return "the simulated company is in this process"

    def tick(self, now: datetime) -> None:
        """Tell of everything that is due by ``now``."""
        while (act := self._next(now)) is not None:
            act()

    def _next(self, now: datetime) -> Callable[[], object] | None:
        with self._lock:
            return heapq.heappop(self._due)[2] if self._due and self._due[0][0] <= now else None

    def _plan(self, outbound: Outbound, way: Behaviour) -> None:
        status = delivery.FAILED if way.fail else delivery.DELIVERED
        report = Delivery(self.key, status, message=outbound.message, reason=way.fail)
        for _ in range(way.copies):
            self._later(way.delay, lambda: self.report(report))
        if way.answer is not None:
            answer = Inbound(self.key, f"answer-{outbound.message}", outbound.to, outbound.sender, way.answer)
            self._later(2 * way.delay, lambda: self.deliver(answer))

    def _later(self, seconds: float, act: Callable[[], object]) -> None:
        with self._lock:
            due = self._clock() + timedelta(seconds=seconds)
            heapq.heappush(self._due, (due, next(self._numbers), act))
