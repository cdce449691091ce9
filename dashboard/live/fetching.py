"""Fetching: files of texts that still lie at the phone company are loaded from there, as durable jobs."""

import logging
import random
from collections.abc import Callable

from dashboard.actions import attachments
from dashboard.core import pictures
from dashboard.core.errors import NotFound, Refused, StoreError
from dashboard.core.pictures import Away, NoPicture
from dashboard.core.values import Media, RemoteMedia
from dashboard.live.worker import Worker
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
LOOK_EVERY = 20  # ticks between two looks for what is due, or was left undone by others


class Fetcher:
    """The worker of one process. What it has begun and not finished when it ends is taken up by the next one."""

    def __init__(self, store: Store, fetch: Callable[[RemoteMedia], Media]) -> None:
        self.store = store
        self.fetch = fetch
        self._ticks = 0
        self._worker = Worker("fetching", self._fetch_all)
        self.wake = self._worker.wake

    def start(self) -> None:
        self.store.listeners.append(self.wake)
        self._worker.start()

    def stop(self) -> None:
        """Finish the file that is being fetched, then end."""
        self.store.listeners.remove(self.wake)
        self._worker.stop(PATIENCE)

    def tick(self) -> None:
        """Time has passed. Called by the ticker."""
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 0:
            self.wake()

    def _fetch_all(self) -> None:
        while not self._worker.stopping and not self.store.storing.failing and self._is_there_work():
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
        try:
            with self.store.storing.of(MEDIA):
                kept = media.keep(self.store.media_folder, came)
            attachments.keep_fetched(self.store, job.attachment, kept)
        except StoreError:
            attachments.give_back(self.store, job.attachment)
            raise

    def _put_off(self, job: Away, error: Exception) -> None:
        if job.attempts < pictures.FETCHES:
            longest = min(FIRST * 4 ** (job.attempts - 1), LONGEST)
            attachments.put_off(self.store, job.attachment, random.uniform(0.75, 1) * longest)
            return
        log.warning("file %s %s: %s", job.attachment, pictures.AWAY, error)
        attachments.record(self.store, job.attachment, NoPicture(pictures.FAILED, f"{pictures.AWAY}."))
