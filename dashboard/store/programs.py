"""PostgreSQL's own programs for backups: pg_dump and pg_restore, where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL

from dashboard.core.errors import StoreError
from dashboard.store.database import media_folder

NEEDED = ("TABLE DATA public thread", "TABLE DATA public message", "TABLE DATA public clock")


def check(url: URL) -> None:
    """Raises StoreError, with what to do instead, where the programs are not installed."""
    if not all(map(shutil.which, ("pg_dump", "pg_restore"))):
        raise StoreError(
            "pg_dump and pg_restore are not on the path: install PostgreSQL's client programs (postgresql-client), or "
            f"run where they are: pg_dump --format=custom --file=inbox.dump {url.database}, "
            f"and copy the folder {media_folder(url).absolute()} beside it."
        )


def dump(url: URL, target: Path, snapshot: str) -> None:
    """Write a dump of the state that a transaction has exported as ``snapshot``; it is listed to see that it is whole."""
    _run(url, "pg_dump", "--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={target}")
    listed = _run(None, "pg_restore", "--list", str(target))
    lacking = [table for table in NEEDED if table not in listed]
    if lacking:
        raise StoreError(f"pg_dump has left out {', '.join(lacking)}: nothing was kept.")


def restore(url: URL, dump: Path) -> None:
    """Bring a dump into an empty database, all of it or nothing."""
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--no-password")
    _run(url, "pg_restore", *options, "--dbname=", str(dump))


def _run(url: URL | None, program: str, *arguments: str) -> str:
    """What a program says. Raises StoreError with the last line of its complaints."""
    command = (program, *arguments)
    environment = os.environ | (_named(url) if url is not None else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        complaint = (done.stderr.strip().splitlines() or ["it does not say why"])[-1]
        raise StoreError(f"{program} did not succeed: {complaint}")
    return done.stdout


def _named(url: URL) -> dict[str, str]:
    """Where the database is, as libpq reads it from the environment, where no list of processes shows a password."""
    said = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    query = {f"PG{key.upper()}": value for key, value in url.query.items() if isinstance(value, str)}
    return {key: str(value) for key, value in (said | query | {"PGDATABASE": url.database}).items() if value}
