"""The people of the sample town: they text when they feel like it, answer what they are sent, and are silent when quiet."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest

from dashboard.core.addresses import normalise
from dashboard.core.values import Outbound
from dashboard.demo import words
from dashboard.demo.townspeople import LEAVER, PAUSE, THINKING, TROUBLES, Townspeople
from dashboard.providers import Simulated
from tests.factories import OURS, a_text, listed

SPAN = 600  # seconds that the tests look at


@pytest.fixture
def company(clock):
    return Simulated(clock=clock)


def live_through(people, clock, seconds=SPAN):
    """What they text while so many seconds pass, with the second of each."""
    texts, start = [], clock()
    people.provider.deliver = lambda inbound: texts.append(((clock() - start).total_seconds(), inbound))
    for _ in range(seconds):
        clock.pass_(1)
        people.tick()
    return texts


def test_somebody_texts_out_of_the_blue_every_few_seconds(company, clock):
    texts = live_through(Townspeople(company, clock, quiet=False, seed=1), clock)
    gaps = [later - sooner for (sooner, _), (later, _) in itertools.pairwise(texts)]
    assert len(gaps) > SPAN / PAUSE[1] - 2
    assert all(PAUSE[0] <= gap <= PAUSE[1] + 1 for gap in gaps)


def test_people_say_what_people_of_their_kind_say(company, clock):
    texts = live_through(Townspeople(company, clock, quiet=False, seed=2), clock)
    said = {words.with_photographs(line)[0] for lines in words.openers().values() for line in lines}
    assert {text.body for _, text in texts} <= said
    assert len({text.sender for _, text in texts}) > 5
    assert len({text.id for _, text in texts}) == len(texts)


def test_most_texts_of_ours_are_answered_after_a_while(company, clock):
    people = Townspeople(company, clock, quiet=False, seed=3)
    people._next = clock() + timedelta(days=1)  # nobody texts by itself meanwhile
    for message in range(100):
        company.accepted(Outbound(message, OURS, "+16035550142", "Can you come tomorrow?"))
    answers = live_through(people, clock, 20)
    assert 70 < len(answers) < 97
    assert {text.sender for _, text in answers} == {"+16035550142"}
    assert all(THINKING[0] <= second <= THINKING[1] + 1 for second, _ in answers)


def test_an_answer_fits_what_was_asked(company, clock):
    people = Townspeople(company, clock, quiet=False, seed=4)
    people._next = clock() + timedelta(days=1)
    for message in range(20):
        people.hear(Outbound(message, OURS, "+16035550142", "Hola, buenos días"))
    answers = {text.body for _, text in live_through(people, clock, 20)}
    assert answers <= set(next(case for case in words.cases() if case.fits("hola")).answers)
    assert answers


def test_one_person_opts_out_now_and_then_and_in_again(company, clock):  # B2
    texts = live_through(Townspeople(company, clock, quiet=False, seed=9), clock, 40 * SPAN)
    told = [(text.sender, text.body) for _, text in texts if text.body in ("STOP", "START")]
    assert 2 <= len(told) < len(texts) / 10
    assert told == [(normalise(LEAVER), ("STOP", "START")[number % 2]) for number in range(len(told))]


def test_when_quiet_nobody_texts_or_answers(company, clock):
    people = Townspeople(company, clock, quiet=True, seed=5)
    company.accepted(Outbound(1, OURS, "+16035550142", "Hello?"))
    assert live_through(people, clock) == []


def test_now_and_then_a_text_of_ours_fails_with_a_reason_or_cannot_be_confirmed(company, clock):  # B1
    Townspeople(company, clock, quiet=False, seed=7)
    states, reasons = Counter(), set()
    company.report = lambda report: (states.update([report.status]), reasons.add(report.reason))
    for message in range(400):
        outcome = company.send(Outbound(message, OURS, "+16035550142", "On our way"))
        states.update([outcome.status])
        reasons.add(outcome.reason)
    clock.pass_(5)
    company.tick(clock())
    assert 15 < states["failed"] < 70
    assert 3 < states["unknown"] < 30
    assert {way.fail or way.refuse for _, way in TROUBLES} - {None} <= reasons


def test_when_quiet_every_text_of_ours_arrives(company, clock):
    Townspeople(company, clock, quiet=True, seed=8)
    assert {company.send(Outbound(message, OURS, "+16035550142", "Hi")).status for message in range(400)} == {"sent"}


def test_what_they_text_is_stored_like_any_text(store, company, clock):
    people = Townspeople(company, clock, quiet=False, seed=6)
    for number, (_, text) in enumerate(live_through(people, clock, 60)):
        a_text(store, text.sender, text.body, id=str(number))
    assert 2 < len(listed(store)) < 12
