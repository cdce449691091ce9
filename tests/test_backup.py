"""The commands backup and restore: what they print, and the exit codes that a timer goes by."""

import re
import shutil
import tarfile

import pytest

from dashboard.store import media
from dashboard.store.archive import SEAL
from tests.factories import a_reply, a_store, a_text, an_outsider, by_hand
from tests.store.test_backup import a_picture_came, left_in
from tests.test_main import run  # noqa: F401 - a fixture

pytestmark = pytest.mark.sqlite


@pytest.fixture
def made(url, tmp_path, monkeypatch):
    """The address of a database with a text, a picture and a reply that waits; and the folder we are in."""
    monkeypatch.chdir(tmp_path)
    with a_store(url) as store:
        thread = a_text(store).thread
        a_picture_came(store)
        a_reply(store, thread)
    return url


def test_a_backup_is_one_file_here_and_says_what_it_has(run, made, tmp_path):  # noqa: F811
    code, output, complaints = run("backup", "--database", made)
    (name,) = (name for name in left_in(tmp_path) if name.endswith(".tar"))
    assert re.fullmatch(r"message-center-\d{8}T\d{6}Z\.tar", name)
    assert re.fullmatch(
        rf"{re.escape(made)} in {tmp_path}/{name}, 0\.\d MB: revision \d+, 1 threads, 3 messages, 1 files of the media folder; "
        "looked over, and whole\\.\n",
        output,
    )
    assert (code, complaints) == (0, "")


@pytest.mark.parametrize("to", ["to", "to/mine.tar"])
def test_it_goes_where_it_is_told(run, made, tmp_path, to):  # noqa: F811
    (tmp_path / "to").mkdir()
    assert run("backup", "--database", made, "--to", to)[0] == 0
    (name,) = left_in(tmp_path / "to")
    assert name == "mine.tar" or (to == "to" and name.startswith("message-center-"))


def test_a_folder_that_there_is_not_is_no_name_of_a_file(run, made, tmp_path):  # noqa: F811
    before = left_in(tmp_path)
    code, output, complaints = run("backup", "--database", made, "--to", "nowhere")
    assert (code, output) == (2, "")
    assert complaints == "message-center: There is no folder nowhere: make it, or name a file that ends in .tar.\n"
    assert left_in(tmp_path) == before


def test_every_hour_by_the_clock_a_new_one_is_made_and_the_same_name_twice_is_exit_code_2(run, made, tmp_path):  # noqa: F811
    assert run("backup", "--database", made, "--to", "mine.tar")[0] == 0
    before = (tmp_path / "mine.tar").read_bytes()
    code, output, complaints = run("backup", "--database", made, "--to", "mine.tar")
    assert (code, output) == (2, "")
    assert (
        complaints
        == "message-center: mine.tar is there already, and is not written over: give another name with --to.\n"
    )
    assert (tmp_path / "mine.tar").read_bytes() == before


def test_a_missing_file_is_exit_code_1_and_the_backup_is_made(run, made, tmp_path):  # noqa: F811
    (file,) = media.kept(tmp_path / "inbox-media")
    file.unlink()
    code, output, complaints = run("backup", "--database", made, "--to", "mine.tar")
    assert (code, "looked over, and whole" in output) == (1, True)
    assert complaints.startswith(
        f"message-center: 1 files were missing in the media folder, or damaged, and are not in it: {file.name}"
    )
    assert (tmp_path / "mine.tar").exists()


def test_wrong_counts_are_exit_code_1(run, made):  # noqa: F811
    with a_store(made) as store:
        by_hand(store, "UPDATE thread SET unread = 7")
    code, _, complaints = run("backup", "--database", made)
    assert code == 1
    assert "Counts do not agree: threads whose unread count is wrong: 1" in complaints


def test_a_restore_says_what_came_of_it(run, made, tmp_path):  # noqa: F811
    run("backup", "--database", made, "--to", "mine.tar")
    code, output, complaints = run("restore", "mine.tar", "--database", "sqlite:///again.db")
    first, held, last = output.splitlines()
    assert first.startswith("sqlite:///again.db: revision ")
    assert held == "1 texts that waited to be sent may have gone since: see the Failed view."
    assert re.fullmatch(r"What came after .* UTC is not in it, opt-outs neither\. Everybody logs in again\.", last)
    assert (code, complaints) == (0, "")
    database = an_outsider("sqlite:///again.db")
    assert database.execute("SELECT count(*) FROM message WHERE status = 'unknown'").fetchone() == (1,)
    database.close()
    assert [file.read_bytes() for file in media.kept(tmp_path / "again-media")] == [b"a picture"]


def test_over_what_is_there_only_with_replace(run, made, tmp_path):  # noqa: F811
    run("backup", "--database", made, "--to", "mine.tar")
    code, output, complaints = run("restore", "mine.tar", "--database", made)
    assert (code, output) == (2, "")
    assert "with --replace" in complaints
    code, output, _ = run("restore", "mine.tar", "--replace", "--database", made)
    assert code == 0
    (kept,) = tmp_path.glob("*.replaced")
    assert f"The database that was there is kept as {kept}." in output.splitlines()


def test_any_tar_program_reads_it(run, made, tmp_path):  # noqa: F811
    """Whoever has nothing but the file has the database and the pictures."""
    run("backup", "--database", made, "--to", "mine.tar")
    with tarfile.open("mine.tar") as tar:
        tar.extractall(tmp_path / "out", filter="data")
    assert {"database", "media", SEAL} == set(left_in(tmp_path / "out"))
    shutil.copy(tmp_path / "out" / "database", tmp_path / "out.db")
    database = an_outsider("sqlite:///out.db")
    assert database.execute("SELECT count(*) FROM message").fetchone() == (3,)
    database.close()
