"""Which engine the tests run on, SQLite or PostgreSQL (``pytest --engine postgresql``), and databases on it."""

import itertools
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dashboard.store import schema, sqlite_build
from dashboard.store.database import Store
from tests.cluster import Cluster
from tests.serving import memory

_numbers = itertools.count(1)
# Below tests/: what no engine can change, left out on PostgreSQL. Pure code; pages, scripts and pictures; and doors, whose acts and
# readings are tried on both engines by themselves.
ONE_ENGINE = (
    "core/", "ui/", "providers/", "doors/", "demo/test_words.py", "demo/test_photographs.py", "demo/test_townspeople.py",
    "live/test_pace.py", "store/test_pictures.py", "store/test_media.py", "test_architecture.py", "test_leaving.py",
    "test_logs.py", "test_main.py", "test_notebooks.py", "test_readme.py", "test_settings.py",
)  # fmt: skip
BOTH_ENGINES = (
    "doors/test_health.py",
    "doors/test_login.py",
    "doors/test_sessions.py",
    "doors/test_simulated.py",
)  # of these
# And of files that an engine can change, what it cannot: who may do what, once what is asked for that is tried on both; counts
# that are the same at a tenth; and what is refused before anything is stored.
ONE_ENGINE_HERE = tuple(
    f"{file}::{test}" for file, tests in {
        "test_rights.py": ("test_what_a_page_says_does", "test_there_is_a_rule"),
        "test_naughty.py": (
            "test_a_column_of_a_file", "test_the_name_of_a_file", "test_whatever_a_page_says_beside",
        ),
        "doors/test_login.py": ("test_a_thousand_guesses",),
        "doors/test_simulated.py": (
            "test_what_is_no", "test_64_kilobytes", "test_a_request_that", "test_another_content_type", "test_json_may",
            "test_a_missing_or_wrong_secret", "test_a_door_only", "test_a_length_that",
        ),
    }.items() for test in tests
)  # fmt: skip


class SQLite:
    """A database is a file in a test's folder; a ready one a copy of a file."""

    name = "sqlite"

    def __init__(self) -> None:
        self._template: Path | None = None
        self._migrated = b""

    def new(self, folder: Path) -> str:
        """The address of an empty database."""
        return f"sqlite:///{folder / f'inbox-{next(_numbers)}.db'}"

    def begin(self, url: str) -> None:
        """Where there is no database yet, one that is migrated and empty: to migrate it takes forty times as long."""
        place = Path(url.removeprefix("sqlite:///"))
        if place.exists():
            return
        if not self._migrated:
            with tempfile.TemporaryDirectory(dir=memory()) as folder:
                store = Store(self.new(Path(folder)))
                schema.ready(store)
                store.close()
                self._migrated = Path(store.url.database or "").read_bytes()
        place.write_bytes(self._migrated)

    def keep(self, url: str) -> None:
        """From now on ``ready`` copies this database, which is closed."""
        self._template = Path(url.removeprefix("sqlite:///"))
        assert not Path(f"{self._template}-wal").exists(), "an open database would be copied by half"

    def ready(self, folder: Path) -> str:
        """The address of a copy."""
        assert self._template
        name = "inbox.db" if not (folder / "inbox.db").exists() else f"inbox-{next(_numbers)}.db"
        return f"sqlite:///{shutil.copy(self._template, folder / name)}"

    def make_new(self, store: Store) -> None:
        """Copy the template's pages over the database, in a transaction of SQLite's own."""
        module = sqlite_build.module()
        origin = module.connect(self._template)
        file = module.connect(store.url.database)
        origin.backup(file)
        file.close()
        origin.close()

    def stop(self) -> None:
        """Folders go by themselves."""


class PostgreSQL:
    """A database in a cluster of the session's own, or another; a ready one is made from a template."""

    name = "postgresql"

    def __init__(self, cluster: Cluster | None = None) -> None:
        self._cluster = cluster
        self._template = ""

    @property
    def cluster(self) -> Cluster:
        if self._cluster is None:
            self._cluster = Cluster(memory())
        return self._cluster

    def new(self, folder: Path | None = None) -> str:
        """The address of an empty database."""
        return self.cluster.database()

    def keep(self, url: str) -> None:
        """From now on ``ready`` copies this database, which is closed; its rows are kept beside it, to begin anew."""
        self._template = url.rpartition("/")[2]
        store = Store(url)
        store.write(lambda connection: connection.exec_driver_sql(KEEP.replace("%", "%%")))
        store.close()

    def ready(self, folder: Path | None = None) -> str:
        """The address of a copy."""
        return self.cluster.database(self._template)

    def make_new(self, store: Store) -> None:
        """The template's rows and numbers, in one statement: a new database would take fifty times as long."""
        store.write(lambda connection: connection.exec_driver_sql("SELECT kept.make_new()"))

    def stop(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()


# Foreign keys rest while all rows are replaced; numbers that were given out are given out again.
KEEP = """
CREATE SCHEMA kept;
DO $do$
DECLARE line text; lines text := 'SET LOCAL session_replication_role = replica; ';
BEGIN
    FOR line IN SELECT table_name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', line);
        lines := lines || format('DELETE FROM public.%1$I; INSERT INTO public.%1$I SELECT * FROM kept.%1$I; ', line);
    END LOOP;
    FOR line IN SELECT format('PERFORM setval(%L, %s, %L); ',
        'public.' || sequencename, coalesce(last_value, 1), last_value IS NOT NULL)
        FROM pg_sequences WHERE schemaname = 'public'
    LOOP
        lines := lines || line;
    END LOOP;
    EXECUTE format('CREATE FUNCTION kept.make_new() RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN ' || lines || 'END');
END
$do$
"""


def can_change(name: str) -> bool:
    """Whether an engine can change what a test, or a file of them, is about; named as pytest does, from tests/."""
    name = name.removeprefix("tests/")
    if name.startswith(ONE_ENGINE_HERE):
        return False
    return name.startswith(BOTH_ENGINES) or not name.startswith(ONE_ENGINE)


def made_new(engine: SQLite | PostgreSQL, store: Store, clock: Callable[[], datetime]) -> Store:
    """A store of this engine's that was used before, as if it were new."""
    store.clock, store.region, store.listeners = clock, "US", []
    engine.make_new(store)
    return store


ENGINES = {"sqlite": SQLite, "postgresql": PostgreSQL}
chosen: SQLite | PostgreSQL = SQLite()


def choose(name: str) -> None:
    """Run on this engine."""
    global chosen
    chosen = ENGINES[name]()
