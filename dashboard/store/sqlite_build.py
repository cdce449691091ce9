"""Which SQLite library is used: the interpreter's own where it is sound, the one from PyPI where it is not."""

import sqlite3
from types import ModuleType

# SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that two connections write: sqlite.org/wal.html, fixed in 3.51.3.
SOUND = (3, 51, 3)


def module() -> ModuleType:
    """The DB-API module to open SQLite databases with."""
    if sqlite3.sqlite_version_info >= SOUND:
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    build: ModuleType = dbapi2
    return build if build.sqlite_version_info >= SOUND else sqlite3


def is_sound() -> bool:
    """Whether the build in use keeps a database that two connections write."""
    return bool(module().sqlite_version_info >= SOUND)


def described() -> str:
    """The build in use, in words, for the start-up line and ``check``."""
    build = module()
    origin = "the interpreter's own" if build is sqlite3 else "from pysqlite3"
    return f"SQLite {build.sqlite_version}, {origin}" + ("" if is_sound() else "; older than 3.51.3: install pysqlite3")
