"""Passwords: their hashes, and what fits them."""

import pytest

from dashboard.core.errors import Refused
from dashboard.core.passwords import LONGEST, SHORTEST, fits, hashed


def test_a_password_fits_its_hash_and_no_other_does():
    kept = hashed("correct horse")
    assert fits("correct horse", kept)
    assert not fits("Correct horse", kept)
    assert "correct" not in kept


def test_the_same_password_has_another_hash_each_time():
    assert hashed("correct horse") != hashed("correct horse")


@pytest.mark.parametrize("password", ["", "x" * (SHORTEST - 1), "x" * (LONGEST + 1)])
def test_one_that_is_too_short_or_too_long_is_refused_in_words(password):
    with pytest.raises(Refused, match=rf"has {SHORTEST} to 1,024 characters; this one has {len(password):,}\."):
        hashed(password)


@pytest.mark.parametrize("password", ["пароль-пароль", "\ud800" * 9, "\x00" * 9, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", " " * 8])
def test_any_characters_will_do(password):
    assert fits(password, hashed(password))


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_nothing_fits_what_is_no_hash(kept):
    assert not fits("what is tried for a name that there is not, so that it takes as long", kept)
