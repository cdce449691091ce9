"""The command ``check``: a good set-up passes, each bad one is told in a line that says what to do, and no secret is."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from dashboard import checking, logs
from dashboard.__main__ import main
from dashboard.settings import PREFIX, Settings, everything
from dashboard.store import schema, sqlite_build
from dashboard.store.database import Store
from tests.factories import a_store, a_text, an_outsider
from tests.fake_twilio import ACCOUNT, TOKEN, a_twilio

KEY = "a long random text that nobody guesses"
SECRET = "open sesame, says the canary"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch, tmp_path):
    for name in everything():
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def check(capsys, monkeypatch):
    """Run the command on some settings: its exit code, and its lines as (state, item, words)."""

    def check(*arguments, **given):
        monkeypatch.setattr(sys, "argv", ["message-center", "check", *map(str, arguments)])
        monkeypatch.setattr(logs, "begin", lambda: None)
        monkeypatch.setattr("os.umask", lambda mask: mask)  # it is the whole process's
        for name, value in ({"port": free_port()} | given).items():
            monkeypatch.setenv(PREFIX + name.upper(), str(value))
        with pytest.raises(SystemExit) as end:
            main()
        written = capsys.readouterr()
        assert written.err == ""
        *lines, last = written.out.splitlines()
        assert (last == "Nothing is wrong.") == (end.value.code == 0)
        return end.value.code, [(line[:8].strip(), line[9:22].strip(), line[23:]) for line in lines]

    return check


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def told(lines, state):
    """What has a state, as "item: words"."""
    return [f"{item}: {words}" for there, item, words in lines if there == state]


GOOD = {
    "url": "https://texts.example.com", "numbers": "+16035550100", "provider": "simulated", "hook_secret": SECRET,
    "secret_key": KEY,
}  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """The address of a database that is ready and in use."""
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    with a_store(url) as store:
        a_text(store)
    return url


def test_a_good_set_up_has_nothing_to_say_but_ok(check, made):
    code, lines = check(database=made, **GOOD)
    assert (code, told(lines, "warning"), told(lines, "wrong")) == (0, [], [])
    assert {item for _, item, _ in lines} == {
        "settings", "address", "port", "proxies", "signing key", "zone", "numbers", "provider", "media folder", "SQLite",
        "database", "schema", "integrity",
    }  # fmt: skip


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(check, tmp_path):
    code, lines = check()
    assert (code, told(lines, "wrong")) == (0, [])
    assert told(lines, "warning") == ["provider: MESSAGE_CENTER_PROVIDER is not set: nothing is sent"]
    assert list(tmp_path.iterdir()) == []


def test_the_clock_by_which_customers_are_told_is_said(check):
    (own,) = [words for _, item, words in check()[1] if item == "zone"]
    assert "this machine’s own" in own
    (there,) = [words for _, item, words in check(zone="Asia/Tokyo")[1] if item == "zone"]
    assert there.endswith(" JST: Asia/Tokyo")


def test_every_bad_setting_has_a_line_of_its_own(check):
    code, lines = check(port="abc", region="usa", url="nonsense", secret_key="short", numbers="nonsense!")
    assert (code, len(lines)) == (1, 4)
    named = [words.split(":")[0].split()[0] for _, _, words in lines]
    assert named == [PREFIX + name for name in ("URL", "PORT", "REGION", "SECRET_KEY")]
    assert check(numbers="nonsense!", region="US", port=free_port(), url="", secret_key=KEY)[0] == 1


def test_a_setting_that_there_is_not_is_wrong(check, monkeypatch):
    monkeypatch.setenv("MESSAGE_CENTER_PROVIDOR", "simulated")
    assert told(check()[1], "wrong") == [
        "settings: MESSAGE_CENTER_PROVIDOR: there is no such setting; did you mean MESSAGE_CENTER_PROVIDER?"
    ]


@pytest.mark.parametrize(
    ("given", "item", "words"),
    [
        ({"url": "http://inbox.example.com"}, "address", "is not https"),
        ({"host": "0.0.0.0", "proxies": "10.0.0.7"}, "address", "takes plain HTTP from every machine"),
        ({"host": "0.0.0.0"}, "proxies", "MESSAGE_CENTER_PROXIES: name the proxy's address"),
        ({"proxies": ""}, "proxies", "count as one"),
        ({"rate_limit": "0"}, "rate limit", "never made to wait"),
        ({"numbers": ""}, "numbers", "is nobody's"),
        ({"provider": ""}, "provider", "nothing is sent"),
        ({"hook_secret": ""}, "provider", "no text comes in"),
        ({"hook_secret": "short"}, "provider", "can be guessed"),
    ],
)
def test_what_is_worth_a_thought_is_a_warning_and_no_fault(check, given, item, words):
    code, lines = check(**GOOD | given)
    assert code == 0
    assert any(line.startswith(f"{item}: ") and words in line for line in told(lines, "warning"))


def wrong(check, item, words, *arguments, **given):
    code, lines = check(*arguments, **given)
    assert code == 1
    assert any(line.startswith(f"{item}: ") and words in line for line in told(lines, "wrong")), lines


def test_a_port_that_is_taken_is_told(check):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, lines = check(port=taken.getsockname()[1])
    assert any("is taken" in line for line in told(lines, "warning"))


def test_an_address_that_this_machine_has_not_is_wrong(check):
    wrong(check, "port", "cannot be listened on", **GOOD | {"host": "192.0.2.1"})


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_a_secret_that_others_can_read_is_told(check, tmp_path, mode):
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(mode)
    _, lines = check(hook_secret_file=file)
    assert any(f"chmod 600 {file}" in line for line in told(lines, "warning"))
    file.chmod(0o600)
    assert not any("chmod" in line for line in told(check(hook_secret_file=file)[1], "warning"))


def test_a_signing_key_that_others_can_read_is_told(check, made, tmp_path):
    file = tmp_path / "inbox.db.key"
    file.write_text(KEY, encoding="utf-8")
    file.chmod(0o644)
    _, lines = check(database=made)
    assert any(line.startswith("signing key: others") for line in told(lines, "warning"))
    file.chmod(0o600)
    assert f"signing key: is kept in {file}" in told(check(database=made)[1], "ok")


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_signing_key_that_is_none_is_wrong(check, made, tmp_path, content):
    (tmp_path / "inbox.db.key").write_bytes(content)
    wrong(check, "signing key", "key", database=made)


def test_a_folder_that_is_not_there_is_wrong(check, tmp_path):
    wrong(check, "database", "is not there: make it", database=f"sqlite:///{tmp_path}/nowhere/inbox.db")


def test_a_file_that_is_no_database_is_wrong(check, tmp_path):
    (tmp_path / "letter.db").write_bytes(b"This is a letter, not a database. " * 300)
    wrong(check, "database", "damaged", database=f"sqlite:///{tmp_path}/letter.db")


def test_a_database_of_somebody_else_is_wrong(check, tmp_path):
    url = f"sqlite:///{tmp_path}/theirs.db"
    theirs = an_outsider(url)
    theirs.execute("CREATE TABLE recipes (name TEXT)")
    theirs.close()
    wrong(check, "database", "other tables (recipes)", database=url)


def test_a_newer_database_is_wrong_and_an_older_one_is_brought_up_by_itself(check, made):
    for version, state in (("9999", "wrong"), ("0001", "warning")):
        file = an_outsider(made)
        file.execute("UPDATE alembic_version SET version_num = ?", (version,))
        file.close()
        assert any(version in line for line in told(check(database=made)[1], state))


def test_an_empty_database_is_told(check, tmp_path):
    url = f"sqlite:///{tmp_path}/empty.db"
    Store(url).close()
    assert any("is empty" in line for line in told(check(database=url)[1], "warning"))


def test_a_page_of_a_database_that_was_overwritten_is_found(check, made, tmp_path):
    file = tmp_path / "inbox.db"
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 20 * 4096] = b"\xa5" * 20 * 4096
    file.write_bytes(content)
    code, lines = check(database=made)
    assert code == 1
    assert any("damaged" in line or "restore a backup" in line for line in told(lines, "wrong"))


def test_a_count_that_is_wrong_is_found(check, made):
    file = an_outsider(made)
    file.execute("UPDATE thread SET unread = 7")
    file.close()
    wrong(check, "counts", "threads whose unread count is wrong: 1", database=made)


def test_an_older_sqlite_is_told(check, monkeypatch, made):
    monkeypatch.setattr(sqlite_build, "SOUND", (99, 0, 0))
    assert any("older than" in line for line in told(check(database=made)[1], "warning"))


@pytest.mark.parametrize(("free", "state"), [(2 * 1024**3, "ok"), (500 * 1024**2, "warning"), (1000, "wrong")])
def test_a_disk_that_fills_is_told(check, monkeypatch, made, free, state):
    usage = shutil._ntuple_diskusage(10 * 1024**3, 0, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    _, lines = check(database=made)
    assert any(line.startswith("media folder: ") for line in told(lines, state))


def test_a_media_folder_that_cannot_be_written_is_wrong(check, made, tmp_path):
    """The superuser may write everywhere, and so it is a file here."""
    (tmp_path / "inbox-media").write_text("", encoding="utf-8")
    wrong(check, "media folder", "cannot be written", database=made)


def test_a_server_that_is_away_is_wrong_and_its_password_is_not_told(check, capsys):
    url = f"postgresql+psycopg://inbox:canary@127.0.0.1:{free_port()}/inbox"
    code, lines = check(database=url)
    assert code == 1
    assert any("does not answer" in line for line in told(lines, "wrong"))
    assert any("MESSAGE_CENTER_SECRET_KEY" in line for line in told(lines, "wrong"))
    assert all("canary" not in words for _, _, words in lines)
    assert any("inbox:***@" in words for _, _, words in lines)


def test_no_secret_is_ever_told(check, made):
    for changes in ({}, {"secret_key": "canary"}, {"hook_secret": "canary"}, {"database": "nonsense://x:canary@y/z"}):
        _, lines = check(**GOOD | {"database": made} | changes)
        said = " ".join(words for _, _, words in lines)
        assert "canary" not in said
        assert KEY not in said


def test_the_real_command_in_a_process_of_its_own(made):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    command = [sys.executable, "-m", "dashboard", "check", "--database", made, "--port", str(free_port())]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("Nothing is wrong.\n")


def test_everything_that_is_looked_at_says_something(made):
    settings = Settings(database=made)
    assert all(list(look(settings)) for look in checking.LOOKS)
    assert schema.head() in " ".join(finding.words for finding in checking._database(settings))


TWILIO = {
    "url": "https://texts.example.com", "numbers": "+16035550100", "secret_key": KEY, "provider": "twilio",
    "twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN,
}  # fmt: skip


def test_what_has_to_be_entered_at_twilio_is_printed_with_what_makes_it_come_again(check, made):
    code, lines = check(database=made, **TWILIO)
    said = [words for _, item, words in lines if item == "at twilio"]
    assert (code, told(lines, "wrong")) == (0, [])
    assert "https://texts.example.com/hooks/twilio/in#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000" in said[0]
    assert "https://texts.example.com/hooks/twilio/status" in " ".join(said)
    assert TOKEN not in str(lines)


def test_what_has_to_be_put_into_kannels_configuration_is_printed_so_that_it_can_be_copied(capsys, monkeypatch, made):
    kannel = {"KANNEL_USERNAME": "mc", "KANNEL_PASSWORD": "s3cret-of-kannel", "KANNEL_SECRET": "secret-of-our-doors-1"}
    given = kannel | {"PROVIDER": "kannel", "NUMBERS": "+16035550100", "SECRET_KEY": KEY}
    for name, value in ({"PORT": str(free_port()), "DATABASE": made} | given).items():
        monkeypatch.setenv(PREFIX + name, value)
    monkeypatch.setattr(sys, "argv", ["message-center", "check"])
    monkeypatch.setattr(logs, "begin", lambda: None)
    monkeypatch.setattr("os.umask", lambda mask: mask)  # it is the whole process's
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert (end.value.code, said.err) == (0, "")
    assert "\n\ngroup = smsc\nsmsc = http\nsmsc-id = message-center\n" in said.out
    assert "\n\ngroup = sendsms-user\nusername = mc\npassword = PASSWORD\n" in said.out
    assert not any(kannel[secret] in said.out for secret in ("KANNEL_PASSWORD", "KANNEL_SECRET"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"url": "http://texts.example.com"}, "MESSAGE_CENTER_URL: set it to the https address"),
     ({"numbers": ""}, "MESSAGE_CENTER_NUMBERS: name the numbers"),
     ({"twilio_auth_token": "short"}, "MESSAGE_CENTER_TWILIO_AUTH_TOKEN: "),
     ({"twilio_account_sid": "AC1"}, "MESSAGE_CENTER_TWILIO_ACCOUNT_SID: ")],
)  # fmt: skip
def test_what_twilio_lacks_is_one_line_that_names_the_setting(check, made, changes, words):
    code, lines = check(database=made, **TWILIO | changes)
    assert code == 1
    assert any(words in line for line in told(lines, "wrong"))


def test_twilio_is_asked_only_when_told_to_and_says_who_we_are(check, made):
    with a_twilio() as fake:
        there = TWILIO | fake.settings
        assert check(database=made, **there)[0] == 0
        assert fake.requests == []
        code, lines = check("--online", database=made, **there)
        assert (code, "Granite Gutters" in told(lines, "ok")[-1]) == (0, True)
        code, lines = check("--online", database=made, **there | {"twilio_auth_token": "yesterday's token"})
    assert (code, told(lines, "wrong")) == (
        1, ["online: Twilio does not accept our account or its token: whoever set it up has to look at it."],
    )  # fmt: skip
    assert "wrong" in {state for state, *_ in check("--online", database=made, **there)[1]}, "nobody is there now"
