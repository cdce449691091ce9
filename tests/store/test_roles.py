"""Roles as they are listed, who has them, and who could."""

from dashboard.actions.logins import add_login, set_active
from dashboard.actions.roles import add_role, delete_role, give_role
from dashboard.core.roles import Editors
from dashboard.store import roles
from tests.factories import a_person, by_hand


def names(store, read, *arguments):
    with store.reading() as connection:
        found = read(connection, *arguments)
    return [person.name for person in (found[0] if isinstance(found[-1], bool) else found)]


def staff(store, *people):
    """People who work here, without a role; their ids begin with 3."""
    for number, name in enumerate(people):
        a_person(store, name, f"+1603555{200 + number:04}", "resource")


def test_a2_roles_are_listed_by_name_however_it_is_written(store):
    for name in ("étude", "Zebra", "apple", "Éclair"):
        add_role(store, name, by=1)
    assert names(store, roles.roles) == ["Administrator", "apple", "Dispatcher", "Éclair", "étude", "Zebra"]


def test_a_role_that_came_with_the_migration_was_changed_by_nobody(store):
    by_hand(store, "UPDATE role SET revision = 0 WHERE id = 2")
    with store.reading() as connection:
        row = roles.role(connection, 2)
    assert (row.name, row.changed_at, row.changed_by, row.people) == ("Dispatcher", None, None, 1)


def test_those_who_have_a_role_are_listed_the_disabled_last(store):
    staff(store, "Zoe", "Ann", "Bea")
    for person in (3, 4, 5):
        give_role(store, 2, person, by=1)
    add_login(store, "Ann", "ann", "hash")
    set_active(store, "ann", False)
    assert names(store, roles.holders, 2, 10) == ["Bea", "Marcus Bell", "Zoe", "Ann"]
    assert names(store, roles.holders, 2, 2) == ["Bea", "Marcus Bell"]
    with store.reading() as connection:
        last = roles.holders(connection, 2, 10)[-1]
        assert (last.active, last.has_login, last.role) == (False, True, "Dispatcher")
        assert roles.role(connection, 2).people == 4


def test_type_ahead_finds_who_does_not_have_the_role_by_every_word(store):
    staff(store, "Ana Díaz", "Ben 100% Ito", "Ana Ito")
    assert names(store, roles.without, 2, "", 10) == ["Ana Díaz", "Ana Ito", "Ben 100% Ito", "Dana Whitcomb"]
    assert names(store, roles.without, 2, "DIAZ ana", 10) == ["Ana Díaz"]
    assert names(store, roles.without, 2, "%", 10)[2:] == ["Ben 100% Ito", "Dana Whitcomb"]
    with store.reading() as connection:
        found, more = roles.without(connection, 2, "ana", 2)
    assert ([person.name for person in found], more) == (["Ana Díaz", "Ana Ito"], True)


def test_a_role_that_is_deleted_is_a_change_though_it_leaves_no_revision(store):
    def last():
        with store.reading() as connection:
            return roles.last_change(connection)

    first = last()
    made = add_role(store, "Night", by=1)
    second = last()
    delete_role(store, made.id, seen=made.revision, by=1)
    assert len({first, second}) == 2
    assert last() == first  # nothing is there that was not there then


def test_editors_are_those_who_are_active_and_have_the_right(store):
    def now():
        with store.reading() as connection:
            return roles.editors(connection)

    assert now() == Editors(True, True)
    by_hand(store, "UPDATE resource SET login = NULL WHERE id = 1")
    assert now() == Editors(True, False)
    by_hand(store, "UPDATE resource SET active = ? WHERE id = 1", False)
    assert now() == Editors(False, False)
