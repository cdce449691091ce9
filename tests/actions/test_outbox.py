"""What the outbox does with a text: the order of a thread, pace, back-off, outages, questions, and what never goes twice."""

import pytest

from dashboard.actions import consent, failures, messages, numbers, outbox
from dashboard.core.consent import NOT_HANDED_OVER
from dashboard.core.errors import NotFound, Refused
from dashboard.core.values import Delivery, OutageRow, Outcome
from dashboard.store.outbox import lanes, questions, unsent
from tests.factories import OURS, a_reply, a_store, a_text, asked, by_hand, handed_over, plan, sound, spoken

ANA, BEN, CARA = (f"+1603555014{number}" for number in (1, 2, 3))
OTHER = "+16035550101"
KEY = "simulated"


def a_thread(store, phone=ANA, to=None):
    return a_text(store, phone, to=to).thread


def queued(store, thread, count=1):
    return [a_reply(store, thread, f"Text {number}") for number in range(count)]


def state(store, message):
    return asked(store, "SELECT status, reason FROM message WHERE id = ?", message)[0]


def status(store, message):
    return state(store, message)[0]


def told(store):
    with store.reading() as connection:
        return unsent(connection)


def to_ask(store):
    with store.reading() as connection:
        return [(asking.question.message, asking.asked) for asking in questions(connection, KEY, 9)]


def answers(store, message, number, outcome):
    outbox.record_answer(store, message, KEY, number, outcome)
    return status(store, message)


def lost(store, phone=ANA, **outcome):
    """A text of which nobody knows whether it went."""
    message = a_reply(store, a_thread(store, phone))
    handed_over(store, "unknown", reason="No answer.", **outcome)
    return message


def test_a_text_is_not_handed_over_while_an_earlier_one_of_its_thread_is_and_other_threads_go_on(store):
    one, other = a_thread(store), a_thread(store, BEN)
    first, second = queued(store, one, 2)
    (elsewhere,) = queued(store, other)
    assert [outbox.claim(store).message for _ in range(2)] == [first, elsewhere]
    assert outbox.claim(store) is None
    outbox.record_outcome(store, first, KEY, 1, Outcome("sent", "p-1"))
    assert outbox.claim(store).message == second
    assert sound(store)


def test_a_text_that_was_not_taken_waits_and_holds_up_its_thread_and_no_other(store, clock):
    thread = a_thread(store)
    first, second = queued(store, thread, 2)
    handed_over(store, "queued", reason="Too many.", wait=30.0)
    assert state(store, first) == ("queued", "Too many.")
    (elsewhere,) = queued(store, a_thread(store, BEN))
    assert handed_over(store).message == elsewhere
    clock.pass_(29)
    assert handed_over(store) is None
    clock.pass_(2)
    assert [handed_over(store).message for _ in range(2)] == [first, second]
    assert state(store, first) == ("sent", None)
    assert sound(store)


def test_back_off_grows_with_full_jitter_to_five_minutes(store, clock, monkeypatch):
    spans = []
    monkeypatch.setattr(outbox.random, "uniform", lambda low, high: spans.append((low, high)) or high)
    a_reply(store, a_thread(store))
    for _ in range(11):
        assert handed_over(store, "queued") is not None
        clock.pass_(spans[-1][1])
    assert spans == [(0, min(300.0, 2.0**number)) for number in range(1, 12)]


def test_what_was_not_taken_for_a_day_fails_in_words_and_may_be_tried_again(store, clock):
    (message,) = queued(store, a_thread(store))
    handed_over(store, "queued", reason="Too many.", wait=24 * 3600 + 1)
    words = state(store, message)
    assert (words[0], "Too many. It could not be handed over for 24 hours" in words[1]) == ("failed", True)
    assert failures.retry(store, message, by=1, key="again") > message
    assert sound(store)


def test_a_text_that_nobody_could_take_for_a_day_is_old_news_and_is_not_sent(store, clock):
    old, new = queued(store, a_thread(store)) + queued(store, a_thread(store, BEN))
    by_hand(store, "UPDATE message SET at = ? WHERE id = ?", "2026-11-19 11:59:00", old)
    assert handed_over(store).message == new
    assert (status(store, old), "not sent" in state(store, old)[1]) == ("failed", True)


def test_whoever_has_stopped_is_sent_nothing_and_is_told_so_in_words(store):
    thread = a_thread(store)
    stopped = queued(store, thread, 3)
    (other,) = queued(store, a_thread(store, BEN))
    consent.opt_out(store, thread, by=1)
    assert handed_over(store).message == other
    assert {state(store, message) for message in stopped} == {("failed", NOT_HANDED_OVER)}
    assert [message.final for message in spoken(store, thread)[1:]] == [True] * 3
    assert handed_over(store) is None
    assert sound(store)


def test_a_refusal_because_they_opted_out_stops_what_waits_in_the_thread(store):
    thread = a_thread(store)
    first, second = queued(store, thread, 2)
    handed_over(store, "failed", reason="They opted out.", final=True, opted_out=True)
    assert handed_over(store) is None
    assert (state(store, first)[1], state(store, second)[1]) == ("They opted out.", NOT_HANDED_OVER)
    assert asked(store, "SELECT count(*) FROM thread WHERE stopped_at IS NOT NULL") == [(1,)]
    assert sound(store)


@pytest.mark.parametrize("tells", ["answer", "report"])
def test_b1_a_final_failure_offers_no_retry_and_refuses_one_in_words(store, tells):
    thread = a_thread(store)
    (message,) = queued(store, thread)
    if tells == "answer":
        handed_over(store, "failed", reason="No such number.", final=True)
    else:
        handed_over(store)
        messages.record_delivery(store, Delivery(KEY, "failed", message=message, reason="No such number.", final=True))
    with pytest.raises(Refused, match="Trying again cannot help, so nothing was sent: No such number"):
        failures.retry(store, message, by=1, key="again")
    assert spoken(store, thread)[1].final is True
    failures.let_be(store, message, by=1)
    messages.record_delivery(store, Delivery(KEY, "delivered", message=message))
    assert spoken(store, thread)[1].final is False


def test_the_pace_of_a_number_is_kept_in_segments_over_processes_and_others_go_on(store, clock, url):
    numbers.set_numbers(store, (OURS, OTHER))
    numbers.set_provider(store, KEY)
    long = a_reply(store, a_thread(store), "x" * 200)
    (following,) = queued(store, a_thread(store, BEN))
    (elsewhere,) = queued(store, a_thread(store, CARA, to=OTHER))
    assert outbox.claim(store, KEY, 1.0).segments == 2
    with a_store(url, clock) as restarted:
        assert outbox.claim(restarted, KEY, 1.0).message == elsewhere
        assert outbox.claim(restarted, KEY, 1.0) is None
        clock.pass_(1.9)
        assert outbox.claim(restarted, KEY, 1.0) is None
        clock.pass_(0.1)
        assert outbox.claim(restarted, KEY, 1.0).message == following
    assert long < following


def test_only_what_goes_through_a_provider_is_given_to_it(store):
    queued(store, a_thread(store))
    assert outbox.claim(store, "another") is None
    assert outbox.claim(store, KEY) is not None


@pytest.mark.sqlite
def test_the_next_text_is_found_by_index_alone_however_many_wait(store):
    queued(store, a_thread(store))
    how = plan(store, lambda connection: lanes(connection, store.clock(), KEY))
    assert "thread_due" in how
    assert "SCAN thread" not in how
    ways = plan(store, lambda connection: connection.execute(outbox.FIRST_DUE, {"ours": OURS, "now": store.clock()}))
    assert "thread_due" in ways
    assert "TEMP B-TREE" not in ways


def test_an_outage_lets_one_text_try_the_way_after_a_rest_that_grows_to_five_minutes(store, clock, monkeypatch):
    monkeypatch.setattr(outbox.random, "uniform", lambda low, high: high)
    texts = [queued(store, a_thread(store, phone))[0] for phone in (ANA, BEN, CARA)]
    rests = []
    for _ in range(9):
        until = outbox.begin_outage(store, KEY, "Down")
        rests.append((until - clock()).total_seconds())
        assert outbox.claim(store, KEY) is None
        clock.now = until
        assert outbox.claim(store, KEY).message in texts
        assert outbox.claim(store, KEY) is None, "one at a time tries the way"
        trying, tries = asked(store, "SELECT id, tries FROM message WHERE status = 'sending'")[0]
        outbox.record_outcome(store, trying, KEY, tries, Outcome("queued", trouble=True))
        by_hand(store, "UPDATE message SET not_before = NULL")
        by_hand(store, "UPDATE thread SET due_at = ? WHERE due_at IS NOT NULL", "2026-11-20 12:00:00")
    assert rests == [5, 5, 10, 20, 40, 80, 160, 300, 300]
    outbox.end_outage(store, KEY)
    assert [outbox.claim(store, KEY) is not None for _ in range(4)] == [True, True, True, False]


def test_everybody_is_told_of_an_outage_also_after_a_restart(store, clock, url):
    thread = a_thread(store)
    queued(store, thread, 2)
    since = clock()
    outbox.begin_outage(store, KEY, "Down")
    clock.pass_(60)
    with a_store(url, clock) as restarted:
        news = told(restarted)
        assert (news.outages, news.waiting, news.since) == ((OutageRow(KEY, since, "Down"),), 2, since)
        outbox.end_outage(restarted, KEY)
    assert told(store).outages == ()
    assert outbox.end_outage(store, KEY) is None


def test_b1_what_waits_what_failed_and_what_nobody_could_confirm_is_counted(store):
    failed = [a_reply(store, a_thread(store, phone)) for phone in (ANA, BEN)]
    for _ in failed:
        handed_over(store, "failed", reason="Number is off")
    lost(store, CARA)
    queued(store, a_thread(store, "+16035550149"), 3)
    news = told(store)
    assert (news.waiting, news.failed, news.unknown) == (3, 2, 1)
    failures.let_be(store, failed[0], by=1)
    failures.retry(store, failed[1], by=1, key="again")
    assert (told(store).waiting, told(store).failed, told(store).unknown) == (4, 0, 1)


def test_what_became_of_an_unknown_text_is_asked_four_times_and_then_it_could_not_be_confirmed(store, clock):
    message = lost(store)
    for number in range(4):
        assert to_ask(store) == [(message, number)]
        assert "is being asked" in spoken(store, 1)[1].reason
        assert answers(store, message, number, None) == "unknown"
    assert to_ask(store) == []
    assert spoken(store, 1)[1].reason == "No answer. The phone company was asked, and could not say."
    assert handed_over(store) is None
    assert sound(store)


def test_it_is_asked_5_s_30_s_2_min_and_10_min_after_it_was_handed_over(store, clock):
    start, times = clock(), []
    message = lost(store)
    for number in range(4):
        with store.reading() as connection:
            clock.now = questions(connection, KEY, 1)[0].at
        times.append((clock() - start).total_seconds())
        answers(store, message, number, None)
    assert times == [5, 30, 120, 600]


@pytest.mark.parametrize(("found", "after"), [("sent", "sent"), ("delivered", "delivered"), ("failed", "failed")])
def test_the_answer_links_the_text_and_settles_it(store, found, after):
    message = lost(store)
    assert answers(store, message, 0, Outcome(found, "p-7", reason="Off" if found == "failed" else None)) == after
    assert asked(store, "SELECT provider, provider_id FROM message WHERE id = ?", message) == [(KEY, "p-7")]
    assert to_ask(store) == []
    assert sound(store)


def test_an_answer_that_comes_twice_or_too_late_changes_nothing(store):
    message = lost(store)
    answers(store, message, 0, None)
    revision = store.revision()
    answers(store, message, 0, Outcome("sent", "p-7"))
    assert (store.revision(), to_ask(store)) == (revision, [(message, 1)])
    messages.record_delivery(store, Delivery(KEY, "delivered", message=message, provider_id="p-9"))
    assert answers(store, message, 1, Outcome("sent", "p-7")) == "delivered"
    assert asked(store, "SELECT provider_id FROM message WHERE id = ?", message) == [("p-9",)]


def test_a_text_that_is_another_message_of_ours_says_nothing_of_this_one(store):
    a_reply(store, a_thread(store))
    handed_over(store, provider_id="p-1")
    message = lost(store)
    assert answers(store, message, 0, Outcome("sent", "p-1")) == "unknown"
    assert to_ask(store) == [(message, 1)]


def test_the_company_is_asked_with_what_is_known_of_other_texts_to_the_same_number(store):
    a_reply(store, a_thread(store))
    handed_over(store, provider_id="p-1")
    lost(store)
    a_reply(store, a_thread(store, BEN))
    handed_over(store, provider_id="p-2")
    with store.reading() as connection:
        (asking,) = questions(connection, KEY, 9)
    assert asking.question.linked == {"p-1"}


def test_an_answer_with_an_id_that_is_known_already_is_kept_without_it(store):
    first, second = queued(store, a_thread(store), 2)
    handed_over(store, provider_id="p-1")
    handed_over(store, provider_id="p-1")
    assert (status(store, first), status(store, second)) == ("sent", "sent")
    assert asked(store, "SELECT id FROM message WHERE provider_id = 'p-1'") == [(first,)]


def test_a_provider_that_cannot_be_asked_is_asked_again_for_a_day(store, clock):
    message = lost(store)
    outbox.postpone_question(store, message)
    assert to_ask(store) == [(message, 0)]
    clock.pass_(24 * 3600 + 1)
    outbox.postpone_question(store, message)
    assert to_ask(store) == []


def test_a_later_text_goes_while_nobody_knows_of_an_earlier_one(store):
    first, second = queued(store, a_thread(store), 2)
    handed_over(store, "unknown")
    assert handed_over(store).message == second
    assert status(store, first) == "unknown"


def test_a_retry_by_hand_is_not_sent_when_the_first_attempt_turns_out_to_have_gone(store):
    """It waits behind an outage, say, and meanwhile the report on the first one comes."""
    message = lost(store)
    second = failures.retry(store, message, by=1, key="again")
    messages.record_delivery(store, Delivery(KEY, "delivered", message=message))
    assert handed_over(store) is None
    assert state(store, second) == ("failed", outbox.GONE_AFTER_ALL)
    assert (told(store).failed, told(store).unknown) == (0, 0)
    assert sound(store)


def test_not_even_the_third_attempt_is_sent_when_the_first_turns_out_to_have_gone(store):
    first = lost(store)
    second = failures.retry(store, first, by=1, key="again")
    handed_over(store, "unknown")
    third = failures.retry(store, second, by=1, key="and again")
    messages.record_delivery(store, Delivery(KEY, "delivered", message=first))
    assert handed_over(store) is None
    assert state(store, third) == ("failed", outbox.GONE_AFTER_ALL)


def test_a_clock_that_was_ahead_and_was_put_right_holds_no_number_up(store, clock):
    (first,) = queued(store, a_thread(store))
    clock.pass_(24 * 3600)
    assert outbox.claim(store, KEY, 1.0).message == first
    clock.pass_(-24 * 3600)
    (second,) = queued(store, a_thread(store, BEN))
    assert outbox.claim(store, KEY, 1.0).message == second


def test_the_outage_of_a_company_that_nobody_asks_any_more_is_forgotten(store):
    outbox.begin_outage(store, KEY, "It is down.")
    numbers.set_provider(store, "another")
    assert told(store).outages == ()


def test_a_report_on_what_had_our_number_of_a_text_before_a_restore_is_on_none_of_ours(store):
    waits, went = queued(store, a_thread(store)) + queued(store, a_thread(store, BEN))
    by_hand(
        store,
        "UPDATE message SET status = 'sent', tries = 1, provider = ?, provider_id = 'ours' WHERE id = ?",
        KEY,
        went,
    )
    for message in (waits, went):
        with pytest.raises(NotFound, match="no report on the message"):
            messages.record_delivery(store, Delivery(KEY, "delivered", message=message, provider_id="theirs"))
    assert (status(store, waits), status(store, went)) == ("queued", "sent")


def test_a_second_report_of_a_failure_that_says_they_opted_out_is_heard(store):
    message = a_reply(store, a_thread(store))
    handed_over(store, "failed", reason="Not delivered.")
    messages.record_delivery(store, Delivery(KEY, "failed", message=message, reason="Opted out.", opted_out=True))
    assert state(store, message) == ("failed", "Opted out.")
    assert asked(store, "SELECT count(*) FROM thread WHERE stopped_at IS NOT NULL") == [(1,)]


def test_a_retry_by_hand_that_went_first_leaves_both_to_be_seen(store):
    message = lost(store)
    second = failures.retry(store, message, by=1, key="again")
    assert handed_over(store).message == second
    assert answers(store, message, 0, Outcome("sent", "p-7")) == "sent"
    first = spoken(store, 1)[1]
    assert (first.status, first.retried_by) == ("sent", "Dana Whitcomb")


def test_what_was_not_taken_after_all_goes_again_unless_somebody_tried_it_by_hand(store, clock):
    """The answer came after the lease had run out."""
    message = a_reply(store, a_thread(store))
    late = a_reply(store, a_thread(store, BEN))
    assert {outbox.claim(store).message for _ in range(2)} == {message, late}
    clock.pass_(61)
    assert outbox.expire_leases(store) == 2
    failures.retry(store, message, by=1, key="again")
    for one in (message, late):
        outbox.record_outcome(store, one, KEY, 1, Outcome("queued", reason="Too many."))
    assert (state(store, message), status(store, late)) == (("failed", outbox.TRIED_ELSEWHERE), "queued")
    assert sound(store)


def twice_taken(store, clock):
    """A text that was not taken, and is in other hands now; how often it was taken each time."""
    a_reply(store, a_thread(store))
    first = handed_over(store, "queued", wait=30.0)
    clock.pass_(40)
    second = outbox.claim(store)
    assert (second.message, first.tries, second.tries) == (first.message, 1, 2)
    return first, second


@pytest.mark.parametrize("repeated", ["queued", "failed", "unknown"])
def test_an_answer_that_is_stored_again_takes_no_text_out_of_the_hands_it_is_in_now(store, clock, repeated):
    """Its commit had gone well, but who stored it was not told so."""
    first, second = twice_taken(store, clock)
    outbox.record_outcome(store, first.message, KEY, first.tries, Outcome(repeated, reason="Too many.", wait=1.0))
    clock.pass_(19)
    assert (status(store, first.message), outbox.claim(store)) == ("sending", None)
    outbox.record_outcome(store, first.message, KEY, second.tries, Outcome("sent", "p-2"))
    assert status(store, first.message) == "sent"
    assert sound(store)


@pytest.mark.parametrize("late", ["sending", "sent", "delivered"])
@pytest.mark.parametrize("other", ["queued", "failed", "unknown", "sent"])
@pytest.mark.parametrize("order", ["the other first", "the other last"])
def test_that_a_text_went_is_known_whatever_comes_of_the_other_time(store, clock, late, other, order):
    first, second = twice_taken(store, clock)
    answers = [
        (first.tries, Outcome(late, "p-1")),
        (second.tries, Outcome(other, "p-2", reason="Off", final=other == "failed")),
    ]
    for tries, answer in reversed(answers) if order == "the other first" else answers:
        outbox.record_outcome(store, first.message, KEY, tries, answer)
    assert status(store, first.message) == ("sent" if other == "sent" and late == "sending" else late)
    clock.pass_(3600)
    assert handed_over(store) is None
    assert spoken(store, 1)[1].final is False
    assert sound(store)


def test_a_report_before_the_answer_that_it_was_not_taken_is_believed(store):
    (message,) = queued(store, a_thread(store))
    outbox.claim(store)
    messages.record_delivery(store, Delivery(KEY, "delivered", message=message))
    outbox.record_outcome(store, message, KEY, 1, Outcome("queued"))
    assert status(store, message) == "delivered"
    assert handed_over(store) is None


def test_a_text_that_the_company_says_it_is_sending_does_not_hold_up_the_next(store):
    first, second = queued(store, a_thread(store), 2)
    outbox.claim(store)
    messages.record_delivery(store, Delivery(KEY, "sending", message=first))
    assert handed_over(store).message == second
    assert sound(store)


def test_the_provider_is_told_which_texts_are_others_so_that_a_second_attempt_is_not_taken_for_the_first(store, clock):
    message = lost(store)
    second = a_reply(store, a_thread(store), "On our way")
    elsewhere = a_reply(store, a_thread(store, BEN), "On our way")
    for sent, name in ((second, "p-2"), (elsewhere, "p-3")):
        outbox.claim(store)
        outbox.record_outcome(store, sent, KEY, 1, Outcome("sent", name))
    with store.reading() as connection:
        (asking,) = questions(connection, KEY, 9)
    assert (asking.question.message, asking.question.linked) == (message, frozenset({"p-2"}))
