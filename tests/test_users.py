"""The command users, as an administrator types it."""

import pytest
from typer.testing import CliRunner

from dashboard.users import cli
from tests.conftest import a_folder


@pytest.fixture(scope="module")
def url():
    with a_folder() as folder:
        yield f"sqlite:///{folder / 'inbox.db'}"


def users(url, *words, typed=""):
    """What a command says; or what it is refused with, which the whole program prints, and ends with 2."""
    done = CliRunner().invoke(cli, [*words, "--database", url], input=typed)
    return (done.output, None) if done.exit_code == 0 else ("", str(done.exception))


def test_logins_are_added_listed_changed_and_disabled(url):
    said, _ = users(url, "add", "Dana Whitcomb", "--login", "dana", typed="correct horse\n")
    assert said == "Dana Whitcomb can log in as “dana”, with the role Administrator.\n"
    assert "8 to 1,024 characters; this one has 5" in users(url, "add", "Marcus Bell", typed="short\n")[1]
    assert "--role. There is: Administrator." in users(url, "add", "Marcus Bell", typed="correct horse\n")[1]
    assert users(url, "add", "Marcus Bell", "--role", "Administrator", typed="correct horse\n")[1] is None
    assert "another password" in users(url, "passwd", "marcus bell", typed="another horse\n")[0]
    assert users(url, "disable", "dana")[0] == "“dana” is disabled, and logged out everywhere.\n"
    said, _ = users(url, "list")
    assert [line.split() for line in said.splitlines()] == [
        ["dana", "Dana", "Whitcomb", "Administrator", "disabled"],
        ["marcus", "bell", "Marcus", "Bell", "Administrator"],
    ]
    assert "horse" not in said
    assert "can log in again" in users(url, "enable", "dana")[0]
    assert "There is no login “zoe”. There is: dana, marcus bell." in users(url, "disable", "zoe")[1]


def test_whoever_disables_the_last_who_can_edit_roles_is_told_and_how_to_go_on():
    with a_folder() as folder:
        url = f"sqlite:///{folder / 'inbox.db'}"
        users(url, "add", "Dana Whitcomb", "--login", "dana", typed="correct horse\n")
        told = users(url, "disable", "dana")[0].splitlines()
        assert told[1] == (
            "Nobody who can log in can edit roles now: message-center users add NAME --role Administrator"
        )
        assert users(url, "add", "Zoe", "--role", "Administrator", typed="correct horse\n")[1] is None
        assert len(users(url, "disable", "dana")[0].splitlines()) == 1


def test_where_nobody_can_log_in_the_list_says_so():
    with a_folder() as folder:
        said, _ = users(f"sqlite:///{folder / 'inbox.db'}", "list")
    assert said == "Nobody can log in yet: message-center users add NAME\n"


def test_a_password_is_asked_for_twice_where_somebody_can_be_asked(monkeypatch):
    from dashboard import users as command
    from dashboard.core.errors import Refused

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    typed = iter(["correct horse", "correct horse", "correct horse", "correct house"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert command._password() == "correct horse"
    with pytest.raises(Refused, match="not the same"):
        command._password()
