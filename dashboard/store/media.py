"""The media folder: files by the SHA-256 of their content, written whole or not at all."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.core.errors import StoreError
from dashboard.core.values import Media, StoredMedia

ROOM = 1024 * 1024  # bytes that have to fit before anything is said to fit
HASH = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, media: Media) -> StoredMedia:
    """Write the file where it is not there yet; safe to call twice and from many processes."""
    sha256 = hashlib.sha256(media.data).hexdigest()
    target = path(folder, sha256)
    with in_words(folder):
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, media.data)
    return StoredMedia(sha256, media.type, media.name, len(media.data))


def take(folder: Path, file: Path, type: str, name: str) -> StoredMedia:
    """Move a file that lies on the same disk into the media folder; it is gone from where it was."""
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        size = os.fstat(opened.fileno()).st_size
        with in_words(folder):
            os.fsync(opened.fileno())
    target = path(folder, sha256)
    with in_words(folder):
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
        _sync(target.parent)
    return StoredMedia(sha256, type, name, size)


def incoming(folder: Path) -> Path:
    """A new, empty file on the media folder's disk, for what arrives in pieces; whoever asked moves or removes it."""
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    os.close(handle)
    return Path(name)


def try_room(folder: Path) -> None:
    """Write a file of a megabyte, and take it away. Raises StoreError where there is no room for it."""
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(bytes(ROOM))
            os.fsync(file.fileno())


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """What the operating system says about a file that is to be kept, as a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"The media folder {folder} takes no file ({error.strerror or error}): make room on its disk, nothing was lost."
        ) from error


def path(folder: Path, sha256: str) -> Path:
    """Where a file lies: two characters of its hash name the folder, so that none grows too large."""
    return folder / sha256[:2] / sha256


def kept(folder: Path) -> tuple[Path, ...]:
    """Every file that is kept, by its name; not what is still arriving."""
    found = folder.glob("[0-9a-f][0-9a-f]/*") if folder.is_dir() else ()
    return tuple(sorted(file for file in found if HASH.fullmatch(file.name)))


def _write_whole(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Put the folder's entries on the disk: without it a power cut can lose a file that was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
