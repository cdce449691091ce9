"""A backup: an online copy of a database and its media folder, looked over before it has its name."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from dashboard.core.errors import StoreError
from dashboard.store import archive, media, programs, schema, sqlite_build, verify
from dashboard.store.archive import DATABASE, Contents
from dashboard.store.database import Store, media_folder, parsed

COUNTS = "SELECT (SELECT revision FROM clock), (SELECT count(*) FROM thread), (SELECT count(*) FROM message)"
FILES = """
    SELECT sha256 FROM attachment UNION SELECT shown FROM attachment WHERE shown IS NOT NULL
    UNION SELECT thumbnail FROM attachment WHERE thumbnail IS NOT NULL"""
WHOLE = "whole"  # what the new file is called until it has its name


def back_up(url: str, target: Path) -> Contents:
    """Copy a database and its media folder into a new file ``target``, while anybody writes; what it has.

    The file has its name only once it is whole, looked over and on the disk. Raises StoreError for a database that is
    damaged, or not there, and for a target that is.
    """
    if os.path.lexists(target):
        raise StoreError(f"{target} is there already, and is not written over: give another name with --to.")
    source = parsed(url)
    with in_words(target), folder_beside(target) as folder:
        database, whole = folder / DATABASE, folder / WHOLE
        contents = _copied(source, database) if _is_sqlite(source) else _dumped(source, database)
        files = media.kept(media_folder(source))  # after the database: what it speaks of was kept before
        lacking = {*contents.missing} - {file.name for file in files}
        archive.write(whole, replace(contents, missing=tuple(sorted(lacking))), database, files)
        contents = archive.check(whole)
        give_name(whole, target)
        return contents


def look_over(store: Store) -> Contents:
    """What a database has, and what is wrong with its counts. Raises StoreError for one that is damaged or empty."""
    with store.reading() as connection:
        return _looked_over(store, connection)


@contextmanager
def in_words(target: Path) -> Iterator[None]:
    """What the operating system says about a file, as one line."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{target} cannot be written ({error.strerror or error}): nothing was kept.") from error


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A folder for this user alone on the same disk, which is gone afterwards with all that is in it."""
    with tempfile.TemporaryDirectory(prefix=".message-center-", dir=target.parent) as folder:
        yield Path(folder)


def give_name(made: Path, target: Path) -> None:
    """Put a file where it belongs, all at once and on the disk. Raises StoreError where something is there."""
    sync(made)
    try:
        target.hardlink_to(made)  # which, unlike a renaming, never takes the place of a file
    except FileExistsError:
        raise StoreError(f"{target} has come into being meanwhile, and is not written over.") from None
    except OSError:  # a file system without such links
        made.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Put a file, or a folder's entries, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def opened(url: URL) -> Iterator[Store]:
    """A store for as long as this lasts."""
    store = Store(url)
    try:
        yield store
    finally:
        store.close()


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _copied(source: URL, copy: Path) -> Contents:
    """SQLite's own copy of a database that others write to, in one reading: with what is still in the write-ahead log."""
    if not source.database or not Path(source.database).is_file():
        raise StoreError(f"There is no database {source.render_as_string()}: nothing to back up.")
    build = sqlite_build.module()
    try:
        with closing(build.connect(source.database)) as original, closing(build.connect(copy)) as target:
            original.backup(target)
    except build.Error as error:
        raise StoreError(f"The database {source.render_as_string()} cannot be copied ({error}).") from error
    with opened(URL.create("sqlite", database=str(copy))) as store:
        return look_over(store)


def _dumped(source: URL, dump: Path) -> Contents:
    """PostgreSQL's own dump, of the very state that was looked over."""
    programs.check(source)
    with opened(source) as store, store.reading() as connection:
        schema.present(store)
        contents = _looked_over(store, connection)
        programs.dump(source, dump, str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()))
    return contents


def _looked_over(store: Store, connection: Connection) -> Contents:
    at = schema.version(store)
    if at is None:
        raise StoreError(f"The database {store.url.render_as_string()} is empty: there is nothing to back up.")
    if damage := verify.damage(connection):
        raise StoreError(f"The database is damaged ({'; '.join(damage)}): restore an earlier backup.")
    revision, threads, messages = connection.execute(text(COUNTS)).one()
    known = at == schema.head()  # an older one is not asked for what it cannot have
    return Contents(
        made=store.clock(),
        engine=store.url.get_backend_name(),
        schema=at,
        revision=revision,
        threads=threads,
        messages=messages,
        faults=tuple(f"{words}: {number}" for words, number in verify.faults(connection).items()) if known else (),
        missing=tuple(connection.execute(text(FILES)).scalars()) if known else (),  # until files are found
    )
