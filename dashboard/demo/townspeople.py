"""The people of the sample town while the demo runs: they text when they feel like it, and answer what they are sent."""

import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from dashboard.core.addresses import normalise
from dashboard.core.values import Inbound, Outbound
from dashboard.demo import words
from dashboard.demo.photographs import photograph
from dashboard.providers import Simulated
from dashboard.providers.simulated import Behaviour

PAUSE = (6.0, 20.0)  # seconds between two texts out of the blue
THINKING = (3.0, 9.0)  # seconds until an answer
ANSWERS = 0.85  # of the texts that are answered at all
LEAVES = 0.02  # of the texts out of the blue are of somebody who wants no more of ours, and the next time again
LEAVER = "802 555 0169"
TROUBLES = (  # how a text may fare that does not arrive, and how many of them do
    (0.04, Behaviour(fail="The phone has been switched off for too long.")),
    (0.03, Behaviour(fail="The number is no longer in service.")),
    (0.02, Behaviour(refuse="The number is a landline, which takes no texts.")),
    (0.03, Behaviour(lose=True)),
)


class Townspeople:
    """Called by the ticker. ``quiet``: nobody texts or answers by itself, and every text of staff arrives."""

    def __init__(
        self, provider: Simulated, clock: Callable[[], datetime], quiet: bool, seed: int | None = None
    ) -> None:
        self.provider = provider
        self.clock = clock
        self.quiet = quiet
        self.chance = random.Random(seed)
        self._numbers = itertools.count(1)
        self._people = [(normalise(person.phone), person.kind) for person in words.townspeople()]
        self._people += [(normalise(number), "unknown") for number in words.unknown_numbers()]
        self._leaving = itertools.cycle(words.openers()["leaver"])
        self._due: list[tuple[datetime, str, str]] = []
        self._next = self._later(PAUSE)
        self._lock = Lock()
        provider.accepted = self.hear
        provider.mood = self.trouble

    def tick(self) -> None:
        """Let those text whose time has come."""
        if self.quiet:
            return
        now = self.clock()
        if now >= self._next:
            self._next = self._later(PAUSE)
            self._text(*self._opener())
        for address, body in self._answers(now):
            self._text(address, body)

    def hear(self, outbound: Outbound) -> None:
        """A text from staff reached somebody's phone."""
        if self.quiet or self.chance.random() > ANSWERS:
            return
        case = next(case for case in words.cases() if case.fits(outbound.body))
        with self._lock:
            self._due.append((self._later(THINKING), outbound.to, self.chance.choice(case.answers)))

    def trouble(self, outbound: Outbound) -> Behaviour | None:
        """How the phone company fails with a text from staff, now and then; never while it is quiet."""
        chance = 1.0 if self.quiet else self.chance.random()
        for share, way in TROUBLES:
            if chance < share:
                return way
            chance -= share
        return None

    def _answers(self, now: datetime) -> list[tuple[str, str]]:
        with self._lock:
            due = [(address, body) for at, address, body in self._due if at <= now]
            self._due = [answer for answer in self._due if answer[0] > now]
        return due

    def _opener(self) -> tuple[str, str]:
        if self.chance.random() < LEAVES:
            return normalise(LEAVER), next(self._leaving)
        address, kind = self.chance.choice(self._people)
        return address, self.chance.choice(words.openers()[kind])

    def _text(self, address: str, body: str) -> None:
        name = f"town-{self.clock().timestamp():.6f}-{next(self._numbers)}"
        words_, scenes = words.with_photographs(body)
        media = tuple(photograph(scene) for scene in scenes)
        self.provider.deliver(Inbound(Simulated.key, name, address, None, words_, media))

    def _later(self, between: tuple[float, float]) -> datetime:
        return self.clock() + timedelta(seconds=self.chance.uniform(*between))
