"""Pictures where no server's doors are near, as in a notebook: uploads in pieces, and the bytes of what is shown."""

import base64
import binascii
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dashboard.core import pictures
from dashboard.core.errors import MessageCenterError, Refused
from dashboard.core.text import storable
from dashboard.live.acting import FAILED, NOT_STORED, for_page
from dashboard.live.live import Live
from dashboard.store import attachments, media
from dashboard.store.storing import MEDIA
from dashboard.ui.patches import Patch

log = logging.getLogger(__name__)

PIECE_LIMIT = 512 * 1024  # characters of base64 in one piece
SIZES = (attachments.THUMBNAIL, attachments.SHOWN)


@dataclass
class Upload:
    """A picture of which some pieces have come; ``size`` its bytes so far."""

    file: Path
    thread: int
    name: str
    size: int = 0


class Pictures:
    """One object's uploads; ``tell`` says something to its page, on the live thread, where all of this is called."""

    def __init__(self, live: Live, tell: Callable[[Patch], None]) -> None:
        self.live = live
        self.tell = tell
        self._begun: dict[str, Upload] = {}

    def take(self, said: dict[str, Any], by: int | None) -> None:
        """A piece of an upload; the last one makes it a picture. Each is answered, so that one is under way at a time."""
        key = str(said["key"])[: pictures.NAME_LIMIT]
        try:
            with self.live.store.storing.of(MEDIA):
                upload = self._add(key, said)
        except MessageCenterError as error:
            self._say(key, error=for_page(error, NOT_STORED))
            return self._end(key)
        if not said["last"]:
            return self._say(key, taken=upload.size)
        del self._begun[key]
        self.live.darkroom.uploads.submit(partial(self._finish, key, upload, by))
        return None

    def show(self, attachment: int, size: str) -> None:
        """Tell the page a picture's bytes, base64, with its type; nothing of them where there are none."""
        with self.live.store.reading() as connection:
            served = attachments.served(connection, attachment, size if size in SIZES else attachments.WHOLE)
        file = media.path(self.live.store.media_folder, served.sha256) if served else None
        data = base64.b64encode(file.read_bytes()).decode("ascii") if file and file.exists() else None
        type_ = served.type if served else None
        self.tell({"picture": {"id": attachment, "size": size, "type": type_, "data": data}})

    def close(self) -> None:
        """Nobody is there any more to send the rest."""
        for key in tuple(self._begun):
            self._end(key)

    def _add(self, key: str, said: dict[str, Any]) -> Upload:
        upload = self._begun.get(key) or self._begin(key, said)
        data = _bytes(str(said["data"]))
        if int(said["at"]) != upload.size:
            raise Refused(f"{pictures.called(upload.name)} did not arrive whole: attach it again.")
        pictures.check_size(upload.name, upload.size + len(data))
        with media.in_words(self.live.store.media_folder), upload.file.open("ab") as opened:
            opened.write(data)
        upload.size += len(data)
        return upload

    def _begin(self, key: str, said: dict[str, Any]) -> Upload:
        pictures.check_count(len(self._begun) + 1)
        name = storable(str(said["name"]))[: pictures.NAME_LIMIT]
        self._begun[key] = Upload(media.incoming(self.live.store.media_folder), int(said["thread"]), name)
        return self._begun[key]

    def _finish(self, key: str, upload: Upload, by: int | None) -> None:
        """Make the picture, on the uploads' own thread."""
        try:
            told = self._keep(upload, by)
        except MessageCenterError as error:
            told = {"error": for_page(error, NOT_STORED)}
        except Exception:  # the page waits for an answer before it sends the next
            log.exception("an upload could not be kept")
            told = {"error": FAILED}
        self.live.feed.call(partial(self._say, key, **told))

    def _keep(self, upload: Upload, by: int | None) -> Patch:
        try:
            attachment, made = self.live.darkroom.take(upload.thread, upload.file, upload.name, by)
        finally:
            upload.file.unlink(missing_ok=True)
        return {"id": attachment, "width": made.width, "height": made.height, "size": upload.size}

    def _end(self, key: str) -> None:
        upload = self._begun.pop(key, None)
        if upload is not None:
            upload.file.unlink(missing_ok=True)

    def _say(self, key: str, **told: Any) -> None:
        self.tell({"upload": {"key": key, **told}})


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data[: PIECE_LIMIT + 1], validate=True)
    except binascii.Error:
        raise Refused(f"A piece of an upload is no base64, or longer than {PIECE_LIMIT:,} characters.") from None
