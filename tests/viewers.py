"""Viewers without a browser: they speak Bokeh's protocol over a bare socket, as the page does, and can be cut anywhere.

A viewer keeps what its page would show. What Bokeh's protocol is made of: a message is three or more websocket
frames (header, metadata, content, buffers); the server greets with ACK, the page asks for its document (PULL-DOC-REQ)
and both then send what changes (PATCH-DOC). Our components' messages travel as events in those.
"""

import asyncio
import base64
import contextlib
import http.client
import itertools
import json
import os
import re
import socket
import struct
from typing import Any, Self
from urllib.parse import urlencode

from tests.factories import PASSWORD
from tests.told import Told

NAMES = {1: "Dana Whitcomb", 2: "Marcus Bell"}  # of the people in every test's database
PATIENCE = 60  # seconds, on a machine that does much else
SMALL = 65536  # bytes that the kernel and we take before the server has to wait
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10  # opcodes, RFC 6455 5.2
FINAL = 0x80
MASKED = 0x80
PARTS = {"MessageCenter": "frame", "ThreadList": "threads", "Conversation": "conversation", "Documents": "documents"}
_numbers = itertools.count(1)


def log_in(port: int, person: int = 1) -> str:
    """The cookie of a browser in which somebody is logged in."""
    _, form, headers = _ask(port, "GET", "/login")
    known = {"person": person} if 'name="person"' in form else {"name": NAMES[person], "password": PASSWORD}
    said = {"_xsrf": re.search(r'name="_xsrf" value="([^"]+)"', form)[1]} | known
    browser = {"Cookie": _cookie(headers), "Content-Type": "application/x-www-form-urlencoded"}
    return _cookie(_ask(port, "POST", "/login", urlencode(said), browser)[2])


def open_page(port: int, cookie: str, path: str = "/") -> str:
    """Load a page; the token in it, with which its connection is made."""
    status, page, _ = _ask(port, "GET", path, headers={"Cookie": cookie})
    assert status == 200, page
    return re.search(r'"token":"([^"]+)"', page)[1]


def _ask(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def _cookie(headers: http.client.HTTPMessage) -> str:
    return headers["Set-Cookie"].partition(";")[0]


class NotConnectedError(Exception):
    """The server makes no connection: its status and words."""


class Socket:
    """A websocket on a bare TCP connection, from a client's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.ended = False
        self.taken = bytearray()  # everything that came, as it came
        self.port = int(writer.get_extra_info("sockname")[1])

    @classmethod
    async def connect(cls, port: int, token: str, cookie: str, path: str = "/ws") -> Self:
        """Shake hands at a page's socket. Raises NotConnectedError."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
        self = cls(*await asyncio.open_connection(sock=plain, limit=SMALL))
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Protocol: bokeh, {token}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        if " 101 " not in answer.partition("\r\n")[0]:
            words = (await self.reader.read(SMALL)).decode()
            self.cut()
            raise NotConnectedError(answer.partition("\r\n")[0], words)
        return self

    async def receive(self) -> str | bytes:
        """The next frame with something in it; pings are answered. Raises ConnectionError at the end."""
        try:
            while True:
                opcode, payload = await self._frame()
                if opcode == PING:
                    self.write(payload, PONG)
                elif opcode == CLOSE:
                    raise ConnectionResetError("closed by the server")
                elif opcode in {TEXT, BINARY}:
                    return payload.decode() if opcode == TEXT else payload
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError("cut by the server") from error

    async def _frame(self) -> tuple[int, bytes]:
        first, length = await self.reader.readexactly(2)
        if length >= 126:  # RFC 6455 5.2: the length follows, in two bytes or in eight
            width, kind = (2, ">H") if length == 126 else (8, ">Q")
            length = struct.unpack(kind, await self.reader.readexactly(width))[0]
        payload = await self.reader.readexactly(length)
        self.taken += payload
        return first & 0x0F, payload

    def write(self, payload: str | bytes, opcode: int = TEXT) -> None:
        if not self.ended:
            self.writer.write(framed(payload, opcode))

    def cut(self) -> None:
        """Break at once, as a connection does whose network is gone (RST)."""
        plain = self.writer.get_extra_info("socket")
        if plain is not None and plain.fileno() >= 0:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def end_half(self) -> None:
        """Say that nothing more will be said, and still listen (a half-closed connection)."""
        self.ended = True
        with contextlib.suppress(OSError):
            self.writer.write_eof()

    def cut_inside_a_frame(self, payload: str) -> None:
        """Break after half of what was being said."""
        frame = framed(payload)
        self.writer.write(frame[: len(frame) // 2])
        self.cut_later()

    def cut_later(self) -> None:
        """Break when the kernel has taken what was written, which RST would throw away."""
        asyncio.get_running_loop().call_later(0.01, self.cut)


def framed(payload: str | bytes, opcode: int = TEXT) -> bytes:
    """A client's frame: its payload is masked, RFC 6455 5.3; with zeros, which leaves it as it is."""
    data = payload.encode() if isinstance(payload, str) else payload
    if len(data) < 126:
        length = bytes((MASKED | len(data),))
    elif len(data) < 2**16:
        length = struct.pack(">BH", MASKED | 126, len(data))
    else:
        length = struct.pack(">BQ", MASKED | 127, len(data))
    return bytes((FINAL | opcode,)) + length + bytes(4) + data


class Viewer:
    """A page that somebody has open: its token, its connection while it has one, and what it shows."""

    def __init__(self, port: int, cookie: str, token: str | None = None, path: str = "/") -> None:
        self.port, self.cookie, self.path = port, cookie, path
        self.token = token or open_page(port, cookie, path)
        self.told = Told()
        self.address: dict[str, str] = {}  # where its page is, for a session that does not know
        self.heard: list[dict[str, Any]] = []  # what its frame and parts were told besides: notices, sends, pongs
        self.errors: list[str] = []
        self.socket: Socket | None = None
        self._models: dict[str, dict[str, Any]] = {}
        self._names: dict[str, str] = {}
        self._listening: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def connect(self) -> Self:
        """Make the connection, again or for the first time; the page's view begins from nothing. Raises NotConnectedError."""
        self.told = Told()
        self.socket = await Socket.connect(self.port, self.token, self.cookie, f"{self.path.rstrip('/')}/ws")
        await self._awaited("ACK")
        self._post("PULL-DOC-REQ", {})
        self._know((await self._awaited("PULL-DOC-REPLY"))["doc"])
        self._listening = asyncio.create_task(self._listen())
        for part in self._models:
            self.say(part, op="ready", **({"search": self.address} if part == "frame" else {}))
        return self

    async def live(self) -> Self:
        """Connect, and wait until everything has been shown once."""
        await self.connect()
        await self.until(lambda: self.told.list and self.told.conversation)
        return self

    def _know(self, doc: Any) -> None:
        for model in _objects(doc):
            part = PARTS.get(model.get("attributes", {}).get("class_name", ""))
            if part:
                self._models[part] = {"id": model["id"]}
                self._names[model["id"]] = part

    def say(self, part: str, **message: Any) -> None:
        """What a component's script sends."""
        self._post("PATCH-DOC", {"events": [_event(self._models[part], message)]})

    def _post(self, kind: str, content: Any) -> None:
        for fragment in self._fragments(kind, content):
            self.socket.write(fragment)

    @staticmethod
    def _fragments(kind: str, content: Any) -> list[str]:
        return [json.dumps({"msgid": f"v{next(_numbers)}", "msgtype": kind}), "{}", json.dumps(content)]

    async def _awaited(self, kind: str) -> Any:
        """The content of the next message of a kind; what changes before the document is here is no matter, as in BokehJS."""
        while True:
            found, content = await self._message()
            if found == kind:
                return content
            assert found == "PATCH-DOC", (found, content)

    async def _message(self) -> tuple[str, Any]:
        """The kind and content of the next message."""
        header = json.loads(await self.socket.receive())
        await self.socket.receive()
        content = json.loads(await self.socket.receive())
        for _ in range(2 * header.get("num_buffers", 0)):
            await self.socket.receive()
        if header["msgtype"] == "ERROR":
            self.errors.append(content["text"])
        return header["msgtype"], content

    async def _listen(self) -> None:
        try:
            while True:
                _, content = await self._message()
                for event in (content or {}).get("events", ()):
                    self._hear(event)
                self._changed.set()
        except ConnectionError:
            pass  # its end is what was waited for
        finally:
            asyncio.get_running_loop().call_soon(self._changed.set)

    def _hear(self, event: dict[str, Any]) -> None:
        data = event.get("msg_data")
        if not isinstance(data, dict) or data.get("name") != "esm_event":
            return
        values = decoded(data["values"])
        part, patch = self._names[values["model"]["id"]], values["data"]
        if part == "threads":
            self.told.hear_list(patch)
        elif part == "conversation":
            self.told.hear_conversation(patch)
        elif "address" in patch:
            self.address = {key: str(value) for key, value in patch["address"].items() if value}
        self.heard.append(patch)

    async def until(self, holds: Any, within: float = PATIENCE) -> None:
        """Listen until it holds. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def stop_reading(self) -> None:
        """Take nothing more from the network; the connection stays."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None

    async def cut(self) -> None:
        """The network is gone."""
        await self.stop_reading()
        self.socket.cut()

    @property
    def connected(self) -> bool:
        return self._listening is not None and not self._listening.done()


def _objects(value: Any) -> list[dict[str, Any]]:
    """All models in a document's JSON."""
    found = []
    if isinstance(value, dict):
        found += [value] if value.get("type") == "object" else []
        value = list(value.values())
    if isinstance(value, list):
        found += [model for item in value for model in _objects(item)]
    return found


def _event(model: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    values = {"type": "map", "entries": [["model", model], ["data", encoded(message)]]}
    data = {"type": "event", "name": "data_event", "values": values}
    return {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data}


def encoded(value: Any) -> Any:
    """Plain JSON as Bokeh's serializer writes it: what is an object becomes a map."""
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, encoded(item)] for key, item in value.items()]}
    return [encoded(item) for item in value] if isinstance(value, list) else value


def decoded(value: Any) -> Any:
    """The other way."""
    if isinstance(value, dict) and value.get("type") == "map":
        return {key: decoded(item) for key, item in value.get("entries", ())}
    return [decoded(item) for item in value] if isinstance(value, list) else value
