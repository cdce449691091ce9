"""Beginning a conversation: the thread there is, or one that no tab shows until the first text is sent."""

import pytest

from dashboard.actions.conversations import begin_conversation
from dashboard.actions.numbers import set_numbers
from dashboard.core.errors import AddressError, Refused
from tests.factories import OURS, a_person, a_reply, a_text, above, counted, listed, logged, pass_a_minute, sound


def test_a_conversation_with_somebody_who_never_texted_shows_once_the_first_text_is_sent(store):  # B9
    a_person(store, "Ana Díaz")
    thread = begin_conversation(store, "(603) 555-0142", by=1)
    assert (above(store, thread).name, logged(store)[-1]) == ("Ana Díaz", ("begin_conversation", 1))
    assert (counted(store), counted(store, tab="sent"), listed(store, query="ana")) == (0, 0, ())
    assert sound(store)
    a_reply(store, thread, "Hello Ana")
    assert [(row.id, row.text) for row in listed(store, tab="sent")] == [(thread, "Hello Ana")]
    assert (counted(store), counted(store, tab="sent")) == (0, 1)
    assert sound(store)


def test_it_joins_the_thread_there_is_however_the_number_is_typed(store):  # B9
    thread = a_text(store).thread
    before = store.revision()
    assert {begin_conversation(store, typed, by=1) for typed in ("603.555.0142", "+1 603 555 0142")} == {thread}
    assert store.revision() == before


def test_of_threads_over_several_of_our_numbers_it_is_the_one_that_moved_last(store):
    set_numbers(store, (OURS, "+16035550200"))
    a_text(store)
    pass_a_minute(store)
    later = a_text(store, to="+16035550200").thread
    assert begin_conversation(store, "6035550142", by=1) == later


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "missing"), ("603", None), ("12", "no phone number"), ("555-01", None), ("Ana Díaz", "no phone")],
)
def test_what_is_no_number_is_refused_in_words(store, typed, words):
    if words is None:
        begin_conversation(store, typed, by=1)  # a short code
    else:
        with pytest.raises(AddressError, match=words):
            begin_conversation(store, typed, by=1)


@pytest.mark.parametrize(("typed", "words"), [("SNOWALERT", "takes no texts"), (OURS, "our own number")])
def test_what_takes_no_texts_is_refused_in_words(store, typed, words):
    with pytest.raises(Refused, match=words):
        begin_conversation(store, typed, by=1)


@pytest.mark.parametrize("sender", ["4740612345", "40612345", "+4740612345"])
def test_a_stop_ends_the_conversation_that_was_begun_with_a_number_as_short_as_its_country_has_them(store, sender):
    store.region = "NO"
    thread = begin_conversation(store, "406 12 345", by=1)
    a_reply(store, thread)
    assert a_text(store, sender, body="STOP").thread == thread
    with pytest.raises(Refused, match="opted out"):
        a_reply(store, thread)
