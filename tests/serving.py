"""A message center as a process of its own, started as a person would start it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECRET = "only-for-tests"
MEMORY = Path("/dev/shm")  # where there is one: commits that wait for a busy disk are most of a test's time
PATIENCE = 180  # seconds: a start costs a second, and a machine with much else to do may take a hundred


@dataclass
class Server:
    """A running server: its address, its process, and the secret its doors ask for."""

    url: str
    process: subprocess.Popen[str]
    secret: str | None

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def stop(self, patience: float = PATIENCE) -> int:
        """End it as an administrator would, with SIGTERM; its exit code."""
        self.process.terminate()
        return self.process.wait(patience)


def memory() -> Path | None:
    """A folder in memory, None for the usual one."""
    return MEMORY if MEMORY.is_dir() else None


def a_free_port() -> int:
    """A port that nobody listens on, and that browsers do not refuse."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = int(found.getsockname()[1])
        if port > 20_000:
            return port


@contextmanager
def a_server(
    *arguments: str, log: Path, secret: str | None = None, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """``python -m dashboard ARGUMENTS --port PORT``, answering; stopped at the end. ``settings`` by their names."""
    port = port or a_free_port()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "MESSAGE_CENTER_SECRET_KEY": "only-for-tests-" * 4}
    if secret:
        environment |= {"MESSAGE_CENTER_PROVIDER": "simulated", "MESSAGE_CENTER_HOOK_SECRET": secret}
    environment |= {f"MESSAGE_CENTER_{name.upper()}": value for name, value in settings.items()}
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", *arguments, "--port", str(port)],
            stdout=output, stderr=output, text=True, env=environment,
        )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}/", process, secret)
        try:
            wait_for(server, log)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


def wait_for(server: Server, log: Path) -> None:
    """Until the server answers at its health door, or has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.process.poll() is None, f"the server ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(f"{server.url}healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer within {PATIENCE} s: {log.read_text()}")
