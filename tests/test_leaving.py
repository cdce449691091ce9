"""A page that is opened and left leaves nothing behind in the server; 200 of them, and every way to leave, are in tests/proof."""

import gc
from collections import Counter

import pytest

from tests.leaving import a_host, left_behind

FEW = 3


@pytest.fixture(scope="module")
def host():
    gc.freeze()  # what other tests left is not looked through each time
    with a_host() as host:
        yield host


@pytest.mark.parametrize("way", ["looked at", "cut at the handshake"])
def test_pages_that_were_opened_and_left_leave_nothing_behind(host, way):
    assert left_behind(host, way, FEW) == Counter()
