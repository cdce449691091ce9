"""A cable between a browser and the server that a test can cut, stall and mend."""

import contextlib
import select
import socket
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from tests.browser.product import a_port

BLOCK = 65536  # bytes
UPGRADE = b"Upgrade: websocket"  # how a browser asks for one


class Cable:
    """Listens on a port of its own and passes everything on to the server's.

    The server answers only to its own address, so that is put into what the browser says; both ports have five
    digits, and no length changes.
    """

    def __init__(self, port: int) -> None:
        self.there = port
        self.port = a_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._whole = Event()
        self._flows = Event()
        self._whole.set()
        self._flows.set()
        self._open: set[socket.socket] = set()
        self._websockets: set[socket.socket] = set()
        self._dead: set[socket.socket] = set()
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._listener = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self._flows.set()
        for thread in self._threads:
            thread.join(10)

    def cut(self) -> None:
        """Every connection breaks, and no new one is made."""
        self._whole.clear()
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Connections can be made again."""
        self._whole.set()

    def stall(self) -> None:
        """Nothing breaks, and nothing comes through, in either direction."""
        self._flows.clear()

    def flow(self) -> None:
        """What was held up comes through, and everything after it."""
        self._flows.set()

    def forget(self) -> None:
        """The websockets that are open carry nothing any more, and neither end is told, as when a router has forgotten
        a laptop that slept. Other connections end, as a browser ends its idle ones; new ones can be made."""
        with self._lock:
            self._dead |= self._open & self._websockets
            for end in self._open - self._dead:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _start(self, work: object, *arguments: object) -> None:
        thread = Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.there)) if self._whole.is_set() else None
            except OSError:
                far = None
            if far is None:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            self._start(self._carry, near, far)

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        mine, its = f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self.there}".encode()
        ways = {near: (far, mine, its), far: (near, its, mine)}
        with contextlib.suppress(OSError):
            while True:
                readable, _, _ = select.select(ways, (), ())
                self._flows.wait()
                for end in readable:
                    block = end.recv(BLOCK)
                    if not block and not (end is far and end in self._dead):
                        raise OSError
                    other, old, new = ways[end]
                    if UPGRADE in block:
                        self._websockets |= {near, far}
                    if end in self._dead:
                        if not block:
                            del ways[end]
                        continue
                    other.sendall(block.replace(old, new))
        with self._lock:
            self._open -= {near, far}
        near.close()
        far.close()
