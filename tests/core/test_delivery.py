"""Delivery states (B1): any report beats unknown, delivered beats failed, and nothing else goes back."""

import pytest

from dashboard.core.delivery import DELIVERED, FAILED, QUEUED, REPORTS, SENDING, SENT, STATES, UNKNOWN, after, locked


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


@pytest.mark.parametrize(
    ("can_be_answered", "provider", "words"),
    [(False, "simulated", "sender's name"), (True, None, "MESSAGE_CENTER_PROVIDER")],
)
def test_a_composer_is_locked_with_the_reason(can_be_answered, provider, words):
    assert words in locked("Pharmacy", can_be_answered, provider)


def test_a_number_and_a_provider_lock_nothing():
    assert locked("+16035550142", can_be_answered=True, provider="simulated") is None
