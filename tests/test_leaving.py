"""A page that is opened and left leaves nothing behind in the server; 200 of them, and every way to leave, are in tests/proof."""

import gc
from collections import Counter

import pytest

from tests.leaving import a_host, left_behind, let_go
from tests.viewers import log_in

FEW = 3


@pytest.fixture(scope="module")
def host():
    gc.freeze()  # what other tests left is not looked through each time
    with a_host() as host:
        yield host


@pytest.mark.parametrize("way", ["looked at", "cut at the handshake"])
def test_pages_that_were_opened_and_left_leave_nothing_behind(host, way):
    assert left_behind(host, way, FEW) == Counter()


def test_a_connection_that_the_server_lets_go_of_when_it_ends_is_closed_without_a_complaint(host, caplog):
    let_go(host, log_in(host.port))
    let_go(host, log_in(host.port))  # by now the first one's end has been heard
    assert "Traceback" not in caplog.text
