"""Drafts: one person's, per thread, on whichever screen; no revision, and gone with the text that is sent."""

import pytest

from dashboard.actions.drafts import DRAFT_LIMIT, save_draft
from dashboard.actions.messages import send
from dashboard.core.errors import Moved, NotFound, TooLarge
from dashboard.core.values import Draft
from dashboard.store.drafts import draft
from tests.factories import a_reply, a_text, how_many


@pytest.fixture
def thread(store):
    return a_text(store).thread


def kept(store, thread, resource=1):
    with store.reading() as connection:
        return draft(connection, resource, thread)


def test_b17_a_draft_is_one_persons_and_one_threads(store, thread):
    other = a_text(store, "+16035550143").thread
    save_draft(store, thread, "Half a", by=1, seen=7)
    save_draft(store, thread, "Half a thought", by=1, seen=7)
    save_draft(store, other, "Another", by=1)
    assert (kept(store, thread), kept(store, other)) == (Draft("Half a thought", 7), Draft("Another", None))
    assert (kept(store, thread, 2), how_many(store, "draft")) == (None, 2)


def test_b17_an_emptied_draft_is_none(store, thread):
    save_draft(store, thread, "Half", by=1)
    save_draft(store, thread, "", by=1)
    assert how_many(store, "draft") == 0


def test_b17_what_takes_a_draft_s_place_says_which_that_was(store, thread):
    said = [save_draft(store, thread, body, by=1) for body in ("Half", "Another", "")]
    assert said == ["", "Half", "Another"]
    assert save_draft(store, thread, "Marcus's own", by=2) == ""


def test_b17_a_draft_is_no_change_of_the_inbox(store, thread):
    before = store.revision()
    save_draft(store, thread, "Half", by=1)
    assert store.revision() == before


def test_b17_a_draft_goes_with_the_text_that_is_sent_and_stays_when_it_is_not(store, thread):
    first = a_text(store).message
    save_draft(store, thread, "Hello", by=1, seen=first)
    save_draft(store, thread, "Marcus's own", by=2)
    a_text(store)
    with pytest.raises(Moved):
        send(store, thread, "Hello", by=1, key="k", seen=first, written="Hello")
    assert kept(store, thread).body == "Hello"
    send(store, thread, "Hello", by=1, key="k", seen=first + 1, written="Hello")
    assert (kept(store, thread), kept(store, thread, 2).body) == (None, "Marcus's own")


def test_b17_a_draft_goes_with_its_text_though_the_page_had_not_seen_the_thread_yet(store, thread):
    save_draft(store, thread, "ok", by=1)
    send(store, thread, "ok", by=1, key="k", seen=None, written="ok")
    assert kept(store, thread) is None


def test_a_text_that_a_program_sends_in_ones_name_leaves_the_draft(store, thread):
    save_draft(store, thread, "Half", by=1)
    a_reply(store, thread, "From a cell", by=1)
    assert kept(store, thread).body == "Half"


def test_a_draft_without_a_thread_or_above_the_limit_is_refused(store, thread):
    with pytest.raises(NotFound):
        save_draft(store, 999, "x", by=1)
    save_draft(store, thread, "x" * DRAFT_LIMIT, by=1)
    with pytest.raises(TooLarge, match="20,001 characters, and 20,000 are kept"):
        save_draft(store, thread, "y" * (DRAFT_LIMIT + 1), by=1)
    assert len(kept(store, thread).body) == DRAFT_LIMIT
