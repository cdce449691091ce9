"""Texts that come in and go out: once, in their place, with what the list then shows; and their delivery."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboard.actions import messages, numbers, outbox, threads
from dashboard.core.errors import AddressError, Moved, NotFound, Refused
from dashboard.core.values import Delivery, Inbound, Outcome, RemoteMedia, StoredMedia
from tests.factories import (
    OURS,
    a_person,
    a_reply,
    a_text,
    above,
    asked,
    badge,
    by_hand,
    chosen,
    handed_over,
    how_many,
    listed,
    logged,
    pass_a_minute,
    sound,
    spoken,
)

SHOWN = "SELECT inbound_text, outbound_text, unread, awaiting_since IS NOT NULL FROM thread"


def stored(store):
    """Everything that an action could have left behind."""
    return [
        how_many(store, table) for table in ("thread", "message", "attachment", "payload", "change")
    ], store.revision()


def bodies(store, thread):
    return [message.body for message in spoken(store, thread)]


def report(store, message, status, reason=None):
    return messages.record_delivery(store, Delivery("simulated", status, message=message, reason=reason))


def state(store, message):
    return asked(store, "SELECT status, reason FROM message WHERE id = ?", message)[0]


def test_a_text_makes_a_thread_with_its_correspondent(store):
    received = a_text(store, a_person(store), "Hello")
    head = above(store, received.thread)
    assert (head.name, head.kind) == ("Ana Díaz", "client")
    assert asked(store, SHOWN) == [("Hello", "", 1, 1)]
    assert not received.duplicate
    assert sound(store)


def test_texts_from_one_number_are_one_thread_however_it_is_written(store):
    threads_ = {a_text(store, sender).thread for sender in ("+16035550142", "(603) 555-0142", "603.555.0142")}
    assert len(threads_) == 1


def test_each_of_our_numbers_has_a_thread_of_its_own(store):
    numbers.set_numbers(store, (OURS, "+16035550199"))
    numbers.set_provider(store, "simulated")
    first, second = a_text(store, to=OURS), a_text(store, to="(603) 555-0199")
    assert first.thread != second.thread
    assert a_text(store, to=None).thread == first.thread


@pytest.mark.parametrize("times", [2, 10])
def test_a_duplicate_is_the_first_one_again(store, times):  # B4
    first = a_text(store, body="Once", id="the same")
    before = stored(store)
    for number in range(1, times):
        again = a_text(store, "+16035550199", f"Another body {number}", id="the same")
        assert (again.message, again.thread, again.duplicate) == (first.message, first.thread, True)
    assert stored(store) == before
    assert bodies(store, first.thread) == ["Once"]


def test_an_id_is_the_providers_own(store):
    one = a_text(store, id="1", provider="simulated")
    two = a_text(store, id="1", provider="kannel")
    assert one.message != two.message
    assert not two.duplicate


def test_a_late_text_is_put_where_it_belongs_and_the_list_does_not_go_back(store):
    thread = a_text(store, body="first").thread
    sent_at = store.clock()
    pass_a_minute(store)
    pass_a_minute(store)
    a_text(store, body="third")
    pass_a_minute(store)
    late = a_text(store, body="second", at=sent_at + timedelta(minutes=1))
    assert bodies(store, thread) == ["first", "second", "third"]
    assert listed(store)[0].text == "third"
    assert (late.thread, badge(store)) == (thread, 3)
    assert sound(store)


def test_a_text_that_comes_at_once_is_last_whatever_its_provider_says(store):
    thread = a_text(store, body="first").thread
    a_text(store, body="second", at=store.clock() - timedelta(seconds=1))
    assert bodies(store, thread) == ["first", "second"]


def test_the_time_shown_is_the_providers_in_utc(store):
    sent_at = datetime(2026, 11, 20, 6, 30, 0, 5, timezone(timedelta(hours=-5)))
    received = a_text(store, at=sent_at)
    assert spoken(store, received.thread)[0].at == datetime(2026, 11, 20, 11, 30, 0, 5, UTC)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"at": datetime(2026, 11, 20, 12, 1, tzinfo=UTC)}, Refused, "still to come"),
        ({"sender": "nonsense!"}, AddressError, "no phone number"),
        ({"sender": ""}, AddressError, "missing"),
        ({"to": "+16035550111"}, Refused, "not one of our numbers"),
        ({"to": "?"}, AddressError, "no phone number"),
    ],
)
def test_a_text_that_is_refused_leaves_nothing(store, wrong, error, words):
    a_text(store)
    before = stored(store)
    with pytest.raises(error, match=words):
        a_text(store, **wrong)
    assert stored(store) == before


def test_a_text_to_an_inbox_without_a_number_is_refused(store):
    by_hand(store, "DELETE FROM our_number")
    with pytest.raises(Refused, match="MESSAGE_CENTER_NUMBERS"):
        a_text(store)


def test_attachments_are_stored_with_the_text_and_the_account(store):  # A42, B13
    file = StoredMedia("0" * 64, "image/png", "gutter.png", 3)
    a_person(store)
    messages.receive(store, Inbound("simulated", "mms", "+16035550142", None, ""), (file, file))
    assert (
        asked(store, "SELECT account_id, sha256, type, name, size FROM attachment")
        == [(1, "0" * 64, "image/png", "gutter.png", 3)] * 2
    )
    assert listed(store)[0].text == "2 attachments"


def test_a_removed_thread_returns_on_the_next_text_received(store):  # A34
    received = a_text(store)
    threads.remove(store, chosen(store, received.thread), by=1)
    assert listed(store) == ()
    a_text(store)
    assert [row.id for row in listed(store)] == [received.thread]
    assert badge(store) == 2
    assert sound(store)


def test_a_removed_thread_returns_on_the_next_text_sent(store):  # A35
    thread = a_text(store).thread
    threads.remove(store, chosen(store, thread), by=1)
    a_reply(store, thread)
    assert [row.id for row in listed(store)] == [row.id for row in listed(store, tab="sent")] == [thread]
    assert sound(store)


def test_a_text_that_is_sent_is_queued_where_everybody_sees_it(store):  # A7, A47
    thread = a_text(store).thread
    message = a_reply(store, thread, "On our way", by=2)
    sent = spoken(store, thread)[-1]
    assert (sent.id, sent.status, sent.by, sent.body, sent.automatic) == (
        message,
        "queued",
        "Marcus Bell",
        "On our way",
        False,
    )
    assert listed(store, tab="sent")[0].text == "On our way"
    assert sound(store)


@pytest.mark.parametrize("kind", ["client", "lead", "resource"])
def test_a_text_can_be_sent_to_anybody(store, kind):  # A47
    thread = a_text(store, a_person(store, kind=kind)).thread
    a_reply(store, thread)
    assert listed(store, tab="sent")[0].kind == kind


def test_sending_does_not_mark_anything_read(store):
    a_reply(store, a_text(store).thread)
    assert badge(store) == 1


def test_the_same_click_on_send_ten_times_is_one_text(store):  # B4
    thread = a_text(store).thread
    ids = {messages.send(store, thread, "Once", by=1, key="the click") for _ in range(10)}
    assert len(ids) == 1
    assert bodies(store, thread) == ["Hello", "Once"]


@pytest.mark.parametrize(
    ("body", "key", "words"),
    [
        ("", "k", "nothing to send"),
        (" \r\n\t", "k", "nothing to send"),
        ("x" * 1601, "k", "1,601 characters, and one text takes 1,600"),
        ("x", "", "^key"),
        ("x", "k" * 101, "^key"),
        ("x", "no\x00key", "^key"),
        ("x", "\ud800", "^key"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words_and_leaves_nothing(store, body, key, words):
    thread = a_text(store).thread
    before = stored(store)
    with pytest.raises(Refused, match=words):
        messages.send(store, thread, body, by=1, key=key)
    assert stored(store) == before


def test_1600_characters_are_one_text(store):
    thread = a_text(store).thread
    a_reply(store, thread, "x" * 1600)
    assert bodies(store, thread)[1] == "x" * 1600


def test_nothing_can_be_sent_to_a_sender_or_to_a_thread_that_there_is_not(store):
    with pytest.raises(Refused, match="no reply can reach it"):
        a_reply(store, a_text(store, "Pharmacy").thread)
    with pytest.raises(NotFound, match="no thread 999"):
        a_reply(store, 999)


def test_without_a_provider_send_refuses_in_words(store):
    thread = a_text(store).thread
    numbers.set_provider(store, None)
    with pytest.raises(Refused, match="MESSAGE_CENTER_PROVIDER"):
        a_reply(store, thread)


def awaiting(store):
    return asked(store, "SELECT awaiting_since FROM thread")[0][0]


def test_a_thread_awaits_a_reply_from_its_first_unanswered_text_on(store):  # B6
    thread = a_text(store).thread
    since = awaiting(store)
    pass_a_minute(store)
    a_text(store)
    assert awaiting(store) == since
    a_reply(store, thread)
    assert awaiting(store) is None
    pass_a_minute(store)
    a_text(store)
    assert awaiting(store) > since


def test_an_automatic_text_is_no_reply(store):  # A12
    thread = a_text(store).thread
    since = awaiting(store)
    messages.send(store, thread, "We are closed", by=None, key="auto", automatic=True)
    assert awaiting(store) == since
    assert spoken(store, thread)[-1].automatic


def test_a_text_that_was_answered_before_it_came_awaits_nothing(store):
    thread = a_text(store).thread
    sent_at = store.clock() + timedelta(minutes=1)
    for _ in range(2):
        pass_a_minute(store)
    a_reply(store, thread)
    a_text(store, at=sent_at)
    assert awaiting(store) is None


def test_a_reply_stands_after_everything_that_is_there(store):
    """Even when our clock was set back."""
    thread = a_text(store, body="theirs").thread
    store.clock.pass_(-600)
    a_reply(store, thread, "ours")
    assert bodies(store, thread) == ["theirs", "ours"]


def test_the_outbox_takes_the_oldest_first_and_nothing_twice(store):
    thread = a_text(store).thread
    sent = [a_reply(store, thread, str(number)) for number in range(25)]
    taken = [handed_over(store) for _ in sent]
    assert [outbound.message for outbound in taken] == sent
    assert handed_over(store) is None
    assert {state(store, message)[0] for message in sent} == {"sent"}
    assert (taken[0].sender, taken[0].to, taken[0].body) == (OURS, "+16035550142", "0")


@pytest.mark.parametrize(
    ("outcome", "then"),
    [
        (Outcome("sent", "p1"), ("sent", None)),
        (Outcome("failed", reason="Number is off"), ("failed", "Number is off")),
        (Outcome("unknown", reason="No answer"), ("unknown", "No answer")),
        (Outcome("delivered", "p1"), ("delivered", None)),
    ],
)
def test_what_the_provider_answers_is_stored(store, outcome, then):  # B1
    message = a_reply(store, a_text(store).thread)
    outbox.claim(store)
    outbox.record_outcome(store, message, "simulated", 1, outcome)
    assert state(store, message) == then
    assert asked(store, "SELECT lease_until FROM message WHERE id = ?", message) == [(None,)]
    assert sound(store)


def test_a_report_that_came_before_the_answer_is_not_undone_by_it(store):
    message = a_reply(store, a_text(store).thread)
    outbox.claim(store)
    report(store, message, "delivered")
    outbox.record_outcome(store, message, "simulated", 1, Outcome("sent", "p1"))
    assert state(store, message)[0] == "delivered"
    assert asked(store, "SELECT provider_id FROM message WHERE id = ?", message) == [("p1",)]


def test_an_answer_that_never_came_does_not_undo_a_report(store):
    message = a_reply(store, a_text(store).thread)
    outbox.claim(store)
    report(store, message, "failed", "Number is off")
    outbox.record_outcome(store, message, "simulated", 1, Outcome("unknown", reason="No answer"))
    assert state(store, message) == ("failed", "Number is off")


def test_reports_move_a_message_forward_and_never_back(store):  # B1
    message = a_reply(store, a_text(store).thread)
    seen = []
    for status in ("sent", "sending", "failed", "sent", "delivered", "failed"):
        report(store, message, status, "Number is off" if status == "failed" else None)
        seen.append(state(store, message))
    off = ("failed", "Number is off")
    assert seen == [("sent", None), ("sent", None), off, off, ("delivered", None), ("delivered", None)]


def test_a_report_that_changes_nothing_leaves_no_trace(store):
    message = a_reply(store, a_text(store).thread)
    report(store, message, "delivered")
    before = stored(store)
    assert report(store, message, "delivered") == report(store, message, "sent") == message
    assert stored(store) == before


def test_a_report_finds_its_message_by_the_providers_id(store):
    message = a_reply(store, a_text(store).thread)
    outbox.record_outcome(store, message, "simulated", 1, Outcome("sent", "p1"))
    assert messages.record_delivery(store, Delivery("simulated", "delivered", provider_id="p1")) == message
    with pytest.raises(NotFound):
        messages.record_delivery(store, Delivery("kannel", "delivered", provider_id="p1"))


def test_a_report_on_what_was_never_sent_from_here_is_refused(store):
    received = a_text(store)
    for message in (received.message, 999):
        with pytest.raises(NotFound, match="no outbound message"):
            report(store, message, "delivered")
    with pytest.raises(Refused, match="none of sending, sent, failed, delivered"):
        report(store, a_reply(store, received.thread), "lost")


def test_a_send_that_was_interrupted_becomes_could_not_confirm_and_is_not_sent_again(store, clock):  # B1
    message = a_reply(store, a_text(store).thread)
    outbox.claim(store)
    assert outbox.expire_leases(store) == 0
    clock.pass_(outbox.LEASE.total_seconds() + 1)
    assert outbox.expire_leases(store) == 1
    status, reason = state(store, message)
    assert (status, "nobody can say" in reason) == ("unknown", True)
    assert outbox.claim(store) is None
    report(store, message, "delivered")
    assert state(store, message) == ("delivered", None)


def test_the_log_says_who_sent_what_came_in_is_by_nobody(store):  # B20
    a_reply(store, a_text(store).thread, by=2)
    assert logged(store) == [("receive", None), ("send", 2)]


def test_b3_a_text_that_came_while_somebody_wrote_stops_the_send(store):
    first = a_text(store)
    second = a_text(store, body="Wait")
    with pytest.raises(Moved, match="a text has come") as moved:
        messages.send(store, first.thread, "Hello", by=1, key="k", seen=first.message)
    assert (moved.value.news, moved.value.seen) == ((second.message,), second.message)
    assert bodies(store, first.thread) == ["Hello", "Wait"]
    assert messages.send(store, first.thread, "Hello", by=1, key="k", seen=moved.value.seen)


def test_b3_a_colleagues_text_stops_it_and_ones_own_does_not(store):
    first = a_text(store)
    a_reply(store, first.thread, "Mine", by=1)
    messages.send(store, first.thread, "Mine too", by=1, key="a", seen=first.message)
    theirs = a_reply(store, first.thread, "Marcus's", by=2)
    with pytest.raises(Moved) as moved:
        messages.send(store, first.thread, "Mine again", by=1, key="b", seen=first.message)
    assert moved.value.news == (theirs,)


def test_b3_an_automatic_text_in_ones_name_stops_it_too(store):
    first = a_text(store)
    automatic = messages.send(store, first.thread, "We are closed", by=1, key="auto", automatic=True)
    with pytest.raises(Moved) as moved:
        messages.send(store, first.thread, "Hello", by=1, key="b", seen=first.message)
    assert moved.value.news == (automatic,)


def test_b3_a_late_text_stops_it_though_it_stands_further_up(store, clock):
    first = a_text(store, body="first")
    late = a_text(store, body="late", at=clock.now - timedelta(hours=1))
    with pytest.raises(Moved) as moved:
        messages.send(store, first.thread, "Hello", by=1, key="b", seen=first.message)
    assert moved.value.news == (late.message,)


def test_b3_a_send_that_went_is_not_stopped_when_it_is_asked_for_again(store):
    first = a_text(store)
    sent = messages.send(store, first.thread, "Hello", by=1, key="k", seen=first.message)
    a_text(store)
    assert messages.send(store, first.thread, "Hello", by=1, key="k", seen=first.message) == sent


def test_b8_a_field_that_nobody_filled_is_not_sent(store):
    thread = a_text(store).thread
    with pytest.raises(Refused, match=r"Nothing is filled in for \{first_name\}, \{balance\} yet"):
        messages.send(store, thread, "Hi {first_name}: {balance} {smile}", by=1, key="k")
    assert messages.send(store, thread, "{smile} {First_name}", by=1, key="k")


def test_b14_the_outbox_is_told_how_many_segments_a_text_has(store):
    a_reply(store, a_text(store).thread, "я" * 71)
    assert outbox.claim(store).segments == 2


def test_a_number_to_which_a_text_came_is_ours_once_behind_the_others_and_sends(store):
    for _ in range(2):
        numbers.take_number(store, "+16035550177", "twilio")
    numbers.take_number(store, OURS, "twilio")
    known = asked(store, "SELECT address, position, provider FROM our_number ORDER BY position")
    assert known == [(OURS, 0, "simulated"), ("+16035550177", 1, "twilio")]
    assert [row[0] for row in logged(store)].count("take_number") == 1


def test_files_that_still_lie_at_the_phone_company_count_in_the_preview(store):
    away = tuple(RemoteMedia(f"https://api.twilio.com/{n}", "image/jpeg") for n in range(2))
    received = a_text(store, body="", remote=away)
    assert listed(store)[0].text == "2 attachments"
    assert [(file.away, file.state, file.size) for file in spoken(store, received.thread)[0].attachments] == [
        (True, "waiting", 0)
    ] * 2
