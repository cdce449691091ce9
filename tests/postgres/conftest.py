"""A PostgreSQL of our own for the session: a fresh cluster in a temporary folder, on a free port."""

import getpass
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.serving import a_free_port

_numbers = itertools.count(1)


def _program(name: str) -> str:
    found = shutil.which(name) or max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None)
    assert found, f"{name} is missing: apt-get install postgresql"
    return found


def _as_user(folder: Path, *command: str) -> None:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    if getpass.getuser() == "root":
        shutil.chown(folder, "postgres")
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of the cluster's administrative database."""
    folder, port = Path(tempfile.mkdtemp(prefix="message-center-pg-")), a_free_port()
    data, options = str(folder / "data"), f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _as_user(folder, _program("initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
    _as_user(folder, _program("pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    _as_user(folder, _program("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def a_postgres_url(cluster: str) -> Callable[..., str]:
    """Makes a fresh database; its address."""

    def make(*_: object) -> str:
        name = f"inbox_{next(_numbers)}"
        engine = create_engine(cluster, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return cluster.rpartition("/")[0] + "/" + name

    return make
