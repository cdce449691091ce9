"""Roles: made, copied, renamed, changed, deleted, given and taken; and what of that the log tells."""

import pytest

from dashboard.actions.logins import add_login, set_active
from dashboard.actions.roles import add_role, copy_role, delete_role, give_role, rename_role, set_rights, take_role
from dashboard.core.errors import Forbidden, Moved, NotFound, Refused
from dashboard.core.rights import DOCUMENTS, EVERY, RESOURCES, ROLES, SEND, VIEW
from dashboard.store import people, roles
from dashboard.store.rights import held
from tests.factories import a_person, asked, read, sound

ADMINISTRATORS, DISPATCHERS = 1, 2  # the roles of Dana (1) and Marcus (2)


def known(store, role):
    with store.reading() as connection:
        return roles.role(connection, role)


def may(store, resource):
    with store.reading() as connection:
        return held(connection, resource)


def told(store):
    """The last row of the log: the action, who acted, and the details."""
    action, by, details = asked(store, "SELECT action, by_id, details FROM change ORDER BY revision DESC LIMIT 1")[0]
    return action, by, read(details)


def changed(store, table, id_):
    return asked(store, f"SELECT revision FROM {table} WHERE id = {id_}")[0][0]


def test_a2_a_role_is_made_with_no_rights_and_the_log_tells(store):
    made = add_role(store, "  Night   watch ", by=1)
    row = known(store, made.id)
    assert (row.name, row.rights, row.people, row.changed_by) == ("Night watch", frozenset(), 0, "Dana Whitcomb")
    assert row.revision == made.revision == store.revision()
    assert told(store) == ("add_role", 1, {"role": made.id, "name": "Night watch", "added": []})
    assert sound(store)


def test_a2_a_copy_may_do_what_the_first_may(store):
    made = copy_role(store, DISPATCHERS, "Night dispatcher", by=1)
    assert known(store, made.id).rights == known(store, DISPATCHERS).rights
    assert told(store)[2]["copied"] == {"role": DISPATCHERS, "name": "Dispatcher"}


def test_a2_boxes_are_ticked_and_unticked_and_hold_at_once(store):
    before = known(store, DISPATCHERS)
    saved = set_rights(store, DISPATCHERS, before.rights - {SEND} | {ROLES}, seen=before.revision, by=1)
    assert (SEND in may(store, 2), ROLES in may(store, 2)) == (False, True)
    assert changed(store, "role", DISPATCHERS) == saved.revision == store.revision()
    action, by, details = told(store)
    assert (action, by, details["added"], details["taken"]) == ("set_rights", 1, [ROLES], [SEND])
    assert (details["name"], details["before"]) == ("Dispatcher", {"rights": sorted(before.rights)})


def test_a4_without_view_the_rest_counts_for_nothing_and_is_not_forgotten(store):
    before = known(store, DISPATCHERS)
    saved = set_rights(store, DISPATCHERS, before.rights - {VIEW}, seen=before.revision, by=1)
    assert may(store, 2) == {DOCUMENTS, RESOURCES}
    set_rights(store, DISPATCHERS, before.rights, seen=saved.revision, by=1)
    assert may(store, 2) == before.rights


def test_saving_what_is_there_already_leaves_no_trace(store):
    before, at = known(store, DISPATCHERS), store.revision()
    set_rights(store, DISPATCHERS, before.rights, seen=before.revision, by=1)
    rename_role(store, DISPATCHERS, "Dispatcher ", seen=before.revision, by=1)
    give_role(store, DISPATCHERS, 2, by=1)
    take_role(store, DISPATCHERS, 1, by=1)
    assert store.revision() == at


def test_what_somebody_else_has_changed_since_is_not_written_over(store):
    give_role(store, ADMINISTRATORS, 2, by=1)
    seen = known(store, DISPATCHERS).revision
    saved = set_rights(store, DISPATCHERS, frozenset({VIEW}), seen=seen, by=2)
    for act in (
        lambda: set_rights(store, DISPATCHERS, EVERY, seen=seen, by=1),
        lambda: rename_role(store, DISPATCHERS, "x", seen=seen, by=1),
        lambda: delete_role(store, DISPATCHERS, seen=seen, by=1),
    ):
        with pytest.raises(Moved, match="Marcus Bell has changed") as moved:
            act()
        assert moved.value.seen == saved.revision
    assert known(store, DISPATCHERS).rights == {VIEW}


@pytest.mark.parametrize("name", ["dispatcher", " DISPATCHER. ", "Dispatchér"])
def test_a_name_that_people_would_take_for_another_is_refused(store, name):
    seen = store.revision()
    for act in (
        lambda: add_role(store, name, by=1),
        lambda: copy_role(store, ADMINISTRATORS, name, by=1),
        lambda: rename_role(store, ADMINISTRATORS, name, seen=seen, by=1),
    ):
        with pytest.raises(Refused, match="“Dispatcher” already"):
            act()
    assert store.revision() == seen


def test_names_of_signs_only_are_names_too(store):
    add_role(store, "★", by=1)
    add_role(store, "!!", by=1)
    with pytest.raises(Refused, match="already"):
        add_role(store, "!!", by=1)


def test_a_role_may_be_called_by_its_own_name_otherwise_written(store):
    rename_role(store, DISPATCHERS, "DISPATCHER", seen=store.revision(), by=1)
    assert known(store, DISPATCHERS).name == "DISPATCHER"
    assert told(store)[2] == {"role": DISPATCHERS, "name": "DISPATCHER", "before": {"name": "Dispatcher"}}


def test_a_right_that_there_is_not_is_refused(store):
    with pytest.raises(NotFound, match="no right “fly”"):
        set_rights(store, DISPATCHERS, frozenset({VIEW, "fly"}), seen=store.revision(), by=1)


def test_a_role_that_somebody_has_is_not_deleted(store):
    with pytest.raises(Refused, match="1 person has this role"):
        delete_role(store, DISPATCHERS, seen=store.revision(), by=1)
    take_role(store, DISPATCHERS, 2, by=1)
    delete_role(store, DISPATCHERS, seen=store.revision(), by=1)
    assert known(store, DISPATCHERS) is None
    assert told(store)[2]["before"]["name"] == "Dispatcher"


def test_what_is_gone_is_told(store):
    for act in (
        lambda: set_rights(store, 99, EVERY, seen=store.revision(), by=1),
        lambda: copy_role(store, 99, "x", by=1),
        lambda: give_role(store, 99, 2, by=1),
    ):
        with pytest.raises(NotFound, match="has deleted this role"):
            act()
    with pytest.raises(NotFound, match="Nobody of that number"):
        give_role(store, DISPATCHERS, 99, by=1)


def test_a_role_is_given_in_place_of_another_and_taken(store):
    made = add_role(store, "Night", by=1).id
    assert give_role(store, made, 2, by=1) == "Dispatcher"
    assert changed(store, "resource", 2) == store.revision()
    details = {"role": made, "name": "Night", "resource": 2, "person": "Marcus Bell"}
    assert told(store) == ("give_role", 1, details | {"before": {"role": "Dispatcher"}})
    take_role(store, made, 2, by=1)
    assert told(store) == ("take_role", 1, details)
    assert (may(store, 2), changed(store, "resource", 2)) == (frozenset(), store.revision())


def test_taking_a_role_that_was_changed_for_another_takes_nothing(store):
    made = add_role(store, "Night", by=1).id
    give_role(store, made, 2, by=1)
    take_role(store, DISPATCHERS, 2, by=1)
    with store.reading() as connection:
        assert people.person(connection, 2).role == "Night"


def test_whoever_works_here_is_given_a_role_without_a_login_and_not_when_disabled(store):
    a_person(store, "Cody Marsh", kind="resource")
    give_role(store, DISPATCHERS, 3, by=1)
    assert VIEW in may(store, 3)
    add_login(store, "Cody Marsh", "cody", "hash")
    set_active(store, "cody", False)
    with pytest.raises(Refused, match="Cody Marsh is disabled"):
        give_role(store, ADMINISTRATORS, 3, by=1)


def test_a_last_editor_is_never_lost(store):
    every = known(store, ADMINISTRATORS)
    seen = every.revision
    other = add_role(store, "Other", by=1).id
    for act in (
        lambda: set_rights(store, ADMINISTRATORS, EVERY - {ROLES}, seen=seen, by=1),
        lambda: take_role(store, ADMINISTRATORS, 1, by=1),
        lambda: give_role(store, other, 1, by=1),
    ):
        with pytest.raises(Refused, match="Nobody could edit roles any more"):
            act()
    assert known(store, ADMINISTRATORS) == every
    give_role(store, ADMINISTRATORS, 2, by=1)
    take_role(store, ADMINISTRATORS, 1, by=1)
    assert ROLES not in may(store, 1)


def test_the_last_editor_who_can_log_in_is_not_lost_for_one_who_cannot(store):
    a_person(store, "Cody Marsh", kind="resource")
    give_role(store, ADMINISTRATORS, 3, by=1)
    with pytest.raises(Refused, match="Nobody who can log in"):
        take_role(store, ADMINISTRATORS, 1, by=1)
    give_role(store, ADMINISTRATORS, 2, by=1)
    take_role(store, ADMINISTRATORS, 1, by=1)


def test_who_may_not_edit_roles_changes_none(store):
    seen = store.revision()
    for act in (
        lambda: add_role(store, "x", by=2),
        lambda: copy_role(store, ADMINISTRATORS, "x", by=2),
        lambda: rename_role(store, DISPATCHERS, "x", seen=seen, by=2),
        lambda: set_rights(store, DISPATCHERS, EVERY, seen=seen, by=2),
        lambda: delete_role(store, DISPATCHERS, seen=seen, by=2),
        lambda: give_role(store, ADMINISTRATORS, 2, by=2),
        lambda: take_role(store, ADMINISTRATORS, 1, by=2),
    ):
        with pytest.raises(Forbidden, match="“Edit Roles”"):
            act()
    assert store.revision() == seen
