"""The verifier: a sound database passes, and every check can fail."""

import pytest

from dashboard.actions.drafts import save_draft
from dashboard.store.verify import CHECKS, faults
from tests.factories import a_document, a_reply, a_text, by_hand, sound

BREAKS = {
    "threads whose unread count is wrong": [
        "UPDATE thread SET unread = unread + 1",
        "UPDATE message SET read = 1 WHERE direction = 'inbound'",
    ],
    "threads whose last inbound message is wrong": [
        "UPDATE thread SET inbound_message = NULL",
        "UPDATE thread SET inbound_message = outbound_message",
    ],
    "threads whose preview is not of the last inbound message": [
        "UPDATE thread SET inbound_placed_at = NULL",
        "UPDATE message SET placed_at = '2030-01-01 00:00:00.000000' WHERE direction = 'inbound'",
    ],
    "threads whose last outbound message is wrong": [
        "UPDATE thread SET outbound_message = NULL",
        "UPDATE message SET placed_at = '2020-01-01 00:00:00.000000' WHERE id = (SELECT outbound_message FROM thread)",
    ],
    "threads whose latest time is wrong": [
        "UPDATE thread SET latest_at = '2020-01-01 00:00:00.000000'",
        "UPDATE thread SET latest_at = NULL",
    ],
    "kinds whose tally is wrong": [
        "UPDATE tally SET received = received + 1",
        "UPDATE tally SET sent = 7 WHERE kind = 'lead'",
        "UPDATE tally SET unread = 0",
        "UPDATE thread SET removed = TRUE",
        "UPDATE tally SET removed_received = 1",
        "UPDATE tally SET removed_sent = removed_sent + 1",
    ],
    "removed threads that do not say since when, or others that do": [
        "UPDATE thread SET removed = TRUE",
        "UPDATE thread SET removed_at = latest_at",
        "UPDATE thread SET removed_by_id = 1",
    ],
    "kinds of correspondent without a tally": ["DELETE FROM tally WHERE kind = 'unknown'"],
    "threads without the revision of their last change": [
        "UPDATE thread SET revision = 1",
        "DELETE FROM change_subject",
    ],
    "text documents whose last change is not in the log": ["UPDATE text_document SET revision = 1"],
    "drafts of nothing": ["UPDATE draft SET body = ''"],
    "changes after the clock": ["UPDATE clock SET revision = 1"],
}


@pytest.fixture
def used(store):
    """A thread with texts both ways, the last of them unread."""
    thread = a_text(store).thread
    a_reply(store, thread)
    a_reply(store, thread)
    a_text(store)
    a_document(store)
    save_draft(store, thread, "Half", by=1)
    assert sound(store)
    return store


def test_every_check_is_broken_here():
    assert set(BREAKS) == set(CHECKS)


@pytest.mark.parametrize(("fault", "break_"), [(fault, break_) for fault, ways in BREAKS.items() for break_ in ways])
def test_a_check_notices_what_was_changed_by_hand(used, fault, break_):
    by_hand(used, break_)
    with used.reading() as connection:
        assert faults(connection).get(fault, 0) >= 1
