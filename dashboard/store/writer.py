"""The one writer of an SQLite database in this process: a thread that commits waiting writes in groups.

SQLite lets one connection write at a time and its waiters poll unfairly (8 contending writers were seen to wait up
to a second); a queue is fair, and one commit, the dear part, serves all that wait.
"""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from dashboard.core.errors import StoreError

T = TypeVar("T")
GROUP = 128  # writes that share one commit at most
Job = tuple[Callable[[Connection], Any], "Future[Any]"]


class Writer:
    """Runs writes one after the other, each in a savepoint of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._door = Lock()
        self._closed = False
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Carry out ``work`` and return its result once it is committed; its exception when it was rolled back."""
        done: Future[T] = Future()
        with self._door:
            if self._closed:
                raise StoreError("The database has been closed: nothing can be written any more.")
            self._jobs.put((work, done))
        return done.result()

    def waiting(self) -> int:
        """How many have not had their turn yet."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        with self._door:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, last = self._group(job)
            self._commit(group)
            if last:
                return

    def _group(self, first: Job) -> tuple[list[Job], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[Job]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.begin() as connection:
                outcomes += [self._attempt(connection, job) for job in group]
        except BaseException as error:  # the commit failed: nobody's write is stored, and each is told
            outcomes = [(done, None, error) for _, done in group]
        for done, result, failure in outcomes:
            if failure is None:
                done.set_result(result)
            else:
                done.set_exception(failure)

    @staticmethod
    def _attempt(connection: Connection, job: Job) -> tuple["Future[Any]", Any, BaseException | None]:
        work, done = job
        try:
            with connection.begin_nested():
                return done, work(connection), None
        except Exception as error:  # belongs to the caller, who gets it from the future
            if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
                raise  # a full disk, say: SQLite has undone the whole group, so nobody in it may be told of success
            return done, None, error
