"""Fetching: files of texts that still lie at the phone company are loaded from there, as durable jobs."""

import logging
import random
from collections.abc import Callable
from threading import Condition, Thread

from dashboard.actions import attachments
from dashboard.core import pictures
from dashboard.core.errors import NotFound, Refused
from dashboard.core.pictures import Away, NoPicture
from dashboard.core.values import Media, RemoteMedia
from dashboard.store import media
from dashboard.store.attachments import has_away
from dashboard.store.database import Store
from dashboard.store.storing import MEDIA

log = logging.getLogger(__name__)
FIRST, LONGEST = (
    2.0,
    3600.0,
)  # seconds until the second attempt, four times as long for each further one up to the longest
PATIENCE = 65.0  # seconds that the end waits for a file that is being fetched, which takes 60 at most
PAUSE = 1.0  # seconds at most after a failure of the database
LOOK_EVERY = 20  # ticks between two looks for what is due, or was left undone by others


class Fetcher:
    """The worker of one process. What it has begun and not finished when it ends is taken up by the next one."""

    def __init__(self, store: Store, fetch: Callable[[RemoteMedia], Media]) -> None:
        self.store = store
        self.fetch = fetch
        self._condition = Condition()
        self._waiting = True
        self._ticks = 0
        self._stopping = False
        self._thread = Thread(target=self._work, name="fetching", daemon=True)

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._thread.start()

    def stop(self) -> None:
        """Finish the file that is being fetched, then end."""
        self.store.listeners.remove(self.wake)
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(PATIENCE)

    def wake(self) -> None:
        """There may be something to fetch. Callable from any thread."""
        with self._condition:
            self._waiting = True
            self._condition.notify()

    def tick(self) -> None:
        """Time has passed. Called by the ticker."""
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 0:
            self.wake()

    def _work(self) -> None:
        while not self._stopping:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._stopping)
                self._waiting = False
            try:
                self._fetch_all()
            except Exception:  # logged, and tried again: the jobs stay where they are
                log.exception("files cannot be fetched; trying again")
                self._pause()
                self._waiting = True

    def _pause(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopping, random.uniform(PAUSE / 2, PAUSE))

    def _fetch_all(self) -> None:
        while not self._stopping and not self.store.storing.failing and self._is_there_work():
            if job := attachments.claim_away(self.store):
                self._fetch(job)

    def _is_there_work(self) -> bool:
        """Asked of a reader first: a write that finds nothing would still wait for its turn."""
        with self.store.reading() as connection:
            return has_away(connection, self.store.clock())

    def _fetch(self, job: Away) -> None:
        try:
            came = self.fetch(RemoteMedia(job.url, job.type))
        except NotFound as error:
            self._put_off(job, error)
        except Refused as error:
            log.warning("file %s %s", job.attachment, error)
            attachments.record(self.store, job.attachment, NoPicture(pictures.FAILED, str(error)))
        except OSError as error:
            self._put_off(job, error)
        else:
            self._keep(job, came)

    def _keep(self, job: Away, came: Media) -> None:
        """A disk that is full is no fault of the file's: it is fetched again when there is room."""
        with self.store.storing.of(MEDIA):
            kept = media.keep(self.store.media_folder, came)
        attachments.keep_fetched(self.store, job.attachment, kept)

    def _put_off(self, job: Away, error: Exception) -> None:
        if job.attempts < pictures.FETCHES:
            longest = min(FIRST * 4 ** (job.attempts - 1), LONGEST)
            attachments.put_off(self.store, job.attachment, random.uniform(0.75, 1) * longest)
            return
        log.warning("file %s %s: %s", job.attachment, pictures.AWAY, error)
        attachments.record(self.store, job.attachment, NoPicture(pictures.FAILED, f"{pictures.AWAY}."))
