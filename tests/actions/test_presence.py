"""Who is here: said by each process for its pages, known to all, and over when a process falls silent."""

from datetime import timedelta

from dashboard.actions.presence import LEASE, say_who_is_here
from dashboard.core.values import PageHere, Present
from dashboard.store.presence import everyone, has_expired
from tests.factories import a_text, how_many


def here(store):
    with store.reading() as connection:
        return everyone(connection)


def silent(store):
    with store.reading() as connection:
        return has_expired(connection)


def test_b3_a_person_with_two_pages_is_there_once_and_types_if_they_do_on_one(store):
    thread = a_text(store).thread
    soon = store.clock() + timedelta(seconds=5)
    say_who_is_here(store, "one", (PageHere("a", 2, thread), PageHere("b", 2, thread, soon), PageHere("c", 1, thread)))
    assert here(store) == (Present(1, "Dana Whitcomb", thread, False), Present(2, "Marcus Bell", thread, True))
    store.clock.pass_(6)
    assert [person.typing for person in here(store)] == [False, False]


def test_b3_each_process_speaks_for_its_own_pages(store):
    thread = a_text(store).thread
    say_who_is_here(store, "one", (PageHere("a", 1, thread),))
    say_who_is_here(store, "two", (PageHere("b", 2, thread),))
    assert [person.resource for person in here(store)] == [1, 2]
    say_who_is_here(store, "one", ())
    assert [person.resource for person in here(store)] == [2]


def test_b3_a_process_that_falls_silent_is_forgotten(store):
    thread = a_text(store).thread
    say_who_is_here(store, "killed", (PageHere("a", 1, thread),))
    assert not silent(store)
    store.clock.pass_(LEASE.total_seconds())
    assert (here(store), silent(store)) == ((), True)
    say_who_is_here(store, "other", ())
    assert how_many(store, "presence") == 0


def test_a_thread_that_there_is_not_is_nobodys(store):
    before = store.revision()
    say_who_is_here(store, "one", (PageHere("a", 1, 999),))
    assert (here(store), store.revision()) == ((), before)
