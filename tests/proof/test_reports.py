"""B1: five reports on a text, in every order there is, and any of them more than once, end in one right state."""

import itertools
import random

import pytest

from dashboard.core.delivery import REPORTS
from tests.doors.conftest import server, servers  # noqa: F401 - fixtures
from tests.doors.test_simulated import end_right
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
ORDERS = list(itertools.product(REPORTS, repeat=5))


def test_every_order_of_five_reports_ends_in_one_right_state(server):  # noqa: F811
    end_right(server, random.Random(5).sample(ORDERS, scaled(len(ORDERS))))
