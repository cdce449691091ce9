"""One conversation: what stands above it, its messages in order, and windows that end with the newest."""

from datetime import timedelta

import pytest

from dashboard.actions import messages
from dashboard.core.values import Inbound, StoredMedia
from dashboard.store import conversations
from tests.factories import a_person, a_reply, a_text, above, numbers, pass_a_minute, plan, spoken


def window(store, thread, count, before=None):
    with store.reading() as connection:
        start = conversations.start_of_last(connection, thread, count, before)
        rows = conversations.messages(connection, thread, start)
        return start, [row.body for row in rows], conversations.has_older(connection, thread, start)


@pytest.fixture
def talk(store):
    """A thread with the texts 0 to 9; 3, 4 and 5 are of the same moment."""
    for number in range(10):
        thread = a_text(store, body=str(number)).thread
        if number not in (3, 4):
            pass_a_minute(store)
    return thread


def test_messages_come_in_the_threads_order_ours_and_theirs_told_apart(store):  # A37
    thread = a_text(store, body="theirs").thread
    pass_a_minute(store)
    a_reply(store, thread, "ours")
    theirs, ours = spoken(store, thread)
    assert (theirs.direction, theirs.body, theirs.by, theirs.status, theirs.unread) == (
        "inbound",
        "theirs",
        None,
        "received",
        True,
    )
    assert (ours.direction, ours.body, ours.by, ours.status, ours.unread) == (
        "outbound",
        "ours",
        "Dana Whitcomb",
        "queued",
        False,
    )
    assert ours.at - theirs.at == timedelta(minutes=1)


@pytest.mark.parametrize("count", range(1, 10))
def test_a_window_is_the_last_messages_and_knows_that_there_are_older(store, talk, count):
    _, bodies, older = window(store, talk, count)
    assert bodies == [str(number) for number in range(10 - count, 10)]
    assert older


@pytest.mark.parametrize("count", [11, 50])
def test_a_window_larger_than_the_thread_is_all_of_it(store, talk, count):
    start, bodies, older = window(store, talk, count)
    assert (start, len(bodies), older) == (None, 10, False)


def test_older_messages_are_added_in_front(store, talk):
    start, _, _ = window(store, talk, 3)
    start, bodies, older = window(store, talk, 3, before=start)
    assert (bodies, older) == ([str(number) for number in range(4, 10)], True)
    _, bodies, older = window(store, talk, 30, before=start)
    assert (bodies, older) == ([str(number) for number in range(10)], False)


def test_a_window_of_exactly_the_thread_has_nothing_older(store, talk):
    _, bodies, older = window(store, talk, 10)
    assert (len(bodies), older) == (10, False)


def test_a_message_has_its_attachments_in_order(store):
    files = tuple(StoredMedia(str(n) * 64, "image/png", f"{n}.png", n) for n in range(10))
    received = messages.receive(store, Inbound("simulated", "mms", "+16035550142", None, ""), files)
    a_text(store, body="no file")
    first, second = spoken(store, received.thread)
    assert [(file.name, file.size, file.type) for file in first.attachments] == [
        (f"{n}.png", n, "image/png") for n in range(10)
    ]
    assert second.attachments == ()


def test_the_head_says_who_it_is(store):
    thread = a_text(store, a_person(store)).thread
    head = above(store, thread)
    assert (head.name, head.number, head.kind, head.removed, head.locked) == (
        "Ana Díaz",
        "(603) 555-0142",
        "client",
        False,
        None,
    )


def test_there_is_nothing_above_a_thread_that_there_is_not(store):
    assert above(store, 999) is None
    assert spoken(store, 999) == ()


def test_the_composer_is_locked_for_a_sender_and_without_a_provider(store):
    sender, number = a_text(store, "Pharmacy").thread, a_text(store).thread
    assert "no reply can reach it" in above(store, sender).locked
    numbers.set_provider(store, None)
    assert "MESSAGE_CENTER_PROVIDER" in above(store, number).locked
    numbers.set_provider(store, "simulated")
    assert above(store, number).locked is None


@pytest.mark.sqlite
def test_a_window_does_not_read_the_rest_of_the_thread(store, talk):
    start, _, _ = window(store, talk, 3)
    steps = plan(store, lambda connection: conversations.messages(connection, talk, start))
    assert "message_order" in steps
    assert "SCAN message" not in steps
