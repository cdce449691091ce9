"""The schema: bringing a database to the newest migration, and refusing to work on another."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from dashboard.core.errors import StoreError
from dashboard.store import sqlite_build
from dashboard.store.database import Store

HALF = "half_restored"  # a table that stands while a backup is put back: what waits in it may have gone since
MIGRATING = 0x6D657373616765  # "message": the key of PostgreSQL's advisory lock, one migration at a time


def head() -> str:
    """The newest migration's id."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def present(store: Store) -> str | None:
    """The database's migration, or None when it is empty. Raises StoreError for somebody else's database, and for one that
    a restore has left half made."""
    with store.reading() as connection:
        half = inspect(connection).has_table(HALF)
    if half:
        raise StoreError(
            f"The database {store.url.render_as_string()} is half restored: a restore is at work, or was broken off. In "
            "the second case drop it, make an empty one with createdb, and restore again."
        )
    return version(store)


def version(store: Store) -> str | None:
    """The same, also of one that is half made."""
    with store.reading() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        tables = inspect(connection).get_table_names() if at is None else []
    if tables:
        raise StoreError(
            f"The database {store.url.render_as_string()} holds other tables ({', '.join(tables[:3])}): "
            "give a database of its own to the message center."
        )
    if at is not None and at not in _known():
        raise StoreError(
            f"The database {store.url.render_as_string()} is at {at}, which this program does not know: "
            "it was made by a newer one, so upgrade this one."
        )
    return at


def migrate(store: Store) -> str:
    """Bring the database to the newest migration, an SQLite file after copying it; says in words what was done. Raises
    StoreError as ``present`` does."""
    present(store)
    return bring_up(store)


def bring_up(store: Store) -> str:
    """The same for whoever restores, also of a database that is half made."""
    before = version(store)
    if before == head():
        return "The database is up to date."
    copy = _backed_up(store) if before and store.is_sqlite else None
    store.write(_upgrade)
    return f"The database was brought to {head()}" + (f"; a copy from before is {copy}." if copy else ".")


def ready(store: Store) -> None:
    """Make an empty or older SQLite database ready; refuse an old PostgreSQL schema with the command to run."""
    at = present(store)
    if at == head():
        return
    if at is not None and not store.is_sqlite:
        raise StoreError(
            f"The database {store.url.render_as_string()} is at {at} and this program needs {head()}: "
            f"run message-center migrate --database {store.url.render_as_string()}"
        )
    migrate(store)


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _upgrade(connection: Connection) -> None:
    """Waits for another process that is at it: afterwards there is nothing left to do."""
    if connection.dialect.name == "postgresql":  # SQLite's writers stand in a queue anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _backed_up(store: Store) -> Path:
    source = Path(store.url.database or "")
    copy = source.with_name(f"{source.name}.{datetime.now(UTC):%Y%m%d-%H%M%S}.backup")
    build = sqlite_build.module()
    with closing(build.connect(source)) as original, closing(build.connect(copy)) as target:
        original.backup(target)  # with what is still in the write-ahead log, which a copy of the file leaves out
    return copy
