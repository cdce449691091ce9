"""The darkroom: makes what is shown of files that came in, as durable jobs, and of those that are uploaded, at once."""

import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Condition, Thread

from dashboard.actions import attachments
from dashboard.core import pictures
from dashboard.core.errors import Refused
from dashboard.core.pictures import Job, NoPicture, Outcome
from dashboard.core.values import OutboundFile
from dashboard.store import media
from dashboard.store.attachments import has_work
from dashboard.store.database import Store
from dashboard.store.pictures import Pictures
from dashboard.store.storing import MEDIA

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds at most after a failure of the database
LOOK_EVERY = 20  # ticks between two looks for what others have received, or left undone


class Darkroom:
    """The worker of one process. What it has begun and not finished when it ends is taken up by the next one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.pictures = Pictures(store.media_folder)
        # Uploads have a thread of their own: nobody waits for what comes in, and no act for a picture.
        self.uploads = ThreadPoolExecutor(1, "uploads")
        self._condition = Condition()
        self._waiting = True
        self._ticks = 0
        self._stopping = False
        self._thread = Thread(target=self._work, name="darkroom", daemon=True)

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._thread.start()

    def stop(self) -> None:
        """Finish the picture that is being made, then end."""
        self.uploads.shutdown()
        self.store.listeners.remove(self.wake)
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join()
        self.pictures.close()

    def wake(self) -> None:
        """There may be something to look into. Callable from any thread."""
        with self._condition:
            self._waiting = True
            self._condition.notify()

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

    def _work(self) -> None:
        while not self._stopping:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._stopping)
                self._waiting = False
            self._attempt(self._make_all)

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # logged, and tried again: the jobs stay where they are
            log.exception("the darkroom could not go on; trying again")
            self._pause()
            self._waiting = True

    def _pause(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopping, random.uniform(PAUSE / 2, PAUSE))

    def _make_all(self) -> None:
        while not self._stopping and not self.store.storing.failing and self._is_there_work():
            if job := attachments.claim(self.store):
                attachments.record(self.store, job.attachment, self._make(job))

    def _is_there_work(self) -> bool:
        """Asked of a reader first: a write that finds nothing would still wait for its turn."""
        with self.store.reading() as connection:
            return has_work(connection, self.store.clock())

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
