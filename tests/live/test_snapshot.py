"""A snapshot: everything on one viewer's screen at a revision, each read made once for all who look."""

from dataclasses import replace

import pytest

from dashboard.actions.presence import say_who_is_here
from dashboard.core.values import PageHere
from dashboard.core.views import View
from dashboard.live.snapshot import MARGIN, MESSAGES, ROWS, Place, Reads, taken
from dashboard.store import threads as lists
from tests.factories import a_person, a_reply, a_text, a_town, listed, many_threads


def snap(store, place=None, before=None):
    with store.reading() as connection:
        return taken(Reads(connection), place or Place(), before)


def test_a_snapshot_is_what_the_list_and_the_badge_say(store):
    a_town(store)
    shot = snap(store)
    assert (shot.unread, shot.total, shot.above, shot.rows) == (4, 4, 0, listed(store))
    assert (shot.head, shot.messages, shot.older, shot.others) == (None, (), False, None)
    assert shot.revision == store.revision()


def test_a_snapshot_has_the_open_thread(store):
    thread = a_text(store, a_person(store), "Hello").thread
    shot = snap(store, Place(thread=thread))
    assert shot.head.name == "Ana Díaz"
    assert [message.body for message in shot.messages] == ["Hello"]


def test_a_thread_that_there_is_not_is_not_open(store):
    shot = snap(store, Place(thread=999))
    assert (shot.place.thread, shot.head, shot.messages) == (None, None, ())


def test_an_opened_thread_shows_the_last_fifty_and_holds_its_first_when_more_come(store):
    for number in range(MESSAGES + 5):
        thread = a_text(store, body=str(number)).thread
    shot = snap(store, Place(thread=thread))
    assert ([message.body for message in shot.messages], shot.older) == ([str(n) for n in range(5, MESSAGES + 5)], True)
    a_text(store, body="one more")
    later = snap(store, shot.place, shot)
    assert later.messages[:-1] == shot.messages
    assert later.messages[-1].body == "one more"


def test_the_window_holds_a_hundred_rows_from_its_start(store):
    many_threads(store, ROWS + 10)
    shot = snap(store)
    assert (len(shot.rows), shot.total, shot.above) == (ROWS, ROWS + 10, 0)
    shot = snap(store, replace(shot.place, start=shot.rows[MARGIN].key))
    assert (len(shot.rows), shot.above) == (ROWS + 10 - MARGIN, MARGIN)


@pytest.mark.parametrize(("tab", "others"), [("received", 1), ("sent", 2)])
def test_a_search_says_how_many_hits_the_other_tab_has(store, tab, others):  # A26
    first, _ = a_text(store, "+16035550142").thread, a_text(store, "+16035550143")
    a_reply(store, first)
    assert snap(store, Place(View(tab, query="603"))).others == others


def test_each_read_is_made_once_for_all_who_look(store):
    a_town(store)
    made = []

    def read(connection, *arguments):
        made.append(arguments)
        return lists.unread(connection)

    with store.reading() as connection:
        reads = Reads(connection)
        assert reads.once(read, 1) == reads.once(read, 1) == 4
        reads.once(read, 2)
    assert made == [(1,), (2,)]


def test_what_was_taken_before_only_saves_work(store):
    """With it or without, a snapshot is the same."""
    thread = a_text(store).thread
    before = snap(store, Place(thread=thread))
    for act in (a_text, lambda s: a_reply(s, thread), lambda s: a_text(s, "+16035550199"), a_person):
        act(store)
        after = snap(store, before.place, before)
        assert after == snap(store, before.place)
        before = after


def test_b3_a_snapshot_has_everybody_else_who_has_a_thread_open(store):
    thread = a_text(store).thread
    say_who_is_here(store, "one", (PageHere("a", 1, thread), PageHere("b", 2, thread)))
    assert [person.name for person in snap(store, Place(viewer=1)).present] == ["Marcus Bell"]
    assert [person.name for person in snap(store).present] == ["Dana Whitcomb", "Marcus Bell"]


def test_b3_who_is_here_changes_without_a_revision_and_nothing_else_is_read_again(store):
    thread = a_text(store).thread
    before = snap(store)
    assert snap(store, before.place, before) is before
    say_who_is_here(store, "one", (PageHere("a", 1, thread),))
    after = snap(store, before.place, before)
    assert (after.revision, len(after.present)) == (before.revision, 1)
    assert after.rows is before.rows
    assert after == snap(store, before.place)
