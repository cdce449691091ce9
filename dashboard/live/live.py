"""The live half of a process, put together: store, ticker, feed, acts and, where texts are sent, the outbox."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from dashboard.actions import messages, numbers
from dashboard.core.addresses import normalise
from dashboard.core.errors import AddressError, NotFound, NotOurs
from dashboard.core.values import Delivery, Inbound, Person, Received
from dashboard.live.acting import Done
from dashboard.live.catching_up import CatchingUp
from dashboard.live.counts import COUNTS
from dashboard.live.feed import Feed
from dashboard.live.fetching import Fetcher
from dashboard.live.housekeeping import Housekeeper
from dashboard.live.outbox import Outbox
from dashboard.live.pictures import Darkroom
from dashboard.live.presence import Presence
from dashboard.live.screen import Screen
from dashboard.live.settings_page import SettingsScreen
from dashboard.live.storing import Storekeeper
from dashboard.live.ticker import Ticker
from dashboard.live.viewer import Viewer
from dashboard.providers import Provider
from dashboard.store import media
from dashboard.store.database import Store
from dashboard.store.storing import MEDIA
from dashboard.store.watch import watch

log = logging.getLogger(__name__)
NOBODY = "Unknown"  # who a text is from whose sender is no address
Settings = TypeVar("Settings", bound=SettingsScreen)


class Live:
    """One per process and database. ``provider`` None: this process reads and receives, another may send; ``fallback``
    are the names of those who are alerted to a text where nobody ever wrote."""

    def __init__(self, store: Store, provider: Provider | None = None, fallback: tuple[str, ...] = ()) -> None:
        self.store = store
        self.provider = provider
        self.fallback = fallback
        self.ticker = Ticker()
        self.feed = Feed(store)
        self.outbox: Outbox | None = None
        self.fetcher: Fetcher | None = None
        self.catching_up: CatchingUp | None = None
        self.darkroom = Darkroom(store)
        # One thread for all acts: they keep their order, and the database takes one writer at a time anyway.
        self._acts = ThreadPoolExecutor(1, "acts")
        self.presence = Presence(store, self._acts.submit)
        self.storekeeper = Storekeeper(store, self._warn, self._acts.submit)
        self.housekeeper = Housekeeper(store, self._acts.submit)
        self._watch = watch(store, self._woken)

    def start(self) -> None:
        self.feed.start()
        self.darkroom.start()
        self.ticker.calls.append(self.darkroom.tick)
        if self.provider:
            self.deliver(self.provider)
        self._watch.start()
        self.ticker.calls += [self._watch.tick, self.presence.tick, self.storekeeper.tick, self.housekeeper.tick]
        self.ticker.start()

    def deliver(self, provider: Provider) -> None:
        """Let this process send from now on: it has one outbox, with the first provider that it is given."""
        if self.outbox is not None:
            return
        self.provider = provider
        provider.report = self._report
        provider.deliver = self.receive
        self.outbox = Outbox(self.store, provider, self.darkroom.fitted)
        self.fetcher = Fetcher(self.store, provider.fetch)
        self.catching_up = CatchingUp(self.store, provider, self.take)
        for worker in (self.outbox, self.fetcher, self.catching_up):
            worker.start()
            self.ticker.calls.append(worker.tick)

    def stop(self) -> None:
        """End in the order in which work flows, so that nothing that was begun is cut off."""
        self.ticker.stop()
        self._watch.stop()
        self._acts.shutdown()
        self.presence.stop()
        for worker in (self.catching_up, self.fetcher, self.outbox):
            if worker:
                worker.stop()
        self.darkroom.stop()
        self.feed.stop()

    def receive(self, inbound: Inbound) -> Received:
        """Keep a text's files, then the text: what is stored is whole, and of a refused text nothing is."""
        if inbound.media:
            messages.check(self.store, inbound)
        with self.store.storing.of(MEDIA):
            files = tuple(media.keep(self.store.media_folder, file) for file in inbound.media)
        received = messages.receive(self.store, inbound, files, self.fallback)
        COUNTS.received += not received.duplicate
        COUNTS.duplicates += received.duplicate
        return received

    def take(self, inbound: Inbound) -> Received:
        """Receive a text that its phone company vouches for: what is odd about it is no reason to lose it.

        A number that it came to and that is not recorded becomes one of ours. A sender that is no address is kept as
        one that cannot be answered; a time to come is left out.
        """
        if inbound.at is not None and inbound.at > self.store.clock():
            inbound = replace(inbound, at=None)
        try:
            return self.receive(_readable(inbound, self.store.region))
        except NotOurs:
            log.warning("a text came to %s, which is not among the numbers that are set: it is ours now", inbound.to)
            numbers.take_number(self.store, normalise(inbound.to or "", self.store.region), inbound.provider)
            return self.receive(_readable(inbound, self.store.region))

    def screen(self, **params: Any) -> Screen:
        """A screen that this process keeps up to date once it was given to ``attach``."""
        screen = Screen(self.store, perform=lambda work, done: self._perform(screen, work, done), **params)
        return screen

    def settings_screen(self, kind: type[Settings], user: Person | None, session: int | None = None) -> Settings:
        """The same for a page under Settings."""
        screen = kind(self.store, user, session, lambda work, done: self._perform(screen, work, done))
        return screen

    def attach(self, screen: Viewer) -> None:
        """Keep the screen up to date until ``detach``."""
        self.feed.call(partial(self.feed.add, screen))

    def detach(self, screen: Viewer) -> None:
        self.feed.call(partial(self.feed.discard, screen))

    def do(self, screen: Viewer, step: Callable[[], object]) -> None:
        """Let a viewer do something on the live thread, and show what came of it."""

        def stepped() -> None:
            step()
            self.feed.refresh(screen)

        self.feed.call(stepped)

    def _perform(self, screen: Viewer, work: Callable[[], Any], done: Done) -> None:
        """What comes of an act may move the screen, and is shown even where nothing was written."""

        def perform() -> None:
            result = work()
            self.do(screen, lambda: done(result))

        self._acts.submit(perform)

    def _report(self, report: Delivery) -> None:
        try:
            messages.record_delivery(self.store, report)
        except NotFound:  # the provider speaks of a message that another database sent
            return

    def _warn(self, words: str | None) -> None:
        self.feed.call(partial(self.feed.warn, words))

    def _woken(self) -> None:
        """Another process has written, or the database was lost or is back."""
        self.feed.wake()
        self.darkroom.wake()
        if self.outbox:
            self.outbox.wake()
        if self.fetcher:
            self.fetcher.wake()


def _readable(inbound: Inbound, region: str) -> Inbound:
    """The text, from somebody who can be recorded."""
    try:
        normalise(inbound.sender, region)
    except AddressError:
        log.warning("text %s came from what is no address: it is kept as from “%s”", inbound.id, NOBODY)
        return replace(inbound, sender=NOBODY)
    return inbound
