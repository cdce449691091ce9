"""A backup: made while others write, looked over before it has its name, and refused in words where it cannot be."""

import os
import tarfile
from pathlib import Path
from threading import Event, Thread

import pytest

from dashboard.core.errors import StoreError
from dashboard.core.values import Media
from dashboard.store import archive, backup, media
from dashboard.store.backup import back_up
from dashboard.store.database import Store
from tests.factories import a_text, a_text_with, an_outsider, by_hand

# What people call a file.
NAMES = [
    "inbox.tar", "two words.tar", "-rf.tar", "Übermorgen 📦.tar", "100%.tar", "what?.tar", "#1.tar", "a'b\"c.tar",
    "a;b&c|d.tar", "line\nbreak.tar", ".hidden", "no ending", "x" * 200, "{braces} $HOME `ls`.tar", "sqlite:x.tar",
]  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Where the files of a PostgreSQL database lie."""
    monkeypatch.chdir(tmp_path)


def a_picture_came(store, content: bytes = b"a picture") -> Path:
    """A text with a file that lies in the media folder; where it lies."""
    kept = media.keep(store.media_folder, Media(content, "image/jpeg", "gutter.jpg"))
    a_text_with(store, kept)
    return media.path(store.media_folder, kept.sha256)


def names_in(file):
    with tarfile.open(file) as tar:
        return tar.getnames()


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_says_what_it_has(store, url, tmp_path):
    a_picture_came(store)
    for _ in range(3):
        a_text(store)
    contents = back_up(url, tmp_path / "inbox.tar")
    assert (contents.threads, contents.messages, contents.files) == (1, 4, 1)
    assert (contents.revision, contents.missing, contents.faults) == (store.revision(), (), ())
    assert archive.check(tmp_path / "inbox.tar") == contents


def test_a_file_of_any_name_is_made_and_nothing_else(store, url, tmp_path):
    a_text(store)
    for number, name in enumerate(NAMES):
        (folder := tmp_path / f"to-{number}").mkdir()
        back_up(url, folder / name)
        assert left_in(folder) == [name]
        assert archive.check(folder / name).messages == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("name", [name for name in NAMES if "?" not in name and len(name) < 200])
def test_a_database_of_any_name_is_copied(url, tmp_path, name):
    Path(url.removeprefix("sqlite:///")).rename(tmp_path / name)
    store = Store(f"sqlite:///{tmp_path / name}")
    a_text(store)
    assert back_up(str(store.url), tmp_path / "made").messages == 1
    store.close()


def test_only_its_owner_can_read_it(store, url, tmp_path):
    back_up(url, tmp_path / "inbox.tar")
    assert (tmp_path / "inbox.tar").stat().st_mode & 0o077 == 0


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(store, url, tmp_path):
    """Made ten times under a stream of texts: each has all that was acknowledged before it was begun."""
    over, known = Event(), []

    def write():
        while not over.is_set():
            known.append(a_text(store, body="x" * 500).message)

    writer = Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            acknowledged = len(known)
            contents = back_up(url, tmp_path / f"{number}.tar")
            assert acknowledged <= contents.messages <= len(known) + 1
            assert contents.faults == ()
    finally:
        over.set()
        writer.join()
    assert len(known) > 10, "nobody wrote meanwhile, and this proves nothing"


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_is_written_over(store, url, tmp_path, kind):
    target = tmp_path / "taken"
    {"file": lambda: target.write_text("dear"), "folder": target.mkdir, "link": lambda: target.symlink_to("away")}[
        kind
    ]()
    before = left_in(tmp_path)
    with pytest.raises(StoreError, match="is there already, and is not written over"):
        back_up(url, target)
    assert left_in(tmp_path) == before


def test_one_that_comes_into_being_meanwhile_is_not_written_over(store, url, tmp_path, monkeypatch):
    target = tmp_path / "inbox.tar"
    monkeypatch.setattr(backup.archive, "check", lambda made: target.write_text("dear"))
    with pytest.raises(StoreError, match="has come into being meanwhile"):
        back_up(url, target)
    assert target.read_text() == "dear"


@pytest.mark.sqlite
def test_a_damaged_database_is_not_copied(url, tmp_path):
    with Store(url).reading():
        pass
    with Path(url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 30)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        back_up(url, tmp_path / "inbox.tar")
    assert not (tmp_path / "inbox.tar").exists()


@pytest.mark.sqlite
def test_a_row_that_refers_to_nothing_is_damage(store, url, tmp_path):
    a_text(store)
    outsider = an_outsider(url)
    outsider.execute("PRAGMA foreign_keys = OFF")
    outsider.execute("UPDATE message SET thread_id = 99")
    outsider.close()
    with pytest.raises(StoreError, match="a message refers to a thread that there is not"):
        back_up(url, tmp_path / "inbox.tar")


def test_counts_that_do_not_agree_are_told_and_the_backup_is_made(store, url, tmp_path):
    a_text(store)
    by_hand(store, "UPDATE thread SET unread = 7")
    contents = back_up(url, tmp_path / "inbox.tar")
    assert "threads whose unread count is wrong: 1" in contents.faults


@pytest.mark.parametrize("lost", ["gone", "damaged"])
def test_a_file_that_is_not_there_or_not_itself_is_told_and_left_out(store, url, tmp_path, lost):
    file = a_picture_came(store)
    a_picture_came(store, b"another")
    file.unlink() if lost == "gone" else file.write_bytes(b"something else")
    contents = back_up(url, tmp_path / "inbox.tar")
    assert (contents.missing, contents.files) == ((file.name,), 1)
    assert f"media/{file.name}" not in names_in(tmp_path / "inbox.tar")


def test_what_is_still_arriving_is_left_out(store, url, tmp_path):
    media.incoming(store.media_folder).write_bytes(b"half a pict")
    assert back_up(url, tmp_path / "inbox.tar").files == 0


@pytest.mark.sqlite
def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path):
    with pytest.raises(StoreError, match=r"There is no database .*nowhere\.db: nothing to back up"):
        back_up(f"sqlite:///{tmp_path / 'nowhere.db'}", tmp_path / "inbox.tar")
    assert left_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(store, url, tmp_path):
    with pytest.raises(StoreError, match=r"nowhere.*cannot be written \(No such file or directory\)"):
        back_up(url, tmp_path / "nowhere" / "inbox.tar")


def test_without_room_nothing_is_left_behind(store, url, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (folder := tmp_path / "to").mkdir()
    with pytest.raises(StoreError, match="No space left on device"):
        back_up(url, folder / "inbox.tar")
    assert left_in(folder) == []
