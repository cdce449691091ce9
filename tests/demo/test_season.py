"""The season of the sample town: a full inbox on any day, none of it still to come."""

from datetime import timedelta

import pytest

from dashboard.demo import season
from tests.factories import OURS, Clock, asked, badge, how_many, listed, sound, when


@pytest.fixture
def town(store):
    """How many threads the town has."""
    return season.settle_town(store, OURS)


def test_the_town_fills_both_tabs_and_every_filter(store, town):
    assert (
        town
        == how_many(store, "thread")
        == len(listed(store)) + sum(row.id not in {r.id for r in listed(store)} for row in listed(store, tab="sent"))
    )
    assert {row.kind for row in listed(store)} == {"client", "lead", "resource", "unknown"}
    assert listed(store, tab="sent")
    assert sound(store)


def test_something_is_unread_and_it_is_of_the_last_days(store, town):
    assert 0 < badge(store) < town
    oldest = asked(store, "SELECT min(at) FROM message WHERE direction = 'inbound' AND read IS NULL")[0][0]
    assert when(oldest) > store.clock() - timedelta(days=season.UNREAD_DAYS + 1)


def test_some_of_what_was_said_came_with_a_picture_and_it_waits_to_be_looked_into(store, town):
    found = asked(store, "SELECT name, state, message_id IS NOT NULL FROM attachment ORDER BY name")
    assert [(name, state) for name, state, _ in found] == [("pine.jpg", "waiting"), ("thumb.jpg", "waiting")]
    assert len(list(store.media_folder.glob("*/*"))) >= len(found)


def test_one_of_them_has_opted_out_and_of_one_it_is_to_be_decided(store, town):
    assert [row.name for row in listed(store) if row.stopped] == ["Brendan O'Shaughnessy"]
    doubted = asked(store, "SELECT name FROM thread WHERE doubt IS NOT NULL")
    assert doubted == [("Courtney Beaulieu",)]


def test_settling_twice_is_settling_once(store, town):
    before = store.revision()
    assert season.settle_town(store, OURS) == 0
    assert store.revision() == before


def test_what_staff_said_is_theirs_and_what_was_automatic_nobodys(store, town):
    said = asked(
        store,
        "SELECT count(*), count(*) FILTER (WHERE sender_id IS NULL) FROM message WHERE direction = 'outbound' AND NOT automatic",
    )
    assert said[0][0] > 0
    assert said[0][1] == 0
    assert asked(store, "SELECT count(*) FROM message WHERE direction = 'inbound' AND sender_id IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("hour", [0, 23])
def test_at_no_hour_of_the_day_a_text_is_of_the_future_or_out_of_order(store, clock, hour):
    clock.now = Clock().now.replace(hour=hour)
    season.settle_town(store, OURS)
    latest = asked(store, "SELECT max(at) FROM message")[0][0]
    assert when(latest) <= clock.now
    pairs = """SELECT count(*) FROM message a JOIN message b ON b.thread_id = a.thread_id AND b.id = a.id + 1
        WHERE b.placed_at < a.placed_at"""
    assert asked(store, pairs) == [(0,)]
