"""A change: every action is one line in the log under a number of its own, whole or not at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, update

from dashboard.actions.change import ANYBODY, MACHINE, action, nothing
from dashboard.core.tables import OUR_NUMBER, THREAD
from dashboard.core.views import View
from dashboard.store import threads
from dashboard.store.verify import faults
from tests.factories import a_reply, a_text, a_town, asked, how_many, read, when


@action(ANYBODY)
def rename(change, name, *, by=None, then=lambda: None):
    """Give every thread a name."""
    change.touch(THREAD.c.removed.is_(False))
    change.connection.execute(update(THREAD).where(change.touched()).values(name=name))
    change.details = {"name": name}
    then()
    return change.revision


@action(MACHINE)
def move(change, kind):
    """Make every correspondent one of a kind."""
    change.touch(THREAD.c.removed.is_(False))
    change.connection.execute(update(THREAD).values(kind=kind))


@action(MACHINE)
def touch_twice(change, thread, *, by=None):
    """Change a thread in two steps, the first of which makes another state of it, and a third for all."""
    change.touch_one(thread, unread=9)
    change.touch_one(thread, unread=0)
    change.touch(THREAD.c.id == thread)


def fail():
    raise ValueError("no")


def test_an_action_takes_the_next_revision_and_writes_the_log(store, clock):
    before = store.revision()
    assert rename(store, "X", by=2) == store.revision() == before + 1
    (line,) = asked(store, "SELECT action, by_id, at, details FROM change WHERE revision = ?", before + 1)
    assert (*line[:2], when(line[2]), read(line[3])) == ("rename", 2, clock.now, {"name": "X"})


def test_a_thread_that_is_touched_twice_is_noted_once_as_it_was_before(store):
    thread = a_text(store).thread
    touch_twice(store, thread)
    noted = "SELECT unread FROM change_subject WHERE thread_id = ? AND revision = ?"
    assert asked(store, noted, thread, store.revision()) == [(1,)]


def test_an_action_that_fails_leaves_nothing_not_even_its_number(store):
    a_town(store)
    before = store.revision(), asked(store, "SELECT name, revision FROM thread"), how_many(store, "change_subject")
    with pytest.raises(ValueError, match="no"):
        rename(store, "X", then=fail)
    assert (
        store.revision(),
        asked(store, "SELECT name, revision FROM thread"),
        how_many(store, "change_subject"),
    ) == before


def test_an_action_that_finds_nothing_to_do_leaves_no_trace_and_answers(store):
    a_town(store)
    before = store.revision(), how_many(store, "change")
    assert rename(store, "X", then=lambda: nothing("as it was")) == "as it was"
    assert (store.revision(), how_many(store, "change")) == before


def test_each_thread_carries_the_revision_of_its_last_change(store):
    first, second = a_text(store).thread, a_text(store, "+16035550199").thread
    a_reply(store, first)
    assert asked(store, "SELECT id FROM thread WHERE revision = ?", store.revision()) == [(first,)]
    assert asked(store, "SELECT id FROM thread WHERE revision = ?", store.revision() - 1) == [(second,)]


def test_the_subjects_tell_what_a_thread_was_before(store):
    thread = a_text(store).thread
    a_text(store)
    a_reply(store, thread)
    told = asked(store, "SELECT kind, received, sent, unread FROM change_subject ORDER BY revision")
    assert told == [(None, 0, 0, 0), ("unknown", 1, 0, 1), ("unknown", 1, 0, 2)]


def test_revisions_have_no_gap_and_no_double_under_threads(store):
    first = store.revision()
    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(lambda number: rename(store, str(number)), range(40)))
    assert sorted(revisions) == list(range(first + 1, first + 41))
    assert asked(store, "SELECT count(*) FROM change WHERE revision > ?", first) == [(40,)]


def test_what_is_counted_is_kept_in_step(store):
    a_town(store)
    for kind in ("client", "unknown", "lead"):
        move(store, kind)
    with store.reading() as connection:
        assert "kinds whose tally is wrong" not in faults(connection)
        assert threads.count(connection, View(filter="accounts")) == 4


def test_an_action_runs_in_the_callers_order(store):
    """The log is in the order in which callers were answered."""
    for number in range(5):
        rename(store, str(number))
    lines = asked(store, "SELECT details FROM change WHERE action = 'rename' ORDER BY revision")
    assert [read(details) for (details,) in lines] == [{"name": str(number)} for number in range(5)]


def test_an_action_cannot_store_half(store):
    @action(MACHINE)
    def two_numbers(change):
        """The second breaks a rule of the database."""
        for _ in range(2):
            change.connection.execute(insert(OUR_NUMBER).values(address="+16035550111"))

    with pytest.raises(Exception, match=r"(?i)unique"):
        two_numbers(store)
    assert asked(store, "SELECT count(*) FROM our_number") == [(1,)]
