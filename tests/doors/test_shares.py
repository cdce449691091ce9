"""Shares: only what we signed, only for a day."""

import time

import pytest

from dashboard.core.values import OutboundFile
from dashboard.doors.shares import Shares

FILE = OutboundFile("5" * 64, "image/jpeg", 900)
KEY = "only-for-tests-" * 4


def test_a_token_names_one_file_and_fits_an_address():
    token = Shares(KEY).token(FILE)
    assert Shares(KEY).opened(token) == FILE
    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "W10.x.y"])
def test_what_we_did_not_sign_is_no_token(forged):
    assert Shares(KEY).opened(forged) is None
    token = Shares(KEY).token(FILE)
    payload, made, signature = token.rsplit(".", 2)  # its first letter: the last one has bits that mean nothing
    other = "A" if signature[0] != "A" else "B"
    assert Shares(KEY).opened(f"{payload}.{made}.{other}{signature[1:]}") is None
    assert Shares("another key, as long as it has to be").opened(token) is None


def test_a_token_ends_after_its_time(monkeypatch):
    token = Shares(KEY).token(FILE)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 24 * 3600 + 2)
    assert Shares(KEY).opened(token) is None
