"""A person's bell: their own open alerts, newest first, as people read them."""

import pytest

from dashboard.store import alerts
from tests.factories import a_file, a_person, a_reply, a_text, a_text_with, bell, pass_a_minute, plan


@pytest.fixture
def answered(store):
    """Dana wrote to Ana and to Ben; both answered, Ben last."""
    for name, phone in (("Ana Díaz", "+16035550142"), ("Ben Ito", "+16035550143")):
        a_reply(store, a_text(store, a_person(store, name, phone)).thread)
        pass_a_minute(store)
    return a_text(store, "+16035550142", "Yes\nplease"), a_text(store, "+16035550143", "")


def test_the_newest_alert_comes_first_with_who_answered_and_what(store, answered):
    ana, ben = answered
    assert [(alert.message, alert.name, alert.kind, alert.text) for alert in bell(store)] == [
        (ben.message, "Ben Ito", "client", "(empty text)"),
        (ana.message, "Ana Díaz", "client", "Yes please"),
    ]
    assert bell(store)[0].number == "(603) 555-0143"


def test_an_alert_of_a_picture_says_so(store, answered):
    a_text_with(store, a_file(), body="")
    assert bell(store)[0].text == "Attachment"


def test_everybody_has_their_own(store, answered):
    assert bell(store, 2) == ()
    with store.reading() as connection:
        assert alerts.counts(connection) == {1: 2}


def test_as_many_are_listed_as_asked_and_all_are_counted(store, answered):
    with store.reading() as connection:
        assert len(alerts.alerts(connection, 1, 1)) == 1
        assert alerts.counts(connection)[1] == 2


@pytest.mark.sqlite
def test_a_bell_is_one_range_of_an_index(store, answered):
    steps = plan(store, lambda connection: (alerts.alerts(connection, 1, 50), alerts.counts(connection)))
    assert "SEARCH alert USING INDEX alert_open" in steps
    assert "SCAN alert USING INDEX alert_open" in steps
    assert "TEMP B-TREE" not in steps
