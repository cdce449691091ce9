"""What waits is counted by its state, by an index of what is counted, and the oldest by its age."""

from dataclasses import astuple

import pytest

from dashboard.actions import failures, outbox
from dashboard.store.gauges import Gauges, gauges
from tests.factories import a_failure, a_file, a_reply, a_text, a_text_with, pass_a_minute, plan


def found(store):
    with store.reading() as connection:
        return gauges(connection)


def test_an_inbox_in_which_nothing_waits_has_nothing_to_tell(store):
    a_text(store)
    assert astuple(found(store)) == (0, 0, 0.0, 0, 0, 0)


def test_everything_that_waits_is_counted_until_it_does_not(store):
    thread = a_text(store).thread
    a_reply(store, thread)
    pass_a_minute(store)
    a_reply(store, thread)
    outbox.claim(store, "simulated")
    failed = a_failure(store, thread)
    a_text_with(store, a_file())
    assert found(store) == Gauges(queued=1, sending=1, oldest=60.0, failed=1, unknown=0, pictures=1)
    failures.let_be(store, failed, by=1)
    assert found(store).failed == 0


@pytest.mark.sqlite
def test_no_count_walks_through_all_messages(store):
    steps = plan(store, gauges)
    for index in ("message_open", "message_trouble", "attachment_waiting"):
        assert index in steps
    assert "SCAN message\n" not in steps.replace(";", "\n")
