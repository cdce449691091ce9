"""Choosing something for one's own screens: kept for the person, on every screen of theirs, and on nobody else's."""

import pytest

from dashboard.actions.preferences import prefer
from dashboard.core.errors import Refused
from dashboard.core.preferences import PREFERENCES
from dashboard.store.preferences import preferences
from tests.factories import asked


def chosen(store, resource):
    with store.reading() as connection:
        return preferences(connection, resource)


def test_until_somebody_chooses_the_defaults_hold(store):
    assert chosen(store, 1) == chosen(store, None) == {key: entry.default for key, entry in PREFERENCES.items()}


def test_a_choice_is_one_persons(store):
    prefer(store, "overview", False, by=1)
    assert (chosen(store, 1)["overview"], chosen(store, 2)["overview"]) == (False, True)


def test_a_choice_can_be_taken_back(store):
    for on in (False, True, False):
        prefer(store, "overview", on, by=1)
        assert chosen(store, 1)["overview"] is on


def test_choosing_what_is_so_already_changes_nothing(store):
    before = store.revision()
    prefer(store, "overview", True, by=1)
    assert store.revision() == before


def test_the_log_says_what_was_chosen(store):
    prefer(store, "sound", True, by=2)
    assert asked(store, "SELECT action, by_id FROM change ORDER BY revision DESC LIMIT 1") == [("prefer", 2)]


def test_what_there_is_not_cannot_be_chosen(store):
    with pytest.raises(Refused, match="choose one of overview"):
        prefer(store, "volume", True, by=1)
