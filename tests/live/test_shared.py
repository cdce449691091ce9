"""The shared live half: one for each database of a process, and one outbox where it is asked to deliver."""

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.actions import messages, numbers
from dashboard.actions.conversations import begin_conversation
from dashboard.core.errors import SettingError, StoreError
from dashboard.live import shared
from dashboard.providers import PROVIDERS, Simulated
from dashboard.settings import load
from tests.factories import a_text, a_url, asked, eventually


@pytest.fixture
def fresh(monkeypatch):
    """Nothing runs yet; what a test starts is ended as at the interpreter's end."""
    ends = []
    monkeypatch.setattr(shared, "_running", {})
    monkeypatch.setattr("atexit.register", lambda end, *arguments: ends.append((end, arguments)))
    yield ends
    for end, arguments in ends:
        end(*arguments)


@pytest.fixture
def live(fresh, url):
    return shared.shared_live(url)


@pytest.fixture
def outboxes():
    """The outboxes of this test; other tests' servers may run theirs."""
    others = set(threading.enumerate())
    return lambda: [thread for thread in threading.enumerate() if thread.name == "outbox" and thread not in others]


def a_queued_text(store):
    message = messages.send(store, a_text(store).thread, "On our way", by=1, key="k")
    return lambda: asked(store, "SELECT status FROM message WHERE id = ?", message)[0][0]


def test_a_database_has_one_live_half_in_a_process(live, url):
    assert shared.shared_live(url) is live


def test_what_is_sent_waits_until_somebody_delivers(outboxes, live):
    state = a_queued_text(live.store)
    assert outboxes() == []
    assert state() == "queued"
    shared.deliver(live)
    assert eventually(lambda: state() == "delivered")


def test_asked_twice_there_is_one_outbox(outboxes, live):
    for _ in range(2):
        shared.deliver(live, Simulated.key)
    assert len(outboxes()) == 1


def test_a_new_database_gets_a_number_and_the_named_provider(fresh, tmp_path):
    live = shared.shared_live(a_url(tmp_path))
    shared.deliver(live, Simulated.key)
    assert asked(live.store, "SELECT address, provider FROM our_number") == [("+16035550100", "simulated")]


def test_a_database_without_a_provider_is_told_in_words(fresh, tmp_path):
    live = shared.shared_live(a_url(tmp_path))
    with pytest.raises(SettingError, match=r"deliver: the database names no provider; say provider= one of: simulated"):
        shared.deliver(live)


def test_a_provider_that_there_is_not_is_told_in_words(outboxes, live):
    with pytest.raises(SettingError, match=r"provider: “pigeon” is no provider there is; choose one of: simulated"):
        shared.deliver(live, "pigeon")
    assert outboxes() == []


class Company(Simulated):
    """A phone company that is not simulated."""

    key = "company"


def test_a_second_provider_in_one_process_is_refused(live, monkeypatch):
    monkeypatch.setitem(PROVIDERS, "company", Company)
    shared.deliver(live)
    with pytest.raises(SettingError, match=r"this process sends through simulated already"):
        shared.deliver(live, "company")


def test_a_real_company_is_left_to_a_server(fresh, tmp_path, monkeypatch):
    monkeypatch.setitem(PROVIDERS, "company", Company)
    live = shared.shared_live(a_url(tmp_path))
    with pytest.raises(SettingError, match="is served by message-center serve"):
        shared.deliver(live, "company")


@pytest.mark.parametrize(
    ("region", "written", "address"), [("GB", "20 7946 0018", "+442079460018"), (None, "603 555 0142", "+16035550142")]
)
def test_numbers_belong_to_the_country_that_is_set_for_a_server(fresh, tmp_path, monkeypatch, region, written, address):
    monkeypatch.delenv(shared.REGION, raising=False)
    if region is not None:
        monkeypatch.setenv(shared.REGION, region)
    live = shared.shared_live(a_url(tmp_path))
    numbers.set_first_number(live.store, "+442079460000")
    begin_conversation(live.store, written, by=None)
    assert asked(live.store, "SELECT address FROM thread") == [(address,)]


@pytest.mark.parametrize(("zone", "known"), [("Asia/Tokyo", ZoneInfo("Asia/Tokyo")), (None, None), ("", None)])
def test_days_are_told_by_the_zone_that_is_set_for_a_server(fresh, tmp_path, monkeypatch, zone, known):
    monkeypatch.delenv(shared.ZONE, raising=False)
    if zone is not None:
        monkeypatch.setenv(shared.ZONE, zone)
    assert shared.shared_live(a_url(tmp_path)).store.zone == known


@pytest.mark.parametrize(
    ("setting", "wrong", "words"),
    [
        (shared.REGION, "usa", "MESSAGE_CENTER_REGION: “usa” is no country with telephone numbers: write US"),
        (shared.ZONE, "Sydney", "MESSAGE_CENTER_ZONE: “Sydney” is no time zone that this machine knows: write Am"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_words_and_nothing_is_made(
    fresh, tmp_path, monkeypatch, setting, wrong, words
):
    monkeypatch.setenv(setting, wrong)
    with pytest.raises(SettingError, match=words):
        shared.shared_live(a_url(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_settings_are_called_as_a_server_has_them():
    settings = load({shared.REGION: "GB", shared.ZONE: "Europe/London"})
    assert (settings.region, settings.zone) == ("GB", "Europe/London")


def test_at_the_end_nothing_is_left(fresh, url):
    before = threading.active_count()
    live = shared.shared_live(url)
    shared.deliver(live)
    assert threading.active_count() > before
    fresh.pop()[0](live)
    assert threading.active_count() == before


@pytest.mark.sqlite
def test_at_the_end_no_file_lies_beside_the_database(fresh, url):
    live = shared.shared_live(url)
    shared.deliver(live)
    file = Path(live.store.url.database)
    fresh.pop()[0](live)
    assert [left.name for left in file.parent.glob(f"{file.name}*")] == [file.name]


def test_a_database_that_cannot_be_opened_leaves_no_thread(fresh):
    before = threading.active_count()
    with pytest.raises(StoreError, match="does its folder exist"):
        shared.shared_live("sqlite:////no/such/dir/x.db")
    assert threading.active_count() == before
