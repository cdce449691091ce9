"""After a restore nothing is sent that may have gone, nobody is logged in, and the log says why."""

from dataclasses import replace

import pytest

from dashboard.actions import backups, logins, messages, outbox
from dashboard.core.delivery import UNKNOWN
from dashboard.core.errors import NotFound
from dashboard.core.values import Delivery
from dashboard.store import lives
from dashboard.store.outbox import lanes
from tests.factories import a_reply, a_screen, a_text, asked, by_hand, logged, sound, spoken


def test_a_text_that_waited_is_not_sent_by_itself_and_can_be_tried_again(store):
    thread = a_text(store).thread
    message = a_reply(store, thread)
    assert backups.resume(store, store.clock()) == 1
    last = spoken(store, thread)[-1]
    assert (last.status, last.reason.startswith(backups.MAY_HAVE_GONE)) == (UNKNOWN, True)
    with store.reading() as connection:
        assert lanes(connection, store.clock()) == ()
    screen = a_screen(store, thread=thread)
    screen.retry("again", message)
    assert [row.status for row in spoken(store, thread)[1:]] == [UNKNOWN, "queued"]
    assert sound(store)


def test_what_had_gone_is_left_as_it_is(store):
    a_text(store)
    assert backups.resume(store, store.clock()) == 0
    assert logged(store)[-1] == ("resume", None)
    assert sound(store)


def test_everybody_logs_in_again(store):
    logins.log_in(store, "0" * 64, by=1)
    backups.resume(store, store.clock())
    assert asked(store, "SELECT count(*) FROM login_session WHERE ended_at IS NULL") == [(0,)]


def life(store):
    with store.reading() as connection:
        return lives.present(connection)


def told(store, message, life, status="delivered"):
    """A report comes on a message, whose id was given out in that life."""
    return messages.record_delivery(store, Delivery("kannel", status, message=message, life=life))


def handed_over(store, thread):
    message = a_reply(store, thread)
    outbox.claim(store)
    return message


def test_after_a_restore_a_report_on_what_had_the_same_id_before_is_on_nothing_here(store):
    thread = a_text(store).thread
    before = life(store)
    backups.resume(store, store.clock())
    assert life(store) != before
    message = handed_over(store, thread)
    for whose in (before, "", "of-another-inbox"):
        with pytest.raises(NotFound, match="another one"):
            told(store, message, whose)
    assert spoken(store, thread)[-1].status == "sending"
    assert told(store, message, life(store)) == message
    assert sound(store)


def test_a_text_that_is_in_the_backup_is_the_one_that_it_was(store):
    thread = a_text(store).thread
    message, before = handed_over(store, thread), life(store)
    backups.resume(store, store.clock())
    assert told(store, message, before) == message
    assert spoken(store, thread)[-1].status == "delivered"


def test_of_an_older_backup_only_what_is_in_it_keeps_its_ids(store):
    thread = a_text(store).thread
    first, before = a_reply(store, thread), life(store)
    by_hand(store, "INSERT INTO life (name, last) VALUES ('older', ?)", first + 100)
    backups.resume(store, store.clock())
    second = handed_over(store, thread)
    assert second <= first + 100
    for whose in (before, "older"):
        assert told(store, first, whose) == first
        with pytest.raises(NotFound):
            told(store, second, whose)


def test_a_report_that_names_no_life_but_the_company_s_own_id_of_a_text_is_on_it(store):
    """As of a process of before there were lives, which still ran when the database was brought up to date."""
    thread = a_text(store).thread
    message = handed_over(store, thread)
    by_hand(store, "UPDATE message SET provider = 'twilio', provider_id = 'SM1' WHERE id = ?", message)
    report = Delivery("twilio", "delivered", message=message, provider_id="SM1", life="")
    with pytest.raises(NotFound):
        messages.record_delivery(store, replace(report, provider_id="SM2"))
    assert messages.record_delivery(store, report) == message
    assert spoken(store, thread)[-1].status == "delivered"


def test_what_comes_from_within_the_process_names_no_life(store):
    message = handed_over(store, a_text(store).thread)
    assert told(store, message, None) == message
