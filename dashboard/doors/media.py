"""The media doors: pictures and downloads for who may see the thread, uploads in, and what a provider fetches."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, ClassVar
from urllib.parse import quote

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from dashboard.core import pictures
from dashboard.core.errors import Forbidden, Refused, StoreError
from dashboard.core.pictures import Served
from dashboard.core.rights import SEND, VIEW
from dashboard.core.text import storable
from dashboard.doors.door import BodyDoor, Desk, Door
from dashboard.doors.login import Identity
from dashboard.doors.shares import Shares
from dashboard.store import attachments, media
from dashboard.store.rights import require
from dashboard.store.storing import MEDIA

CHUNK = 256 * 1024  # bytes of a file that are read and sent at a time
YEAR = 365 * 24 * 3600  # seconds that a browser may keep a picture: what an address shows never changes
SIZES = (attachments.THUMBNAIL, attachments.SHOWN)
NO_ROOM = "Pictures cannot be stored just now, as the server’s disk is full or cannot be written: try again later."
SIGN_IN = "Log in first: open the inbox."
# What a file's name would be a path by, or shown by as another: an override of direction makes "exe.jpg" of "gpj.exe".
PATHLIKE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]+')


class FileDoor(Door):
    """Hands out files of the media folder, in pieces, read off the loop."""

    async def hand_out(self, file: Path, size: int) -> None:
        """Send a file whose headers are set."""
        self.set_header("Content-Length", str(size))
        if self.request.method == "HEAD":
            self.finish()
            return
        read = asyncio.get_running_loop().run_in_executor
        with await read(self.desk.workers, partial(file.open, "rb")) as opened:
            while chunk := await read(self.desk.workers, opened.read, CHUNK):
                self.write(chunk)
                try:
                    await self.flush()
                except StreamClosedError:  # whoever asked has gone
                    return
        self.finish()

    async def found(self, sha256: str) -> tuple[Path, int]:
        """A file and its size in bytes. Raises HTTPError where this machine has it not."""
        file = media.path(self.live.store.media_folder, sha256)
        try:
            look = asyncio.get_running_loop().run_in_executor(self.desk.workers, file.stat)
            return file, (await look).st_size
        except FileNotFoundError:
            raise HTTPError(404) from None


class MediaDoor(FileDoor):
    """GET /media/<id>?size=thumb|shown: a picture; without a size, a download of what is none."""

    words: ClassVar = {403: SIGN_IN, 404: "There is no such file here, or not in this size."}

    def initialize(self, desk: Desk, **options: Any) -> None:
        super().initialize(desk, **options)
        self.identity: Identity = options["identity"]

    async def get(self, attachment: str) -> None:
        size = self.get_query_argument("size", attachments.WHOLE)
        if size not in (*SIZES, attachments.WHOLE):
            raise Refused(f"size: choose one of {', '.join(SIZES)}, or leave it out for a download.")
        look = partial(self._look, int(attachment), size)
        served = await asyncio.get_running_loop().run_in_executor(self.desk.workers, look)
        file, length = await self.found(served.sha256)
        self.set_header("Cache-Control", f"private, max-age={YEAR}, immutable")
        self.set_header("Vary", "Cookie")  # what one person saw the browser does not show the next one unasked
        self.set_header("Content-Type", served.type or "application/octet-stream")
        self.set_header("Content-Disposition", _disposition(served, int(attachment)))
        await self.hand_out(file, length)

    head = get

    def _look(self, attachment: int, size: str) -> Served:
        """What is handed out. Raises HTTPError where there is nothing, or not for who asks."""
        visit = self.identity.of(self.request)
        if visit is None:
            raise HTTPError(403)
        with self.live.store.reading() as connection:
            require(connection, visit.person.id, VIEW)
            served = attachments.served(connection, attachment, size)
        if served is None:
            raise HTTPError(404)
        return served


class ShareDoor(FileDoor):
    """GET, HEAD /share/<token>: a picture on a text that goes out, for the phone company; the token is all it needs."""

    def initialize(self, desk: Desk, **options: Any) -> None:
        super().initialize(desk, **options)
        self.shares: Shares = options["shares"]

    async def get(self, token: str) -> None:
        known = self.shares.opened(token)
        if known is None:
            raise HTTPError(404)
        file, length = await self.found(known.sha256)
        self.set_header("Content-Type", known.type)
        await self.hand_out(file, length)

    head = get


class UploadDoor(BodyDoor):
    """POST /upload?thread=<id>&name=<name>: a picture as the request's body, for a text that is still being written.

    GET tells the token that the header X-XSRFToken of the POST has to carry. The body goes to a file as it comes. 200
    with ``{"id", "width", "height", "size"}``; 413 above 5 MB, 400 for what is no picture, in words.
    """

    words: ClassVar = {403: "Reload the page, and attach it again: it is not known from which page this comes."}

    def initialize(self, desk: Desk, **options: Any) -> None:
        super().initialize(desk, **options)
        self.identity: Identity = options["identity"]
        self.stranger: HTTPError | None = None
        self.file: Path | None = None
        self.opened: IO[bytes] | None = None
        self.failure: StoreError | None = None
        self.size = 0

    def check_xsrf_cookie(self) -> None:
        """A stranger is told so once the body has come: who still writes does not hear."""
        try:
            RequestHandler.check_xsrf_cookie(self)
        except HTTPError as error:
            self.stranger = error

    def prepare(self) -> None:
        super().prepare()
        if self.request.method == "POST" and not self._finished and self.stranger is None:
            with self._storing():
                self.file = media.incoming(self.live.store.media_folder)
                self.opened = self.file.open("wb")

    def data_received(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.opened is not None and self.size <= pictures.IMAGE_LIMIT and self.failure is None:
            with self._storing():
                self.opened.write(chunk)

    def answer(self, status: int, words: str | dict[str, Any]) -> None:
        """Whoever hears of a refusal finds nothing left of what was sent."""
        self._clear()
        super().answer(status, words)

    def refuse_size(self) -> None:
        self.answer(413, f"{pictures.called(self._name())} {pictures.TOO_LARGE}")

    def get(self) -> None:
        self.answer(200, {"token": self.xsrf_token.decode("ascii")})

    async def post(self) -> None:
        if self.stranger is not None:
            raise self.stranger
        if self.size > pictures.IMAGE_LIMIT:
            self.refuse_size()
        else:
            await self.do(self._take)

    def trouble(self, error: Exception) -> str:
        return NO_ROOM

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """What cannot be stored is told once the body has come: who still writes does not hear."""
        folder = self.live.store.media_folder
        try:
            with self.live.store.storing.of(MEDIA), media.in_words(folder):
                yield
        except StoreError as error:
            self.failure = error

    def on_finish(self) -> None:
        super().on_finish()
        self._clear()

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._clear()

    def _take(self) -> dict[str, Any]:
        if self.opened is not None and self.failure is None:
            with self._storing():
                self.opened.close()
        if self.failure is not None:
            raise self.failure
        visit = self.identity.of(self.request)
        if visit is None:
            raise Forbidden(SIGN_IN)
        thread = self.get_query_argument("thread", "")
        if not re.fullmatch(r"[1-9][0-9]{0,8}", thread):
            raise Refused("thread: say for which thread this is, by its number.")
        with self.live.store.reading() as connection:
            require(connection, visit.person.id, SEND)  # before the picture is looked at, which is dear
        assert self.file is not None
        attachment, made = self.live.darkroom.take(int(thread), self.file, self._name(), visit.person.id)
        return {"id": attachment, "width": made.width, "height": made.height, "size": self.size}

    def _name(self) -> str:
        return storable(self.get_query_argument("name", ""))[: pictures.NAME_LIMIT]

    def _clear(self) -> None:
        """Nothing is left of what was refused, or broke off."""
        if self.opened is not None:
            with suppress(OSError):  # of what did not fit on the disk
                self.opened.close()
        if self.file is not None:
            self.file.unlink(missing_ok=True)
        self.file = self.opened = None


def _disposition(served: Served, attachment: int) -> str:
    """How a browser is to treat a file, with its name: only a picture is shown."""
    plain = " ".join(PATHLIKE.sub(" ", served.name).split()).strip(" .") or f"attachment-{attachment}"
    ascii_ = plain.encode("ascii", "replace").decode().replace("?", "_")
    kind = "inline" if served.type else "attachment"
    return f"{kind}; filename=\"{ascii_}\"; filename*=UTF-8''{quote(plain, safe='')}"
