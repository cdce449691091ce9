"""The ground of the pages under Settings: what a page is told of what cannot be done for it."""

from types import SimpleNamespace

from dashboard.live.acting import AWAY
from dashboard.live.live import Live
from dashboard.live.roles import RolesScreen
from dashboard.ui.roles import Roles
from tests.factories import dana, eventually
from tests.ui.test_message_center import WHERE, answer, away


def test_a_page_is_not_told_where_a_database_is_that_is_away_but_the_log_is(store, monkeypatch, caplog):
    live = Live(store)
    live.start()
    try:
        page = Roles(live, live.settings_screen(RolesScreen, dana(store)))
        assert eventually(lambda: page.screen.snapshot)
        page.screen.open(1)
        monkeypatch.setattr(page.screen, "store", SimpleNamespace(reading=away))
        told = answer(page, monkeypatch, {"op": "find", "query": "a", "limit": 9})
    finally:
        live.stop()
    assert told == {"saved": {"key": None, "error": AWAY, "seen": None}}
    assert WHERE in caplog.text
