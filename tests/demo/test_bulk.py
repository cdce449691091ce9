"""Sample data of any size: exactly as much as was asked for, plausible, and sound."""

import pytest

from dashboard.demo import bulk
from tests.factories import OURS, asked, badge, how_many, listed, sound


def grown(store):
    return how_many(store, "thread"), how_many(store, "message")


@pytest.mark.parametrize(("threads", "messages"), [(1, 1), (1, 50), (7, 7), (20, 101), (41, 103)])
def test_it_makes_exactly_as_many_threads_and_messages_as_were_asked_for(store, monkeypatch, threads, messages):
    monkeypatch.setattr(bulk, "BATCH", 20)
    assert bulk.grow(store, OURS, threads, messages) == threads
    assert grown(store) == (threads, messages)
    assert sound(store)


def test_more_can_be_added(store):
    bulk.grow(store, OURS, 30, 90)
    bulk.grow(store, OURS, 30, 90)
    bulk.grow(store, OURS, 5, 5)
    assert grown(store) == (65, 185)
    assert sound(store)


def test_it_tells_how_far_it_is(store, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)
    told = []
    bulk.grow(store, OURS, 25, 50, told.append)
    assert told == [10, 20, 25]
    assert grown(store) == (25, 50)


def test_nobody_among_the_invented_has_opted_out(store):
    bulk.grow(store, OURS, 100, 3000)
    assert asked(store, "SELECT count(*) FROM thread WHERE stopped_at IS NOT NULL OR doubt IS NOT NULL") == [(0,)]


def test_it_looks_like_an_inbox(store):
    bulk.grow(store, OURS, 200, 600)
    assert {row.kind for row in listed(store)} == {"client", "lead", "resource", "unknown"}
    assert 0 < badge(store) < 100
    assert listed(store, tab="sent")
    assert all(row.text for row in listed(store))
    assert asked(store, "SELECT count(*) FROM thread WHERE kind <> 'unknown' AND name = ''") == [(0,)]
    assert asked(
        store, "SELECT count(*) FROM message WHERE at > ?", store.clock().strftime("%Y-%m-%d %H:%M:%S.%f")
    ) == [(0,)]
    assert asked(store, "SELECT count(DISTINCT sender_id) FROM message") == [(2,)]
