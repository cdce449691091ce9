"""Resources: added and edited, with the threads that they are in."""

import pytest

from dashboard.actions.accounts import add_account
from dashboard.actions.resources import add_resource, edit_resource
from dashboard.core.errors import Outdated, Unfit
from dashboard.store.accounts import resource
from tests.factories import a_text, above, asked, counted, logged, sound


def card(store, id):
    with store.reading() as connection:
        return resource(connection, id, "US")


def test_a_resource_is_added_and_its_thread_gets_the_name(store):
    thread = a_text(store).thread
    made = add_resource(store, {"name": "Cody Marsh", "phones": "603 555 0142"}, by=1)
    assert (above(store, thread).name, above(store, thread).kind) == ("Cody Marsh", "resource")
    assert (card(store, made).kind, card(store, made).phones) == ("crew", ("+16035550142",))
    assert logged(store)[-1] == ("add_resource", 1)
    assert sound(store)


def test_a_resource_is_edited_and_what_is_wrong_is_told_at_each_line(store):
    thread = a_text(store).thread
    made = add_resource(store, {"name": "Cody", "phones": "603 555 0142"}, by=1)
    seen = card(store, made).revision
    with pytest.raises(Unfit) as refused:
        edit_resource(store, made, {"name": "", "kind": "boss", "email": "x"}, seen, by=1)
    assert set(refused.value.fields) == {"name", "kind", "email"}
    edit_resource(store, made, {"name": "Cody Marsh", "kind": "office", "phones": ""}, seen, by=2)
    assert (card(store, made).name, card(store, made).kind, above(store, thread).kind) == (
        "Cody Marsh", "office", "unknown",
    )  # fmt: skip
    with pytest.raises(Outdated, match="Marcus Bell changed the name and phones"):
        edit_resource(store, made, {"notes": "Late", "name": "Cody", "phones": "603 555 0142"}, seen, by=1)
    assert sound(store)


def test_an_account_with_the_same_number_names_the_thread_and_gives_it_back(store):
    thread = a_text(store).thread
    add_resource(store, {"name": "Cody Marsh", "phones": "603 555 0142"}, by=1)
    add_account(store, {"name": "Ana Díaz", "phones": "603 555 0142"}, by=1)
    assert (above(store, thread).name, counted(store, filter="resources")) == ("Ana Díaz", 0)
    assert sound(store)


def test_a_form_that_is_open_while_a_role_is_given_saves_all_the_same(store):
    from dashboard.actions import roles

    made = add_resource(store, {"name": "Theo Achterberg"}, by=1)
    seen = store.revision()
    roles.give_role(store, 2, made, by=1)
    edit_resource(store, made, {"notes": "Tuesdays"}, seen, by=2)
    assert asked(store, "SELECT notes FROM resource WHERE id = ?", made) == [("Tuesdays",)]
