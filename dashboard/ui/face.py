"""A screen's face: keeps what each component has been shown, and sends the difference."""

import asyncio
import logging
import time
import weakref
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Any

from tornado.ioloop import IOLoop

from dashboard.live.counts import COUNTS
from dashboard.live.snapshot import Snapshot
from dashboard.ui.component import Component
from dashboard.ui.history import history_patch
from dashboard.ui.patches import (
    Patch,
    address,
    conversation_patch,
    frame_patch,
    list_patch,
    picture_facts,
    why_patch,
)

log = logging.getLogger(__name__)
STALLED = 0.5  # seconds after which a browser that has not taken what it was sent is left alone until it has
CONVERSATION_HEARS = (
    *("sent", "draft", "kept", "documents", "filled"),
    *("why", "history", "gallery", "picture", "upload"),
    *("accounts", "begun", "saved"),
)
CUT = 0.5  # seconds that a page is given to go by itself when it may show nothing any more
SLICE = 0.008  # seconds of drawing before the loop gets to read what the browsers say


class Part:
    """One component and what it was last shown; ``drawn`` None until its script is ready."""

    def __init__(self, component: Component, patch: Any) -> None:
        self.component = component
        self.patch = patch
        self.ready = False
        self.drawn: Any = None
        self.news: list[Patch] = []

    def is_behind(self, wanted: Any) -> bool:
        """Whether there is something that the browser has not been sent."""
        return self.ready and (bool(self.news) or self.drawn is not wanted)


class Face:
    """Draws a screen into its components, of which the first tells how the connection is. ``show``, ``tell`` and
    ``close`` come on the live thread."""

    def __init__(self, *parts: Part) -> None:
        self.frame = parts[0]
        self.parts = parts
        self.missed: Callable[[], None] = lambda: None
        self.closing: Callable[[], None] = lambda: None
        self._wanted: Any = None
        self._closed: str | None = None
        self._trouble: str | None = None
        self._sending = False
        self._since = 0.0
        self._missed = False
        self._task: asyncio.Future[None] | None = None
        self._lock = Lock()

    def show(self, snapshot: Any) -> None:
        with self._lock:
            self._wanted = snapshot
            if self._closed is not None:
                self._closed = None
                self.frame.news.append({"closed": None})
        self._redraw()

    def tell(self, news: Patch) -> None:
        with self._lock:
            if "trouble" in news:
                if news["trouble"] == self._trouble:  # it stands there, and would be read out again
                    return
                self._trouble = news["trouble"]
            for part, said in self._heard(news):
                part.news.append(said)
        self._redraw()

    def close(self, words: str) -> None:
        """Take back what is shown and waits to be, and say why; a page that does not go by itself is cut off."""
        with self._lock:
            self._wanted, self._closed = None, words
            for part in self.parts:
                part.drawn = None
                part.news.clear()
            self.frame.news.append({"closed": words})
        self._redraw()
        self.closing()
        self._cut_soon()

    def _cut_soon(self) -> None:
        loop = self.frame.component.loop()
        if loop is not None:
            loop.add_callback(loop.call_later, CUT, self._cut)

    def _cut(self) -> None:
        if self._closed is not None:
            self.frame.component.cut()

    def _heard(self, news: Patch) -> list[tuple[Part, Patch]]:
        """Which part of the page is told what of some news."""
        return [(self.frame, news)]

    def hold(self, part: Part) -> None:
        """What is told from now on waits for ``ready``: a page that has just come back hears nothing before it."""
        with self._lock:
            part.ready = False

    def ready(self, part: Part) -> None:
        """A component's script runs, for the first time or again after a reconnect: show it everything."""
        with self._lock:
            part.component.admit()
            part.ready, part.drawn = True, None
            closed = self._closed if part is self.frame else None
            if closed is not None:
                part.news.append({"closed": closed})
            elif part is self.frame and self._trouble is not None:
                part.news.append({"trouble": self._trouble})
        self._redraw()
        if closed is not None:
            self._cut_soon()

    def is_idle(self) -> bool:
        """Whether it is of no use to show anything now: the browser is not connected, or has not taken for a while
        what it was sent. When it has, ``missed`` is called; when it is connected again, it says ``ready``."""
        with self._lock:
            stalled = self._sending and time.monotonic() - self._since > STALLED
            self._missed = self._missed or stalled
        return stalled or self.frame.component.is_deserted()

    def _redraw(self) -> None:
        loop = self.frame.component.loop()
        if loop is None:
            self.draw()
        else:
            drawing_of(loop).ask(self)

    def draw(self) -> None:
        """Send each component what has changed for it.

        Not while a browser still takes what it was sent: it is then shown the newest state, not every one between,
        and a slow one costs no memory. The lock keeps what is noted as drawn the same as what was sent, whatever the
        live thread wants shown meanwhile.
        """
        with self._lock:
            if self._sending:
                return
            writes = [write for part in self.parts for write in self._draw(part, self._wanted)]
            self._sending, self._since = bool(writes), time.monotonic()
        if writes:
            self._task = asyncio.ensure_future(self._finish(writes))

    async def _finish(self, writes: list[Awaitable[None]]) -> None:
        try:
            await asyncio.gather(*writes)
        finally:
            with self._lock:
                self._sending = False
                behind = any(part.is_behind(self._wanted) for part in self.parts)
                missed, self._missed = self._missed, False
        if behind:
            self._redraw()
        if missed:
            self.missed()

    def _draw(self, part: Part, wanted: Any) -> list[Awaitable[None]]:
        if not part.ready:
            return []
        patch: Patch = {}
        if wanted is not None and part.drawn is not wanted:
            patch = part.patch(part.drawn, wanted) | self._extra(part, wanted)
            part.drawn = wanted
        news, part.news = part.news, []
        messages = _merged(patch, news)
        COUNTS.patches += len(messages)
        return [write for message in messages for write in part.component.say(message)]

    def _extra(self, part: Part, wanted: Any) -> Patch:
        """What a part is told beside the difference."""
        return {}


class InboxFace(Face):
    """Draws the inbox into its three components."""

    def __init__(
        self,
        frame: Component,
        threads: Component,
        conversation: Component,
        addressed: bool,
        drafts: str = "",
        told: str = "",
    ) -> None:
        self.threads = Part(threads, list_patch)
        self.conversation = Part(conversation, conversation_patch)
        super().__init__(Part(frame, frame_patch), self.threads, self.conversation)
        self.addressed = addressed
        self.storage = {self.conversation: drafts, self.frame: told}  # what each keeps under this in the browser

    def _heard(self, news: Patch) -> list[tuple[Part, Patch]]:
        if "why" in news:
            news = {"why": why_patch(news["why"])}
        if "history" in news:
            news = {"history": history_patch(news["history"])}
        # What a part asked for during a trouble was not answered: it asks again when that is over.
        over = ("trouble",) if news.get("trouble", "") is None else ()
        told = {
            self.threads: ("ticks", "all", "cleared", "reset", "notice", "acts", "people", "begun", "saved", *over),
            self.conversation: (*CONVERSATION_HEARS, *over),
            self.frame: ("pong", "user", "trouble"),
        }
        heard = ((part, {key: news[key] for key in keys if key in news}) for part, keys in told.items())
        return [(part, said) for part, said in heard if said]

    def _extra(self, part: Part, wanted: Snapshot) -> Patch:
        if part is self.threads:
            return {}
        first = {"storage": self.storage[part]} if part.drawn is None else {}
        if part is self.frame:
            return first | self._address(part.drawn, wanted)
        return first | {"pictures": picture_facts(doors=self.addressed)} if first else {}

    def _address(self, drawn: Snapshot | None, wanted: Snapshot) -> Patch:
        """The view for the page's address; a query that is being typed makes one entry of the history, not many."""
        if not self.addressed:
            return {"address": None} if drawn is None else {}
        now = address(wanted.place.view, wanted.place.thread)
        if drawn is None:
            return {"address": now, "push": False}
        before = address(drawn.place.view, drawn.place.thread)
        if now == before:
            return {}
        return {"address": now, "push": {**now, "q": ""} != {**before, "q": ""}}


def _merged(patch: Patch, news: list[Patch]) -> list[Patch]:
    """The patch, and news that say different things of the same, in order."""
    messages = [patch] if patch else []
    for one in news:
        if messages and not set(messages[-1]) & set(one):
            messages[-1] |= one
        else:
            messages.append(dict(one))
    return messages


class Drawing:
    """One callback per wake that walks the faces of a loop, in slices, so that events in between are heard."""

    def __init__(self, loop: IOLoop) -> None:
        self._add_callback = weakref.WeakMethod(loop.add_callback)
        self._asked: dict[Face, None] = {}
        self._lock = Lock()
        self._armed = False

    def ask(self, face: Face) -> None:
        """Draw the face soon. Callable from any thread."""
        with self._lock:
            self._asked[face] = None
            armed, self._armed = self._armed, True
        add_callback = self._add_callback()
        if not armed and add_callback is not None:
            add_callback(self._draw_all)

    async def _draw_all(self) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        while (face := self._next()) is not None:
            self._draw(face)
            if clock() - started > SLICE:
                await asyncio.sleep(0)
                started = clock()

    def _next(self) -> Face | None:
        with self._lock:
            if not self._asked:
                self._armed = False
                return None
            face = next(iter(self._asked))
            del self._asked[face]
            return face

    @staticmethod
    def _draw(face: Face) -> None:
        try:
            face.draw()
        except Exception:  # one viewer's trouble is not the others'
            log.exception("a screen could not be drawn")


_drawings: weakref.WeakKeyDictionary[IOLoop, Drawing] = weakref.WeakKeyDictionary()
_drawings_lock = Lock()


def drawing_of(loop: IOLoop) -> Drawing:
    """The one Drawing of a loop: a process may have several servers."""
    with _drawings_lock:
        if loop not in _drawings:
            _drawings[loop] = Drawing(loop)
        return _drawings[loop]
