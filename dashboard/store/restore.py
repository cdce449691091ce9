"""Putting a backup back: everything is looked over first, and nothing that is there is lost."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection, inspect
from sqlalchemy.engine import URL

from dashboard.core.errors import StoreError
from dashboard.core.values import Media
from dashboard.store import archive, media, programs, schema, sqlite_build
from dashboard.store.archive import DATABASE, Contents, Reading
from dashboard.store.backup import folder_beside, give_name, in_words, look_over, opened, sync
from dashboard.store.database import Store, media_folder, parsed

log = logging.getLogger(__name__)
BEGUN, DONE = f"CREATE TABLE {schema.HALF} ()", f"DROP TABLE {schema.HALF}"
# What was killed may be committing still. (10,000 ms is how long it gets.)
ENDED = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'pg_restore'
"""
T = TypeVar("T")
Prepare = Callable[[Store, Contents], T]
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a database that is open, or was not closed


@dataclass(frozen=True)
class Restored(Generic[T]):
    """What was put back: what the backup ``had``, what there ``is`` now, what ``migration`` said, what ``prepare`` made
    of it, and where the database that stood there is ``kept``."""

    had: Contents
    now: Contents
    migration: str
    prepared: T
    kept: Path | None = None


def restore(file: Path, url: str, replace: bool, prepare: Prepare[T]) -> Restored[T]:
    """Put a backup back as the database of ``url``, with its media folder; ``prepare`` is the last to touch it before
    anybody else may. Raises StoreError, and then nothing that was there is changed; the media folder may have files more,
    which no message names. Of a PostgreSQL database that is killed half-way nobody serves what it got.

    ``replace``: a database that stands there is kept beside under another name. It may not be open anywhere.
    """
    target, had = parsed(url), archive.seal(file)
    engine = target.get_backend_name()
    if had.engine != engine:
        raise StoreError(f"{file} is a backup of {had.engine}, and cannot become {engine}: name such a database.")
    if engine == "sqlite":
        return _into_file(file, target, replace, prepare)
    return _into_server(file, target, prepare)


def _into_file(file: Path, target: URL, replace: bool, prepare: Prepare[T]) -> Restored[T]:
    place = Path(target.database or "")
    _check_place(place, replace)
    with in_words(place), folder_beside(place) as folder:
        database = folder / DATABASE
        had = archive.check(file, partial(_take_database, database))
        with opened(URL.create("sqlite", database=str(database))) as store:
            migration, prepared, now = _made_ready(store, had, prepare)
        archive.check(file, partial(_take_file, media_folder(target)))
        kept = _put(database, place, replace)
    return Restored(had, now, migration, prepared, kept)


def _into_server(file: Path, target: URL, prepare: Prepare[T]) -> Restored[T]:
    """Into an empty database only: the one that was stays what it is, and is named again to go back to it."""
    programs.check(target)
    with opened(target) as store, in_words(media_folder(target)), folder_beside(media_folder(target)) as folder:
        if schema.present(store) is not None:
            raise StoreError(
                f"The database {target.render_as_string()} holds a message center, and is not written over: make an "
                "empty one with createdb, name it with --database, and the old one stays as it is."
            )
        had = archive.check(file, partial(_take_database, folder / DATABASE))
        archive.check(file, partial(_take_file, media_folder(target)))
        with _whole_or_nothing(store):
            programs.restore(target, folder / DATABASE)
            migration, prepared, now = _made_ready(store, had, prepare)
    return Restored(had, now, migration, prepared)


@contextmanager
def _whole_or_nothing(store: Store) -> Iterator[None]:
    """Until all is done ``schema.present`` refuses the database, whoever is killed: what waits in it may have gone since,
    and must not be sent. What goes wrong leaves it as empty as it was."""
    with store.reading() as connection:
        schemas = frozenset(inspect(connection).get_schema_names())
    store.write(lambda connection: connection.exec_driver_sql(BEGUN))
    try:
        yield
        store.write(lambda connection: connection.exec_driver_sql(DONE))
    except BaseException:
        try:
            store.write(partial(_empty, schemas))
        except StoreError as error:
            log.error("%s is half restored, drop it: %s", store.url.render_as_string(), error)
        raise


def _empty(schemas: frozenset[str], connection: Connection) -> None:
    """Drop every table, and all but those schemas; that of ``schema.HALF`` goes with the others, at once."""
    connection.exec_driver_sql(ENDED)
    quoted = connection.dialect.identifier_preparer.quote
    there = inspect(connection)
    for name in set(there.get_schema_names()) - schemas:
        connection.exec_driver_sql(f"DROP SCHEMA {quoted(name)} CASCADE")
    names = ", ".join(quoted(name) for name in there.get_table_names())
    connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")


def _made_ready(store: Store, had: Contents, prepare: Prepare[T]) -> tuple[str, T, Contents]:
    look_over(store)
    migration = schema.bring_up(store)
    prepared = prepare(store, had)
    return migration, prepared, look_over(store)


def _take_database(database: Path, name: str, content: Reading) -> None:
    if name == DATABASE:
        with database.open("xb") as opened_:
            shutil.copyfileobj(content, opened_, archive.PIECE)


def _take_file(folder: Path, name: str, content: Reading) -> None:
    """Keep a file where it is not there, or is not what its name says."""
    if name == DATABASE:
        return
    there = media.path(folder, name)
    if there.is_file() and not archive.is_itself(there):
        there.unlink()
    media.keep(folder, Media(content.read(), ""))


def _check_place(place: Path, replace: bool) -> None:
    if not place.name:
        raise StoreError("database: an SQLite database needs a file: write sqlite:///inbox.db.")
    if not place.parent.is_dir():
        raise StoreError(f"The folder {place.parent} is not there: make it, or name another.")
    if place.exists():
        with _alone(place):
            pass
    left = [there for there in _family(place) if there.exists()]
    if left and not replace:
        raise StoreError(
            f"{left[0]} is there already: with --replace it is kept beside under another name, and the backup takes "
            "its place."
        )


def _put(database: Path, place: Path, replace: bool) -> Path | None:
    """The new database takes its place, all at once; where the old one is kept."""
    kept = None
    if place.exists() and replace:
        with _alone(place):
            kept = _set_aside(place)
            sync(database)
            database.replace(place)
            sync(place.parent)
    else:
        _move_leftovers(place)
        give_name(database, place)
    return kept


def _set_aside(place: Path) -> Path:
    """The old database gets a second name, which it keeps."""
    kept = _aside(place)
    _move_leftovers(place)
    try:
        kept.hardlink_to(place)
    except OSError:  # a file system without such links
        place.rename(kept)
    return kept


def _move_leftovers(place: Path) -> None:
    """SQLite would read into the new database what another one has left beside it."""
    for suffix in BESIDE:
        left = place.with_name(place.name + suffix)
        if left.exists():
            left.rename(_aside(place).with_name(_aside(place).name + suffix))


def _aside(place: Path) -> Path:
    """The name that a database gets which had this one; the same for all of its files."""
    number = 1
    while True:
        name = f"{place.name}.{datetime.now(UTC):%Y%m%d}-{number}.replaced"
        if not place.with_name(name).exists():
            return place.with_name(name)
        number += 1


def _family(place: Path) -> tuple[Path, ...]:
    return (place, *(place.with_name(place.name + suffix) for suffix in BESIDE))


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """While this lasts nobody else has the database open. Raises StoreError where somebody has.

    SQLite leaves the write-ahead log only when no other connection is there; what is in it is then in the file. A
    file that is no database, or damaged, nobody works with.
    """
    build = sqlite_build.module()
    connection = build.connect(place, timeout=0.5, isolation_level=None)
    try:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except build.DatabaseError as error:
            if "locked" in str(error):
                raise StoreError(
                    f"The database {place} is open, as by a message center that runs: stop it, then restore."
                ) from None
        yield
    finally:
        connection.close()
