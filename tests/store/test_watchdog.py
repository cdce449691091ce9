"""The watchdog: who waits on a server that answers nobody is set free; who waits on a slow one is left alone."""

import threading

import pytest

from dashboard.store import watchdog
from dashboard.store.watchdog import Watchdog


class Line:
    """A connection on which somebody waits until it is cut."""

    def __init__(self):
        self.is_cut = threading.Event()

    def cut(self):
        self.is_cut.set()


@pytest.fixture
def watching(monkeypatch):
    """A function that makes a watchdog over a server that answers, or does not; how often it was asked is in ``asked``."""
    monkeypatch.setattr(watchdog, "SLOW", 0.05)
    monkeypatch.setattr(watchdog, "LOOK", 0.01)
    dogs = []

    def make(answers):
        dog = Watchdog(lambda: dog.asked.append(1) or answers)
        dog.asked = []
        dogs.append(dog)
        return dog

    yield make
    for dog in dogs:
        dog.stop()


def test_who_waits_on_a_server_that_answers_nobody_is_set_free(watching):
    line = Line()
    with watching(answers=False).over(line):
        assert line.is_cut.wait(5)


def test_who_waits_on_a_slow_server_is_left_alone(watching):
    line, dog = Line(), watching(answers=True)
    with dog.over(line):
        while len(dog.asked) < 3:
            pass
    assert not line.is_cut.is_set()


def test_who_is_answered_in_time_costs_no_question(watching):
    line, dog = Line(), watching(answers=False)
    for _ in range(100):
        with dog.over(line):
            pass
    assert (dog.asked, line.is_cut.is_set()) == ([], False)


def test_a_connection_that_was_broken_already_harms_no_other(watching):
    class Broken(Line):
        def cut(self):
            raise OSError("it is gone")

    line, dog = Line(), watching(answers=False)
    with dog.over(Broken()), dog.over(line):
        assert line.is_cut.wait(5)
