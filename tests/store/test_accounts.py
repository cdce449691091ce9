"""What stands above a conversation, and who is found by a part of a name or number, however many there are."""

import pytest

from dashboard.actions.accounts import add_account
from dashboard.actions.resources import add_resource
from dashboard.store.accounts import colleague, look_up, overview
from tests.factories import a_person, a_text, by_hand, plan

NAMES = ("Zoë Krüger O’Hara-Lindström", "Ana Díaz", "Mariana Costa", "Diana Ana Prince", "Ben Ito")


@pytest.fixture
def people(store):
    for number, name in enumerate(NAMES):
        add_account(store, {"name": name, "phones": f"603 555 014{number}\n802 555 016{number}"}, by=1)
    add_resource(store, {"name": "Anatole Reed", "phones": "603 555 0150"}, by=1)
    return store


def names(store, query, limit=10, **options):
    with store.reading() as connection:
        return [hit.name for hit in look_up(connection, query, limit, **options)[0]]


@pytest.mark.parametrize(
    "query", ["zoe", "KRÜGER", "kruger", "rüg", "ohara", "o'hara", "lind", "zo", "k", "hara lind", "  zoë   krüger "]
)
def test_a_name_is_found_by_any_part_in_any_case_with_or_without_accents(people, query):
    assert names(people, query) == [NAMES[0]]


def test_a_text_pasted_into_the_search_is_looked_for_by_its_start(store):
    for name in ("W" * 200, "\ufffd\ufffd"):
        add_account(store, {"name": name}, by=1)
    assert names(store, "W" * 65_536) == ["W" * 200]
    assert names(store, "5" * 65_536) == []
    assert names(store, "\x00\ud800") == ["\ufffd\ufffd"], "what no database holds is looked for as it is kept"


@pytest.mark.parametrize("query", ["(802) 555-0163", "+18025550163", "8025550163", "802 555 0163", "50163", "0163"])
def test_a_number_is_found_typed_in_any_way_any_part_of_it(people, query):
    with people.reading() as connection:
        ((hit,), more) = look_up(connection, query, 10)
    assert (hit.name, hit.addresses, more) == ("Diana Ana Prince", ("+18025550163",), False)


@pytest.mark.parametrize(("query", "found"), [("63", [NAMES[3]]), ("4", [NAMES[4]]), ("55", [])])
def test_of_a_number_the_last_digits_are_enough(people, query, found):
    assert [name for name in names(people, query) if name in NAMES] == found


def test_a_start_of_the_name_comes_before_a_start_of_a_word_and_that_before_the_rest(people):
    assert names(people, "ana") == ["Ana Díaz", "Anatole Reed", "Diana Ana Prince", "Mariana Costa", "Dana Whitcomb"]


def test_what_there_is_no_room_for_is_told(people):
    with people.reading() as connection:
        found, more = look_up(connection, "ana", 2)
    assert (len(found), more) == (2, True)
    assert names(people, "ana", 3) == names(people, "ana")[:3]


def test_accounts_alone_can_be_looked_for_and_who_works_here_no_more_is_not_found(people):
    assert "Anatole Reed" not in names(people, "ana", accounts_only=True)
    by_hand(people, "UPDATE resource SET active = FALSE WHERE name = 'Anatole Reed'")
    assert "Anatole Reed" not in names(people, "ana")


@pytest.mark.parametrize("query", ["", " ", "nobody", "%", "_", "''", '"', "* OR a", "\x00"])
def test_what_nobody_is_called_finds_nobody(people, query):
    assert names(people, query) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("query", ["an", "ana", "ana dia", "603", "42", "+1 (603) 555-0142"])
def test_no_table_is_walked_through(people, query):
    steps = plan(people, lambda connection: look_up(connection, query, 3))
    assert "SCAN account" not in steps.replace("SCAN account_search", "")


def test_a_thread_has_its_accounts_overview_or_its_resource_or_neither(store):
    threads = [a_text(store, a_person(store, name, phone, kind)).thread for name, phone, kind in (
        ("Ana Díaz", "+16035550142", "client"), ("Cody Marsh", "+16035550143", "resource"),
    )] + [a_text(store, "+16035550144").thread]  # fmt: skip
    with store.reading() as connection:
        cards = [(overview(connection, thread), colleague(connection, thread)) for thread in threads]
    assert [(a and a.name, r and r.name) for a, r in cards] == [("Ana Díaz", None), (None, "Cody Marsh"), (None, None)]
    assert cards[0][0].phones == ("+16035550142",)


def test_the_accounts_with_one_number_are_candidates(store):  # B7
    for name in ("Ana Díaz", "Luis Díaz"):
        a_person(store, name)
    with store.reading() as connection:
        card = overview(connection, a_text(store).thread)
    assert ([one.name for one in card.candidates], card.chosen) == (["Ana Díaz", "Luis Díaz"], False)
