"""The floors that measurements are compared with: a bare Tornado WebSocket page, and an empty Panel page."""

import json
import sys
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>floor</title><div id="list"></div><script>
const socket = new WebSocket(`ws://${location.host}/ws`);
socket.onmessage = message => { document.getElementById('list').textContent = JSON.parse(message.data).body; };
</script>"""


class Page(RequestHandler):
    def get(self) -> None:
        self.finish(PAGE)


OPEN: set[WebSocketHandler] = set()


class Socket(WebSocketHandler):
    def open(self, *_: str, **__: str) -> None:
        self.set_nodelay(True)
        OPEN.add(self)

    def on_close(self) -> None:
        OPEN.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Nothing is said to the floor."""


class Door(RequestHandler):
    def post(self) -> None:
        text = json.loads(self.request.body)
        for socket in tuple(OPEN):
            socket.write_message({"body": text["body"]})
        self.finish({"message": 1, "thread": 1, "duplicate": False})


def bare(port: int) -> None:
    doors: list[Any] = [("/", Page), ("/ws", Socket), ("/hooks/simulated/inbound", Door), ("/healthz", Page)]
    Application(doors).listen(port, "127.0.0.1")
    IOLoop.current().start()


def empty(port: int) -> None:
    import panel as pn

    pn.serve(
        {"/": lambda: pn.Column("empty")}, port=port, address="127.0.0.1", show=False,
        websocket_origin=f"127.0.0.1:{port}", extra_patterns=[("/healthz", Page)],
    )  # fmt: skip


if __name__ == "__main__":
    {"bare": bare, "empty": empty}[sys.argv[1]](int(sys.argv[2]))
