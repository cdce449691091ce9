"""Presence: pages that are there, told to all processes a second apart, and gone when they close or fall silent."""

from contextlib import ExitStack, closing

import pytest

from dashboard.live.live import Live
from dashboard.live.presence import BEAT, TYPING, Presence
from dashboard.store.database import Store
from dashboard.store.presence import everyone
from tests.factories import a_text, by_hand, dana, eventually, how_many


@pytest.fixture
def thread(store):
    return a_text(store).thread


@pytest.fixture
def presence(store):
    return Presence(store, lambda work: work())


def here(store):
    """Who is there, after the ticker has come by again."""
    with store.reading() as connection:
        return [(person.name.split()[0], person.typing) for person in everyone(connection)]


def tick(presence, seconds=1):
    presence.store.clock.pass_(seconds)
    presence.tick()


def test_b3_a_page_that_has_a_thread_open_is_known_at_once(store, presence, thread):
    presence.tick()
    presence.beat("page", 1, thread)
    tick(presence)
    assert here(store) == [("Dana", False)]


def test_b3_a_page_that_closes_or_leaves_the_thread_is_gone_with_the_next_second(store, presence, thread):
    for gone in (lambda: presence.leave("page"), lambda: presence.beat("page", 1, None)):
        presence.beat("page", 1, thread)
        tick(presence)
        gone()
        tick(presence)
        assert here(store) == []


def test_b3_a_page_that_falls_silent_is_gone(store, presence, thread):
    presence.beat("page", 1, thread)
    tick(presence)
    for _ in range(int(BEAT.total_seconds()) - 2):
        tick(presence)
    assert here(store) == [("Dana", False)]
    tick(presence, 2)
    assert here(store) == []


def test_b3_typing_ends_when_it_is_said_or_after_the_last_key(store, presence, thread):
    presence.beat("page", 1, thread)
    for end in (lambda: presence.type("page", False), lambda: store.clock.pass_(TYPING.total_seconds())):
        presence.type("page", True)
        presence.beat("page", 1, thread)
        tick(presence)
        assert here(store) == [("Dana", True)]
        end()
        tick(presence)
        assert here(store) == [("Dana", False)]


def test_b3_a_thousand_keys_in_a_second_are_one_write(store, presence, thread):
    written = []
    store.listeners.append(lambda: written.append(1))
    presence.beat("page", 1, thread)
    tick(presence)
    before = len(written)
    for _ in range(1000):
        store.clock.pass_(0.001)
        presence.type("page", True)
        presence.tick()
    assert len(written) == before + 1


def test_an_inbox_where_nobody_is_writes_nothing(store, presence):
    written = []
    store.listeners.append(lambda: written.append(1))
    for _ in range(60):
        tick(presence)
    assert written == []


def test_b3_what_a_killed_process_left_behind_is_cleared(store, presence, thread):
    other = Presence(store, lambda work: work())
    other.beat("page", 2, thread)
    other.tick()
    assert here(store) == [("Marcus", False)]
    for _ in range(20):
        tick(presence)
    assert how_many(store, "presence") == 0


def test_b3_a_server_that_ends_takes_its_pages_away(store, presence, thread):
    presence.beat("page", 1, thread)
    presence.tick()
    presence.stop()
    assert here(store) == []


def test_who_is_nobody_is_not_shown(store, presence, thread):
    presence.beat("page", None, thread)
    tick(presence)
    assert here(store) == []


def test_a_database_that_fails_is_logged_and_told_again(store, presence, thread, caplog):
    by_hand(store, "ALTER TABLE presence RENAME TO away")
    presence.beat("page", 1, thread)
    presence.tick()
    assert "could not be said" in caplog.text
    by_hand(store, "ALTER TABLE away RENAME TO presence")
    tick(presence)
    assert here(store) == [("Dana", False)]


@pytest.fixture
def two_servers(url):
    """Two processes' live halves on one database."""
    with ExitStack() as ends:
        stores = [ends.enter_context(closing(Store(url))) for _ in range(2)]
        lives = [Live(store) for store in stores]
        for live in lives:
            live.start()
            ends.callback(live.stop)
        yield lives


def test_b3_who_looks_through_one_server_is_seen_through_another_within_seconds(two_servers):
    here, there = two_servers
    thread = a_text(here.store).thread
    screen = here.screen(user=dana(here.store), thread=thread)
    here.attach(screen)
    for typing in (False, True):
        there.presence.beat("page", 2, thread)
        there.presence.type("page", typing)
        assert eventually(lambda on=typing: shown(screen) == [("Marcus Bell", on)])
    there.presence.leave("page")
    assert eventually(lambda: shown(screen) == [])


def shown(screen):
    return [(person.name, person.typing) for person in screen.snapshot.present] if screen.snapshot else None
