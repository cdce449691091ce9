"""The media folder: files by the SHA-256 of their content, written whole or not at all."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from dashboard.core.values import Media, StoredMedia

HASH = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, media: Media) -> StoredMedia:
    """Write the file where it is not there yet; safe to call twice and from many processes."""
    sha256 = hashlib.sha256(media.data).hexdigest()
    target = path(folder, sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, media.data)
    return StoredMedia(sha256, media.type, media.name, len(media.data))


def take(folder: Path, file: Path, type: str, name: str) -> StoredMedia:
    """Move a file that lies on the same disk into the media folder; it is gone from where it was."""
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        size = os.fstat(opened.fileno()).st_size
        os.fsync(opened.fileno())
    target = path(folder, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.replace(target)
    _sync(target.parent)
    return StoredMedia(sha256, type, name, size)


def incoming(folder: Path) -> Path:
    """A new, empty file on the media folder's disk, for what arrives in pieces; whoever asked moves or removes it."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    os.close(handle)
    return Path(name)


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
