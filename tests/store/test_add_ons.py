"""Add-ons as their page shows them."""

from dashboard.actions.add_ons import switch_add_on
from dashboard.actions.roles import add_role, give_role
from dashboard.core.add_ons import ADD_ONS, Switched
from dashboard.core.rights import TEXTING
from dashboard.store import add_ons


def switches(store):
    with store.reading() as connection:
        return add_ons.switches(connection)


def test_a1_every_add_on_is_listed_and_was_switched_by_nobody_at_first(store):
    assert switches(store) == (Switched(TEXTING, True, None, None, 2),)
    assert [entry.key for entry in switches(store)] == list(ADD_ONS)


def test_a1_who_switched_it_last_and_when(store, clock):
    switch_add_on(store, TEXTING, False, by=1)
    clock.pass_(60)
    switch_add_on(store, TEXTING, True, by=None)
    assert switches(store) == (Switched(TEXTING, True, clock.now, None, 2),)
    clock.pass_(60)
    switch_add_on(store, TEXTING, False, by=1)
    assert switches(store) == (Switched(TEXTING, False, clock.now, "Dana Whitcomb", 2),)


def test_a1_it_counts_who_has_a_right_to_it_on_or_off(store):
    give_role(store, add_role(store, "Cook", by=1).id, 2, by=1)
    assert switches(store)[0].people == 1


def test_the_last_switch_has_its_revision(store):
    with store.reading() as connection:
        assert add_ons.last_switch(connection) == 0
    switch_add_on(store, TEXTING, False, by=1)
    with store.reading() as connection:
        assert add_ons.last_switch(connection) == store.revision()
