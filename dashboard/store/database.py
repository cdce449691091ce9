"""The store: one database by its URL, read in snapshots and written through one door."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import QueuePool, StaticPool

from dashboard.core.errors import Refused, SettingError, StoreError
from dashboard.store import sqlite_build
from dashboard.store.storing import DATABASE, Storing
from dashboard.store.writer import Writer

if TYPE_CHECKING:
    from dashboard.store.postgres import Server

log = logging.getLogger(__name__)
T = TypeVar("T")
PASSWORD = re.compile(r"((?://)?[^:/@]*:)(?!//).*@")  # with what stands before it, also where the URL is none
NOTIFY = "NOTIFY message_center"  # wakes the listeners of all processes: only that something was written, not what
BUSY_TIMEOUT = 10_000  # milliseconds that SQLite waits for another process's write lock


class Unchanged(Exception):  # noqa: N818 - it is no error
    """Raised by a write that found nothing to do: it is rolled back, and ``result`` returned."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class Writing(Protocol):
    """How writes are carried out: the writer thread on SQLite, a transaction of one's own on PostgreSQL."""

    def run(self, work: Callable[[Connection], T]) -> T: ...
    def waiting(self) -> int: ...
    def close(self) -> None: ...


class Store:
    """One database.

    Parameters
    ----------
    url
        An SQLAlchemy URL, ``sqlite:///inbox.db`` or ``postgresql+psycopg://...``.
    clock
        What the time is; tests give their own.
    region
        The country that numbers without "+" belong to, ISO 3166.
    zone
        Where the clock hangs by which customers are told of a day; None for this machine's own.

    Raises
    ------
    SettingError
        for a URL that cannot be used.
    StoreError
        when the database cannot be opened.
    """

    def __init__(
        self,
        url: str | URL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        region: str = "US",
        zone: tzinfo | None = None,
    ) -> None:
        self.url = parsed(url)
        self.clock = clock
        self.region = region
        self.zone = zone
        self.media_folder = media_folder(self.url)
        self.storing = Storing()
        self.listeners: list[Callable[[], None]] = []
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.server = None if self.is_sqlite else _server(self.url)
        engine = _sqlite_engine(self.url, "BEGIN") if self.server is None else _reading_engine(self.server)
        self.engine = engine.execution_options(
            region=region,
            zone=zone,
            clock=lambda: self.clock(),  # noqa: PLW0108 - tests set another
        )
        self._writing: Writing = self._writer()

    def _writer(self) -> Writing:
        if self.server is not None:
            return _Direct(self.server.engine())
        engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE")
        with _in_words(self.url):
            engine.connect().close()
        return Writer(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose statements all see one and the same state of the database."""
        with _in_words(self.url), self.engine.connect() as connection, connection.begin():
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Carry out ``work`` in a transaction, wait for its commit, wake the listeners, return its result."""
        try:
            with self.storing.of(DATABASE), _in_words(self.url):
                result = self._writing.run(work)
        except Unchanged as nothing:
            unchanged: T = nothing.result
            return unchanged
        for listener in tuple(self.listeners):
            listener()
        return result

    def writes_waiting(self) -> int:
        """How many writes wait for their turn in this process."""
        return self._writing.waiting()

    def revision(self) -> int:
        """The revision of the last change."""
        with self.reading() as connection:
            return revision(connection)

    def close(self) -> None:
        self._writing.close()
        self.engine.dispose()
        if self.server is not None:
            self.server.watchdog.stop()


def media_folder(url: URL) -> Path:
    """Where attachments lie: beside the SQLite file, or in the working folder."""
    beside = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else Path("message-center")
    return beside.with_name(beside.stem + "-media")


def revision(connection: Connection) -> int:
    """The revision of the snapshot that this connection reads."""
    return int(connection.execute(text("SELECT revision FROM clock")).scalar_one())


def region(connection: Connection) -> str:
    """The country whose numbers are shown the national way, ISO 3166."""
    return str(connection.get_execution_options()["region"])


def zone(connection: Connection) -> tzinfo | None:
    """The zone in which people are told of a time in words; None for this machine's own."""
    found: tzinfo | None = connection.get_execution_options()["zone"]
    return found


def now(connection: Connection) -> datetime:
    """What the time is for whoever reads on this connection: the store's clock."""
    moment: datetime = connection.get_execution_options()["clock"]()
    return moment


def is_trouble(error: Exception) -> bool:
    """Whether an error is the database's own, and may pass."""
    return isinstance(error, StoreError | DBAPIError)


def may_pass(error: Exception) -> bool:
    """Whether the same write may succeed later: a connection that broke, a lock, a full disk. A row that no table takes,
    or a table that is not there, stays what it is."""
    cause = error.__cause__ if isinstance(error, StoreError) else error
    if isinstance(cause, NoneFree):
        return True
    if not isinstance(cause, DBAPIError):
        return False
    if getattr(cause.orig, "sqlstate", None) == READ_ONLY:
        return True
    is_statement = getattr(cause.orig, "sqlite_errorcode", None) == STATEMENT
    return isinstance(cause, OperationalError | InterfaceError) and not is_statement


class _Direct:
    """Writes on PostgreSQL: each in the caller's thread; the clock's row puts them in order."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            result = work(connection)
            connection.exec_driver_sql(NOTIFY)  # with the commit, or not at all
            return result

    def waiting(self) -> int:
        """Writes have their turn at once: the server lets them wait."""
        return 0

    def close(self) -> None:
        self.engine.dispose()


def without_password(url: str) -> str:
    """A URL as it may be shown, even one that cannot be parsed."""
    return PASSWORD.sub(r"\1***@", url)


def parsed(url: str | URL) -> URL:
    """The URL, checked. Raises SettingError with what to write instead."""
    try:
        parts = make_url(url)
        supported = parts.get_backend_name() in ("sqlite", "postgresql")
        if supported:
            parts.get_dialect().import_dbapi()
    except ModuleNotFoundError as error:
        raise SettingError(
            f"database: {error.name} is not installed: pip install 'message-center[postgres]', and write "
            "postgresql+psycopg://user@host/name."
        ) from None
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingError(
            f"database: “{without_password(str(url))}” is no database URL that can be used ({error}). "
            "Write sqlite:///inbox.db or postgresql+psycopg://user@host/name."
        ) from None
    if not supported:
        raise SettingError(f"database: {parts.get_backend_name()} is not supported; use sqlite or postgresql+psycopg.")
    return parts


def _server(url: URL) -> "Server":
    from dashboard.store.postgres import Server  # psycopg is an extra

    return Server(url)


def _reading_engine(server: "Server") -> Engine:
    return server.engine(isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True})


def _sqlite_engine(url: URL, begin: str) -> Engine:
    memory = url.database in (None, "", ":memory:")
    if memory:
        raise SettingError("database: an SQLite database needs a file: write sqlite:///inbox.db.")
    single = begin != "BEGIN"
    engine = create_engine(
        url,
        module=sqlite_build.module(),
        poolclass=StaticPool if single else QueuePool,
        hide_parameters=True,  # an error is logged, and what people wrote is not
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT / 1000},
        **({} if single else {"pool_size": 8}),
    )
    _sqlite_pragmas(engine, query_only=not single)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _sqlite_pragmas(engine: Engine, query_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN is ours alone
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # NORMAL loses acknowledged rows at a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()


@contextmanager
def _in_words(url: URL) -> Iterator[None]:
    """The driver's errors about the database as a whole, as one that says what to do; what does not fit is refused."""
    try:
        yield
    except (DataError, OverflowError) as error:  # an id of twenty digits, say, from a page that is not ours
        log.warning("refused what no column holds: %s", type(error).__name__)
        raise Refused("A number here is larger than any that is kept: nothing was changed.") from error
    except DBAPIError as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise _trouble(url, meaning, f" ({error.orig})") from error
    except NoneFree as error:
        raise _trouble(url, "is too busy: all connections are taken") from error


def _trouble(url: URL, meaning: str, driver: str = "") -> StoreError:
    outside = f"The database {meaning}{'' if meaning.endswith('?') else '.'}"
    return StoreError(f"The database {url.render_as_string()} {meaning}{driver}.", outside)


MEANINGS = {
    "not a database": "is no SQLite database, or a damaged one: restore a backup, or give another file",
    "malformed": "is damaged: restore a backup",
    "vtable constructor failed": "is damaged: restore a backup",  # the page of a search index
    "unable to open": "cannot be opened: does its folder exist, and may this user write there?",
    "readonly database": "is read-only for this user",
    "disk is full": "has no room left on its disk: free some, nothing was lost",
    "No space left": "has no room left on its disk: free some, nothing was lost",  # as PostgreSQL says it
    "disk I/O error": "cannot be written, or read: its disk is full or failing",
    "no such table": "holds no message center yet: run message-center migrate",
    "no such column": "has an older schema: run message-center migrate",
    "does not exist": "does not exist yet or has an older schema: create it, then run message-center migrate",
    "authentication failed": "does not let us in: are user and password right?",
    "too many clients": "has too many connections: raise its max_connections",
    "database is locked": "is held by another program: close it and try again",
}


STATEMENT = 1  # SQLITE_ERROR: no such table, say, which the driver raises as it does a lock
READ_ONLY = "25006"  # PostgreSQL's appendix A: it has become a standby for a while
# PostgreSQL's appendix A: the connection broke (None: libpq says so itself), or the server goes down or comes up.
LOST = (None, "08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03")
NO_ANSWER = "does not answer: is the server running?"


def _meaning(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", "")
    if state == READ_ONLY:
        return "takes nothing just now: is it a standby, or set to be read-only?"
    found = next((meaning for key, meaning in MEANINGS.items() if key in str(error.orig)), None)
    lost = isinstance(error, OperationalError) and state in LOST
    return found or (NO_ANSWER if lost else None)
