"""A demo's folder: nothing is left of it, however its process ends."""

import subprocess
import sys
import tempfile

import pytest

from dashboard.demo.folder import ALIVE, PREFIX, remove_stale, temporary_folder

HOLDS = "from dashboard.demo.folder import temporary_folder\nwith temporary_folder() as folder: print(folder, flush=True); input()"


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def another():
    """Another process that holds a folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert PREFIX in process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


def demos(temporary):
    return sorted(temporary.glob(f"{PREFIX}*"))


def test_the_folder_is_gone_at_the_end(temporary):
    with temporary_folder() as folder:
        (folder / "demo.db").touch()
        assert demos(temporary) == [folder]
    assert demos(temporary) == []


def test_what_a_killed_process_left_is_removed_by_the_next_demo(temporary, another):
    [left] = demos(temporary)
    another.kill()
    another.wait()
    assert left.exists(), "killed before it could tidy up, or this proves nothing"
    with temporary_folder() as folder:
        assert demos(temporary) == [folder]


def test_a_living_demo_keeps_its_folder_in_another_process_and_in_this_one(temporary, another):
    with temporary_folder() as folder:
        remove_stale()
        assert len(demos(temporary)) == 2
        assert folder in demos(temporary)


def test_a_folder_of_somebody_else_is_left_alone(temporary):
    for name in (f"{PREFIX}not-ours", "message-center-old"):
        (temporary / name).mkdir()
    (temporary / "message-center-old" / ALIVE).touch()
    remove_stale()
    assert len(list(temporary.iterdir())) == 2
