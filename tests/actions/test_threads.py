"""What people do with threads: open, mark read, mark unopened, remove; for all, up to what they saw, and nothing lost."""

import pytest

from dashboard.actions import threads
from dashboard.core.errors import NotFound
from dashboard.core.values import BulkResult, Selection
from dashboard.core.views import View
from tests.factories import (
    a_reply,
    a_text,
    a_town,
    above,
    asked,
    badge,
    by_hand,
    chosen,
    counted,
    how_many,
    listed,
    logged,
    many_threads,
    sound,
    spoken,
)

ACTS = (threads.mark_read, threads.mark_unopened, threads.remove)


def everything(store, **view):
    """All that match, as somebody sees it now."""
    return Selection(store.revision(), view=View(**view))


def done(result):
    return result.done, result.left_out


def unread(store, thread):
    return [message.body for message in spoken(store, thread) if message.unread]


def test_opening_a_thread_marks_its_messages_read(store):  # A18
    one, other = a_text(store).thread, a_text(store, "+16035550199").thread
    a_text(store)
    threads.open_thread(store, one, by=1)
    assert (unread(store, one), badge(store)) == ([], 1)
    assert listed(store)[0].unread == 0
    assert unread(store, other) == ["Hello"]
    assert sound(store)


def test_opening_what_is_read_leaves_no_trace(store):
    thread = a_text(store).thread
    threads.open_thread(store, thread, by=1)
    before = store.revision()
    threads.open_thread(store, thread, by=2)
    assert store.revision() == before


def test_a_thread_that_there_is_not_cannot_be_opened(store):
    with pytest.raises(NotFound, match="no thread 999"):
        threads.open_thread(store, 999, by=1)


def test_what_arrives_under_somebodys_eyes_is_read(store):  # A18
    first, second = a_text(store, body="seen"), a_text(store, body="not yet")
    threads.mark_seen(store, first.thread, frozenset({first.message}), by=1)
    assert unread(store, first.thread) == ["not yet"]
    assert badge(store) == 1
    assert second.thread == first.thread
    assert sound(store)


def test_a_thread_marked_unopened_stays_so_under_somebodys_eyes_until_it_is_opened(store):  # A18
    first = a_text(store)
    threads.mark_unopened(store, chosen(store, first.thread), by=1)
    threads.mark_seen(store, first.thread, frozenset({first.message}), by=1)
    assert badge(store) == 1
    threads.open_thread(store, first.thread, by=1)
    assert badge(store) == 0
    assert not above(store, first.thread).unopened


def test_only_messages_of_that_thread_are_seen(store):
    mine, other = a_text(store), a_text(store, "+16035550199")
    threads.mark_seen(store, mine.thread, frozenset({other.message}), by=1)
    assert badge(store) == 2


def test_mark_as_read(store):  # A29
    town = list(a_town(store).values())
    assert done(threads.mark_read(store, chosen(store, *town[:2]), by=1)) == (2, 0)
    assert badge(store) == 2
    assert {row.id for row in listed(store) if row.unread} == set(town[2:])
    assert sound(store)


def test_mark_as_read_touches_only_what_the_person_saw(store):
    thread = a_text(store, body="seen").thread
    selection = chosen(store, thread)
    a_text(store, body="newer")
    assert done(threads.mark_read(store, selection, by=1)) == (1, 0)
    assert unread(store, thread) == ["newer"]
    assert badge(store) == 1
    assert sound(store)


def test_mark_as_unopened_brings_dot_and_badge_back(store):  # A30
    thread = a_text(store, body="first").thread
    a_text(store, body="last")
    threads.open_thread(store, thread, by=1)
    assert done(threads.mark_unopened(store, chosen(store, thread), by=1)) == (1, 0)
    assert (unread(store, thread), badge(store), listed(store)[0].unread) == (["last"], 1, 1)
    assert sound(store)


def test_mark_as_unopened_keeps_what_is_unread(store):
    thread = a_text(store).thread
    a_text(store)
    threads.mark_unopened(store, chosen(store, thread), by=1)
    assert badge(store) == 2
    assert sound(store)


def test_a_thread_with_nothing_received_has_nothing_to_open(store):
    thread = a_text(store).thread
    a_reply(store, thread)
    by_hand(store, "UPDATE thread SET inbound_message = NULL, inbound_at = NULL, unread = 0")
    assert done(threads.mark_unopened(store, chosen(store, thread), by=1)) == (0, 1)


def test_remove_takes_threads_off_both_tabs(store):  # A31
    town = list(a_town(store).values())
    a_reply(store, town[0])
    assert done(threads.remove(store, chosen(store, *town[:2]), by=1)) == (2, 0)
    assert {row.id for row in listed(store)} == set(town[2:])
    assert listed(store, tab="sent") == ()
    assert sound(store)


def test_remove_deletes_nothing_and_un_sends_nothing(store):  # A32, A33
    thread = a_text(store).thread
    message = a_reply(store, thread)
    before = spoken(store, thread)
    threads.remove(store, chosen(store, thread), by=1)
    after = spoken(store, thread)
    assert [(m.id, m.body, m.status, m.unread) for m in after] == [(m.id, m.body, m.status, m.unread) for m in before]
    assert asked(store, "SELECT status FROM message WHERE id = ?", message) == [("queued",)]


def test_a_removed_thread_is_not_read_by_that(store):
    thread = a_text(store).thread
    threads.remove(store, chosen(store, thread), by=1)
    assert badge(store) == 0
    assert unread(store, thread) == ["Hello"]
    assert listed(store, query="603")[0].unread == 1


def test_remove_leaves_a_thread_in_which_a_text_has_arrived_since(store):
    quiet, busy = a_text(store).thread, a_text(store, "+16035550199").thread
    selection = chosen(store, quiet, busy)
    a_text(store, "+16035550199", "Wait!")
    assert done(threads.remove(store, selection, by=1)) == (1, 1)
    assert [row.id for row in listed(store)] == [busy]


def test_a_removed_thread_says_by_whom_and_when_and_comes_back_as_it_was(store):
    town = list(a_town(store).values())
    before = listed(store)
    threads.remove(store, chosen(store, *town), by=2)
    (row, *_) = listed(store, filter="removed")
    assert (row.removed, row.removed_by, row.removed_at) == (True, "Marcus Bell", store.clock())
    assert done(threads.restore(store, chosen(store, *town), by=1)) == (4, 0)
    assert listed(store) == before
    assert (above(store, town[0]).removed_by, counted(store, filter="removed")) == (None, 0)
    assert sound(store)


def test_a_text_takes_away_who_removed_the_thread(store):  # A34
    thread = a_text(store).thread
    threads.remove(store, chosen(store, thread), by=2)
    a_text(store)
    assert (above(store, thread).removed_by, above(store, thread).removed_at) == (None, None)
    assert sound(store)


def test_only_removed_threads_are_brought_back(store):
    town = list(a_town(store).values())
    threads.remove(store, chosen(store, *town[:2]), by=1)
    result = threads.restore(store, everything(store, filter="removed"), by=1)
    assert done(result) == (2, 0)
    assert len(listed(store)) == 4


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_nothing_leaves_no_trace(store, act):
    a_text(store)
    before = store.revision()
    for selection in (chosen(store), chosen(store, 999), everything(store, query="nobody")):
        assert act(store, selection, by=1) == BulkResult(None, 0, 0)
    assert store.revision() == before


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_again_finds_nothing_to_do(store, act):
    a_town(store)
    assert act(store, everything(store), by=1).done == 4
    before = store.revision()
    again = act(store, everything(store), by=2)
    assert (again.revision, again.done) == (None, 0)
    assert store.revision() == before


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_all_that_match_is_for_those_that_match_but_some(store, act):  # B19
    town = a_town(store)
    selection = Selection(store.revision(), view=View(filter="accounts"), but=frozenset({town["Ben Ito"]}))
    result = act(store, selection, by=1)
    assert done(result) == (1, 0)
    assert asked(store, "SELECT thread_id FROM change_subject WHERE revision = ?", result.revision) == [
        (town["Ana Díaz"],)
    ]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_all_that_match_leaves_out_what_changed_since_and_says_so(store, act):  # B19
    town = a_town(store)
    selection = everything(store)
    a_text(store, "+16035550140", "I changed")
    assert done(act(store, selection, by=1)) == (3, 1)
    assert sound(store)
    assert asked(store, "SELECT removed, unopened FROM thread WHERE id = ?", town["Ana Díaz"]) == [(0, 0)]


def test_an_act_is_one_line_in_the_log_with_each_thread_as_it_was(store):  # B20
    town = list(a_town(store).values())
    result = threads.remove(store, chosen(store, *town), by=2)
    assert logged(store)[-1] == ("remove", 2)
    subjects = asked(
        store,
        "SELECT kind, received, sent, removed, unread FROM change_subject WHERE revision = ? ORDER BY 1",
        result.revision,
    )
    assert subjects == [(kind, 1, 0, 0, 1) for kind in ("client", "lead", "resource", "unknown")]


def test_an_act_on_a_thousand_threads_is_quick_and_one_change(store):
    many_threads(store, 1000)
    changes = how_many(store, "change")
    assert threads.mark_read(store, everything(store), by=1).done == 1000
    assert (badge(store), how_many(store, "change")) == (0, changes + 1)
    assert sound(store)
