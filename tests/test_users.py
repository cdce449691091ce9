"""The command users, as an administrator types it."""

import subprocess
import sys

import pytest

from tests.conftest import a_folder


@pytest.fixture(scope="module")
def url():
    with a_folder() as folder:
        yield f"sqlite:///{folder / 'inbox.db'}"


def users(url, *words, typed=""):
    run = [sys.executable, "-m", "dashboard", "users", *words, "--database", url]
    done = subprocess.run(run, input=typed, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_logins_are_added_listed_changed_and_disabled(url):
    assert users(url, "add", "Dana Whitcomb", "--login", "dana", typed="correct horse\n") == (
        0, "Dana Whitcomb can log in as “dana”, with the role Administrator.\n",
    )  # fmt: skip
    code, said = users(url, "add", "Marcus Bell", typed="short\n")
    assert (code, "8 to 1,024 characters; this one has 5" in said) == (2, True)
    code, said = users(url, "add", "Marcus Bell", typed="correct horse\n")
    assert (code, "--role. There is: Administrator." in said) == (2, True)
    assert users(url, "add", "Marcus Bell", "--role", "Administrator", typed="correct horse\n")[0] == 0
    assert users(url, "passwd", "marcus bell", typed="another horse\n")[0] == 0
    assert users(url, "disable", "dana")[0] == 0
    code, said = users(url, "list")
    assert [line.split() for line in said.splitlines()] == [
        ["dana", "Dana", "Whitcomb", "Administrator", "disabled"],
        ["marcus", "bell", "Marcus", "Bell", "Administrator"],
    ]
    assert "horse" not in said
    assert users(url, "enable", "dana")[0] == 0
    code, said = users(url, "disable", "zoe")
    assert (code, "There is no login “zoe”. There is: dana, marcus bell." in said) == (2, True)
