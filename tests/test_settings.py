"""Settings: each documented, each bad value told in one line that names it, secrets from files, none of them printed."""

import stat
from ipaddress import ip_address
from zoneinfo import ZoneInfo

import pytest

from dashboard import app, logs, settings
from dashboard.core.errors import SettingError
from dashboard.settings import PREFIX, Settings, load, signing_key
from tests.factories import a_url

KEY = "a long random text that nobody guesses"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_without_any_setting_it_is_safe_and_works():
    plain = load()
    assert (plain.host, plain.port, plain.provider, plain.hook_secret) == ("127.0.0.1", 5006, None, None)
    assert plain.database == "sqlite:///message-center.db"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_is_for(name):
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("port", "abc", "integer"),
        ("port", "70000", "65535"),
        ("port", "-1", "0"),
        ("region", "usa", "no country"),
        ("region", "ZZ", "no country"),  # the form of a country, and none
        ("zone", "Sydney", "“Sydney” is no time zone"),
        ("zone", "Europe", "no time zone"),  # a folder of the list
        ("zone", "../etc/passwd", "no time zone"),
        ("provider", "twillio", "choose one of: simulated"),
        ("host", "0.0.0.0", "would let others in"),
        ("host", "", "would let others in"),
        ("host", "inbox.example.com", "would let others in"),
        ("database", "inbox.db", "no database URL"),
        ("database", "mysql://host/x", "mysql"),
        ("url", "texts.example.com", "https://texts.example.com"),
        ("url", "ftp://texts.example.com", "no address that people could open"),
        ("url", "https://", "no address"),
        ("url", "https://texts.example.com/inbox", "no address"),
        ("url", "https://texts.example.com?x=1", "no address"),
        ("url", "https://dana@texts.example.com", "no address"),
        ("url", "https://texts.example.com:99999", "no address"),
        ("url", "https://texts .example.com", "no address"),
        ("url", "https://*.example.com", "no address"),
        ("url", "https://a.com,https://b.com", "no address"),
        ("proxies", "10.0.0.1, proxy", "“proxy” is no address or network"),
        ("proxies", "10.0.0.0/40", "no address or network"),
        ("rate_limit", "-1", "0"),
        ("rate_limit", "many", "integer"),
        ("secret_key", "short", "it has 5 characters"),
        ("numbers", "+16035550100, nonsense!", "nonsense"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_setting(monkeypatch, name, value, words):
    monkeypatch.setenv(PREFIX + name.upper(), value)
    with pytest.raises(SettingError) as refusal:
        load()
    line = str(refusal.value)
    option = f" (--{name})" if name in settings.OPTIONS else ""
    assert line.startswith(f"{PREFIX}{name.upper()}{option}: ")
    assert words in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PROVIDOR", "did you mean MESSAGE_CENTER_PROVIDER?"),
        ("DATABASE_URL", "did you mean MESSAGE_CENTER_DATABASE?"),
        ("SECRETKEY_FILE", "did you mean MESSAGE_CENTER_SECRET_KEY_FILE?"),
        ("PORT_FILE", "there is no such setting"),  # no secret, and so from no file
        ("XYZ", "comes one of DATABASE, URL, HOST"),
        ("", "comes one of DATABASE, URL, HOST"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_nearest_there_is(name, words):
    with pytest.raises(SettingError) as refusal:
        load({PREFIX + name: "x", PREFIX + "PORT": "7000"})
    line = str(refusal.value)
    assert line.startswith(f"{PREFIX}{name}: there is no such setting; ")
    assert words in line
    assert "\n" not in line


def test_every_misspelt_setting_is_named():
    with pytest.raises(SettingError, match=r"HOOST.*PROT"):
        load({PREFIX + "PROT": "1", PREFIX + "HOOST": "x"})


def test_other_programs_variables_are_none_of_ours():
    assert load({"MESSAGE_CENTRE_PORT": "x", "PORT": "1", "MESSAGE_CENTER": "x"}).port == 5006


def test_every_bad_value_is_named(monkeypatch):
    monkeypatch.setenv(PREFIX + "PORT", "abc")
    monkeypatch.setenv(PREFIX + "PROVIDER", "nobody")
    with pytest.raises(SettingError, match=r"PORT.*PROVIDER"):
        load()


def test_the_command_line_beats_the_environment(monkeypatch):
    monkeypatch.setenv(PREFIX + "PORT", "7000")
    assert load().port == 7000
    assert load(port=7001, host=None).port == 7001


def test_only_the_environment_that_is_given_counts(monkeypatch):
    """The demo gives an empty one, so that nobody's settings change what it shows."""
    monkeypatch.setenv(PREFIX + "REGION", "GB")
    assert load({}).region == "US"
    assert load({PREFIX + "PORT": "7000"}).port == 7000


@pytest.mark.parametrize("name", ["hook_secret", "secret_key", "database"])
def test_a_secret_can_come_from_a_file(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text(f"sqlite:///of-the-{'very-' * 9}file.db\n", encoding="utf-8")
    value = getattr(load({f"{PREFIX}{name.upper()}_FILE": str(file)}), name)
    assert getattr(value, "get_secret_value", lambda: value)() == f"sqlite:///of-the-{'very-' * 9}file.db"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_that_cannot_be_read_names_the_setting(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match=f"^{PREFIX}SECRET_KEY_FILE: cannot read"):
        load({f"{PREFIX}SECRET_KEY_FILE": str(file)})


def test_a_secret_is_never_printed():
    database = "postgresql+psycopg://inbox:letmein@127.0.0.1/inbox"
    chosen = load(hook_secret="open sesame", secret_key=KEY, database=database)
    assert "sesame" not in repr(chosen)
    assert "letmein" not in repr(chosen) + str(chosen)
    assert KEY not in str(chosen.model_dump())


@pytest.mark.parametrize(
    ("name", "value"),
    [("secret_key", "canary-short"), ("database", "nonsense://dana:canary@host/x"), ("database", "canary:canary@"),
     ("hook_secret", b"\xffcanary")],
)  # fmt: skip
def test_no_complaint_repeats_a_secret(tmp_path, name, value):
    file = tmp_path / "secret"
    file.write_bytes(value if isinstance(value, bytes) else value.encode())
    with pytest.raises(SettingError) as refusal:
        load({f"{PREFIX}{name.upper()}_FILE": str(file)})
    assert ":canary@" not in str(refusal.value)
    assert "canary-short" not in str(refusal.value)
    assert "xff" not in str(refusal.value)


def test_a_secret_that_is_given_twice_is_refused(tmp_path):
    file = tmp_path / "secret"
    file.write_text(KEY, encoding="utf-8")
    with pytest.raises(SettingError, match=r"^MESSAGE_CENTER_SECRET_KEY: .*_FILE: take one of them away"):
        load({f"{PREFIX}SECRET_KEY": KEY, f"{PREFIX}SECRET_KEY_FILE": str(file)})


def test_an_empty_file_is_no_secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(SettingError, match="is empty"):
        load({f"{PREFIX}HOOK_SECRET_FILE": str(file)})


def test_our_numbers_are_normalised():
    assert load(numbers="(603) 555-0100, 603.555.0101,").our_numbers() == ("+16035550100", "+16035550101")
    with pytest.raises(SettingError, match=r"^MESSAGE_CENTER_NUMBERS: .*nonsense"):
        load(numbers="+16035550100, nonsense!").our_numbers()


def test_a_signing_key_is_made_once_and_nobody_else_can_read_it(tmp_path):
    beside = tmp_path / "inbox.db"
    key = signing_key(load(), beside)
    assert len(key) >= 32
    assert signing_key(load(), beside) == key
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_signing_key_that_is_set_is_used_and_on_postgresql_must_be(tmp_path):
    assert signing_key(load(secret_key=KEY), tmp_path / "inbox.db") == KEY
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SettingError, match="SECRET_KEY"):
        signing_key(load(), None)


OPTIONS = [(key, name) for key, provider in settings.PROVIDERS.items() for name in provider.settings.model_fields]
TWILIO = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "canary-" * 5}


def test_a_provider_that_is_there_can_be_chosen():
    assert load(provider="simulated").provider == "simulated"
    assert load(provider="twilio", **TWILIO).options.account_sid == TWILIO["twilio_account_sid"]


@pytest.mark.parametrize(("key", "name"), OPTIONS)
def test_what_a_provider_needs_to_know_is_a_setting_as_any_other(key, name):
    field = settings.everything()[f"{key}_{name}"]
    assert field.description.endswith(".")
    with pytest.raises(SettingError, match=f"did you mean {PREFIX}{key.upper()}_{name.upper()}"):
        load({f"{PREFIX}{key.upper()}_{name.upper()}X": "x"})


def test_a_chosen_provider_without_what_it_needs_is_told_in_a_line_for_each():
    with pytest.raises(SettingError) as refusal:
        load({PREFIX + "PROVIDER": "twilio"})
    missing = "it is missing, and twilio cannot be asked without it: the account's"
    assert refusal.value.lines == [
        f"{PREFIX}TWILIO_ACCOUNT_SID: {missing} SID, from Twilio's console.",
        f"{PREFIX}TWILIO_AUTH_TOKEN: {missing} primary auth token: it signs what Twilio posts to us.",
    ]


def test_a_provider_that_is_not_chosen_needs_nothing_and_its_bad_values_are_told_all_the_same():
    assert load(twilio_account_sid=TWILIO["twilio_account_sid"]).options is None
    with pytest.raises(SettingError, match=f"^{PREFIX}TWILIO_ACCOUNT_SID: String should match"):
        load(twilio_account_sid="canary")


def test_a_providers_secret_comes_from_a_file_and_is_never_shown(tmp_path):
    file = tmp_path / "token"
    file.write_text("canary-" * 5 + "\n")
    environment = {PREFIX + "PROVIDER": "twilio", PREFIX + "TWILIO_ACCOUNT_SID": TWILIO["twilio_account_sid"]}
    loaded = load(environment | {PREFIX + "TWILIO_AUTH_TOKEN_FILE": str(file)})
    assert loaded.options.auth_token.get_secret_value() == TWILIO["twilio_auth_token"]
    assert "canary" not in repr(loaded) + str(loaded) + repr(loaded.options)
    assert loaded.hidden() == (TWILIO["twilio_auth_token"],)


@pytest.mark.parametrize(
    ("given", "kept", "is_secure"),
    [
        ("https://texts.example.com", "https://texts.example.com", True),
        (" HTTPS://Texts.Example.com:443/ ", "https://texts.example.com", True),
        ("https://texts.example.com:8443", "https://texts.example.com:8443", True),
        ("http://inbox:80", "http://inbox", False),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example", True),
        ("", None, False),
    ],
)
def test_the_public_address_is_kept_as_browsers_write_it(given, kept, is_secure):
    chosen = load({PREFIX + "URL": given})
    assert (chosen.url, chosen.is_secure) == (kept, is_secure)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7"])
def test_others_are_let_in_where_there_is_a_public_address(host):
    assert load(host=host, url="https://texts.example.com").host == host


def test_what_is_no_address_to_listen_on_is_refused():
    with pytest.raises(SettingError, match="no address to listen on"):
        load(host="everywhere", url="https://texts.example.com")


def test_a_bad_public_address_is_one_complaint_and_not_two():
    with pytest.raises(settings.BadSettings) as refusal:
        load(host="0.0.0.0", url="nonsense")
    assert [line.partition(":")[0] for line in refusal.value.lines] == ["MESSAGE_CENTER_URL"]


@pytest.mark.parametrize(
    ("chosen", "trusted"),
    [
        ({}, []),
        ({"url": "https://texts.example.com"}, ["127.0.0.1", "::1"]),
        ({"url": "https://texts.example.com", "proxies": ""}, []),
        ({"proxies": "10.0.0.7, 10.1.0.0/16"}, ["10.0.0.7", "10.1.255.255"]),
    ],
)
def test_only_the_proxies_that_are_named_are_believed(chosen, trusted):
    addresses = ["127.0.0.1", "::1", "10.0.0.7", "10.0.0.8", "10.1.255.255", "10.2.0.1"]
    networks = load(**chosen).trusted()
    assert [there for there in addresses if any(ip_address(there) in network for network in networks)] == trusted


def test_whichever_command_loads_secrets_no_log_has_them(monkeypatch):
    monkeypatch.setattr(logs, "_hidden", set())
    load({PREFIX + "HOOK_SECRET": "canary-of-the-hooks"}, secret_key=KEY)
    assert logs.discreet(f"canary-of-the-hooks, {KEY}") == "***, ***"


def test_a_server_tells_a_day_by_the_zone_that_is_set(tmp_path):
    application = app.assemble(load({}, database=a_url(tmp_path), port=0, secret_key=KEY, zone="Asia/Tokyo"))
    application.stop()
    assert application.store.zone == ZoneInfo("Asia/Tokyo")
    assert (load({}).wall, load({}, zone="").wall) == (None, None)
