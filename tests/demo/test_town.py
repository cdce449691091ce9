"""The town put together: as large as asked, its people alive, each demo one of its own."""

from pathlib import Path

import pytest

from dashboard.actions import messages
from dashboard.core.errors import SettingError
from dashboard.demo.town import MOST, enliven, living_town, populate
from dashboard.live.live import Live
from dashboard.providers import Simulated
from tests.factories import asked, eventually, how_many, sound


@pytest.mark.parametrize("threads", [0, -1, MOST + 1])
def test_a_number_of_threads_that_cannot_be_is_told_in_words(store, threads):
    with pytest.raises(SettingError, match=f"threads={threads}: give a number from 1 to 100,000"):
        populate(store, threads)


def test_a_town_is_as_large_as_asked(store):
    populate(store, 150)
    assert how_many(store, "thread") == 150
    assert sound(store)


def test_people_text_into_the_inbox_unless_it_is_quiet(store, clock):
    populate(store, 1)
    before = how_many(store, "message")
    for quiet, more in ((True, 0), (False, 1)):
        live, company = Live(store), Simulated(clock=clock)
        company.deliver = live.receive
        enliven(live, company, quiet)
        clock.pass_(30)
        live.ticker.calls[-1]()
        assert how_many(store, "message") == before + more


def test_two_demos_are_two_inboxes_and_what_is_sent_is_delivered(monkeypatch):
    ends = []
    monkeypatch.setattr("atexit.register", ends.append)
    one, other = living_town(1, quiet=True), living_town(1, quiet=True)
    files = [live.store.url.database for live in (one, other)]
    assert files[0] != files[1]
    thread, staff = asked(one.store, "SELECT t.id, r.id FROM thread t, resource r WHERE t.address LIKE '+1%' LIMIT 1")[
        0
    ]
    sent = messages.send(one.store, thread, "On our way", by=staff, key="k")
    states = "SELECT status FROM message WHERE id = ?"
    assert eventually(lambda: asked(one.store, states, sent) == [("delivered",)])
    for end in ends:
        end()
    assert not any(Path(file).parent.exists() for file in files)
