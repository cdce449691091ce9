"""A PostgreSQL of our own: a fresh cluster in a temporary folder, on a free port, that a test can break and mend."""

import getpass
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from tests.serving import a_free_port


def _program(name: str) -> str:
    found = shutil.which(name) or max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None)
    assert found, f"{name} is missing: apt-get install postgresql"
    return found


class Cluster:
    """A running cluster; ``stop`` it. Without fsync: it survives its own crash, which is all that is tried here."""

    def __init__(self, memory: Path | None = None) -> None:
        self._numbers = itertools.count(1)
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="message-center-pg-", dir=memory)), a_free_port()
        if getpass.getuser() == "root":
            shutil.chown(self.folder, "postgres")
        self._as_user("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def database(self, template: str = "template1") -> str:
        """Makes a fresh database, a copy of another; its address."""
        name = f"inbox_{next(self._numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return self.url(name)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self._as_user("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Every server process ends at once, as when the machine's power fails."""
        self._as_user("pg_ctl", "-w", "-m", "immediate", "stop")

    def stop(self) -> None:
        self.crash()
        shutil.rmtree(self.folder)

    def freeze(self) -> None:
        """All of its processes stand still: connections stay open, and nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """They go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False)
        for process in (postmaster, *map(int, children.stdout.split())):
            try:
                os.kill(process, number)
            except ProcessLookupError:  # it has just ended
                continue

    def _as_user(self, name: str, *options: str) -> None:
        """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
        command: tuple[str, ...] = (_program(name), "-D", str(self.folder / "data"), *options)
        if getpass.getuser() == "root":
            command = ("runuser", "-u", "postgres", "--", *command)
        subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
