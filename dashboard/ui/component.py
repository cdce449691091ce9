"""The base of our components, and the one module that touches private names of Panel and Bokeh.

It is tested against the oldest and the newest supported Panel, so that a change under us is noticed there first.
"""

import hashlib
import html
import socket
import warnings
import weakref
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, ClassVar

from bokeh.document import Document
from bokeh.document.events import MessageSentEvent
from bokeh.models.ui import UIElement
from bokeh.server.session import ServerSession
from panel import __version__, config, extension
from panel.custom import JSComponent
from panel.io.notebook import patch_inline_stylesheets, push
from panel.io.server import WSHandler
from panel.io.state import state
from panel.models.esm import ESMEvent
from tornado.ioloop import IOLoop

HERE = Path(__file__).parent
OFFLINE = (1, 10)  # the first Panel whose cells need no CDN by themselves
POLICY = 1008  # why a websocket is closed: RFC 6455 7.4.1, "policy violation"
UNREAD = 256 * 1024  # bytes on their way to a page
FIRST = "To show this here, run “import panel as pn; pn.extension(inline=True)” in a cell, then this cell again."
BLANK = "Panel takes its scripts from a CDN here, and without internet this cell stays blank: run pn.extension(inline=True)."


def source(name: str) -> str:
    """A file of this folder."""
    return (HERE / name).read_text(encoding="utf-8")


class Component(JSComponent):
    """An ES module and its styles, beside the Python class under the same name.

    Messages go both ways outside the parameters: those are debounced in the browser and sent whole.
    """

    __abstract = True
    _stylesheets: ClassVar[list[str]] = []

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._asking: weakref.WeakSet[Any] = weakref.WeakSet()
        self._admitted: weakref.WeakSet[Any] = weakref.WeakSet()

    def get_root(self, doc: Document | None = None, *more: Any, **named: Any) -> Any:
        """A new view of this component; where no server serves it, it brings Panel's styles with it.

        Under jupyter_bokeh it would ask a CDN for them, whatever ``pn.extension(inline=True)`` says.
        """
        root = super().get_root(doc, *more, **named)
        if doc is None or doc.session_context is None:
            for model in root.select({"type": UIElement}):
                patch_inline_stylesheets(model)
        return root

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """What a notebook's cell shows: words instead of nothing where Panel was not told that it is in a notebook."""
        if not extension._loaded:
            return {"text/plain": FIRST, "text/html": f"<p>{html.escape(FIRST)}</p>"}, {}
        if _version() < OFFLINE and not config.inline:
            warnings.warn(BLANK, stacklevel=2)
        return super()._repr_mimebundle_(include, exclude)

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        """What the browser is told of a view. Our scripts have a name of their own, as if they were built: without one it
        would compile them as TypeScript, which they are not, before it shows a page."""
        told: dict[str, Any] = super()._get_properties(doc)
        return told | {"bundle": hashlib.sha256(told["esm"].encode()).hexdigest()}

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict) and data.get("op") == "ready":
            # A connection that is only being made is not spoken to: a message before Bokeh's own greeting breaks it, and
            # this may be the last word of the connection before.
            for session in self._sessions():
                self._asking.update(filter(_has_document, tuple(session._subscribed_connections)))
        self.hear(data)

    def hear(self, data: Any) -> None:
        """What this component's script reports."""

    def admit(self) -> None:
        """From now on whoever has said ``ready`` is spoken to; what was said before is not for them."""
        self._admitted |= self._asking

    def _sessions(self) -> list[Any]:
        found = (getattr(document.session_context, "session", None) for document in self.documents())
        return [session for session in found if session is not None]

    def is_deserted(self) -> bool:
        """Whether no browser is connected to what a server serves of this; False where it stands in a notebook."""
        documents = self.documents()
        return bool(documents) and all(_is_deserted(document) for document in documents)

    def documents(self) -> list[Document]:
        """The documents in which this component stands."""
        found = (model.document for model, _ in tuple(self._models.values()))
        return [document for document in found if document is not None]

    def loop(self) -> IOLoop | None:
        """The server's loop that this component is drawn on; None in a notebook, where any thread may draw."""
        for document in self.documents():
            if document.session_context is not None and document.session_context.server_context is not None:
                context: Any = document.session_context.server_context
                loop: IOLoop = context.application_context.io_loop
                return loop
        return None

    def say(self, message: dict[str, Any]) -> list[Awaitable[None]]:
        """Send a message to every view of this component.

        On a server this is called on its loop, and returns the writes that are to be awaited; in a notebook it may
        be called on any thread, and the message has been handed over when it returns.
        """
        writes: list[Awaitable[None]] = []
        for reference, (model, _) in self._models.copy().items():
            document = model.document
            if document is None:
                continue
            session = getattr(document.session_context, "session", None)
            event = ESMEvent(model=model, data=message)
            if session is None:
                _say_in_notebook(document, reference, event)
            else:
                # Past the document's lock and Panel's queues: a message of ours changes no model.
                sent = MessageSentEvent(document, "bokeh_event", event)
                viewers = [viewer for viewer in tuple(session._subscribed_connections) if viewer in self._admitted]
                writes += [
                    viewer._socket.send_message(viewer.protocol.create("PATCH-DOC", [sent])) for viewer in viewers
                ]
        return writes

    def cut(self) -> None:
        """Close the connections of every page in which this component stands, on their loop."""
        for session in self._sessions():
            for viewer in tuple(session._subscribed_connections):
                viewer._socket.close(POLICY, "not allowed any more")
                wire = viewer._socket.ws_connection
                if wire is not None and wire.stream.writing():  # it does not read, or not fast enough to hear of it
                    wire._abort()

    def _cleanup(self, root: Any = None) -> None:
        super()._cleanup(root)
        if not self._models:
            self.gone()

    def gone(self) -> None:
        """Called when the last view of this component is gone."""


def _version() -> tuple[int, ...]:
    return tuple(int(part) for part in __version__.split(".")[:2])


def _is_deserted(document: Document) -> bool:
    session = getattr(document.session_context, "session", None)
    return session is not None and not any(map(_is_open, tuple(session._subscribed_connections)))


def _is_open(viewer: Any) -> bool:
    wire = viewer._socket.ws_connection
    return wire is not None and not wire.stream.closed()


def _say_in_notebook(document: Document, reference: str, event: ESMEvent) -> None:
    document.callbacks.send_event(event)
    view = state._views.get(reference)
    # Under jupyter_bokeh the model stands in another document than the one that Panel keeps, and needs no push.
    if view is not None and view[3] is not None and document is view[2]:
        push(document, view[3])


def mend_connections() -> None:
    """Mend what is missing in the websockets of Panel's pages, once per process."""
    if not _are_mended():
        WSHandler.open = _opened(WSHandler.open)  # type: ignore[method-assign]
        WSHandler._async_open = _made(WSHandler._async_open)  # type: ignore[method-assign]
        WSHandler.on_close = _closed(WSHandler.on_close)  # type: ignore[method-assign]
        ServerSession._handle_pull = _pulled(ServerSession._handle_pull)  # type: ignore[method-assign]
        WSHandler.mended = True  # type: ignore[attr-defined]


def _are_mended() -> bool:
    return hasattr(WSHandler, "mended")


def _opened(opened: Any) -> Any:
    """Turn Nagle's algorithm off: a patch is three small frames, and would wait 40 ms. And let the kernel hold only so
    much for a page that does not read; by itself it takes megabytes, and we would go on as if they had arrived."""

    def open_without_delay(self: Any, *arguments: Any, **keywords: Any) -> Any:
        if self.ws_connection is None or self.ws_connection.stream.closed():  # it went in mid-handshake
            return None
        self.set_nodelay(True)
        self.ws_connection.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD)
        return opened(self, *arguments, **keywords)

    return open_without_delay


def _made(made: Any) -> Any:
    """Let go of what is none: of a connection that broke while it was being made, which Bokeh would count, and keep
    the session for, for ever; and of one that takes nothing any more when its page has made another."""

    async def made_or_gone(self: Any, token: str) -> None:
        await made(self, token)
        if self._on_close_called:  # before there was a connection to tell of it
            self.application.client_lost(self.connection)
            return
        for other in self.connection.session._subscribed_connections - {self.connection}:
            if _is_open(other) and other._socket.ws_connection.stream.writing():
                other._socket.ws_connection._abort()

    return made_or_gone


def _closed(closed: Any) -> Any:
    """Since Bokeh 3.10.2 a server that ends lets go of every connection before that is closed, which is then no news: Bokeh
    itself would look for its session, and complain."""

    def closed_or_gone(self: Any) -> None:
        if self.connection is None or self.connection._session is not None:
            closed(self)

    return closed_or_gone


def _pulled(pull: Any) -> Any:
    """Note of a connection that its page has been given the document."""

    async def pull_and_note(self: Any, message: Any, connection: Any) -> Any:
        reply = await pull(self, message, connection)
        connection.has_document = True
        return reply

    return pull_and_note


def _has_document(viewer: Any) -> bool:
    """Whether a page has its document, as far as that is known: in a server of somebody else's it is not."""
    return getattr(viewer, "has_document", not _are_mended())
