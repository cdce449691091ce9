"""A backup as one file: a tar of the database, the media folder's files, and last a seal that says what is in it.

A tar that any program opens, uncompressed, since pictures do not get smaller. The seal comes last, so that a file
that was cut off has none.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from dashboard.core.errors import StoreError

FORMAT = 1  # of the seal; a program refuses a later one than it knows
DATABASE, MEDIA, SEAL = "database", "media", "message-center-backup.json"
HASH = re.compile(r"[0-9a-f]{64}")
PIECE = 1024 * 1024  # bytes that are read at a time


@dataclass(frozen=True)
class Contents:
    """What a backup has: when it was ``made``; ``engine`` and ``schema`` of its database, which is at ``revision``;
    ``files`` of the media folder, and the SHA-256 of those that are ``missing``, or not what their names say;
    ``faults`` are counts that do not agree, in words; ``database`` is the SHA-256 of the database's own file."""

    made: datetime
    engine: str
    schema: str
    revision: int
    threads: int
    messages: int
    faults: tuple[str, ...] = ()
    files: int = 0
    missing: tuple[str, ...] = ()
    database: str = ""


def write(target: Path, contents: Contents, database: Path, media: tuple[Path, ...]) -> None:
    """Write all into a new file, onto the disk. Files that are not what their names say are left out, as missing."""
    damaged = [file.name for file in media if not is_itself(file)]
    good = [file for file in media if file.name not in damaged]
    missing = tuple(sorted({*contents.missing, *damaged}))
    sealed = replace(contents, files=len(good), missing=missing, database=_hash_of(database))
    with target.open("xb") as opened:
        target.chmod(0o600)  # it has all texts, and the hashes of passwords
        with tarfile.open(fileobj=opened, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(database, DATABASE, filter=_nobodys)
            for file in good:
                tar.add(file, f"{MEDIA}/{file.name}", filter=_nobodys)
            seal = _sealed(sealed)
            tar.addfile(_entry(SEAL, seal), io.BytesIO(seal))
        opened.flush()
        os.fsync(opened.fileno())


def seal(file: Path) -> Contents:
    """What a backup says that it has. Raises StoreError for what is none, or was cut off."""
    with _opened(file) as tar:
        try:
            found = tar.extractfile(SEAL)
        except KeyError:
            found = None
        if found is None:
            raise StoreError(f"{file} is no backup of a message center, or one that was cut off: give another.")
        return _unsealed(file, found.read())


class Reading:
    """A file in a backup, read once and hashed on the way."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all that are left."""
        piece = self._content.read(size)
        self._hash.update(piece)
        return piece

    def rest(self) -> str:
        """The SHA-256 of all of it, once the rest has been read."""
        while self.read(PIECE):
            pass
        return self._hash.hexdigest()


Take = Callable[[str, Reading], None]


def check(file: Path, take: Take = lambda *_: None) -> Contents:
    """Read a whole backup and compare it with its seal; ``take`` is given every file in it, by the name DATABASE or by
    its SHA-256, before it is compared. Raises StoreError, in words, for whatever is not as it was written."""
    contents = seal(file)
    hashes: dict[str, str] = {}
    with _opened(file) as tar:
        for member in tar:
            name = member.name.rpartition("/")[2]
            content = tar.extractfile(member)
            if member.name == SEAL:
                continue
            if content is None or not (member.name == DATABASE or HASH.fullmatch(name)):
                raise StoreError(f"{file} has something in it that no backup has ({member.name[:40]!a}).")
            read = Reading(content)
            take(name, read)
            hashes[name] = read.rest()
    database = hashes.pop(DATABASE, None)
    changed = [name for name, found in hashes.items() if name != found]
    if database != contents.database or changed or len(hashes) != contents.files:
        raise StoreError(f"{file} is damaged: it is not what was written. Restore another backup.")
    return contents


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise StoreError(f"{file} is no backup, or a damaged one ({error}): give another.") from None
    except OSError as error:
        raise StoreError(f"{file} cannot be read ({error.strerror or error}).") from None


def _sealed(contents: Contents) -> bytes:
    fields = {"format": FORMAT} | asdict(contents) | {"made": contents.made.isoformat()}
    return json.dumps(fields, indent=1).encode()


def _unsealed(file: Path, written: bytes) -> Contents:
    try:
        fields: dict[str, Any] = json.loads(written)
        format_ = int(fields.pop("format"))
        lists: dict[str, Any] = {key: tuple(fields.pop(key)) for key in ("faults", "missing")}
        fields |= lists | {"made": datetime.fromisoformat(fields["made"])}
        contents = Contents(**fields) if format_ <= FORMAT else None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StoreError(f"{file} is damaged: its seal cannot be read. Restore another backup.") from None
    if contents is None:
        raise StoreError(f"{file} was made by a newer program than this one: upgrade this one.")
    return contents


def _entry(name: str, content: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    return entry


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose files they were on this machine says nothing on another."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def is_itself(file: Path) -> bool:
    """Whether a file of the media folder is what its name says."""
    return _hash_of(file) == file.name


def _hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
