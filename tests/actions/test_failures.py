"""What failed: seen in the Failed view until somebody tries it again or lets it be, and never sent twice by itself."""

from itertools import product

import pytest

from dashboard.actions import failures, messages, outbox, threads
from dashboard.actions.attachments import upload
from dashboard.core.delivery import DELIVERED, FAILED, REPORTS, SENDING, SENT, UNKNOWN
from dashboard.core.errors import NotFound, Refused
from dashboard.core.values import Delivery, Outcome
from tests.factories import (
    a_failure,
    a_file,
    a_picture,
    a_reply,
    a_text,
    asked,
    chosen,
    counted,
    fails,
    listed,
    logged,
    pass_a_minute,
    sound,
    spoken,
)


def failed(store):
    """The threads of the Failed view."""
    return [row.id for row in listed(store, tab="sent", filter="failed")]


def report(store, message, status):
    messages.record_delivery(store, Delivery("simulated", status, message=message))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_order_of_reports_ends_in_one_right_state(store, count):  # B1
    """On a text that is being handed over; all of five, through the door, in doors/test_simulated.py."""
    thread = a_text(store).thread
    for reports in product(REPORTS, repeat=count):
        message = a_reply(store, thread)
        outbox.claim(store)
        for status in reports:
            report(store, message, status)
        assert spoken_state(store, message) == max(reports, key=(SENDING, SENT, FAILED, DELIVERED).index)
    assert sound(store)


def spoken_state(store, message):
    return asked(store, "SELECT status FROM message WHERE id = ?", message)[0][0]


@pytest.mark.parametrize("reports", [(), *product(REPORTS, repeat=1), *product(REPORTS, repeat=2)])
def test_no_answer_ends_in_could_not_confirm_only_where_no_report_comes_before_or_after(store, reports):
    thread = a_text(store).thread
    for place in range(len(reports) + 1):
        message = a_reply(store, thread)
        outbox.claim(store)
        for step in (*reports[:place], UNKNOWN, *reports[place:]):
            if step == UNKNOWN:
                outbox.record_outcome(store, message, "simulated", 1, Outcome(UNKNOWN, reason="No answer"))
            else:
                report(store, message, step)
        wanted = max(reports, key=(SENDING, SENT, FAILED, DELIVERED).index, default=UNKNOWN)
        assert spoken_state(store, message) == wanted
    assert sound(store)


def test_a_text_that_the_company_is_said_to_be_sending_is_not_given_up(store, clock):
    message = a_reply(store, a_text(store).thread)
    outbox.claim(store)
    report(store, message, SENDING)
    clock.pass_(outbox.LEASE.total_seconds() + 1)
    assert outbox.expire_leases(store) == 0
    assert spoken_state(store, message) == SENDING


def test_b1_what_failed_or_could_not_be_confirmed_is_in_the_failed_view_until_it_arrives(store):
    one, other = a_text(store).thread, a_text(store, "+16035550199").thread
    message = a_failure(store, one)
    lost = a_reply(store, other)
    outbox.record_outcome(store, lost, "simulated", 0, Outcome(UNKNOWN, reason="No answer"))
    assert (set(failed(store)), counted(store, tab="sent", filter="failed")) == ({one, other}, 2)
    report(store, lost, SENT)
    assert failed(store) == [one]
    report(store, message, DELIVERED)
    assert failed(store) == []
    assert sound(store)


def test_b1_a_retry_is_a_new_attempt_and_what_failed_stays_as_it_was(store):
    thread = a_text(store).thread
    first = a_failure(store, thread, by=1)
    pass_a_minute(store)
    second = failures.retry(store, first, by=2, key="again")
    old, new = spoken(store, thread)[1:]
    assert (old.id, old.status, old.reason, old.retried_at, old.retried_by) == (
        *(first, "failed", "Number is off"),
        *(store.clock(), "Marcus Bell"),
    )
    assert (new.id, new.status, new.body, new.by) == (second, "queued", old.body, "Marcus Bell")
    assert outbox.claim(store).message == second
    assert outbox.claim(store) is None
    assert failed(store) == []
    assert sound(store)


def test_b1_two_people_and_many_clicks_make_one_attempt(store):
    first = a_failure(store, a_text(store).thread)
    attempts = {failures.retry(store, first, by=1 + click % 2, key=f"click {click}") for click in range(10)}
    assert len(attempts) == 1
    assert [action for action, _ in logged(store)].count("retry") == 1


def test_b1_an_attempt_that_fails_too_can_be_tried_again_and_the_first_cannot(store):
    thread = a_text(store).thread
    first = a_failure(store, thread)
    second = failures.retry(store, first, by=1, key="2")
    fails(store, second)
    assert failed(store) == [thread]
    assert failures.retry(store, first, by=1, key="3") == second
    assert failures.retry(store, second, by=1, key="4") not in (first, second)
    assert failed(store) == []


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "delivered"])
@pytest.mark.parametrize(
    "act", [lambda s, m: failures.retry(s, m, by=1, key="k"), lambda s, m: failures.let_be(s, m, by=1)]
)
def test_what_has_not_failed_is_refused_in_words(store, status, act):
    message = a_reply(store, a_text(store).thread)
    if status != "queued":
        report(store, message, status)
    before = store.revision()
    with pytest.raises(Refused, match=f"has not failed: it is {status} now"):
        act(store, message)
    assert store.revision() == before


def test_what_came_in_or_there_is_not_cannot_be_tried_again(store):
    for message in (a_text(store).message, 999):
        with pytest.raises(NotFound, match="no outbound message"):
            failures.retry(store, message, by=1, key="k")


def test_a_retry_of_a_delivered_text_whose_report_was_late_is_refused_and_the_failed_view_forgets_it(store):
    message = a_failure(store, a_text(store).thread)
    report(store, message, DELIVERED)
    with pytest.raises(Refused, match="it is delivered now"):
        failures.retry(store, message, by=1, key="k")


def test_a_retry_takes_the_files_along(store):
    thread, kept = a_text(store).thread, a_file()
    picture = upload(store, thread, kept, a_picture(), by=1)
    message = messages.send(store, thread, "", by=1, key="with a picture", attachments=(picture,))
    fails(store, message)
    attempt = failures.retry(store, message, by=1, key="k")
    on = "SELECT message_id, sha256, name FROM attachment WHERE message_id IS NOT NULL ORDER BY id"
    assert asked(store, on) == [(number, kept.sha256, kept.name) for number in (message, attempt)]


def test_who_tries_an_automatic_text_again_has_not_written_it(store):  # A12
    thread = a_text(store).thread
    first = messages.send(store, thread, "We are closed", by=None, key="auto", automatic=True)
    fails(store, first)
    failures.retry(store, first, by=2, key="again")
    assert spoken(store, thread)[-1].automatic


def test_what_is_let_be_leaves_the_failed_view_and_stays_failed(store):
    thread = a_text(store).thread
    one, other = a_failure(store, thread), a_failure(store, thread)
    failures.let_be(store, one, by=2)
    assert failed(store) == [thread]
    failures.let_be(store, other, by=2)
    before = store.revision()
    failures.let_be(store, other, by=1)
    assert store.revision() == before
    assert (failed(store), [message.status for message in spoken(store, thread)[1:]]) == ([], ["failed", "failed"])
    assert spoken(store, thread)[1].handled
    assert sound(store)


def test_a_removed_thread_comes_back_when_a_text_in_it_turns_out_to_have_failed(store):
    thread = a_text(store).thread
    message = a_reply(store, thread)
    threads.remove(store, chosen(store, thread), by=1)
    assert listed(store, tab="sent") == ()
    fails(store, message)
    assert failed(store) == [row.id for row in listed(store, tab="sent")] == [thread]
    threads.remove(store, chosen(store, thread), by=1)
    failures.let_be(store, message, by=1)
    assert listed(store, tab="sent") == ()
    assert sound(store)
