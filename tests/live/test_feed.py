"""The feed: wakes on commits, of this process or another, coalesces, and brings every screen up to date."""

import pytest

from dashboard.core.errors import StoreError
from dashboard.live.live import Live
from dashboard.live.pace import REST
from tests.factories import a_screen, a_store, a_text, badge, by_hand, dana, eventually, marcus
from tests.live.test_screen import Face
from tests.writing import delays


@pytest.fixture
def live(store):
    live = Live(store)
    live.start()
    yield live
    live.stop()


def a_face(live, **params):
    """A screen that the feed keeps up to date."""
    screen = live.screen(**params)
    screen.face = Face()
    live.attach(screen)
    return screen


def watching(live, **params):
    """A screen that the feed keeps up to date, with its first snapshot."""
    screen = a_face(live, user=dana(live.store), **params)
    assert eventually(lambda: screen.snapshot)
    return screen


def shows(screen, unread):
    return lambda: screen.snapshot.unread == unread


def test_a_text_is_on_every_screen_without_being_asked_for(live):  # A6
    screens = [watching(live) for _ in range(5)]
    a_text(live.store)
    assert all(eventually(shows(screen, 1)) for screen in screens)


def test_what_one_does_is_on_all_the_other_screens(live):  # A7 to A9
    one, other = watching(live), watching(live, tab="sent")
    thread = a_text(live.store).thread
    live.do(one, lambda: one.send("k", thread, "On our way"))
    assert eventually(lambda: [row.text for row in other.snapshot.rows] == ["On our way"])
    live.do(one, lambda: one.open(thread))
    assert eventually(shows(other, 0))


def test_a_screen_that_nobody_can_see_is_not_read_for_until_it_asks(live):
    screen, other = watching(live), watching(live)
    screen.is_idle = lambda: True
    a_text(live.store)
    assert eventually(shows(other, 1))
    assert screen.snapshot.unread == 0
    live.feed.call(lambda: live.feed.refresh(screen))
    assert eventually(shows(screen, 1))


def test_a_burst_costs_a_screen_a_few_updates(live):
    screen = watching(live)
    before = len(screen.face.shown)
    for _ in range(100):
        a_text(live.store)
    assert eventually(shows(screen, 100))
    assert len(screen.face.shown) - before < 50


def rest(live, screen, seconds):
    """Let the screen's view rest, as after a reading that took long."""
    live.feed.call(lambda: live.feed._pace.note(screen.place.view, seconds / REST))
    assert eventually(lambda: live.feed._pace.rests(screen.place.view))


def test_a_view_that_rests_is_brought_up_to_date_after_its_rest(live):
    screen = watching(live, query="603")
    rest(live, screen, 0.5)
    a_text(live.store)
    assert eventually(shows(screen, 1))


def test_a_view_that_rests_holds_no_other_up_and_answers_its_own_viewer_at_once(live):
    resting, other = watching(live, query="603"), watching(live)
    rest(live, resting, 3600)
    a_text(live.store)
    assert eventually(shows(other, 1))
    assert resting.snapshot.unread == 0
    live.do(resting, resting.close)
    assert eventually(shows(resting, 1))


def test_screens_with_the_same_view_share_one_reading(live):
    from sqlalchemy import event

    screens = [watching(live) for _ in range(10)]
    queries = []
    event.listen(live.store.engine, "before_cursor_execute", lambda c, cursor, query, *rest: queries.append(query))
    a_text(live.store)
    assert all(eventually(shows(screen, 1)) for screen in screens)
    lists = [query for query in queries if "FROM thread" in query and "LIMIT" in query]
    assert 1 <= len(lists) <= 3, "one for each wake, not one for each screen"


def test_what_another_process_wrote_is_noticed(live, url):
    screen = watching(live)
    with a_store(url) as other:
        a_text(other)
        assert eventually(shows(screen, 1))


def test_a_screen_that_left_is_left_alone(live):
    screen, stays = watching(live), watching(live)
    live.detach(screen)
    a_text(live.store)
    assert eventually(shows(stays, 1))
    assert screen.snapshot.unread == 0


def test_a_call_that_fails_does_not_stop_the_feed(live, caplog):
    screen = watching(live)
    live.do(screen, lambda: 1 / 0)
    a_text(live.store)
    assert eventually(shows(screen, 1))
    assert "ZeroDivisionError" in caplog.text


def test_a_screen_that_cannot_be_drawn_does_not_hold_the_others(live, caplog):
    class Broken(Face):
        def show(self, snapshot):
            raise ConnectionError("this browser is gone")

    broken, others = watching(live), [watching(live) for _ in range(10)]
    broken.face = Broken()
    for unread in range(1, 4):
        a_text(live.store)
        assert all(eventually(shows(screen, unread)) for screen in others)
    assert "this browser is gone" in caplog.text


def test_screens_catch_up_when_the_database_is_back(live, caplog, monkeypatch):
    screen = watching(live)
    monkeypatch.setattr("dashboard.live.feed.RETRY", 0.05)
    by_hand(live.store, "ALTER TABLE tally RENAME TO gone")
    by_hand(live.store, "UPDATE clock SET revision = revision + 1")
    assert eventually(lambda: "could not catch up" in caplog.text)
    by_hand(live.store, "ALTER TABLE gone RENAME TO tally")
    a_text(live.store)
    assert eventually(shows(screen, 1))


def test_a_feed_catches_up_to_the_newest_and_no_further(live):
    screen = watching(live)
    for _ in range(10):
        a_text(live.store)
    assert eventually(lambda: screen.snapshot.revision == live.store.revision())  # a view may rest before it is read
    assert eventually(lambda: live.feed.revision == live.store.revision())
    assert badge(live.store) == screen.snapshot.unread == 10
    assert a_screen(live.store).snapshot == screen.snapshot


def test_all_that_a_second_process_wrote_is_on_a_screen_soon(live, url):
    """How soon is in tests/bench: a quarter of a second, where the machine has time."""
    assert len(delays(live, url, 9)) == 9


def test_a_screen_is_told_in_words_of_a_database_that_is_away_and_when_it_is_over(live, monkeypatch, caplog):
    screen, reading = watching(live), live.store.reading

    def away():
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(live.store, "reading", away)
    live.feed.wake()
    assert eventually(lambda: "catches up by itself" in (screen.face.trouble or ""))
    opened = a_face(live)
    assert eventually(lambda: opened.face.trouble), "a page that is opened meanwhile is told too"
    monkeypatch.setattr(live.store, "reading", reading)
    assert eventually(lambda: screen.face.trouble is opened.face.trouble is None)
    assert eventually(lambda: opened.snapshot)
    assert caplog.text.count("could not catch up") == 1, "the log says it once"


def test_a3_a_page_that_is_idle_or_rests_is_closed_as_soon_as_its_right_is_gone(store):
    live = Live(store)
    live.start()
    try:
        screen = live.screen(user=marcus(store))
        screen.is_idle = lambda: True
        live.attach(screen)
        by_hand(store, "UPDATE role SET rights = '[]' WHERE name = 'Dispatcher'")
        a_text(store)
        assert eventually(lambda: screen.closed is not None)
        assert screen.snapshot is None
    finally:
        live.stop()
