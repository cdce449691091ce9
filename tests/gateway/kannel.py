"""A Kannel of our own: bearerbox, smsbox and a fake phone network, on free ports, in a folder that is thrown away."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote_to_bytes

from tests.serving import a_free_port, memory

PACKAGES = "apt-get install kannel kannel-extras"
PATIENCE = 60  # seconds that anything of it may take on a busy machine
GOT = re.compile(rb"Got message \d+: <(\S+) (\S+) (.*)>\s*$", re.DOTALL)
ENTRY = re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\[\d+\] \[\d+\] )?", re.MULTILINE)
CORE = """
group = core
admin-port = {admin}
admin-password = admin
status-password = status
admin-allow-ip = "127.0.0.1"
admin-deny-ip = "*.*.*.*"
smsbox-port = {boxes}
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
log-file = "{folder}/bearerbox.log"
log-level = 0
access-log = "{folder}/access.log"
access-log-format = "%l id=%I"
store-type = spool
store-location = "{folder}/spool"
dlr-storage = spool
dlr-spool = "{folder}/reports"
sms-resend-freq = 1
sms-resend-retry = 600

group = smsc
smsc = fake
smsc-id = FAKE
port = {network}
host = 127.0.0.1
connect-allow-ip = "127.0.0.1"
reroute-smsc-id = message-center
denied-smsc-id = "message-center;FAKE"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sending}
sendsms-interface = "127.0.0.1"
log-file = "{folder}/smsbox.log"
log-level = 0
access-log = "{folder}/smsbox-access.log"
http-request-retry = 100000
http-queue-delay = 1
"""


def program(name: str) -> str:
    """Where a program is. A missing one is a failure, not a reason to skip."""
    folders = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/usr/lib/kannel/test"))
    found = shutil.which(name, path=folders)
    assert found, f"{name} is missing: {PACKAGES}"
    return found


class Gateway:
    """A Kannel with one phone network.

    Entered, it runs, as ``set_up`` has it; left, all its processes have ended.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="message-center-kannel-", dir=memory()))
        (self.folder / "spool").mkdir()
        (self.folder / "reports").mkdir()
        self.admin, self.boxes, self.network, self.sending = (a_free_port() for _ in range(4))
        self.url = f"http://127.0.0.1:{self.sending}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def set_up(self, services: str) -> None:
        """Write its configuration. ``services`` are the groups that say who is told of texts, and who may send."""
        ports = {"admin": self.admin, "boxes": self.boxes, "network": self.network, "sending": self.sending}
        (self.folder / "kannel.conf").write_text(CORE.format(folder=self.folder, **ports) + "\n" + services)

    def __enter__(self) -> Self:
        self.start("bearerbox")
        self.start("smsbox")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(list(self._running)):
            self.kill(name)
        shutil.rmtree(self.folder)

    def start(self, name: str) -> None:
        """Start a box, and wait until it answers."""
        answers = {"bearerbox": lambda: self.status() is not None, "smsbox": lambda: is_open(self.sending)}
        self._run(name, str(self.folder / "kannel.conf"))
        self.wait(answers[name], f"{name} does not answer")

    def crash(self, name: str) -> None:
        """Kill a box in the middle of whatever it does, and start it again, as whoever watches over it would.

        A smsbox whose bearerbox has gone gives up after ten seconds, and is started anew too: these are not waited for.
        """
        lost = ("smsbox", name) if name == "bearerbox" else (name,)
        for each in lost:
            self.kill(each)
        for each in reversed(lost):
            self.start(each)

    def kill(self, name: str) -> None:
        """End a process by the kernel's hand, and wait until it has."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

    def text(self, texts: Sequence[bytes], count: int, interval: float = 0.001) -> None:
        """Let phones send ``count`` texts, each one of ``texts`` as chance has it, and keep the line open for what
        is sent to them. Each is a line of fakesmsc's: sender, receiver, kind, and the text in that kind's code."""
        self.hang_up()
        before = self.received() + count
        options = ("-H", "127.0.0.1", "-r", str(self.network), "-i", str(interval), "-m", str(count))
        self._run("fakesmsc", *options, *texts)
        self.wait(lambda: self.received() >= before, f"the gateway has not taken {count} texts")

    def listen(self) -> None:
        """Let the phones be reachable, and send nothing."""
        self.hang_up()
        self._run("fakesmsc", "-H", "127.0.0.1", "-r", str(self.network), "-m", "0", b"1 2 text nothing")
        self.wait(self._is_on_line, "the phone network is not on line")

    def hang_up(self) -> None:
        """There is one phone network at a time."""
        if "fakesmsc" in self._running:
            self.kill("fakesmsc")
            self.wait(lambda: not self._is_on_line(), "the phone network is still on line")

    def received(self) -> int:
        """How many texts the gateway has taken from the network since the bearerbox was started."""
        found = re.search(rb"SMS: received (\d+)", self.status() or b"")
        return int(found.group(1)) if found else 0

    def status(self) -> bytes | None:
        """What bearerbox says of itself; None while it says nothing."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=5)
        try:
            connection.request("GET", "/status.txt?password=status")
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def log(self, name: str) -> bytes:
        """What one of them has written."""
        file = self.folder / name
        return file.read_bytes() if file.exists() else b""

    def taken(self) -> list[str]:
        """The ids of the texts that the gateway took from the network, by its own access log."""
        entries = self.log("access.log").splitlines()
        return [entry.rpartition(b"id=")[2].decode() for entry in entries if b"Receive SMS" in entry]

    def phones_got(self) -> list[tuple[str, str, bytes]]:
        """What reached the phones, by fakesmsc's own words: sender, receiver, and the rest of the line."""
        entries = ENTRY.split(self.log("fakesmsc.out"))
        found = (GOT.search(entry) for entry in entries)
        return [(each[1].decode(), each[2].decode(), each[3]) for each in found if each]

    def _is_on_line(self) -> bool:
        return re.search(rb"FAKE:\d+ \(online", self.status() or b"") is not None

    def wait(self, condition: Callable[[], object], words: str) -> None:
        """Until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"{words} within {PATIENCE} s: {self.status()!r}"
            time.sleep(0.02)

    def _run(self, name: str, *arguments: str | bytes) -> None:
        with (self.folder / f"{name}.out").open("ab") as output:
            command = [program(name), *arguments]
            self._running[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def read(line: bytes) -> str:
    """The text in the rest of a line that fakesmsc printed."""
    kind, _, rest = line.partition(b" ")
    if kind == b"text":
        return rest.decode()
    return unquote_to_bytes(rest.replace(b"+", b" ")).decode("utf-16-be")
