"""Undoing a bulk act: everything is as it was before it, but for what somebody has dealt with since."""

import pytest

from dashboard.actions import threads
from dashboard.actions.undo import UNDOING, undo
from dashboard.core.errors import NotFound, Refused
from dashboard.core.values import BulkResult, Selection
from dashboard.core.views import View
from dashboard.live.screen import BULK_ACTIONS
from tests.factories import a_reply, a_text, a_town, above, asked, badge, chosen, listed, logged, many_threads, sound

STATES = "SELECT id, unread, unopened, removed FROM thread ORDER BY id"
UNREAD = "SELECT id FROM message WHERE direction = 'inbound' AND read IS NULL ORDER BY id"


def state(store):
    """What bulk acts change, of every thread and message."""
    return asked(store, STATES), asked(store, UNREAD)


def act(store, name, *ids):
    """A bulk act on these threads; its revision."""
    done = BULK_ACTIONS[name].body(store, chosen(store, *ids), by=1)
    assert done.done == len(ids), "nothing to undo, or this proves nothing"
    return done.revision


@pytest.fixture
def town(store):
    """Of each kind a thread; the first read, the second unopened, the third removed, the fourth with two unread."""
    one, two, three, four = a_town(store).values()
    threads.open_thread(store, one, by=1)
    threads.mark_unopened(store, chosen(store, two), by=1)
    threads.remove(store, chosen(store, three), by=1)
    a_text(store, "+16035550143")
    return one, two, three, four


def test_every_bulk_act_can_be_undone():
    assert set(UNDOING) == set(BULK_ACTIONS)


@pytest.mark.parametrize(
    ("name", "which"), [("mark_read", (1, 3)), ("mark_unopened", (0, 3)), ("remove", (0, 1, 3)), ("restore", (2,))]
)
def test_undone_at_once_everything_is_as_it_was(store, town, name, which):
    before = state(store)
    revision = act(store, name, *(town[index] for index in which))
    assert state(store) != before
    assert undo(store, revision, by=2).done == len(which)
    assert state(store) == before
    assert sound(store)


def test_undoing_is_a_change_by_whoever_undoes_it(store, town):
    revision = act(store, "remove", town[0])
    undo(store, revision, by=2)
    assert logged(store)[-1] == ("undo", 2)


@pytest.mark.parametrize("name", ["mark_read", "mark_unopened", "remove"])
def test_undoing_again_finds_nothing_to_do(store, name):
    thread = a_text(store).thread
    revision = act(store, name, thread)
    assert undo(store, revision, by=1).done == 1
    before = store.revision()
    assert undo(store, revision, by=1) == BulkResult(None, 0, 1)
    assert store.revision() == before


def test_a_thread_that_came_back_by_itself_is_left_as_it_is(store):
    back, still = a_text(store).thread, a_text(store, "+16035550199").thread
    revision = act(store, "remove", back, still)
    a_text(store, body="Hello again")
    assert undo(store, revision, by=1) == BulkResult(revision + 2, 1, 1)
    assert len(listed(store)) == 2


def test_a_thread_that_came_back_and_was_removed_again_stays_removed(store):
    thread = a_text(store).thread
    revision = act(store, "remove", thread)
    a_text(store)
    act(store, "remove", thread)
    assert undo(store, revision, by=1).done == 0
    assert listed(store) == ()


def test_what_was_opened_since_it_was_marked_as_unopened_stays_read(store):
    thread = a_text(store).thread
    revision = act(store, "mark_unopened", thread)
    threads.open_thread(store, thread, by=2)
    assert undo(store, revision, by=1).done == 0
    assert badge(store) == 0


def test_what_was_marked_as_unopened_anew_stays_so(store):
    thread = a_text(store).thread
    revision = act(store, "mark_unopened", thread)
    threads.open_thread(store, thread, by=2)
    act(store, "mark_unopened", thread)
    assert undo(store, revision, by=1).done == 0
    assert above(store, thread).unopened


def test_a_text_that_came_since_stays_unread_when_unopened_is_undone(store):
    thread = a_text(store).thread
    threads.open_thread(store, thread, by=1)
    revision = act(store, "mark_unopened", thread)
    a_text(store, body="newer")
    assert undo(store, revision, by=1).done == 1
    assert (badge(store), above(store, thread).unopened) == (1, False)
    assert sound(store)


def test_only_what_the_act_read_is_unread_again(store):
    thread = a_text(store, body="read long ago").thread
    threads.open_thread(store, thread, by=1)
    a_text(store, body="read by the act")
    revision = act(store, "mark_read", thread)
    a_text(store, body="newer")
    threads.open_thread(store, thread, by=1)
    undo(store, revision, by=1)
    assert badge(store) == 1
    assert sound(store)


@pytest.mark.parametrize("text", [a_text, lambda store: a_reply(store, 1)])
def test_a_thread_with_a_text_since_it_was_brought_back_is_not_removed_again(store, text):
    thread = a_text(store).thread
    act(store, "remove", thread)
    revision = act(store, "restore", thread)
    text(store)
    assert undo(store, revision, by=1) == BulkResult(None, 0, 1)
    assert [row.id for row in listed(store)] == [thread]


def test_what_is_no_bulk_act_cannot_be_undone(store):
    a_text(store)
    with pytest.raises(Refused, match="“receive”: only bulk acts"):
        undo(store, store.revision(), by=1)
    with pytest.raises(NotFound, match="no change 999"):
        undo(store, 999, by=1)


def test_a_thousand_threads_are_put_back_in_one_change(store):
    many_threads(store, 1000)
    done = threads.remove(store, Selection(store.revision(), view=View()), by=1)
    assert undo(store, done.revision, by=1) == BulkResult(done.revision + 1, 1000, 0)
    assert badge(store) == 1000
    assert sound(store)
