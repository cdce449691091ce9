"""The darkroom: makes what is shown of files that came in, as durable jobs, and of those that are uploaded, at once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dashboard.actions import attachments
from dashboard.core import pictures
from dashboard.core.errors import Refused, StoreError
from dashboard.core.pictures import Job, NoPicture, Outcome
from dashboard.core.values import OutboundFile
from dashboard.live.worker import Worker
from dashboard.store import media
from dashboard.store.attachments import has_work
from dashboard.store.database import Store
from dashboard.store.pictures import Pictures
from dashboard.store.storing import MEDIA

log = logging.getLogger(__name__)
PATIENCE = 60.0  # seconds that the end waits for a picture that is being made
LOOK_EVERY = 20  # ticks between two looks for what others have received, or left undone


class Darkroom:
    """The worker of one process. What it has begun and not finished when it ends is taken up by the next one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.pictures = Pictures(store.media_folder)
        # Uploads have a thread of their own: nobody waits for what comes in, and no act for a picture.
        self.uploads = ThreadPoolExecutor(1, "uploads")
        self._ticks = 0
        self._worker = Worker("darkroom", self._make_all)
        self.wake = self._worker.wake

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._worker.start()

    def stop(self) -> None:
        """Finish the picture that is being made, then end."""
        self.uploads.shutdown()
        self.store.listeners.remove(self.wake)
        self._worker.stop(PATIENCE)
        self.pictures.close()

    def tick(self) -> None:
        """Time has passed. Called by the ticker; looks for what other processes received once a second."""
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 0:
            self.wake()

    def take(self, thread: int, file: Path, name: str, by: int | None) -> tuple[int, pictures.Picture]:
        """Keep an uploaded picture for a text that is still being written: its attachment's id, and what was made.

        ``file`` is moved into the media folder. Raises Refused, in words, for what is no picture that can be sent, and
        TooLarge above the limit.
        """
        pictures.check_size(name, file.stat().st_size)
        with self.store.storing.of(MEDIA):
            made = self.pictures.make(file)
        if isinstance(made, NoPicture):
            raise Refused(f"{pictures.called(name)} {made.reason or pictures.NO_PICTURE}")
        with self.store.storing.of(MEDIA):
            kept = media.take(self.store.media_folder, file, made.type, name)
        return attachments.upload(self.store, thread, kept, made, by=by), made

    def fitted(self, files: tuple[OutboundFile, ...]) -> tuple[OutboundFile, ...]:
        """The same pictures, smaller where they would not fit on one text together."""
        if sum(file.size for file in files) <= pictures.IMAGE_LIMIT:
            return files
        share = pictures.IMAGE_LIMIT // len(files)
        return tuple(file if file.size <= share else self._fitted(file, share) for file in files)

    def _fitted(self, file: OutboundFile, share: int) -> OutboundFile:
        smaller = self.pictures.fitted(file.sha256, share)
        if smaller is None or smaller.size > share:
            raise Refused(
                f"A picture on this text cannot be made small enough: at most {pictures.MEGABYTES} go together."
            )
        return OutboundFile(smaller.sha256, smaller.type, smaller.size)

    def _make_all(self) -> None:
        while not self._worker.stopping and not self.store.storing.failing and self._is_there_work():
            if job := attachments.claim(self.store):
                self._develop(job)

    def _is_there_work(self) -> bool:
        """Asked of a reader first: a write that finds nothing would still wait for its turn."""
        with self.store.reading() as connection:
            return has_work(connection, self.store.clock())

    def _develop(self, job: Job) -> None:
        """A disk that is full is no fault of the picture's: it is made when there is room."""
        try:
            attachments.record(self.store, job.attachment, self._make(job))
        except StoreError:
            attachments.give_back(self.store, job.attachment)
            raise

    def _make(self, job: Job) -> Outcome:
        with self.store.storing.of(MEDIA):
            made = self.pictures.make(media.path(self.store.media_folder, job.sha256))
        if isinstance(made, NoPicture):
            return _judged(made, job)
        return made


def _judged(made: NoPicture, job: Job) -> NoPicture:
    """What is no picture, and said that it was one, is told so."""
    if made.state == pictures.FILE and not made.reason and job.type.lower().startswith("image/"):
        return NoPicture(pictures.FILE, pictures.NOT_SHOWN)
    return made
