"""The store: durable on SQLite, one snapshot for each reading, and troubles told in words."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from dashboard.actions import failures
from dashboard.core.errors import Refused, SettingError, StoreError
from dashboard.store import conversations, sqlite_build
from dashboard.store.database import Store, Unchanged, may_pass
from tests.factories import a_store, a_text, a_url, an_outsider, asked, badge, by_hand, how_many, sound, when


def pragma(store, name):
    return asked(store, f"PRAGMA {name}")[0][0]


@pytest.mark.sqlite
def test_what_is_acknowledged_survives_a_power_cut(store):
    """A reader's connection and the writer's: in WAL, and synced to the disk (2: FULL) at each commit."""
    write = {
        name: store.write(lambda c, n=name: c.exec_driver_sql(f"PRAGMA {n}").scalar())
        for name in ("synchronous", "journal_mode", "foreign_keys")
    }
    assert write == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
    assert (pragma(store, "synchronous"), pragma(store, "journal_mode")) == (2, "wal")


@pytest.mark.sqlite
def test_what_is_acknowledged_is_there_for_another_program_at_once(store, url):
    received = a_text(store, body="Are you there?")
    other = an_outsider(url)
    assert other.execute("SELECT body FROM message WHERE id = ?", (received.message,)).fetchone() == ("Are you there?",)
    other.close()


@pytest.mark.sqlite
def test_the_sqlite_build_cannot_corrupt_a_database():
    """SQLite before 3.51.3 can, with two connections on one WAL file."""
    assert sqlite_build.module().sqlite_version_info >= sqlite_build.SOUND
    assert "older" not in sqlite_build.described()


def test_a_reader_cannot_write(store):
    with pytest.raises((StoreError, DBAPIError), match="read-only"), store.reading() as connection:
        connection.exec_driver_sql("DELETE FROM message")


def test_a_reading_shows_one_state_to_its_end(store):
    with store.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM message").scalar()
        a_text(store)
        assert connection.exec_driver_sql("SELECT count(*) FROM message").scalar() == before
    assert how_many(store, "message") == before + 1


def test_foreign_keys_are_enforced(store):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        by_hand(
            store, "INSERT INTO alert (resource_id, thread_id, message_id, at) VALUES (999, 999, 999, '2026-01-01')"
        )


def test_a_write_wakes_the_listeners_once_it_is_committed(store):
    seen = []
    store.listeners.append(lambda: seen.append(badge(store)))
    a_text(store)
    assert seen == [1]


@pytest.mark.parametrize("error", [Unchanged("nothing"), ValueError("no")])
def test_a_write_that_comes_to_nothing_wakes_nobody_and_leaves_nothing(store, error):
    def work(connection):
        connection.exec_driver_sql("UPDATE clock SET revision = 999")
        raise error

    woken, before = [], store.revision()
    store.listeners.append(lambda: woken.append(1))
    if isinstance(error, Unchanged):
        assert store.write(work) == "nothing"
    else:
        with pytest.raises(ValueError, match="no"):
            store.write(work)
    assert (woken, store.revision()) == ([], before)


def test_what_was_written_is_there_after_a_restart(store, url):
    a_text(store, body="Remember me")
    store.close()
    with a_store(url) as again:
        assert asked(again, "SELECT body FROM message") == [("Remember me",)]


def test_times_keep_their_microseconds_and_are_utc(store, clock):
    clock.now = clock.now.replace(microsecond=123_456)
    a_text(store)
    ((at,),) = asked(store, "SELECT at FROM message")
    assert when(at) == clock.now


@pytest.mark.parametrize(
    "url",
    [
        "inbox.db",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "nonsense://x",
        "mysql://host/x",
        "oracle://host/x",
        "postgresql+nothing://x",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_one_line(url):
    with pytest.raises(SettingError, match=r"^database: ") as refusal:
        Store(url)
    assert "\n" not in str(refusal.value)


@pytest.mark.sqlite
def test_a_damaged_file_is_told_in_words(tmp_path):
    file = tmp_path / "inbox.db"
    file.write_bytes(b"This is a letter, not a database. " * 300)
    with pytest.raises(StoreError, match="no SQLite database, or a damaged one"), a_store(f"sqlite:///{file}"):
        pass


@pytest.mark.sqlite
def test_a_file_damaged_in_the_middle_is_told_in_words(url):
    with Path(url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 60)
    with pytest.raises(StoreError, match="is damaged"), a_store(url) as store:
        a_text(store)


@pytest.mark.sqlite
def test_a_folder_that_there_is_not_is_told_in_words(tmp_path):
    with pytest.raises(StoreError, match="does its folder exist"):
        Store(f"sqlite:///{tmp_path / 'nowhere' / 'inbox.db'}")


def test_a_database_without_tables_is_told_in_words(tmp_path):
    store = Store(a_url(tmp_path))
    with pytest.raises(StoreError, match="run message-center migrate"):
        store.revision()
    store.close()


@pytest.mark.parametrize("scheme", ["mysql", "nonsense", "postgresql+nothing"])
def test_a_password_is_not_in_the_words(scheme):
    with pytest.raises(SettingError) as refusal:
        Store(f"{scheme}://dana:geheim@host/inbox")
    assert "geheim" not in str(refusal.value)


@pytest.mark.sqlite
def test_media_lie_beside_the_database(store, tmp_path):
    assert store.media_folder == tmp_path / "inbox-media"


def test_eight_threads_lose_nothing_and_nobody_is_locked_out(store):
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda number: a_text(store, f"+1603555{number % 9 + 100:04}", str(number)), range(64)))
    assert len({text.message for text in texts}) == 64
    assert sound(store)
    assert asked(store, "SELECT count(DISTINCT revision) FROM message WHERE direction = 'inbound'") == [(64,)]


@pytest.mark.parametrize("id_", [2**31, 10**17, 10**30])
def test_a_number_that_no_column_holds_is_refused_in_words(store, id_):
    """SQLite takes some that PostgreSQL does not; neither answers with an error of its driver."""
    with store.reading() as connection:
        assert conversations.head(connection, 1) is None
    with pytest.raises(Refused):
        failures.let_be(store, id_, by=1)
    with suppress(Refused), store.reading() as connection:
        assert conversations.head(connection, id_) is None


@pytest.mark.sqlite
def test_what_may_pass_is_told_from_what_stays_as_it_is(store, url, monkeypatch):
    """By the same library: locks of another one in this process are not seen."""
    monkeypatch.setattr("dashboard.store.database.BUSY_TIMEOUT", 10)
    other = sqlite_build.module().connect(store.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    alone = Store(url)
    errors = {}
    for words, statement in {
        "locked": "UPDATE clock SET revision = 1",
        "a row": "INSERT INTO life (name) SELECT name FROM life",
        "a table": "INSERT INTO nowhere VALUES (1)",
        "words": "UPDATE",
    }.items():
        with pytest.raises((StoreError, DBAPIError)) as failure:
            by_hand(alone, statement)
        errors[words] = failure.value
        if words == "locked":
            other.rollback()
            other.close()
    alone.close()
    assert {words: may_pass(error) for words, error in errors.items()} == {
        "locked": True, "a row": False, "a table": False, "words": False,
    }  # fmt: skip
    assert not may_pass(ValueError("no"))
