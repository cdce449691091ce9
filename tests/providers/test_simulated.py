"""The simulated phone company: accepts, delivers after a moment, and misbehaves when told to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.core.values import Delivery, Inbound, Outbound, Question
from dashboard.providers import PROVIDERS, Simulated
from dashboard.providers.simulated import TEST_NUMBERS, Behaviour
from tests.factories import OURS

ANA = "+16035550142"
TEXT = Outbound(7, OURS, ANA, "On our way")


@pytest.fixture
def company(clock):
    company = Simulated(clock=clock)
    company.told = []
    company.report = company.deliver = company.told.append
    return company


def after(company, clock, seconds):
    """What it has told of after so many seconds more."""
    clock.pass_(seconds)
    company.tick(clock())
    told, company.told[:] = list(company.told), []
    return told


def test_every_provider_is_listed_under_its_own_key():
    assert PROVIDERS["simulated"] is Simulated
    assert all(key == provider.key for key, provider in PROVIDERS.items())


def test_a_text_is_taken_at_once_and_delivered_after_a_moment(company, clock):
    outcome = company.send(TEXT)
    assert (outcome.status, outcome.provider_id) == ("sent", "simulated-7")
    assert after(company, clock, 0.9) == []
    assert after(company, clock, 0.1) == [Delivery("simulated", "delivered", message=7)]
    assert after(company, clock, 60) == []


def test_a_text_fails_with_the_reason(company, clock):
    company.behaviour = Behaviour(fail="Number is off")
    assert company.send(TEXT).status == "sent"
    assert after(company, clock, 1) == [Delivery("simulated", "failed", message=7, reason="Number is off")]


@pytest.mark.parametrize(
    ("behaviour", "status", "words"),
    [(Behaviour(refuse="Blocked"), "failed", "Blocked"), (Behaviour(lose=True), "unknown", "did not answer")],
)
def test_a_text_that_is_not_taken_is_never_reported_nor_heard(company, clock, behaviour, status, words):
    heard = []
    company.accepted = heard.append
    company.behaviour = behaviour
    outcome = company.send(TEXT)
    assert outcome.status == status
    assert words in outcome.reason
    assert (after(company, clock, 60), heard) == ([], [])


def test_a_report_comes_as_often_as_it_is_told(company, clock):
    company.behaviour = Behaviour(copies=3)
    company.send(TEXT)
    assert len(after(company, clock, 1)) == 3


def test_an_answer_comes_back_to_the_number_that_wrote(company, clock):
    company.behaviour = Behaviour(answer="Thanks!")
    company.send(TEXT)
    _, answer = after(company, clock, 2)
    assert answer == Inbound("simulated", "answer-7", ANA, OURS, "Thanks!")


def test_one_address_can_be_treated_in_a_way_of_its_own(company):
    company.behave(ANA, Behaviour(refuse="Blocked"))
    assert company.send(TEXT).status == "failed"
    assert company.send(Outbound(8, OURS, "+16035550143", "Hi")).status == "sent"


def test_what_is_due_comes_in_the_order_of_its_time(company, clock):
    for number, delay in enumerate((3.0, 1.0, 2.0)):
        company.behaviour = Behaviour(delay=delay)
        company.send(Outbound(number, OURS, ANA, "x"))
    assert [report.message for report in after(company, clock, 5)] == [1, 2, 0]


def test_it_counts_what_it_was_given_by_message(company):
    for message in (1, 2, 2):
        company.send(Outbound(message, OURS, ANA, "x"))
    assert company.sent == {1: 1, 2: 2}


def test_a_report_may_send_the_next_text(company, clock):
    """What it calls may call it back, without a lock in the way."""
    company.report = lambda report: company.send(Outbound(report.message + 1, OURS, ANA, "x"))
    company.send(TEXT)
    clock.pass_(1)
    company.tick(clock())
    clock.now += timedelta(seconds=1)
    company.tick(clock())
    assert set(company.sent) == {7, 8, 9}


def test_the_test_numbers_fare_the_same_each_time(company, clock):
    def told(to):
        outcome = company.send(replace(TEXT, to=to))
        return outcome.status, [report.status for report in after(company, clock, 1)]

    fare = {number: [told(number) for _ in range(3)] for number in TEST_NUMBERS}
    assert fare == {
        "+15005550001": [("sent", ["failed"])] * 3,
        "+15005550002": [("unknown", [])] * 3,
        "+15005550003": [("failed", []), ("sent", ["delivered"]), ("failed", [])],
        "+15005550004": [("queued", []), ("sent", ["delivered"]), ("queued", [])],
        "+15005550005": [("unknown", [])] * 3,
        "+15005550006": [("failed", [])] * 3,
        "+15005550007": [("failed", [])] * 3,
    }


def test_a_text_that_was_not_taken_says_how_long_to_wait_and_counts_as_not_given(company):
    company.behaviour = Behaviour(wait=3.0)
    outcome = company.send(TEXT)
    assert (outcome.status, outcome.wait, outcome.trouble, company.sent) == ("queued", 3.0, False, {})
    company.behaviour = Behaviour(trouble="Down for maintenance")
    outcome = company.send(TEXT)
    assert (outcome.status, outcome.reason, outcome.trouble) == ("queued", "Down for maintenance", True)


@pytest.mark.parametrize(("found", "status"), [(True, "sent"), (False, None)])
def test_a_text_whose_answer_was_lost_is_found_when_it_is_asked_for_or_not(company, clock, found, status):
    company.behaviour = Behaviour(lose=True, found=found)
    assert company.send(TEXT).status == "unknown"
    outcome = company.settle(Question(7, OURS, ANA, "On our way", clock()))
    assert (outcome.status if outcome else None) == status
    assert [report.status for report in after(company, clock, 1)] == ["delivered"] * found
