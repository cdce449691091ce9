"""Delivery states (B1): any report beats unknown, delivered beats failed, and nothing else goes back."""

from functools import reduce
from itertools import pairwise, product

import pytest

from dashboard.core.delivery import (
    DELIVERED,
    FAILED,
    QUEUED,
    REPORTS,
    SENDING,
    SENT,
    STATES,
    TROUBLED,
    UNKNOWN,
    after,
    locked,
    reason,
)


@pytest.mark.parametrize("report", REPORTS)
def test_any_report_beats_unknown(report):
    assert after(UNKNOWN, report) == report


@pytest.mark.parametrize(
    ("state", "report", "then"),
    [
        (QUEUED, SENDING, SENDING),
        (QUEUED, DELIVERED, DELIVERED),
        (SENDING, SENT, SENT),
        (SENT, SENDING, SENT),
        (SENT, FAILED, FAILED),
        (FAILED, SENT, FAILED),
        (FAILED, DELIVERED, DELIVERED),
        (DELIVERED, FAILED, DELIVERED),
        (DELIVERED, SENDING, DELIVERED),
        (DELIVERED, DELIVERED, DELIVERED),
    ],
)
def test_a_state_goes_forward_only(state, report, then):
    assert after(state, report) == then


@pytest.mark.parametrize("state", [state for state in STATES if state != UNKNOWN])
def test_the_same_report_twice_is_the_same_as_once(state):
    for report in REPORTS:
        assert after(after(state, report), report) == after(state, report)


def test_the_order_in_which_late_reports_come_does_not_matter():
    for first in REPORTS:
        for second in REPORTS:
            assert after(after(QUEUED, first), second) == after(after(QUEUED, second), first)


@pytest.mark.parametrize("start", [QUEUED, UNKNOWN, SENDING])
@pytest.mark.parametrize("count", range(1, 6))
def test_every_order_of_up_to_five_reports_with_repeats_ends_in_the_furthest_of_them(start, count):
    for reports in product(REPORTS, repeat=count):
        states = [start, *(reduce(after, reports[:seen], start) for seen in range(1, count + 1))]
        assert states[-1] == max(reports, key=(SENDING, SENT, FAILED, DELIVERED).index)
        assert all(STATES.index(one) <= STATES.index(next_) for one, next_ in pairwise(states))


@pytest.mark.parametrize("state", STATES)
def test_what_went_wrong_is_said_in_words_also_where_nobody_gave_a_reason(state):
    assert bool(reason(state, None)) == (state in TROUBLED)
    assert reason(state, "Number is off") == ("Number is off" if state in (*TROUBLED, "queued") else None)


@pytest.mark.parametrize(("asks", "asked", "words"), [(True, 1, "is being asked"), (False, 4, "was asked")])
def test_what_nobody_could_confirm_says_whether_it_is_being_asked_about(asks, asked, words):
    assert words in reason("unknown", "No answer.", asks, asked)


@pytest.mark.parametrize(
    ("can_be_answered", "provider", "words"),
    [(False, "simulated", "sender's name"), (True, None, "MESSAGE_CENTER_PROVIDER")],
)
def test_a_composer_is_locked_with_the_reason(can_be_answered, provider, words):
    assert words in locked("Pharmacy", can_be_answered, provider)


def test_a_number_and_a_provider_lock_nothing():
    assert locked("+16035550142", can_be_answered=True, provider="simulated") is None
