"""A disk that gets full, under a server: a small one of our own in memory, or, where none may be mounted, a limit."""

import errno
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

SIZE = 16  # megabytes
LITTLE = 4096  # bytes of a file that a limited process may write


class SmallDisk:
    """A mounted disk in ``folder``; ``fill`` leaves nothing of it, ``free`` gives it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, process: int) -> None:
        with self._filler.open("ab", buffering=0) as filler:
            for piece in (65536, 4096, 1):
                _write_until_full(filler, bytes(piece))

    def free(self, process: int) -> None:
        self._filler.unlink()


class Limit:
    """No disk of our own: the kernel lets the server's files not grow, which SQLite is told in other words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, process: int) -> None:
        self._limit(process, LITTLE)

    def free(self, process: int) -> None:
        self._limit(process, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(process: int, most: int) -> None:
        _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, hard))


@contextmanager
def a_small_disk(folder: Path) -> Iterator[SmallDisk | Limit]:
    """A disk that a test can fill."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "message-center-test", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield Limit(folder)
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _write_until_full(file: IO[bytes], piece: bytes) -> None:
    try:
        while file.write(piece) == len(piece):
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
