"""The object in code: what can be set and read, and what a wrong value is told."""

from types import SimpleNamespace

import pytest

from dashboard import MessageCenter
from dashboard.actions.backups import resume
from dashboard.core.errors import Refused, SettingError, StoreError
from dashboard.live.acting import AWAY
from dashboard.live.live import Live
from tests.factories import a_text, a_town, badge, eventually, listed


@pytest.fixture
def live(store):
    live = Live(store)
    live.start()
    yield live
    live.stop()


@pytest.fixture
def inbox(live):
    return MessageCenter(live, user="Dana Whitcomb")


def seen(inbox):
    """The ids of the threads that stand in the list."""
    snapshot = inbox.screen.snapshot
    return {row.id for row in snapshot.rows} if snapshot else set()


def test_a_query_set_from_code_changes_the_list(inbox, store):
    town = a_town(store)
    inbox.query = "ben"
    assert eventually(lambda: seen(inbox) == {town["Ben Ito"]})


def test_a_tab_and_a_filter_set_from_code_change_the_list(inbox, store):
    town = a_town(store)
    inbox.filter = "resources"
    assert eventually(lambda: seen(inbox) == {town["Cody Marsh"]})
    inbox.tab, inbox.filter = "sent", "all"
    assert eventually(lambda: seen(inbox) == set())


def test_a_thread_opened_from_code_marks_nothing_as_read(inbox, store):  # A18
    thread = a_text(store).thread
    inbox.thread = thread
    assert eventually(lambda: inbox.screen.snapshot and inbox.screen.snapshot.place.thread == thread)
    assert badge(store) == 1
    assert listed(store)[0].unread


def test_an_id_that_no_thread_has_becomes_none(inbox):
    inbox.thread = 4711
    assert eventually(lambda: inbox.thread is None)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tab", "nonsense", r"does not accept 'nonsense'; valid options include: '\[received, sent\]'"),
        ("filter", "nobody", r"does not accept 'nobody'; valid options include: '\[all, "),
        ("thread", 0, "must be at least 1"),
        ("thread", "5", "must be an integer"),
        ("query", None, "only takes a string"),
    ],
)
def test_a_value_that_cannot_be_is_told_and_changes_nothing(inbox, name, value, words):
    before = getattr(inbox, name)
    with pytest.raises(ValueError, match=words):
        setattr(inbox, name, value)
    assert getattr(inbox, name) == before


def test_somebody_unknown_is_told_who_there_is(live):
    with pytest.raises(Refused, match=r"nobody here is called “Zoe”. There is: Dana Whitcomb, Marcus Bell\."):
        MessageCenter(live, user="Zoe")


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("sqlite:////no/such/dir/x.db", StoreError, "cannot be opened: does its folder exist"),
        ("inbox.db", SettingError, r"Write sqlite:///inbox\.db"),
        ("sqlite://", SettingError, "needs a file"),
        ("mysql://host/x", SettingError, "use sqlite or postgresql"),
    ],
)
def test_a_database_that_cannot_be_is_told_in_words(url, error, words):
    with pytest.raises(error, match=words):
        MessageCenter(url)


def test_a_provider_without_deliver_is_told_what_to_add(live):
    with pytest.raises(SettingError, match="used with deliver=True only"):
        MessageCenter(live, provider="simulated")


def test_with_deliver_the_process_sends(live):
    assert live.outbox is None
    MessageCenter(live, user="Dana Whitcomb", deliver=True)
    assert live.outbox is not None


def test_a_demo_acts_as_the_first_of_the_staff(monkeypatch):
    ends = []
    monkeypatch.setattr("atexit.register", ends.append)
    demo = MessageCenter.demo(threads=1, quiet=True)
    assert demo.screen.user.name == "Dana Whitcomb"
    assert demo.live.outbox is not None
    ends.pop()()


WHERE = "postgresql+psycopg://inbox:***@db.internal/inbox does not answer (connection to 10.0.0.5 failed)"


def away(*_):
    raise StoreError(f"The database {WHERE}.")


def answer(inbox, monkeypatch, said):
    """The first that a page is told that says so."""
    told = []
    monkeypatch.setattr(inbox.face, "tell", told.append)
    inbox.hear(said)
    assert eventually(lambda: told)
    return told[0]


@pytest.mark.parametrize(
    "said",
    [
        {"op": "unread"},
        {"op": "acts"},
        {"op": "people", "query": "a", "limit": 9},
        {"op": "window", "index": 200},
        {"op": "history", "thread": 1},
    ],
    ids=lambda said: said["op"],
)
def test_a_page_is_not_told_where_a_database_is_that_is_away_but_the_log_is(inbox, monkeypatch, caplog, said):
    monkeypatch.setattr(inbox.screen, "store", SimpleNamespace(reading=away))
    assert answer(inbox, monkeypatch, said) == {"notice": {"text": AWAY, "kind": "error"}}
    assert WHERE in caplog.text


def test_the_address_that_a_page_was_given_is_older_than_what_its_session_heard_since(live):
    """Each frame that is built, also after a reconnect, says where its page is."""
    inbox = MessageCenter(live, addressed=True)

    def after(*said):
        """The query in the view when all of it has been heard."""
        for message in said:
            inbox.hear(message)
        wanted = "received" if inbox.screen.place.view.tab == "sent" else "sent"
        inbox.hear({"op": "tab", "tab": wanted})
        assert eventually(lambda: inbox.screen.place.view.tab == wanted)
        return inbox.screen.place.view.query

    assert after({"op": "ready", "search": {"q": "at first"}}) == "at first"
    assert after({"op": "search", "query": "heard"}, {"op": "ready", "search": {"q": "at first"}}) == "heard"
    assert after({"op": "ready", "search": {"q": "gone back to"}, "moved": True}) == "gone back to"


def kept_under(inbox, part):
    """What a page keeps something under in its browser, as a part of it is told at first."""
    told = []
    part.component = SimpleNamespace(
        loop=lambda: None, admit=lambda: None, say=lambda message: told.append(message) or []
    )
    inbox.face.ready(part)
    inbox.face.show(inbox.screen.snapshot)
    return next(message["storage"] for message in told if "storage" in message)


def test_a_restore_gives_alert_ids_out_again_so_it_begins_what_was_told_anew_and_keeps_drafts(live, store):
    told, drafts = [], []
    for _ in range(2):
        inbox = MessageCenter(live, user="Dana Whitcomb")
        inbox.screen.catch_up()
        told.append(kept_under(inbox, inbox.face.frame))
        drafts.append(kept_under(inbox, inbox.face.conversation))
        resume(store, store.clock())
    assert told[0] != told[1]
    assert drafts[0] == drafts[1]


def test_an_upload_during_an_outage_is_answered_as_an_upload(inbox, monkeypatch):
    monkeypatch.setattr(inbox.screen, "store", SimpleNamespace(reading=away))
    said = {"op": "piece", "key": "key", "thread": 1, "name": "roof.jpg", "at": 0, "data": "", "last": True}
    assert answer(inbox, monkeypatch, said) == {"upload": {"key": "key", "error": AWAY}}
