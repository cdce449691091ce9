"""The command line: it does what it says, and what goes wrong is one line that says what to do, with exit code 2."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from dashboard import logs
from dashboard.__main__ import main
from tests.conftest import a_folder
from tests.factories import an_outsider

ROOT = Path(__file__).parents[1]


def started(*arguments):
    """The command in a process of its own, without anybody's settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MESSAGE_CENTER")}
    command = [sys.executable, "-m", "dashboard", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, **pipes)


def ended(process):
    """Exit code, output and complaints of a process that ends by itself."""
    output, complaints = process.communicate(timeout=60)
    assert "Traceback" not in output + complaints
    return process.returncode, output, complaints


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command in this process: exit code, output, complaints."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["message-center", *map(str, arguments)])
        monkeypatch.setattr(logs, "begin", lambda: None)
        before = os.umask(0o022)
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            os.umask(before)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.fixture(scope="module")
def processes():
    """The slow ones, begun together: the machine has more than one core."""
    with a_folder() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        begun = {
            "demo": started("demo", "--port", "0", "--threads", "60", "--quiet", "--no-browser"),
            "port": started("serve", "--port", port, "--database", f"sqlite:///{folder / 'new.db'}"),
        }
        yield begun
        for process in begun.values():
            process.kill()
            process.communicate()


def test_the_demo_prints_its_address_serves_and_ends_when_told(processes):
    demo = processes["demo"]
    address = re.search(r"http://127\.0\.0\.1:\d+/", demo.stdout.readline())[0]
    with urllib.request.urlopen(address + "healthz", timeout=60) as answer:
        assert answer.read() == b"ok\n"
    with urllib.request.urlopen(address + "login", timeout=60) as answer:
        assert "Continue as Dana, Administrator" in answer.read().decode()
    demo.send_signal(signal.SIGTERM)
    code, _, complaints = ended(demo)
    assert code == 0
    assert complaints == ""


def test_a_port_in_use_is_told_in_one_line(processes):
    code, _, complaints = ended(processes["port"])
    assert code == 2
    assert re.fullmatch(r"message-center: port \d+ cannot be listened on .*--port\.\n", complaints)


def test_a_damaged_database_is_told_in_one_line(run, tmp_path):
    file = tmp_path / "damaged.db"
    file.write_bytes(b"This is a letter, not a database. " * 300)
    code, output, complaints = run("seed", "--threads", 1, "--messages", 1, "--database", f"sqlite:///{file}")
    assert (code, output) == (2, "")
    assert re.fullmatch(r"message-center: The database .* damaged.*\n", complaints)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "--host", "0.0.0.0"), "MESSAGE_CENTER_HOST (--host): “0.0.0.0” would let others in"),
        (("serve", "--host", "::"), "MESSAGE_CENTER_HOST"),
        (("serve", "--port", "70000"), "MESSAGE_CENTER_PORT (--port)"),
        (("serve", "--database", "inbox.db"), "MESSAGE_CENTER_DATABASE (--database): “inbox.db” is no database URL"),
        (("serve", "--database", "mysql://host/x"), "(--database): mysql"),
        (("serve", "--database", "sqlite:////nowhere/at/all/inbox.db"), "does its folder exist"),
        (("migrate", "--database", "nonsense"), "MESSAGE_CENTER_DATABASE (--database): "),
        (("seed", "--threads", "9", "--messages", "3"), "--messages 3: every thread has at least one"),
        (("import", "/nowhere/people.csv"), "cannot be read"),
        (("backup", "--database", "sqlite:///nowhere.db"), "There is no database sqlite:///nowhere.db"),
        (("restore", "/nowhere/inbox.tar"), "/nowhere/inbox.tar cannot be read"),
    ],
)
def test_what_goes_wrong_is_one_line_and_exit_code_2(run, monkeypatch, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, output, complaints = run(*arguments)
    assert (code, output) == (2, "")
    assert complaints.startswith("message-center: ")
    assert complaints.count("\n") == 1
    assert words in complaints


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORTS", "7000"),
        ("HOST", "0.0.0.0"),
        ("REGION", "usa"),
        ("PROVIDER", "nobody"),
        ("NUMBERS", "nonsense!"),
    ],
)
def test_a_bad_value_in_the_environment_names_its_setting(run, monkeypatch, tmp_path, name, value):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"MESSAGE_CENTER_{name}", value)
    code, _, complaints = run("seed", "--threads", 1, "--messages", 1)
    assert code == 2
    assert complaints.startswith(f"message-center: MESSAGE_CENTER_{name}")
    assert complaints.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("fly",), ("seed", "--threads", "many", "--messages", "1"), ("seed", "--threads", "0", "--messages", "1"), ("seed",), ("import",),
     ("import", "x.csv", "--as", "friends"), ("demo", "--threads", "-1"), ("serve", "--port", "x")],
)  # fmt: skip
def test_a_command_that_is_none_is_exit_code_2(run, arguments):
    code, output, complaints = run(*arguments)
    assert (code, output) == (2, "")
    assert "Error" in complaints or "Usage" in complaints


@pytest.mark.parametrize("command", ["demo", "serve", "seed", "import", "migrate", "check", "backup", "restore"])
def test_every_command_says_what_it_does(run, command):
    code, output, _ = run(command, "--help")
    assert code == 0
    assert "Usage" in output


def test_the_commands_of_the_contract_are_there(run):
    _, output, _ = run("--help")
    known = ("demo", "serve", "seed", "import", "users", "backup", "restore", "migrate", "check")
    assert all(command in output for command in known)


@pytest.mark.parametrize(("threads", "messages"), [(1, 1), (30, 100)])
def test_seed_makes_exactly_what_was_asked_for_and_adds_the_next_time(run, tmp_path, threads, messages):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    for times in (1, 2):
        assert run("seed", "--threads", threads, "--messages", messages, "--database", url)[0] == 0
        database = an_outsider(url)
        counts = "SELECT (SELECT count(*) FROM thread), (SELECT count(*) FROM message)"
        assert database.execute(counts).fetchone() == (threads * times, messages * times)
        database.close()


def test_seed_asks_before_it_adds_to_conversations_where_somebody_can_be_asked(run, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    asked: list[str] = []
    answers = iter([False, True])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda question: asked.append(question) or next(answers))
    seed = ("seed", "--threads", 1, "--messages", 2, "--database", url)
    assert run(*seed)[1].endswith(f"1 threads of sample data, 2 messages, are in {url}.\n")
    assert asked == []
    code, _, complaints = run(*seed)
    assert (code, complaints) == (2, "message-center: Nothing was added.\n")
    assert asked == [f"{url} has conversations. Sample data among them cannot be taken out again. Add it?"]
    assert run(*seed)[0] == 0
    database = an_outsider(url)
    assert database.execute("SELECT count(*) FROM thread").fetchone() == (2,)
    database.close()


def test_what_the_commands_make_is_for_their_user_alone(run, tmp_path):
    file = tmp_path / "inbox.db"
    assert run("seed", "--threads", 1, "--messages", 1, "--database", f"sqlite:///{file}")[0] == 0
    assert file.stat().st_mode & 0o077 == 0


def test_import_tells_the_lines_it_cannot_read_takes_the_rest_and_twice_changes_nothing(run, tmp_path):
    file, url = tmp_path / "people.csv", f"sqlite:///{tmp_path / 'inbox.db'}"
    file.write_text("name,phone\nAna,6035550142\n,6035550143\nBen,12\nCleo,6035550144\n", encoding="utf-8")
    code, output, complaints = run("import", file, "--as", "leads", "--database", url)
    assert (code, output) == (1, f"2 new, 0 known already, 2 could not be read; into {url}\n")
    first, second = complaints.splitlines()
    assert first == f"{file}, line 3: The name is empty."
    assert second.startswith(f"{file}, line 4: “12” is no phone number")
    assert (
        run("import", file, "--as", "leads", "--database", url)[1]
        == f"0 new, 2 known already, 2 could not be read; into {url}\n"
    )
    database = an_outsider(url)
    assert database.execute("SELECT name, kind FROM account").fetchall() == [("Ana", "lead"), ("Cleo", "lead")]
    database.close()


def test_import_of_a_clean_file_is_exit_code_0(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("name,phone\nAna,6035550142\n", encoding="utf-8")
    assert run("import", file, "--database", f"sqlite:///{tmp_path / 'inbox.db'}")[0] == 0


def test_migrate_says_what_it_did(run, tmp_path):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    assert "was brought to" in run("migrate", "--database", url)[1]
    assert run("migrate", "--database", url) == (0, "The database is up to date.\n", "")
