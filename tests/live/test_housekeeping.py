"""The housekeeping of a process: logins end when their time is over."""

from dashboard.actions import logins
from dashboard.core.rights import LOGGED_OUT
from dashboard.live.housekeeping import LOOK_EVERY, Housekeeper
from dashboard.live.live import Live
from tests.factories import by_hand, eventually, marcus


def test_a_page_that_stays_open_is_ended_with_its_login_like_by_a_log_out(store):
    live = Live(store)
    live.start()
    try:
        session = logins.log_in(store, "t1", by=2)
        screen, other = (
            live.screen(user=marcus(store), session=one) for one in (session, logins.log_in(store, "t2", by=2))
        )
        for one in (screen, other):
            live.attach(one)
        assert eventually(lambda: screen.snapshot and other.snapshot)
        by_hand(store, "UPDATE login_session SET made_at = '2020-01-01' WHERE id = ?", session)
        assert eventually(lambda: screen.closed is not None, seconds=30)
        assert (screen.closed, screen.snapshot) == (LOGGED_OUT, None)
        assert (other.closed, other.snapshot is None) == (None, False)
    finally:
        live.stop()


def test_a_house_that_cannot_be_kept_is_logged_once_and_tried_again(store, monkeypatch, caplog):
    keeper, looks = Housekeeper(store, lambda work: work()), []

    def fails():
        looks.append(1)
        raise RuntimeError("no")

    monkeypatch.setattr(keeper, "end_sessions", fails)
    for _ in range(3 * LOOK_EVERY):
        keeper.tick()
    assert (len(looks), caplog.text.count("the house could not be kept")) == (3, 1)
