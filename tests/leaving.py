"""Pages that are opened and left, in every way in which a browser can leave, and what the server still holds of them."""

import asyncio
import gc
import logging
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from bokeh.document import Document
from bokeh.server.connection import ServerConnection
from bokeh.server.session import ServerSession
from panel.io.server import WSHandler

from dashboard import app, settings
from dashboard.actions.people import add_people
from dashboard.demo import words
from dashboard.live.screen import Screen
from dashboard.ui.face import InboxFace
from dashboard.ui.message_center import MessageCenter
from tests.conftest import a_folder
from tests.factories import a_url, eventually, let_log_in
from tests.viewers import Socket, Viewer, log_in, open_page

HELD = (Document, ServerSession, ServerConnection, WSHandler, MessageCenter, InboxFace, Screen)
UNUSED = 100  # milliseconds that the server keeps a session without a viewer; by itself 15 seconds
AT_ONCE = 4  # pages that are opened at the same time
GONE = 30  # seconds until nothing is left, on a machine that does much else


@dataclass
class Host:
    """A server in this process, so that what it holds can be counted."""

    application: app.Application
    made: Any

    @property
    def port(self) -> int:
        return int(self.made.port)

    def held(self) -> Counter[str]:
        """How many of what belongs to a page there are in this process."""
        gc.collect()
        return Counter(type(thing).__name__ for thing in gc.get_objects() if type(thing) in HELD)

    def is_empty(self) -> bool:
        return not self.made.get_sessions("/") and not self.application.live.feed.screens


@contextmanager
def a_host() -> Iterator[Host]:
    """The server as ``serve`` makes it, with nobody looking; it forgets sessions sooner."""
    with a_folder() as folder:
        chosen = settings.load({}, database=a_url(folder), port=0, secret_key="only-for-tests-" * 4)
        application = app.assemble(chosen)
        add_people(application.store, tuple(words.staff()))
        let_log_in(application.store)
        asyncio.set_event_loop(asyncio.new_event_loop())
        made = _made(application)
        thread = threading.Thread(target=made.io_loop.start, name="host", daemon=True)
        made.start()
        thread.start()
        logging.disable(logging.INFO)  # pytest keeps what is logged, and Panel logs its events with all they stand in
        try:
            yield Host(application, made)
        finally:
            logging.disable(logging.NOTSET)
            made.io_loop.add_callback(made.stop, wait=False)
            made.io_loop.add_callback(made.io_loop.stop)
            thread.join(5)
            application.stop()


def _made(application: app.Application) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        soon = {"unused_session_lifetime_milliseconds": UNUSED, "check_unused_sessions_milliseconds": UNUSED}
        patch.setattr(app, "get_server", partial(app.get_server, **soon))
        return app.server(application)


async def _looked_at(port: int, cookie: str) -> None:
    viewer = await (await _a_viewer(port, cookie)).live()
    await viewer.cut()


async def _used(port: int, cookie: str) -> None:
    viewer = await (await _a_viewer(port, cookie)).live()
    viewer.say("frame", op="ping", n=1)
    await viewer.until(lambda: any("pong" in patch for patch in viewer.heard))
    viewer.socket.end_half()
    await viewer.until(lambda: not viewer.connected)
    await viewer.cut()


async def _fetched_only(port: int, cookie: str) -> None:
    await _a_viewer(port, cookie)


async def _cut_before_the_first_message(port: int, cookie: str) -> None:
    viewer = await (await _a_viewer(port, cookie)).connect()
    await viewer.cut()


async def _cut_at_the_handshake(port: int, cookie: str) -> None:
    """The connection is gone before the server has made it: it is not to wait for its end for ever."""
    viewer = await _a_viewer(port, cookie)
    (await Socket.connect(port, viewer.token, cookie)).cut()


async def _a_viewer(port: int, cookie: str) -> Viewer:
    return Viewer(port, cookie, await asyncio.to_thread(open_page, port, cookie))


WAYS: dict[str, Callable[[int, str], Awaitable[None]]] = {
    "looked at": _looked_at,
    "used": _used,
    "fetched only": _fetched_only,
    "cut before the first message": _cut_before_the_first_message,
    "cut at the handshake": _cut_at_the_handshake,
}


def let_go(host: Host, cookie: str) -> None:
    """Open a page, and leave it when the server has let go of its connection, as one does that ends."""
    done = threading.Event()

    def forget() -> None:
        for connection in list(host.made._tornado._clients):
            host.made._tornado.client_lost(connection)
        done.set()

    async def looked_at() -> None:
        viewer = await (await _a_viewer(host.port, cookie)).live()
        host.made.io_loop.add_callback(forget)
        await asyncio.to_thread(done.wait)
        await viewer.cut()

    asyncio.run(looked_at())
    assert eventually(host.is_empty, GONE)


def left_behind(host: Host, way: str, pages: int) -> Counter[str]:
    """Open and leave so many pages; what is still held of them when the server has had time to forget."""
    cookie = log_in(host.port)
    for first in (
        "used",
        way,
    ):  # what the first page of all leaves is the process's own, as Panel's timer with its document
        _open_and_leave(host, first, 1, cookie)
        assert eventually(host.is_empty, GONE)
    before = host.held()
    _open_and_leave(host, way, pages, cookie)
    eventually(host.is_empty, GONE)
    eventually(lambda: not host.held() - before, GONE)
    return host.held() - before


def _open_and_leave(host: Host, way: str, pages: int, cookie: str) -> None:
    async def all_of_them() -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with room:
                await WAYS[way](host.port, cookie)

        await asyncio.gather(*(one() for _ in range(pages)))

    asyncio.run(all_of_them())
