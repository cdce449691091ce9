"""Consent: who opted out gets nothing until they opt in, in whatever order, however often and late that is told."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.actions import consent, failures, history, messages, numbers, outbox
from dashboard.core.consent import NOT_HANDED_OVER, OPTED_OUT
from dashboard.core.errors import NotFound, Refused
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.store import activity
from tests.consents import Consents, refuse
from tests.factories import (
    OURS,
    a_failure,
    a_person,
    a_reply,
    a_text,
    above,
    asked,
    how_many,
    listed,
    logged,
    pass_a_minute,
    sound,
    spoken,
)
from tests.machines import hold

LEDGER = "SELECT word, source, message_id, by_id FROM consent ORDER BY id"


def stopped(store, thread):
    return [(stop.source, stop.body) for stop in above(store, thread).stops]


def doubted(store, thread):
    doubt = above(store, thread).doubt
    return doubt and doubt.text


def marked(store, thread):
    return [message.mark for message in spoken(store, thread)]


def test_b2_a_stop_is_written_down_and_locks_and_a_start_unlocks(store):
    thread = a_text(store, body="Hello").thread
    stop = a_text(store, body=" Stop.\n").message
    assert stopped(store, thread) == [("text", " Stop.\n")]
    assert listed(store)[0].stopped
    with pytest.raises(Refused, match="until they write START"):
        a_reply(store, thread)
    start = a_text(store, body="start").message
    assert (stopped(store, thread), listed(store)[0].stopped) == ([], False)
    assert a_reply(store, thread)
    assert asked(store, LEDGER) == [("stop", "text", stop, None), ("start", "text", start, None)]
    assert marked(store, thread) == [None, "Opted out", "Opted in again", None]
    assert sound(store)


def test_b2_stop_by_tomorrow_is_not_an_opt_out(store):
    thread = a_text(store, body="Stop by tomorrow?").thread
    assert (stopped(store, thread), doubted(store, thread), how_many(store, "consent")) == ([], None, 0)
    assert a_reply(store, thread)


def test_b4_a_webhook_that_comes_ten_times_is_one_entry(store):
    for _ in range(10):
        a_text(store, body="STOP", id="once")
    assert how_many(store, "consent") == 1


def test_a_start_that_lifts_nothing_is_kept_and_changes_nothing(store):
    thread = a_text(store, body="Yes").thread
    assert asked(store, "SELECT word FROM consent") == [("start",)]
    assert (marked(store, thread), stopped(store, thread)) == ([None], [])


def test_help_is_kept_and_marked_and_answered_by_nobody_here(store):
    thread = a_text(store, body="HELP").thread
    assert (marked(store, thread), how_many(store, "message")) == (["Asked for help"], 1)


def test_the_provider_s_word_counts_whatever_the_text_is(store):
    thread = a_text(store, body="Basta", word="stop").thread
    assert stopped(store, thread) == [("provider", "Basta")]
    a_text(store, body="Hello again", word="start")
    assert stopped(store, thread) == []


def test_consent_is_kept_per_pair_of_numbers(store):
    numbers.set_numbers(store, (OURS, "+16035550101"))
    numbers.set_provider(store, "simulated")
    here, there = (a_text(store, to=ours).thread for ours in (OURS, "+16035550101"))
    a_text(store, to=OURS, body="STOP")
    with pytest.raises(Refused):
        a_reply(store, here)
    assert a_reply(store, there)


def test_a_text_that_waits_is_not_handed_over_after_a_stop_and_fails_for_good(store):
    waits = a_reply(store, a_text(store).thread)
    a_text(store, body="STOP")
    assert outbox.claim(store) is None
    assert asked(store, "SELECT status, reason, final FROM message WHERE id = ?", waits) == [
        ("failed", NOT_HANDED_OVER, True)
    ]
    assert listed(store, tab="sent", filter="failed")
    assert sound(store)


def test_a_text_to_somebody_else_goes_out_all_the_same(store):
    a_reply(store, a_text(store).thread)
    other = a_reply(store, a_text(store, "+16035550143").thread)
    a_text(store, body="STOP")
    assert [outbox.claim(store).message, outbox.claim(store)] == [other, None]


@pytest.mark.parametrize("how", ["send", "machine", "retry"])
def test_nothing_can_be_sent_in_any_way(store, how):
    thread = a_text(store).thread
    failed = a_failure(store, thread)
    a_text(store, body="STOP")
    before = how_many(store, "message")
    ways = {
        "send": lambda: messages.send(store, thread, "Hi", by=1, key="k"),
        "machine": lambda: messages.send(store, thread, "Hi", by=None, key="k", automatic=True),
        "retry": lambda: failures.retry(store, failed, by=1, key="again"),
    }
    with pytest.raises(Refused, match=OPTED_OUT):
        ways[how]()
    assert how_many(store, "message") == before


def at(minutes):
    return datetime(2026, 11, 20, 11, 0, tzinfo=UTC) + timedelta(minutes=minutes)


def test_a_stop_that_comes_late_from_before_a_start_changes_nothing_but_is_kept_in_its_place(store):
    a_text(store, body="STOP", at=at(1))
    thread = a_text(store, body="START", at=at(9)).thread
    pass_a_minute(store)
    a_text(store, body="Unsubscribe", at=at(5))
    assert stopped(store, thread) == []
    assert marked(store, thread) == ["Opted out", "Opted out", "Opted in again"]
    assert sound(store)


def test_a_start_that_comes_late_from_before_a_stop_opts_nobody_in(store):
    thread = a_text(store, body="STOP", at=at(9)).thread
    a_text(store, body="START", at=at(5))
    assert stopped(store, thread) == [("text", "STOP")]


def test_a_clock_that_goes_back_puts_no_stop_before_an_earlier_start(store, clock):
    thread = a_text(store, body="START").thread
    clock.pass_(-3600)
    a_text(store, body="STOP")
    assert stopped(store, thread)
    a_text(store, body="START")
    assert stopped(store, thread) == []
    consent.opt_out(store, thread, by=1)
    assert stopped(store, thread) == [("person", "")]


def test_a_refusal_of_the_phone_company_opts_out_once_however_often_it_is_told(store):
    thread = a_text(store).thread
    message = a_reply(store, thread)
    for _ in range(2):
        refuse(store, thread, message)
    assert asked(store, LEDGER) == [("stop", "refusal", message, None)]
    assert stopped(store, thread) == [("refusal", "On our way")]
    assert set(marked(store, thread)) == {None}
    with pytest.raises(NotFound):
        refuse(store, 99, message)
    assert sound(store)


def test_what_a_person_noted_a_person_takes_back(store):
    thread = a_text(store).thread
    for _ in range(2):
        consent.opt_out(store, thread, by=1)
    assert (above(store, thread).stops[0].by, how_many(store, "consent")) == ("Dana Whitcomb", 1)
    for _ in range(2):
        consent.opt_in(store, thread, by=2)
    assert (stopped(store, thread), how_many(store, "consent")) == ([], 2)
    assert [act for act in logged(store) if act[0].startswith("opt")] == [("opt_out", 1), ("opt_in", 2)]
    assert sound(store)


def test_their_own_opt_out_nobody_here_lifts(store):
    thread = a_text(store).thread
    consent.opt_out(store, thread, by=1)
    a_text(store, body="STOP")
    with pytest.raises(Refused, match="only they can lift that, by writing START"):
        consent.opt_in(store, thread, by=1)
    a_text(store, body="START")
    assert stopped(store, thread) == []


def test_a_doubt_is_raised_and_decided_by_a_person(store):
    first = a_text(store, body="Stop texting me")
    thread = first.thread
    assert doubted(store, thread) == "Stop texting me"
    consent.keep_texting(store, thread, first.message, by=1)
    assert (doubted(store, thread), how_many(store, "consent")) == (None, 0)
    revision = store.revision()
    consent.keep_texting(store, thread, first.message, by=1)
    assert store.revision() == revision
    a_text(store, body="please stop")
    consent.opt_out(store, thread, by=1)
    assert (doubted(store, thread), stopped(store, thread)) == (None, [("person", "")])
    assert sound(store)


def test_of_two_doubts_the_later_stands_and_the_earlier_is_not_decided_in_its_place(store):
    first = a_text(store, body="please stop")
    a_text(store, body="Stop texting me")
    with pytest.raises(Refused, match="written again since"):
        consent.keep_texting(store, first.thread, first.message, by=1)
    assert doubted(store, first.thread) == "Stop texting me"


def test_with_a_doubt_texts_may_be_sent(store):
    assert a_reply(store, a_text(store, body="please stop").thread)


@pytest.mark.parametrize(
    ("then", "left"), [("STOP", None), ("START", None), ("Yes", "please stop"), ("Hello", "please stop")]
)
def test_a_doubt_ends_with_their_own_word_but_a_mere_yes_may_be_its_answer(store, then, left):
    thread = a_text(store, body="please stop").thread
    a_text(store, body=then)
    assert doubted(store, thread) == left
    assert sound(store)


def test_opting_in_takes_a_doubt_back_too(store):
    thread = a_text(store, body="please stop").thread
    consent.opt_in(store, thread, by=1)
    assert (doubted(store, thread), how_many(store, "consent")) == (None, 0)


def test_there_is_no_doubt_of_whoever_has_opted_out_wrote_earlier_than_their_start_or_is_no_number(store):
    a_text(store, body="START", at=at(9))
    late = a_text(store, body="please stop", at=at(5)).thread
    a_text(store, "SNOWALERT", body="please stop")
    a_text(store, "+16035550143", body="STOP")
    a_text(store, "+16035550143", body="please stop")
    assert asked(store, "SELECT count(*) FROM thread WHERE doubt IS NOT NULL") == [(0,)]
    assert late


def test_the_history_of_a_thread_tells_of_it(store):
    thread = a_text(store, body="please stop").thread
    consent.opt_out(store, thread, by=1)
    consent.opt_in(store, thread, by=2)
    a_text(store, body="STOP")
    with store.reading() as connection:
        told = activity.of_thread(connection, thread, frozenset(), limit=9).entries
    assert [entry.sentence for entry in told] == [
        "A text came in",
        "Marcus Bell noted that they may be texted again",
        "Dana Whitcomb noted that they asked not to be texted",
        "A text came in",
    ]
    assert [entry.notes[-1:] for entry in told] == [
        ("Opted out",), (), (), ("It sounds as if they meant to opt out",),
    ]  # fmt: skip


def test_who_opted_out_in_a_conversation_that_is_brought_in_has_opted_out(store):
    talks = [("STOP",), ("STOP", "START"), ("please stop",), ("please stop", "> Will do"), ("Hello",)]
    history.add_history(store, tuple(talk(number, said) for number, said in enumerate(talks)))
    rows = {row.number[-1]: row for row in listed(store)}
    assert [rows[str(number)].stopped for number in range(5)] == [True, False, False, False, False]
    assert [doubted(store, rows[str(number)].id) for number in range(5)] == [None, None, "please stop", None, None]
    assert sound(store)


def talk(number, said):
    lines = (
        HistoricMessage("outbound" if body.startswith(">") else "inbound", body, at(minute))
        for minute, body in enumerate(said)
    )
    return HistoricThread(OURS, f"+1603555014{number}", tuple(lines))


def test_b2_nothing_is_ever_sent_after_a_stop_until_a_start(databases):
    """In a few random orders; in many, on both engines, in tests/proof/test_consent.py."""
    hold(Consents, databases, examples=5, steps=20)


def test_a_person_s_number_shows_it_wherever_they_are(store):
    phone = a_person(store)
    a_text(store, phone, "STOP")
    assert [(row.name, row.stopped) for row in listed(store)] == [("Ana Díaz", True)]
