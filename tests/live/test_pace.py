"""Pace: dear views rest between two readings, cheap ones never, and all dear ones together take a tenth."""

import pytest

from dashboard.core.views import View
from dashboard.live.pace import DEAR, Pace

BROAD, OTHER = View(query="a"), View(query="b")


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock)


def test_a_cheap_view_never_rests(pace):
    pace.note(BROAD, DEAR)
    assert not pace.rests(BROAD)


def test_a_dear_view_rests_nine_times_as_long_as_it_took_and_no_other_does(pace, clock):
    pace.note(BROAD, 0.1)
    assert (pace.rests(BROAD), pace.rests(OTHER)) == (True, False)
    clock.now += 0.89
    assert pace.rests(BROAD)
    clock.now += 0.02
    assert not pace.rests(BROAD)


def test_several_dear_views_share_the_tenth(pace, clock):
    pace.note(BROAD, 0.1)
    pace.note(OTHER, 0.1)
    clock.now += 1.7
    assert (pace.rests(BROAD), pace.rests(OTHER)) == (False, True)


def test_the_wait_is_for_the_first_that_has_rested(pace, clock):
    pace.note(BROAD, 0.1)
    pace.note(OTHER, 0.5)
    assert pace.wait({BROAD, OTHER}) == pytest.approx(0.9)
    clock.now += 60
    assert pace.wait({BROAD, OTHER}) == 0
    assert pace.wait(set()) is None
