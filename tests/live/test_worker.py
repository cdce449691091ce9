"""A worker: each wake is heard, nothing that goes wrong ends it, and its end is waited for, but not for ever."""

import threading
import time
from threading import Event

import pytest

from dashboard.live.worker import Worker
from tests.factories import PATIENCE, eventually


@pytest.fixture
def hired():
    """Makes workers that are started, and ends them."""
    workers = []

    def hire(step, hands=1):
        worker = Worker("digging", step, hands)
        worker.start()
        workers.append(worker)
        return worker

    yield hire
    for worker in workers:
        worker.stop(PATIENCE)


def running():
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("digging"))


def test_it_works_at_the_start_and_after_each_wake_also_one_that_comes_while_it_works(hired):
    begun, go_on, done = Event(), Event(), []

    def step():
        begun.set()
        assert go_on.wait(PATIENCE)
        done.append(threading.current_thread().name)

    worker = hired(step)
    assert begun.wait(PATIENCE)
    worker.wake()
    go_on.set()
    assert eventually(lambda: len(done) == 2)
    worker.stop(PATIENCE)
    assert (done, running()) == (["digging"] * 2, [])


def test_what_goes_wrong_is_logged_and_tried_again_after_a_pause(hired, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    troubles, done = iter([OSError("away"), ValueError("odd")]), Event()

    def step():
        for trouble in troubles:
            raise trouble
        done.set()

    hired(step)
    assert done.wait(PATIENCE)
    assert caplog.text.count("digging could not go on; trying again") == 2
    assert "away" in caplog.text


def test_while_one_hand_is_busy_another_hears(hired):
    go_on, begun = Event(), []

    def step():
        begun.append(threading.current_thread().name)
        if len(begun) < 3:
            worker.wake()
            assert go_on.wait(PATIENCE)

    worker = Worker("digging", step, 3)
    worker.start()
    assert eventually(lambda: len(set(begun)) == 3)
    assert running() == ["digging-0", "digging-1", "digging-2"]
    go_on.set()
    worker.stop(PATIENCE)
    assert running() == []


def test_one_that_rests_ends_at_once(hired, monkeypatch):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 2 * PATIENCE)
    resting = Event()

    def step():
        resting.set()
        raise OSError("away")

    worker = hired(step)
    assert resting.wait(PATIENCE)
    worker.stop(PATIENCE)
    assert running() == []


def test_one_that_does_not_end_is_left_and_that_is_logged(hired, caplog):
    go_on, begun = Event(), Event()

    def step():
        begun.set()
        assert go_on.wait(PATIENCE)

    worker = hired(step)
    assert begun.wait(PATIENCE)
    worker.stop(0.05)
    assert "digging has not ended after 0 s" in caplog.text
    worker.wake()
    go_on.set()
    assert eventually(lambda: running() == [])


def test_a_wake_costs_nothing_while_nothing_is_to_be_done(hired):
    done = []
    worker = hired(lambda: done.append(1))
    assert eventually(lambda: len(done) == 1)
    time.sleep(0.05)
    assert len(done) == 1
    assert not worker.stopping
