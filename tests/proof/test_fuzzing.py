"""20,000 requests of every kind, new ones each time: no 5xx, and the server serves afterwards."""

import pytest

from tests.doors.conftest import server, servers  # noqa: F401 - fixtures
from tests.fuzzing import attack
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
REQUESTS = scaled(20_000)


def test_20_000_requests_of_every_kind_are_answered_without_a_fault(server, caplog):  # noqa: F811
    attack(server, REQUESTS)
    assert "Traceback" not in caplog.text
