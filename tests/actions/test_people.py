"""Recording people: once, under their numbers; threads that were nobody's get their name."""

import pytest

from dashboard.actions.people import add_people
from dashboard.core.people import PersonRow
from dashboard.store.people import everybody, person
from tests.factories import a_person, a_text, above, asked, by_hand, counted, found, listed, read, sound

ANA = PersonRow("Ana Díaz", "+16035550142", "client", "ana@example.com", "12 Elm St", ("snow",), 14850, "Dog")


def people(store):
    with store.reading() as connection:
        return everybody(connection)


def test_an_account_is_recorded_with_all_that_is_known(store):
    assert add_people(store, (ANA,)) == 1
    (*values, tags) = asked(store, "SELECT kind, name, email, address, balance, notes, tags FROM account")[0]
    assert values == ["client", "Ana Díaz", "ana@example.com", "12 Elm St", 14850, "Dog"]
    assert read(tags) == ["snow"]


def test_recording_twice_changes_nothing(store):
    add_people(store, (ANA,))
    before = store.revision()
    assert add_people(store, (ANA,)) == 0
    assert store.revision() == before


def test_somebody_who_is_listed_twice_is_recorded_once(store):
    assert add_people(store, (ANA, ANA)) == 1
    assert asked(store, "SELECT count(*) FROM account") == [(1,)]


def test_two_people_may_share_a_number_and_the_first_names_the_thread(store):  # B7
    a_person(store, "Ana Díaz")
    a_person(store, "Luis Díaz")
    assert asked(store, "SELECT count(*) FROM account") == [(2,)]
    assert above(store, a_text(store).thread).name == "Ana Díaz"


def test_an_account_names_a_thread_before_a_resource(store):
    a_person(store, "Cody Marsh", kind="resource")
    a_person(store, "Ana Díaz")
    assert above(store, a_text(store).thread).name == "Ana Díaz"


@pytest.mark.parametrize("kind", ["client", "lead", "resource"])
def test_a_thread_of_an_unknown_number_gets_the_name_that_is_recorded(store, kind):  # B7
    thread = a_text(store).thread
    assert above(store, thread).kind == "unknown"
    a_person(store, kind=kind)
    head = above(store, thread)
    assert (head.name, head.kind) == ("Ana Díaz", kind)
    assert counted(store, filter="unknown") == 0
    assert sound(store)


def test_a_thread_that_has_a_name_keeps_it(store):
    a_person(store, "Ana Díaz")
    thread = a_text(store).thread
    a_person(store, "Luis Díaz")
    assert above(store, thread).name == "Ana Díaz"


def test_who_has_a_role_can_act_and_comes_first(store):
    a_person(store, "Cody Marsh", kind="resource")
    add_people(store, (PersonRow("Priya Raman", "+16035550103", "resource", work="office", role="Dispatcher"),))
    assert [(who.name, who.role) for who in people(store)] == [
        ("Dana Whitcomb", "Administrator"), ("Marcus Bell", "Dispatcher"), ("Priya Raman", "Dispatcher"), ("Cody Marsh", None),
    ]  # fmt: skip
    assert asked(store, "SELECT count(*) FROM role") == [(2,)]


def test_who_no_longer_works_here_cannot_act(store):
    by_hand(store, "UPDATE resource SET active = FALSE WHERE id = 2")
    with store.reading() as connection:
        assert person(connection, 2) is None
        assert person(connection, 1).name == "Dana Whitcomb"
    assert [who.name for who in people(store)] == ["Dana Whitcomb"]


def test_a_new_name_is_found_and_the_list_shows_it(store):
    a_text(store)
    a_person(store, "Zoë Łukasz")
    assert listed(store)[0].name == "Zoë Łukasz"
    assert found(store, "lukasz") == ["Zoë Łukasz"]
