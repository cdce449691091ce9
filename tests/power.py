"""A disk that loses at a power cut what was not synced, under our own store.

SQLite writes through a virtual file system of apsw's, which keeps beside the real files what of them would be on the
disk: what was synced. apsw carries an SQLite of its own; ``Module`` is what SQLAlchemy asks of a DB-API, over it, so
that the store, its writer, its pragmas and every action run as they do on the build that is shipped. What is left
after a cut is then opened with that build.
"""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

import apsw

SECTOR = 512  # bytes that a disk writes whole
_numbers = itertools.count(1)


@dataclass
class Kept:
    """One file: what of it is on the disk, and what was written since and not yet synced."""

    disk: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to this length

    def sync(self) -> None:
        for step in self.waiting:
            _carry_out(self.disk, step)
        self.waiting.clear()


class Disk(apsw.VFS):
    """Files whose writes wait for a sync; ``cut`` says what is there after the power went."""

    def __init__(self) -> None:
        self.name = f"disk-{next(_numbers)}"
        self.files: dict[str, Kept] = {}
        self.syncs = 0
        self.lock = RLock()
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's names
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        with self.lock:
            super().xDelete(name, sync)
            self.files.pop(Path(name).name, None)

    def cut(self, folder: Path, chance: random.Random) -> None:
        """Write what is on the disk at this moment into a folder: all that was synced, and of the rest what chance
        has let through, in any order, the last of it perhaps by half."""
        with self.lock:
            found = {name: (bytes(kept.disk), list(kept.waiting)) for name, kept in self.files.items()}
        through = chance.choice((0.0, 0.5, 0.9))
        for name, (disk, waiting) in found.items():
            image = bytearray(disk)
            for step in waiting:
                if chance.random() < through:
                    _carry_out(image, _torn(step, chance))
            if not name.endswith("-shm"):
                (folder / name).write_bytes(image)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        with disk.lock:
            self.kept = disk.files.setdefault(Path(path).name, Kept()) if path else Kept()
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        with self.disk.lock:
            super().xWrite(data, offset)
            self.kept.waiting.append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        with self.disk.lock:
            super().xTruncate(size)
            self.kept.waiting.append((size, None))

    def xSync(self, flags: int) -> None:  # noqa: N802
        with self.disk.lock:
            self.disk.syncs += 1
            self.kept.sync()


def _carry_out(image: bytearray, step: tuple[int, bytes | None]) -> None:
    at, data = step
    if data is None:
        del image[at:]
        return
    image.extend(bytes(max(0, at - len(image))))
    image[at : at + len(data)] = data


def _torn(step: tuple[int, bytes | None], chance: random.Random) -> tuple[int, bytes | None]:
    at, data = step
    if data is None or len(data) <= SECTOR or chance.random() < 0.8:
        return step
    return at, data[: SECTOR * chance.randrange(1, len(data) // SECTOR + 1)]


class Module:
    """A DB-API (PEP 249) over a disk, as far as SQLAlchemy's dialect of SQLite goes. ``synchronous`` other than None
    is put in the place of what the store asks for; ``asked`` are the pragmas that it asked for."""

    paramstyle = "qmark"
    sqlite_version = apsw.sqlite_lib_version()
    sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
    Error = DatabaseError = apsw.Error
    OperationalError = apsw.Error
    IntegrityError = apsw.ConstraintError

    class InterfaceError(apsw.Error):
        """Never raised."""

    DataError = InternalError = ProgrammingError = NotSupportedError = InterfaceError
    Binary = bytes
    PARSE_DECLTYPES = PARSE_COLNAMES = 0

    def __init__(self, disk: Disk, synchronous: str | None = None) -> None:
        self.disk = disk
        self.synchronous = synchronous
        self.asked: list[str] = []

    def connect(self, path: Any, timeout: float = 5, **options: Any) -> "_Connection":
        return _Connection(self, str(path), timeout)


class _Connection:
    def __init__(self, module: Module, path: str, timeout: float) -> None:
        self.module = module
        self.isolation_level: str | None = None
        self._connection = apsw.Connection(path, vfs=module.disk.name)
        self._connection.set_busy_timeout(int(timeout * 1000))

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def cursor(self) -> "_Cursor":
        return _Cursor(self.module, self._connection)

    def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], deterministic: bool = False
    ) -> None:
        self._connection.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def commit(self) -> None:
        if self.in_transaction:
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


class _Cursor:
    arraysize = 1

    def __init__(self, module: Module, connection: apsw.Connection) -> None:
        self._module = module
        self._connection = connection
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, values: Iterable[Any] = ()) -> "_Cursor":
        if statement.startswith("PRAGMA synchronous =") and self._module.synchronous is not None:
            statement = f"PRAGMA synchronous = {self._module.synchronous}"
        self._module.asked += [statement] if statement.startswith("PRAGMA") else []
        cursor = self._connection.cursor()
        columns: list[Any] = []
        cursor.exec_trace = lambda begun, *_: (
            columns.extend(begun.get_description()) or True
        )  # known at the beginning only
        before = self._connection.total_changes()
        rows = cursor.execute(statement, tuple(values))
        self.description = [(name, *[None] * 6) for name, *_ in columns] or None
        self._rows = iter(rows.fetchall())
        self.rowcount = self._connection.changes() if self._connection.total_changes() != before else 0
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, statement: str, many: Iterable[Iterable[Any]]) -> "_Cursor":
        changed = 0
        for values in many:
            changed += self.execute(statement, values).rowcount
        self.rowcount = changed
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        return list(itertools.islice(self._rows, size))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())


@contextmanager
def a_disk() -> Iterator[Disk]:
    """A disk for as long as this lasts."""
    disk = Disk()
    try:
        yield disk
    finally:
        disk.unregister()
