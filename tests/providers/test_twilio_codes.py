"""Twilio's codes: each has words for whoever sent the text, and what is never tried again is marked so."""

import pytest

from dashboard.core import delivery
from dashboard.providers.twilio_codes import CODES, failure, refused, words

NEVER = (21211, 21408, 21610, 21614, 30004, 30005, 30006, 30007, 30032, 30034, 30610)
AGAIN = (20429, 30001, 30017, 30022, 30003, 30008)


def test_every_code_has_a_sentence_for_a_person():
    assert len(CODES) > 30
    for told in CODES.values():
        assert told.words.endswith(".")
        assert told.words[0].isupper()


def test_what_can_never_go_is_marked_and_what_may_go_later_is_not():
    assert all(failure(code).final for code in NEVER)
    assert not any(failure(code).final for code in AGAIN)
    assert [code for code, told in CODES.items() if told.opted_out] == [21610, 30610]


def test_a_code_that_is_not_known_is_named_and_none_is_said_to_be_none():
    assert failure(39999).words == "Twilio could not deliver it: error 39999."
    assert "did not say why" in failure(None).words
    assert words(418, None) == "Twilio refused it, with HTTP status 418."


@pytest.mark.parametrize("status", [429, 400])
def test_only_what_was_certainly_not_taken_waits_for_another_attempt(status):
    assert refused(status, 20429, 0).status == delivery.QUEUED
    assert refused(status, 20429, 0).wait > 0
    assert refused(status, 20429, 77.0).wait == 77.0


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
def test_what_may_have_been_taken_is_unknown(status):
    assert refused(status, None, 0).status == delivery.UNKNOWN


def test_what_is_asked_by_nobody_they_know_was_not_taken_and_waits_for_whoever_set_it_up():
    outcome = refused(401, 20003, 0)
    assert (outcome.status, outcome.trouble, outcome.wait > 0) == (delivery.QUEUED, True, True)


@pytest.mark.parametrize(("status", "trouble"), [(403, True), (400, False), (404, False)])
def test_an_account_that_is_not_accepted_is_no_fault_of_the_text(status, trouble):
    outcome = refused(status, 20003 if trouble else 21211, 0)
    assert (outcome.status, outcome.trouble) == (delivery.FAILED, trouble)
