"""Restoring: into nothing, over what is there, and not at all where the backup or the place will not do."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from signal import Signals

import pytest

from dashboard.core.errors import StoreError
from dashboard.store import archive, media, schema
from dashboard.store.backup import back_up
from dashboard.store.database import Store
from dashboard.store.restore import restore
from tests.factories import a_text, an_outsider, asked, by_hand, how_many, sound
from tests.store.test_backup import NAMES, a_picture_came, left_in
from tests.store.test_schema import at_first

KILLED = """
import os, signal, sys
from pathlib import Path
from dashboard.store.restore import restore
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it for all
restore(Path(sys.argv[1]), sys.argv[2], False, lambda store, had: os.kill(os.getpid(), int(sys.argv[3])))
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Where the files of a PostgreSQL database lie."""
    monkeypatch.chdir(tmp_path)


def untouched(store, had):
    """What is done to a database before anybody else may touch it: nothing."""
    return store.revision()


@pytest.fixture
def backed_up(here, store, url, tmp_path):
    """A backup of an inbox with a picture, in a folder of its own."""
    a_picture_came(store)
    (folder := tmp_path / "backups").mkdir()
    back_up(url, folder / "inbox.tar")
    return folder / "inbox.tar"


@pytest.fixture
def elsewhere(databases, tmp_path):
    """The address of a database that there is not yet, in a folder of its own."""
    (folder := tmp_path / "elsewhere").mkdir()
    return databases.new(folder)


def files(store):
    return [(file.name, file.read_bytes()) for file in media.kept(store.media_folder)]


def flip(file: Path, at: int) -> None:
    """Change one byte of a file."""
    with file.open("r+b") as opened:
        opened.seek(at)
        before = opened.read(1)
        opened.seek(at)
        opened.write(bytes([before[0] ^ 0xFF]))


def test_into_nothing_everything_is_back(store, backed_up, elsewhere, monkeypatch):
    monkeypatch.chdir(backed_up.parent)  # where a PostgreSQL database's files go, and nothing is there
    restored = restore(backed_up, elsewhere, False, untouched)
    again = Store(elsewhere)
    assert asked(again, "SELECT id, body FROM message") == asked(store, "SELECT id, body FROM message")
    assert files(again) == files(store)
    assert files(again)
    assert (restored.prepared, restored.kept) == (store.revision(), None)
    assert sound(again)
    again.close()


def test_what_could_not_be_made_ready_leaves_nothing_that_could_be_sent_again(backed_up, elsewhere):
    def fails(store, had):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(backed_up, elsewhere, False, fails)
    half = Store(elsewhere)
    assert schema.present(half) is None  # it is as empty as it was
    half.close()
    restore(backed_up, elsewhere, True, untouched)


@pytest.mark.parametrize("signal", [Signals.SIGKILL, Signals.SIGINT])
def test_whoever_is_killed_half_way_leaves_nothing_that_could_be_sent_again(store, backed_up, elsewhere, signal):
    """All texts are in it by then, and none of them is held yet."""
    killed = subprocess.run([sys.executable, "-c", KILLED, backed_up, elsewhere, str(signal.value)], check=False)
    assert killed.returncode == -signal
    half = Store(elsewhere)
    if half.is_sqlite or signal == Signals.SIGINT:
        assert schema.present(half) is None
    else:
        assert asked(half, "SELECT id FROM message") == asked(store, "SELECT id FROM message")
        for work in (schema.ready, schema.present):
            with pytest.raises(StoreError, match=r"is half restored: .* drop it, make an empty one with createdb"):
                work(half)
        with pytest.raises(StoreError, match="is half restored"):
            back_up(elsewhere, backed_up.with_name("another.tar"))
    half.close()


def test_an_inbox_that_was_put_back_goes_on(backed_up, elsewhere, monkeypatch):
    monkeypatch.chdir(backed_up.parent)
    restore(backed_up, elsewhere, False, untouched)
    again = Store(elsewhere)
    a_text(again)
    assert how_many(again, "message") == 2
    assert sound(again)
    again.close()


@pytest.mark.sqlite
def test_it_goes_to_a_file_of_any_name(backed_up, tmp_path):
    for name in (name for name in NAMES if "?" not in name and len(name) < 200):
        restore(backed_up, f"sqlite:///{tmp_path / name}", False, untouched)
        again = Store(f"sqlite:///{tmp_path / name}")
        assert how_many(again, "message") == 1, name
        again.close()


@pytest.mark.sqlite
def test_a_database_that_is_there_is_not_touched_without_replace(store, url, backed_up):
    a_text(store, body="Newer")
    store.close()
    with pytest.raises(StoreError, match="is there already: with --replace it is kept beside"):
        restore(backed_up, url, False, untouched)
    again = Store(url)
    assert how_many(again, "message") == 2
    again.close()


@pytest.mark.sqlite
def test_with_replace_the_old_one_is_kept_whole_beside(store, url, backed_up):
    a_text(store, body="Newer")
    store.close()
    restored = restore(backed_up, url, True, untouched)
    for file, bodies in ((url, ["Look"]), (f"sqlite:///{restored.kept}", ["Look", "Newer"])):
        there = Store(file)
        assert [body for (body,) in asked(there, "SELECT body FROM message ORDER BY id")] == bodies
        there.close()


@pytest.mark.sqlite
def test_what_another_left_in_its_log_is_kept_with_it(store, url, backed_up, tmp_path):
    """A server that was killed leaves what it wrote last in the write-ahead log only."""
    a_text(store, body="Only in the log")
    (killed := tmp_path / "killed").mkdir()
    for file in ("inbox.db", "inbox.db-wal"):
        shutil.copy(tmp_path / file, killed / file)
    restored = restore(backed_up, f"sqlite:///{killed / 'inbox.db'}", True, untouched)
    for file, texts in ((killed / "inbox.db", 1), (restored.kept, 2)):
        there = an_outsider(f"sqlite:///{file}")
        assert there.execute("SELECT count(*) FROM message").fetchone() == (texts,)
        there.close()


@pytest.mark.sqlite
def test_a_log_without_its_database_never_gets_into_the_new_one(store, url, backed_up, tmp_path):
    a_text(store)
    log = (tmp_path / "inbox.db-wal").read_bytes()
    (lone := tmp_path / "lone").mkdir()
    (lone / "inbox.db-wal").write_bytes(log)
    with pytest.raises(StoreError, match=r"inbox.db-wal is there already"):
        restore(backed_up, f"sqlite:///{lone / 'inbox.db'}", False, untouched)
    restore(backed_up, f"sqlite:///{lone / 'inbox.db'}", True, untouched)
    again = Store(f"sqlite:///{lone / 'inbox.db'}")
    assert how_many(again, "message") == 1
    again.close()
    assert [name for name in left_in(lone) if name.endswith(".replaced-wal")]


@pytest.mark.sqlite
@pytest.mark.parametrize("replace", [False, True])
def test_an_open_database_is_left_alone(store, url, backed_up, tmp_path, replace):
    store.revision()
    before = left_in(tmp_path)
    with pytest.raises(StoreError, match="is open, as by a message center that runs: stop it, then restore"):
        restore(backed_up, url, replace, untouched)
    assert left_in(tmp_path) == before
    a_text(store)
    assert sound(store)


@pytest.mark.sqlite
def test_a_damaged_database_can_be_replaced_and_is_kept(backed_up, tmp_path):
    place = tmp_path / "damaged.db"
    place.write_bytes(b"This is a letter, not a database. " * 300)
    restored = restore(backed_up, f"sqlite:///{place}", True, untouched)
    assert restored.kept.read_bytes().startswith(b"This is a letter")
    again = Store(f"sqlite:///{place}")
    assert how_many(again, "message") == 1
    again.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_backup_with_one_wrong_byte_is_refused_and_nothing_changes(backed_up, elsewhere, part):
    flip(backed_up, int(backed_up.stat().st_size * part))
    with pytest.raises(StoreError, match=r"damaged|no backup|cut off|that no backup has"):
        restore(backed_up, elsewhere, False, untouched)
    assert left_in(Path(elsewhere.removeprefix("sqlite:///")).parent) == []


@pytest.mark.parametrize("part", [0, 0.01, 0.5, 1])
def test_a_backup_that_was_cut_off_is_refused(backed_up, elsewhere, part):
    """Within the zeros at the end of every tar there is nothing to lose."""
    whole = backed_up.read_bytes().rstrip(b"\0")
    backed_up.write_bytes(whole[: int(len(whole) * part) - 1] if part else b"")
    with pytest.raises(StoreError, match=r"cut off|no backup"):
        restore(backed_up, elsewhere, False, untouched)


def test_what_is_no_backup_is_refused(tmp_path, elsewhere):
    (letter := tmp_path / "letter.tar").write_text("Dear Sir or Madam, " * 100)
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(letter, "letter")
    for file in (letter, tmp_path / "other.tar", tmp_path / "nowhere.tar", tmp_path):
        with pytest.raises(StoreError, match=r"no backup|cannot be read"):
            restore(file, elsewhere, False, untouched)


def test_what_does_not_belong_in_a_backup_is_refused(backed_up, elsewhere, tmp_path):
    """A name that climbs out of the folder is never a path here."""
    with tarfile.open(backed_up, "a") as tar:
        tar.add(__file__, "../../climbed")
    with pytest.raises(StoreError, match="has something in it that no backup has"):
        restore(backed_up, elsewhere, False, untouched)
    assert not (tmp_path / "climbed").exists()


def test_a_backup_of_another_engine_is_refused(backed_up, tmp_path, monkeypatch):
    there = archive.seal(backed_up)
    other = {"sqlite": "postgresql+psycopg://x@127.0.0.1:1/x", "postgresql": f"sqlite:///{tmp_path / 'x.db'}"}
    with pytest.raises(StoreError, match=f"is a backup of {there.engine}, and cannot become"):
        restore(backed_up, other[there.engine], False, untouched)


@pytest.mark.sqlite
def test_an_older_one_is_migrated(tmp_path, elsewhere):
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    old.write(at_first)
    back_up(str(old.url), tmp_path / "old.tar")
    old.close()
    restored = restore(tmp_path / "old.tar", elsewhere, False, untouched)
    again = Store(elsewhere)
    assert schema.present(again) == schema.head()
    assert (restored.had.schema, restored.now.schema) == ("0001", schema.head())
    again.close()


@pytest.mark.sqlite
def test_a_newer_one_is_refused(store, url, tmp_path, elsewhere, monkeypatch):
    back_up(url, tmp_path / "new.tar")
    by_hand(store, "UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setattr(schema, "_known", lambda: {"9999"})
    back_up(url, tmp_path / "newer.tar")
    monkeypatch.undo()
    with pytest.raises(StoreError, match="was made by a newer one"):
        restore(tmp_path / "newer.tar", elsewhere, False, untouched)


@pytest.mark.sqlite
def test_a_damaged_picture_in_the_folder_is_mended(store, url, backed_up):
    (file,) = media.kept(store.media_folder)
    file.write_bytes(b"scratched")
    store.close()
    restore(backed_up, url, True, untouched)
    assert file.read_bytes() == b"a picture"


@pytest.mark.sqlite
def test_what_goes_wrong_at_the_end_leaves_what_was_there(store, url, backed_up):
    def fails(store, had):
        raise StoreError("it does not want to")

    a_text(store, body="Newer")
    store.close()
    with pytest.raises(StoreError, match="it does not want to"):
        restore(backed_up, url, True, fails)
    again = Store(url)
    assert how_many(again, "message") == 2
    again.close()
