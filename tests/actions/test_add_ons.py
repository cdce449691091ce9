"""Add-ons are switched on and off, for everybody; and nothing is lost while one is off."""

import pytest

from dashboard.actions.add_ons import switch_add_on
from dashboard.core.errors import Forbidden, NotFound, Refused
from dashboard.core.rights import ADD_ONS, TEXTING, VIEW
from dashboard.store.rights import held
from tests.factories import a_reply, a_text, asked, read, spoken


def may(store, resource):
    with store.reading() as connection:
        return held(connection, resource)


def test_a1_off_takes_the_inbox_from_everybody_and_on_gives_it_back(store):
    before = may(store, 1), may(store, 2)
    switch_add_on(store, TEXTING, False, by=1)
    assert (VIEW in may(store, 1), ADD_ONS in may(store, 1), VIEW in may(store, 2)) == (False, True, False)
    switch_add_on(store, TEXTING, True, by=1)
    assert (may(store, 1), may(store, 2)) == before


def test_a1_texts_that_come_in_meanwhile_are_kept_and_nobody_sends(store):
    thread = a_text(store, body="Before").thread
    switch_add_on(store, TEXTING, False, by=1)
    assert a_text(store, body="Meanwhile").thread == thread
    with pytest.raises(Refused, match="Two Way Texting is switched off"):
        a_reply(store, thread, by=1)
    switch_add_on(store, TEXTING, True, by=1)
    a_reply(store, thread, "After", by=1)
    assert [message.body for message in spoken(store, thread)] == ["Before", "Meanwhile", "After"]


def test_a1_the_log_tells_who_switched(store):
    switch_add_on(store, TEXTING, False, by=1)
    action, by, details = asked(store, "SELECT action, by_id, details FROM change ORDER BY revision DESC LIMIT 1")[0]
    assert (action, by, read(details)) == ("switch_add_on", 1, {"add_on": TEXTING, "on": False})


def test_switching_to_what_it_is_leaves_no_trace(store):
    seen = store.revision()
    switch_add_on(store, TEXTING, True, by=1)
    assert store.revision() == seen


def test_an_add_on_that_there_is_not_is_refused(store):
    with pytest.raises(NotFound, match=f"no add-on “fax”: choose one of {TEXTING}"):
        switch_add_on(store, "fax", True, by=1)


def test_who_may_not_switch_add_ons_switches_none(store):
    with pytest.raises(Forbidden, match="“Switch Add-ons”"):
        switch_add_on(store, TEXTING, False, by=2)
    assert VIEW in may(store, 2)
