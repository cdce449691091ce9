"""The product as a process of its own, started the way a user starts it, and the texts that people send to it."""

import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from dashboard.actions.people import add_people
from dashboard.core.people import PersonRow
from dashboard.importing import import_into
from dashboard.store import schema
from dashboard.store.database import Store
from tests.factories import let_log_in

ROOT = Path(__file__).parents[2]
PORTS = range(20_000, 40_000)  # chromium refuses some ports below
STARTING = 180  # seconds until the server must have printed its address
ENDING = 60  # seconds until it must have ended after SIGTERM
SECRET = "a secret of the tests"
_numbers = itertools.count(1)
_texts = itertools.count(1)


@dataclass(frozen=True)
class Posted:
    """What the door answered: the ids of the message and of its thread, as they stand on screen."""

    message: int
    thread: int
    duplicate: bool


@dataclass
class Server:
    """A running server: its address, its database file, and the door for texts."""

    command: tuple[str, ...]
    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "dashboard"

    def start(self) -> "Server":
        """Start the process and wait for the address that it prints."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                (sys.executable, "-m", self.module, *self.command, "--port", str(self.port)),
                cwd=ROOT,
                env=_environment(self.folder) | self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        late = Timer(STARTING, self.process.kill)
        late.start()
        try:
            self.url = next(found[0] for line in self.process.stdout if (found := re.search(r"http://\S+", line)))
        except StopIteration:
            self.stop()
            raise AssertionError(f"The server did not start:\n{self.log()}") from None
        finally:
            late.cancel()
        return self

    def stop(self) -> None:
        """End it in order, as a service manager does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(ENDING)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")

    @property
    def database(self) -> str:
        """The URL of its database."""
        return f"sqlite:///{next(self.folder.glob('**/*.db'))}"

    def text(self, sender: str, body: str = "Hello", **more: object) -> Posted:
        """Somebody texts us; returns after the commit."""
        said = {"id": f"browser-{next(_texts)}-{random.getrandbits(48)}", "from": sender, "body": body} | more
        return Posted(**self._post("/hooks/simulated/inbound", said))

    def report(self, message: int, status: str, error: str | None = None) -> None:
        """The phone company reports on a text that went out."""
        self._post("/hooks/simulated/status", {"message": message, "status": status, "error": error})

    def _post(self, path: str, said: dict[str, object]) -> dict[str, object]:
        headers = {"Content-Type": "application/json", "X-Secret": SECRET}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(said).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def knows(self, *people: tuple[str, str, str]) -> None:
        """Bring in people, (name, phone, kind), from another process, as the import command does."""
        with closing(Store(self.database)) as store:
            add_people(store, tuple(PersonRow(name, phone, kind) for name, phone, kind in people))


def a_number() -> str:
    """A phone number that nobody else in the tests has."""
    return f"+1917{2_000_000 + next(_numbers)}"


def a_port() -> int:
    """A port that nobody listens on."""
    for port in random.sample(PORTS, 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("No port is free.")


@contextmanager
def a_demo(folder: Path, threads: int = 82) -> Iterator[Server]:
    """The demo, with nobody texting by itself. Its log may hold warnings, and no stack trace."""
    server = Server(("demo", "--quiet", "--no-browser", "--threads", str(threads)), folder, a_port())
    with _running(server):
        yield server


@contextmanager
def a_hurried_demo(folder: Path, lives: str) -> Iterator[Server]:
    """The demo in which what ``lives`` names lives shorter, see ``hurried``."""
    command = ("demo", "--quiet", "--no-browser", "--threads", "82")
    with _running(Server(command, folder, a_port(), {"HURRY": lives}, "tests.browser.hurried")) as server:
        yield server


@contextmanager
def a_service(folder: Path, lives: str = "") -> Iterator[Server]:
    """The real thing on a database file that outlives it, with the town's staff and nobody else; ``lives`` as of a
    hurried demo."""
    url = f"sqlite:///{folder / 'inbox.db'}"
    (folder / "inbox.db").write_bytes(_staffed())
    environment = {"MESSAGE_CENTER_PROVIDER": "simulated", "MESSAGE_CENTER_HOOK_SECRET": SECRET}
    module = "dashboard"
    if lives:
        environment["HURRY"], module = lives, "tests.browser.hurried"
    with _running(Server(("serve", "--database", url), folder, a_port(), environment, module)) as server:
        yield server


@cache
def _staffed() -> bytes:
    """The database of the real thing, made once."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "inbox.db"
        with closing(Store(f"sqlite:///{file}")) as store:
            schema.ready(store)
            import_into(store, ROOT / "data" / "staff.csv", "resources")
            let_log_in(store)
        return file.read_bytes()


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
    assert "Traceback" not in server.log(), server.log()


def _environment(folder: Path | None) -> dict[str, str]:
    """The environment without settings of this machine; what is temporary stays in the test's folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MESSAGE_CENTER_")}
    kept["PYTHONPATH"] = str(ROOT)
    if folder is not None:
        kept["TMPDIR"] = str(folder)
    return kept


def chromium(*, drawn: bool = True) -> str:
    """The browser's path. Where nobody has to draw its own window there may be one without, at half the work for each
    page: it always has the focus, and never leave to notify. A machine without any cannot run these tests."""
    found = (None if drawn else shutil.which("chromium-headless-shell")) or shutil.which("chromium")
    assert found, "chromium is not installed: apt-get install chromium chromium-headless-shell"
    return found
