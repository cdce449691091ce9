"""Text documents as they are listed, searched and filled."""

from zoneinfo import ZoneInfo

import pytest

from dashboard.actions.accounts import add_account
from dashboard.core.documents import Facts
from dashboard.store.database import Store
from dashboard.store.documents import count, facts, page
from tests.factories import a_document, a_text, a_town, by_hand, plan


def titles(store, query="", limit=3):
    """What a list shows, page by page."""
    found, after = [], None
    while True:
        with store.reading() as connection:
            shown = page(connection, query, after, limit)
        found.append([row.title for row in shown.documents])
        after = shown.following
        if after is None:
            return found


def known(store, thread, resource=1):
    with store.reading() as connection:
        return facts(connection, thread, resource)


def test_a48_documents_are_listed_by_title_a_page_at_a_time(store):
    for title in ("snow", "Étude", "Apple", "zebra", "Éclair", "apple", "balance"):
        a_document(store, title)
    assert titles(store) == [["Apple", "apple", "balance"], ["Éclair", "Étude", "snow"], ["zebra"]]


@pytest.mark.parametrize(
    "query", ["ab " * 20_000, "\ufdfa" * 200, "x" * 65_536, " ".join(map(chr, range(0x3300, 0x3357)))]
)
def test_a_text_pasted_into_the_search_is_looked_for_by_its_start(store, query):
    """A condition for each of its words took seconds, or was too much for SQLite; U+FDFA alone is four words."""
    a_document(store, "Much", query[:1000])
    a_document(store, "Snow", "It snows")
    assert titles(store, query) == [["Much"]]
    with store.reading() as connection:
        assert count(connection, query) == 1


def test_a45_a_search_finds_every_word_in_title_or_text_and_titles_come_first(store):
    a_document(store, "Zwei", "The snow is here tonight")
    a_document(store, "Snow tonight", "Cars off the drive")
    a_document(store, "A snow day", "No work")
    assert titles(store, "snow") == [["A snow day", "Snow tonight", "Zwei"]]
    assert titles(store, "TONIGHT snow") == [["Snow tonight", "Zwei"]]
    assert titles(store, "rain") == [[]]


def test_a45_a_search_goes_on_where_its_page_ended(store):
    for number in range(7):
        a_document(store, f"{number} plow" if number % 2 else f"{number}", "plow" if number % 2 == 0 else "x")
    assert titles(store, "plow", 2) == [["1 plow", "3 plow"], ["5 plow", "0"], ["2", "4"], ["6"]]


@pytest.mark.parametrize("query", ["%", "_", "100%", '"', "'; DROP TABLE", "\\"])
def test_a_search_takes_every_character_for_itself(store, query):
    a_document(store, "Plain", "text")
    assert titles(store, query) in ([[]], [["Plain"]])
    with store.reading() as connection:
        assert count(connection, query) == sum(map(len, titles(store, query)))


@pytest.mark.sqlite
def test_a_list_is_one_range_of_an_index_however_long(store):
    a_document(store)
    assert "USING INDEX text_document_order" in plan(store, lambda connection: page(connection, "", None, 20))


def test_b8_fields_are_filled_from_the_account_and_the_user(store):
    town = a_town(store)
    by_hand(store, "UPDATE account SET balance = 14850, email = 'ana@example.com' WHERE name = 'Ana Díaz'")
    assert known(store, town["Ana Díaz"]) == Facts(
        "Ana Díaz", "(603) 555-0140", "ana@example.com", "", 14850, "", "Dana Whitcomb"
    )


def test_b8_a_colleague_and_an_unknown_number_have_no_account(store):
    town = a_town(store)
    cody, nobody = known(store, town["Cody Marsh"]), known(store, town["(603) 555-0143"], None)
    assert (cody.name, cody.balance) == ("Cody Marsh", None)
    assert nobody == Facts(number="(603) 555-0143")
    assert known(store, 999) is None


def test_b8_the_next_visit_is_the_accounts_next_job(store):
    add_account(store, {"name": "Ana Díaz", "phones": "+16035550142", "next_job": "2026-12-01 08:00 Plow"}, by=1)
    assert known(store, a_text(store).thread).next_visit == "Tuesday, December 1"


def test_b8_the_next_visit_is_told_by_the_clock_of_the_zone_that_is_set(url, clock):
    there = Store(url, clock=clock, zone=ZoneInfo("Australia/Sydney"))
    early = "2026-12-02T21:00:00Z Plow"  # 8 in the morning there, the evening before elsewhere
    add_account(there, {"name": "Ana Díaz", "phones": "+16035550142", "next_job": early}, by=1)
    assert known(there, a_text(there).thread).next_visit == "Thursday, December 3"
    there.close()
