"""The rates: who is refused too often has to wait; a busy office never does, and no memory is filled."""

import pytest

from dashboard.doors.rates import KEPT, WINDOW, Rates, neighbourhood


class Seconds:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


def refused(rates, address, times):
    for _ in range(times):
        rates.refused(address)


def test_below_the_limit_nobody_waits_and_at_it_for_the_rest_of_the_minute(seconds):
    rates = Rates(3, seconds)
    refused(rates, "192.0.2.1", 2)
    assert rates.wait("192.0.2.1") == 0
    seconds.now += 20.5
    refused(rates, "192.0.2.1", 1)
    assert rates.wait("192.0.2.1") == 40
    assert rates.wait("192.0.2.2") == 0


def test_after_the_minute_one_is_listened_to_and_counted_anew(seconds):
    rates = Rates(3, seconds)
    refused(rates, "192.0.2.1", 100)
    seconds.now += WINDOW - 0.1
    assert rates.wait("192.0.2.1") == 1
    seconds.now += 0.1
    assert rates.wait("192.0.2.1") == 0
    refused(rates, "192.0.2.1", 2)
    assert rates.wait("192.0.2.1") == 0


def test_what_is_spread_over_the_day_is_never_too_much(seconds):
    rates = Rates(3, seconds)
    for _ in range(1000):
        rates.refused("192.0.2.1")
        seconds.now += WINDOW / 2
        assert rates.wait("192.0.2.1") == 0


def test_without_a_limit_nothing_is_counted(seconds):
    rates = Rates(0, seconds)
    refused(rates, "192.0.2.1", 10_000)
    assert (rates.wait("192.0.2.1"), len(rates)) == (0, 0)


def test_only_so_many_addresses_are_remembered_and_the_oldest_are_let_go(seconds):
    rates = Rates(1, seconds)
    for number in range(3 * KEPT):
        rates.refused(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(rates) == KEPT
    assert (rates.wait("10.0.0.0"), rates.wait("10.0.117.47") > 0) == (0, True)
    seconds.now += WINDOW
    assert rates.wait("10.0.117.47") == 0
    assert len(rates) == 0, "what is over is forgotten"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"), ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("nowhere", "nowhere"),
    ],
)  # fmt: skip
def test_a_machine_that_takes_many_addresses_is_one(address, counted):
    assert neighbourhood(address) == counted
