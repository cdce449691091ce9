"""What the phone company could not tell us is taken from its list: once, from far enough back, and in nobody's way."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from dashboard.actions import numbers
from dashboard.core.errors import Refused, StoreError
from dashboard.core.values import Inbound, RemoteMedia
from dashboard.live.catching_up import AT_FIRST, AT_START, EVERY, OVERLAP, CatchingUp
from dashboard.live.live import Live
from dashboard.providers import Simulated
from tests.factories import OURS, a_text, asked, eventually, how_many, sound

ANA = "+16035550142"
ADOPTED = "+16035550177"


class Company(Simulated):
    """One that keeps a list, and cannot always be asked."""

    def __init__(self, clock):
        super().__init__(clock=clock)
        self.held, self.since, self.numbers, self.trouble = [], [], [], None

    def missed(self, since, known=lambda _: False, numbers=()):
        self.since.append(since)
        self.numbers.append(numbers)
        if self.trouble:
            raise self.trouble
        return [text for text in self.held if text.at >= since and not known(text.id)]

    def holds(self, body, at, **more):
        self.held.append(Inbound(self.key, body, ANA, OURS, body, at=at, **more))


@pytest.fixture
def company(clock):
    return Company(clock)


@pytest.fixture
def live(store, company):
    """A live half that is not started: each look is taken by hand."""
    return Live(store, company)


def a_look(live, company):
    return CatchingUp(live.store, company, live.take)


def bodies(store):
    return [body for (body,) in asked(store, "SELECT body FROM message ORDER BY placed_at, id")]


def test_what_was_missed_is_stored_once_and_counted_in_the_log(live, company, clock, caplog):
    company.holds("first", clock.now - timedelta(hours=3))
    company.holds("second", clock.now - timedelta(hours=2))
    looking = a_look(live, company)
    assert (looking.look(), looking.look()) == (2, 0)
    assert bodies(live.store) == ["first", "second"]
    assert "simulated had 2 texts of which it could not tell us" in caplog.text
    assert sound(live.store)


def test_one_that_cannot_be_taken_holds_up_no_other(live, company, clock, caplog):
    company.holds("before", clock() - timedelta(minutes=3))
    company.holds("odd", clock() - timedelta(minutes=2))
    company.holds("after", clock() - timedelta(minutes=1))

    def take(text):
        if text.body == "odd":
            raise Refused("This cannot be read.")
        return live.take(text)

    assert CatchingUp(live.store, company, take).look() == 2
    assert (bodies(live.store), "This cannot be read" in caplog.text) == (["before", "after"], True)


def three_of_which_one_is_odd(company, clock, **odd):
    for minutes, body in ((3, "before"), (2, "odd"), (1, "after")):
        company.holds(body, clock() - timedelta(minutes=minutes), **(odd if body == "odd" else {}))


def test_one_that_fails_in_a_way_nobody_thought_of_holds_up_no_other_either(live, company, clock, caplog):
    three_of_which_one_is_odd(company, clock, remote=(RemoteMedia("https://api.twilio.com/1", None),))
    looking = a_look(live, company)
    assert looking.look() == 2
    assert (bodies(live.store), looking.asked) == (["before", "after"], clock.now)
    assert "a text that simulated has in its list cannot be taken" in caplog.text
    assert sound(live.store)


@pytest.mark.parametrize(
    ("error", "stored"),
    [
        (OperationalError("INSERT", None, Exception("database is locked")), ["before"]),
        (StoreError("the disk is full"), ["before"]),
        (OSError("the disk is full"), ["before"]),
        (IntegrityError("INSERT", None, Exception("no table takes it")), ["before", "after"]),
    ],
)
def test_what_is_no_fault_of_a_text_ends_the_look_there_and_what_is_does_not(live, company, clock, error, stored):
    three_of_which_one_is_odd(company, clock)
    troubles = iter([error])

    def take(text):
        for trouble in troubles if text.body == "odd" else ():
            raise trouble
        return live.take(text)

    looking = CatchingUp(live.store, company, take)
    with nullcontext() if "after" in stored else pytest.raises(type(error)):
        looking.look()
    assert bodies(live.store) == stored
    looking.look()
    assert bodies(live.store) == ["before", "odd", "after"]


def test_what_was_told_meanwhile_is_no_second_message(live, company, clock):
    company.holds("told", clock.now)
    live.take(company.held[0])
    company.missed = lambda *_: company.held  # as of a list that was read before it was told
    assert a_look(live, company).look() == 0
    assert how_many(live.store, "message") == 1


def test_a_new_inbox_takes_the_last_day_and_an_old_one_a_week_before_its_last_text(live, company, clock):
    a_look(live, company).look()
    assert company.since == [clock.now - AT_FIRST]
    a_text(live.store, id="last")
    last = clock.now
    clock.pass_(30 * 24 * 3600)
    a_look(live, company).look()
    assert company.since[1:] == [last - AT_START]


def test_each_look_goes_back_behind_the_last_that_came_to_an_end(live, company, clock):
    looking = a_look(live, company)
    looking.look()
    done = clock.now
    company.trouble = OSError("away")
    for _ in range(3):
        clock.pass_(EVERY.total_seconds())
        with pytest.raises(OSError, match="away"):
            looking.look()
    company.trouble = None
    company.holds("while it was away", clock.now)
    assert looking.look() == 1
    assert set(company.since[1:]) == {done - OVERLAP}


def test_a_number_that_a_text_made_ours_is_asked_for_too_and_from_as_far_back(live, company, clock):
    looking = a_look(live, company)
    company.holds("told", clock.now)
    live.take(replace(company.held[0], to=ADOPTED))
    numbers.set_numbers(live.store, (OURS, ADOPTED, "+16035550178"))  # which is nobody's
    for _ in range(2):
        looking.look()
    assert company.numbers == [(OURS, ADOPTED)] * 2
    numbers.take_number(live.store, "+16035550179", company.key)
    looking.look()
    assert company.numbers[-1] == (OURS, ADOPTED, "+16035550179")
    assert company.since == [clock.now - AT_START, clock.now - OVERLAP, clock.now - AT_START]


def test_a_running_server_looks_at_its_start_and_every_five_minutes(live, company, clock):
    company.holds("before the start", clock.now - timedelta(hours=1))
    live.start()
    assert eventually(lambda: bodies(live.store) == ["before the start"])
    company.holds("later", clock.now)
    clock.pass_(EVERY.total_seconds())
    assert eventually(lambda: "later" in bodies(live.store))
    assert len(company.since) == 2
    live.stop()


def test_a_company_that_cannot_be_asked_is_one_line_in_the_log_and_is_asked_again(live, company, clock, caplog):
    company.trouble = OSError("no connection to api.twilio.com")
    company.holds("missed", clock.now)
    live.start()
    assert eventually(lambda: "cannot be asked for what was missed: no connection" in caplog.text)
    assert "Traceback" not in caplog.text
    company.trouble = None
    clock.pass_(EVERY.total_seconds())
    assert eventually(lambda: bodies(live.store) == ["missed"])
    live.stop()


def test_a_text_that_is_dated_ahead_of_our_clock_is_taken_all_the_same(live, company, clock):
    company.holds("from the future", clock.now + timedelta(minutes=10))
    assert a_look(live, company).look() == 1


def test_nobody_else_waits_for_the_list(live, company, clock):
    """A text comes in through a door while the list is being asked for."""
    company.missed = lambda *_: eventually(lambda: "through the door" in bodies(live.store)) and []
    live.start()
    live.receive(Inbound("simulated", "x", ANA, None, "through the door"))
    assert bodies(live.store) == ["through the door"]
    live.stop()
