"""A demo's folder: gone when the demo ends, and when its process was killed, gone with the next demo."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

PREFIX = "message-center-demo-"
ALIVE = "alive"  # the file on which a demo holds SQLite's lock: no process can leave that behind


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder among the machine's temporary ones, after the folders of killed demos were removed."""
    remove_stale()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, closing(_lock(Path(name))):
        yield Path(name)


def remove_stale() -> None:
    """Remove the folders whose process does not live any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if os.access(folder, os.W_OK) and _is_stale(folder):
            shutil.rmtree(folder, ignore_errors=True)  # another demo that begins now may remove it too


def _is_stale(folder: Path) -> bool:
    if not (folder / ALIVE).exists():
        return False
    with suppress(sqlite3.OperationalError), closing(_lock(folder)):
        return True
    return False


def _lock(folder: Path) -> sqlite3.Connection:
    """Take the folder's lock. Raises OperationalError while another process, or this one, has it."""
    connection = sqlite3.connect(folder / ALIVE, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        raise
    return connection
