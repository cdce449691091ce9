"""The verifier: a sound database passes, and every check can fail."""

from datetime import timedelta

import pytest

from dashboard.actions import failures
from dashboard.actions.drafts import save_draft
from dashboard.store.database import Unchanged
from dashboard.store.verify import CHECKS, damage, faults
from tests.factories import (
    a_document,
    a_failure,
    a_file,
    a_person,
    a_reply,
    a_text,
    a_text_with,
    an_outsider,
    developed,
    sound,
)

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
        "UPDATE message SET placed_at = '2020-01-01 00:00:00.000000' WHERE id = (SELECT max(outbound_message) FROM thread)",
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
    "kinds of correspondent without a tally": ["DELETE FROM tally WHERE kind = 'client'"],
    "threads without the revision of their last change": [
        "UPDATE thread SET revision = 1",
        "DELETE FROM change_subject",
    ],
    "threads whose count of failed texts is wrong": [
        "UPDATE thread SET failed = failed + 1",
        "UPDATE message SET status = 'failed' WHERE direction = 'outbound'",
        "UPDATE message SET status = 'unknown', handled = NULL WHERE direction = 'outbound'",
    ],
    "further attempts at what is no text of ours in the same thread": [
        "UPDATE message SET retry_of = (SELECT min(id) FROM message) WHERE id = (SELECT max(outbound_message) FROM thread)",
        "UPDATE message SET handled = NULL",
    ],
    "alerts that are not of a text that came into their thread": [
        "UPDATE alert SET message_id = (SELECT max(outbound_message) FROM thread) WHERE id = (SELECT max(id) FROM alert)",
    ],
    "alerts that do not say when and by what they were cleared": [
        "UPDATE alert SET cleared_at = at",
        "UPDATE alert SET cleared = 1",
        "UPDATE alert SET cleared = 999, cleared_at = at",
        "UPDATE alert SET cleared = (SELECT max(revision) FROM change WHERE by_id IS NULL), cleared_at = at",
    ],
    "attachments that are not their thread's account's": [
        "UPDATE attachment SET account_id = NULL",
        "UPDATE thread SET account_id = NULL",
    ],
    "attachments on another thread's message": ["UPDATE attachment SET thread_id = (SELECT min(id) FROM thread)"],
    "pictures that are ready and lack something, or are not and have it": [
        "UPDATE attachment SET thumbnail = NULL",
        "UPDATE attachment SET state = 'waiting'",
        "UPDATE attachment SET width = 0",
    ],
    "text documents whose last change is not in the log": ["UPDATE text_document SET revision = 1"],
    "threads whose next text is not due when it should be": [
        "UPDATE thread SET due_at = NULL",
        "UPDATE thread SET due_at = latest_at WHERE due_at IS NULL",
    ],
    "texts that are being sent without a lease, or asked about without a need": [
        "UPDATE message SET lease_until = at WHERE status <> 'sending'",
        "UPDATE message SET ask_at = at",
    ],
    "threads that do not say what their ledger of consent does": [
        "UPDATE thread SET stopped_at = NULL",
        "UPDATE thread SET stopped_at = latest_at WHERE stopped_at IS NULL",
        "DELETE FROM consent",
        "UPDATE consent SET source = 'person' WHERE word = 'start'",
    ],
    "doubts of what is no text that came into their thread, or of whoever has opted out": [
        "UPDATE thread SET doubt = outbound_message",
        "UPDATE thread SET doubt = 999 WHERE doubt IS NOT NULL",
        "UPDATE thread SET doubt = inbound_message WHERE stopped_at IS NOT NULL",
    ],
    "entries of consent that are of another thread's message": [
        "UPDATE consent SET thread_id = (SELECT min(id) FROM thread) WHERE word = 'stop'",
    ],
    "drafts of nothing": ["UPDATE draft SET body = ''"],
    "changes after the clock": ["UPDATE clock SET revision = 1"],
    "threads with another account or resource than their number's": [
        "UPDATE thread SET account_id = NULL",
        "UPDATE thread SET resource_id = 1",
        "UPDATE contact SET address = '+16035550199' WHERE account_id IS NOT NULL",
    ],
    "threads with another name or kind than their account's or resource's": [
        "UPDATE account SET name = 'Renamed'",
        "UPDATE thread SET name_folded = ''",
        "UPDATE account SET kind = 'lead'",
    ],
    "accounts and resources whose numbers are not their contacts'": [
        "UPDATE account SET numbers = ''",
        "DELETE FROM contact WHERE resource_id IS NOT NULL",
        "UPDATE contact SET address = '+16035550199' WHERE account_id IS NOT NULL",
    ],
    "numbers of which more than one account was chosen": ["UPDATE contact SET chosen = TRUE, address = '+16035550142'"],
}


@pytest.fixture
def used(store):
    """An account's thread with texts both ways and a picture, one of them tried again, the last unread and with an
    alert, who opted out, and in, and is doubted; a stranger's thread, and one's who has opted out."""
    a_text(store, "+16035550199")
    a_person(store)
    a_text_with(store, a_file())
    developed(store)
    thread = a_text(store).thread
    a_reply(store, thread)
    failures.retry(store, a_failure(store, thread), by=1, key="again")
    a_text(store)
    a_document(store)
    save_draft(store, thread, "Half", by=1)
    for body in ("STOP", "START", "please stop"):
        a_text(store, body=body)
    a_text(store, "+16035550198", "STOP")
    assert sound(store)
    return store


def test_every_check_is_broken_here():
    assert set(BREAKS) == set(CHECKS)


def noticed(store, fault, break_):
    """Whether a check notices a change by hand, which is taken back."""

    def change_and_look(connection):
        connection.exec_driver_sql(break_.replace("%", "%%") if store.server else break_)
        raise Unchanged(faults(connection).get(fault, 0))

    return store.write(change_and_look) >= 1


def test_each_check_notices_what_was_changed_by_hand(used):
    changes = [(fault, break_) for fault, ways in BREAKS.items() for break_ in ways]
    assert [change for change in changes if not noticed(used, *change)] == []
    assert sound(used)


def test_an_opt_out_that_crossed_an_opt_in_is_no_fault(store, clock):
    a_text(store, body="START")
    a_text(store, body="STOP", at=clock.now - timedelta(seconds=90))
    assert sound(store)


@pytest.mark.sqlite
def test_what_sqlite_finds_wrong_with_its_file_is_told(store, url):
    a_text(store)
    with store.reading() as connection:
        assert damage(connection) == ()
    outsider = an_outsider(url)
    outsider.execute("UPDATE message SET thread_id = 999")
    outsider.close()
    with store.reading() as connection:
        assert damage(connection) == ("a message refers to a thread that there is not",)
