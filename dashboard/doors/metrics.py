"""GET /metrics: how the process and its queues do, in Prometheus's text; never a text, a name or a number of anybody's."""

import asyncio
import hmac
import math
import time
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from dashboard.core.errors import Forbidden, StoreError
from dashboard.doors.client import is_from_here
from dashboard.doors.door import Door
from dashboard.live.counts import COUNTS
from dashboard.live.live import Live
from dashboard.store.gauges import Gauges, gauges
from dashboard.store.storing import DATABASE, MEDIA

NAME = "message_center_"
LOOK = 0.5  # seconds between two looks at how late the loop is
LATE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)  # seconds: the bounds of the histogram
CLOSED = (
    "Metrics are for whoever knows the secret: set MESSAGE_CENTER_METRICS_SECRET, and send it as "
    "“Authorization: Bearer …”. Without it only this machine is told, and only where no proxy stands in front."
)


class Meters:
    """What a server measures, in a registry of its own."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.registry = CollectorRegistry(auto_describe=False)
        self._late = Counter[float]()  # how often the loop came late by so much at most
        self._lateness = 0.0
        self.registry.register(self)
        self._due = 0.0

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look twice a second, on the loop, how late it is."""
        if self._due:
            self._note(max(0.0, loop.time() - self._due))
        self._due = loop.time() + LOOK
        loop.call_at(self._due, self.watch, loop)

    def _note(self, late: float) -> None:
        self._late[next((bound for bound in LATE if late <= bound), math.inf)] += 1
        self._lateness += late

    def collect(self) -> Iterator[Metric]:
        """Everything, as of now."""
        yield self._of_loop()
        yield from self._of_viewers()
        yield from self._of_work()
        yield from self._of_database()

    def text(self) -> bytes:
        """All of it, in Prometheus's text."""
        return generate_latest(self.registry)

    def _of_loop(self) -> Metric:
        late, bounds = self._late.copy(), (*LATE, math.inf)
        below = accumulate(late[bound] for bound in bounds)
        names = [*map(str, LATE), "+Inf"]
        buckets = [(name, float(number)) for name, number in zip(names, below, strict=True)]
        words = "How late the server's loop came to a call."
        return HistogramMetricFamily(f"{NAME}loop_lag_seconds", words, buckets=buckets, sum_value=self._lateness)

    def _of_viewers(self) -> Iterator[Metric]:
        screens = tuple(self.live.feed.screens)
        looking = [screen for screen in screens if not screen.is_idle()]
        people = {user.id for screen in looking if (user := getattr(screen, "user", None)) is not None}
        yield _gauge("pages", "Pages that are kept up to date.", len(screens))
        yield _gauge("pages_looking", "Of them, those with a browser that takes what it is sent.", len(looking))
        yield _gauge("viewers", "Different people who look at one.", len(people))
        yield _counter("wakes", "Times that screens were brought up to date.", self.live.feed.wakes)
        yield _counter("patches", "Messages sent to pages.", COUNTS.patches)
        reading = SummaryMetricFamily(f"{NAME}catch_up_seconds", "Reading for the screens, at each wake.")
        reading.add_metric([], COUNTS.readings, COUNTS.read)
        yield reading

    def _of_work(self) -> Iterator[Metric]:
        yield _counter("received", "Texts that came in.", COUNTS.received)
        yield _counter("duplicates", "Texts that came in again.", COUNTS.duplicates)
        answers = CounterMetricFamily(f"{NAME}webhook_answers", "Answers to webhooks.", labels=("door", "status"))
        for (door, status), number in sorted(COUNTS.answers.items()):
            answers.add_metric([door, str(status)], number)
        yield answers
        yield _gauge("writes_waiting", "Writes that wait for their turn.", self.live.store.writes_waiting())
        storing = GaugeMetricFamily(f"{NAME}storing", "1 while anything can be stored there, else 0.", labels=("what",))
        for what in (DATABASE, MEDIA):
            storing.add_metric([what], int(what not in self.live.store.storing.failing))
        yield storing

    def _of_database(self) -> Iterator[Metric]:
        """Whether it answers, how soon, and what waits in it."""
        began = time.perf_counter()
        try:
            with self.live.store.reading() as connection:
                found = gauges(connection)
        except StoreError:  # the other figures are wanted now more than ever
            yield _gauge("database_up", "1 while the database answers, else 0.", 0)
            return
        yield _gauge("database_up", "1 while the database answers, else 0.", 1)
        yield _gauge("database_seconds", "How long the database took for these figures.", time.perf_counter() - began)
        yield from _waiting(found)


class MetricsDoor(Door):
    """GET /metrics, for whoever has the secret as a bearer token; where none is set, for this machine itself only."""

    def initialize(self, desk: Any, **options: Any) -> None:
        super().initialize(desk, **options)
        self.meters: Meters = options["meters"]
        self.is_public: bool = options["public"]

    async def get(self) -> None:
        if not self._may():
            raise Forbidden(CLOSED)
        text = await asyncio.get_running_loop().run_in_executor(self.desk.workers, self.meters.text)
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.set_header("Cache-Control", "no-store")
        self.finish(text)

    def _may(self) -> bool:
        if self.secret is not None:
            said = self.request.headers.get("Authorization", "")
            return hmac.compare_digest(said.encode("utf-8", "replace"), f"Bearer {self.secret}".encode())
        return not self.is_public and is_from_here(self.request)


def _waiting(found: Gauges) -> Iterator[Metric]:
    texts = GaugeMetricFamily(f"{NAME}texts", "Texts of ours that somebody waits for, by state.", labels=("state",))
    for state in ("queued", "sending", "failed", "unknown"):
        texts.add_metric([state], getattr(found, state))
    yield texts
    yield _gauge(
        "oldest_unsent_seconds", "Since the oldest text was written that has not gone; 0 for none.", found.oldest
    )
    yield _gauge("pictures_waiting", "Files that wait to be looked into.", found.pictures)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(NAME + name, words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(NAME + name, words, value=value)
