"""What is made of pictures, in a process of its own that is killed when one of them costs too much."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any

from dashboard.core import pictures
from dashboard.core.pictures import NoPicture, Outcome, Picture
from dashboard.core.values import Media, StoredMedia
from dashboard.store import media

PROGRAM = Path(__file__).with_name("picture_process.py")
PATIENCE = 30.0  # seconds for one picture, however busy the machine is; its processor time ends it long before
REASONS = {
    "missing": NoPicture(pictures.FAILED, pictures.MISSING),
    "unknown": NoPicture(pictures.FILE, ""),
    "dear": NoPicture(pictures.FAILED, pictures.TOO_DEAR),
    "pixels": NoPicture(pictures.FILE, pictures.TOO_MANY_PIXELS),
    "damaged": NoPicture(pictures.FAILED, pictures.DAMAGED),
}


class Pictures:
    """Opens pictures, one at a time, in a child process that starts with the first and is replaced when it dies.

    Parameters
    ----------
    folder
        The media folder: what is made is kept there by its hash.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ended: list[int] = []  # process ids of children that died of a picture
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def make(self, file: Path) -> Outcome:
        """What is shown of a file and its thumbnail, kept; or why there are none. Never raises for what is in the file."""
        if file.exists() and file.stat().st_size == 0:
            return NoPicture(pictures.FAILED, pictures.EMPTY)
        request = {"pixels": pictures.PIXEL_LIMIT, "side": pictures.SHOWN_SIDE, "thumbnail": pictures.THUMBNAIL_SIDE}
        facts, files = self._ask({"path": str(file)} | request)
        if "error" in facts:
            return REASONS[facts["error"]]
        kept = [media.keep(self.folder, Media(data, facts["type"])) for data in files]
        shown, thumbnail = (one.sha256 for one in kept)
        return Picture(shown, thumbnail, facts["type"], facts["width"], facts["height"], kept[0].size)

    def fitted(self, sha256: str, limit: int) -> StoredMedia | None:
        """A kept picture again, as a JPEG of at most ``limit`` bytes, kept too; None where it cannot be opened."""
        path = str(media.path(self.folder, sha256))
        facts, files = self._ask({"path": path, "fit": limit, "pixels": pictures.PIXEL_LIMIT})
        return None if "error" in facts else media.keep(self.folder, Media(files[0], facts["type"]))

    def close(self) -> None:
        """End the child; a later picture starts another."""
        with self._lock:
            self._end()

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        with self._lock:
            child = self._running()
            late = Timer(PATIENCE, child.kill)
            late.start()
            try:
                return _answer(child, request)
            except (OSError, ValueError):  # it died of this picture: by our limits, or by a fault in a decoder
                self.ended.append(child.pid)
                self._end()
                return {"error": "dear"}, []
            finally:
                late.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            # Not a fork: this process has threads, and much that the child is not to have.
            self._child = subprocess.Popen(  # noqa: S603 - our own program, by this interpreter
                (sys.executable, "-P", str(PROGRAM)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,  # Ctrl-C, or a kernel that is told to stop, is for this process alone
            )
            _say(self._child, {"cpu": pictures.CPU_LIMIT, "memory": pictures.MEMORY_LIMIT})
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                _shut(pipe)


def _environment() -> dict[str, str]:
    """Without our settings, some of which are secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MESSAGE_CENTER_")}


def _say(child: subprocess.Popen[bytes], what: dict[str, Any]) -> None:
    assert child.stdin is not None
    child.stdin.write(json.dumps(what).encode() + b"\n")
    child.stdin.flush()


def _answer(child: subprocess.Popen[bytes], request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Raises OSError or ValueError when the child dies meanwhile."""
    _say(child, request)
    assert child.stdout is not None
    facts = json.loads(child.stdout.readline())
    files = [_read(child.stdout, size) for size in facts["sizes"]]
    return facts, files


def _read(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise OSError("the process that opens pictures ended in mid-answer")
    return data


def _shut(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:  # what was still to be written to a process that is gone
        return
