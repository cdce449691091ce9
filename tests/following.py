"""Readers that follow what several writers commit at the same time: by the clock, and by a plain sequence."""

import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import Connection

from dashboard.actions.change import MACHINE, Change, action
from dashboard.store.database import Store

LINGER = 0.004  # seconds at most between what a writer has numbered and its commit
HALF = 0.5  # of the writers do not linger: they overtake
LINE = "CREATE TABLE line (id SERIAL PRIMARY KEY)"


def _linger() -> None:
    if random.random() < HALF:
        time.sleep(random.uniform(0, LINGER))


@action(MACHINE)
def note(change: Change, *, by: int | None = None) -> int:
    """A change that takes its time."""
    _linger()
    return change.revision


def _write_line(connection: Connection) -> int:
    number = int(connection.exec_driver_sql("INSERT INTO line DEFAULT VALUES RETURNING id").scalar_one())
    _linger()
    return number


def missed_by_the_clock(store: Store, writers: int, changes: int) -> int:
    """How many changes a reader misses that asks for what is after the last revision it knows."""
    newer = "SELECT revision FROM change WHERE revision > %s ORDER BY revision"
    return _missed(store, writers, changes, lambda: note(store), newer)


def missed_by_a_sequence(store: Store, writers: int, changes: int) -> int:
    """How many a reader misses that asks for what is after the last number of a sequence it knows."""
    store.write(lambda connection: connection.exec_driver_sql(LINE))
    newer = "SELECT id FROM line WHERE id > %s ORDER BY id"
    return _missed(store, writers, changes, lambda: store.write(_write_line), newer)


def _missed(store: Store, writers: int, changes: int, write: Callable[[], int], newer: str) -> int:
    seen: set[int] = set()
    with ThreadPoolExecutor(writers) as pool:
        written = [pool.submit(write) for _ in range(changes)]
        _follow(store, newer, seen, written)
        numbers = {each.result() for each in written}
    assert len(numbers) == changes
    return len(numbers - seen)


def _follow(store: Store, newer: str, seen: set[int], written: list[Future[int]]) -> None:
    last, done = 0, False
    while not done:
        done = all(each.done() for each in written)  # asked first: then one more look finds the rest
        with store.reading() as connection:
            found = connection.exec_driver_sql(newer, (last,)).scalars().all()
        seen.update(found)
        last = max(found, default=last)
