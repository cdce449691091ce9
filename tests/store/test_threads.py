"""The list of threads: which are on a tab, in which order, how many; windows of it; and what a search finds."""

import pytest
from sqlalchemy import select

from dashboard.actions import threads as acts
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.tables import THREAD
from dashboard.core.values import Key
from dashboard.core.views import View
from dashboard.store import threads
from tests.factories import (
    a_person,
    a_reply,
    a_store,
    a_text,
    a_town,
    asked,
    badge,
    chosen,
    counted,
    dana,
    fails,
    found,
    listed,
    pass_a_minute,
    plan,
)


def all_fail(store):
    """Every text of ours fails."""
    for (message,) in asked(store, "SELECT id FROM message WHERE direction = 'outbound'"):
        fails(store, message)


def removed(store, *ids):
    return acts.remove(store, chosen(store, *ids), by=dana(store).id)


def windows(store, view, size):
    """The rows of a view, read window by window, each from the last row of the one before."""
    seen, start = [], None
    with store.reading() as connection:
        while True:
            rows = threads.rows(connection, view, start, size)
            new = [row for row in rows if row not in seen]
            if not new:
                return seen
            seen += new
            start = rows[-1].key


def test_received_shows_threads_with_an_inbound_text_newest_first(store):  # A14
    town = a_town(store)
    a_text(store, "+16035550140", "Ana again")
    rows = listed(store)
    assert [row.id for row in rows] == [town["Ana Díaz"], town["(603) 555-0143"], town["Cody Marsh"], town["Ben Ito"]]
    assert rows[0].text == "Ana again"


def test_sent_shows_threads_with_an_outbound_text_newest_first(store):  # A15
    town = a_town(store)
    a_reply(store, town["Cody Marsh"], "First")
    pass_a_minute(store)
    a_reply(store, town["Ana Díaz"], "Second")
    assert [(row.name, row.text) for row in listed(store, tab="sent")] == [
        ("Ana Díaz", "Second"),
        ("Cody Marsh", "First"),
    ]


def test_a_thread_can_be_on_both_tabs_and_each_previews_its_own_side(store):  # A15
    thread = a_text(store, body="theirs").thread
    a_reply(store, thread, "ours")
    (received,), (sent,) = listed(store), listed(store, tab="sent")
    assert received.id == sent.id == thread
    assert (received.text, sent.text) == ("theirs", "ours")


def test_a_reply_does_not_move_a_thread_on_received(store):
    first, second = a_text(store, "+16035550142"), a_text(store, "+16035550143")
    a_reply(store, first.thread)
    assert [row.id for row in listed(store)] == [second.thread, first.thread]


def test_texts_of_the_same_moment_are_in_the_order_they_came(store):
    ids = [a_text(store, f"+16035550{number}").thread for number in range(140, 150)]
    assert [row.id for row in listed(store)] == ids[::-1]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("key", FILTERS)
def test_a_filter_shows_its_kinds_on_both_tabs_and_counts_them(store, tab, key):  # A20 to A23
    for thread in a_town(store).values():
        a_reply(store, thread)
    if FILTERS[key].removed:
        removed(store, *(row.id for row in listed(store)))
    if FILTERS[key].failed:
        all_fail(store)
    rows = listed(store, tab=tab, filter=key)
    assert {row.kind for row in rows} == set(FILTERS[key].kinds)
    assert counted(store, tab=tab, filter=key) == len(rows) == len(FILTERS[key].kinds)


def test_the_removed_ones_stand_with_the_last_removed_first(store):
    town = a_town(store)
    for name in ("Ben Ito", "Ana Díaz", "Cody Marsh"):
        pass_a_minute(store)
        removed(store, town[name])
    assert [row.name for row in listed(store, filter="removed")] == ["Cody Marsh", "Ana Díaz", "Ben Ito"]
    assert found(store, "ito", filter="removed") == ["Ben Ito"]
    assert found(store, "603 555", filter="removed") == ["Ana Díaz", "Ben Ito", "Cody Marsh"]
    view = View(filter="removed")
    assert windows(store, view, 2) == list(listed(store, filter="removed"))


def test_the_badge_counts_messages_of_the_whole_inbox_but_the_removed(store):  # A16
    town = a_town(store)
    a_text(store, "+16035550140")
    assert badge(store) == 5
    removed(store, town["Ana Díaz"])
    assert badge(store) == 3
    a_text(store, "+16035550140")  # it returns with all that is unread
    assert badge(store) == 6


def test_the_unread_view_shows_what_is_unread_and_what_was_since(store):  # A16
    read, unread, later = (a_text(store, f"+16035550{number}").thread for number in (140, 141, 142))
    acts.open_thread(store, read, by=1)
    view = View().unread(store.revision())
    acts.open_thread(store, later, by=1)
    with store.reading() as connection:
        assert [row.id for row in threads.rows(connection, view, None, 9)] == [later, unread]
        assert threads.count(connection, view) == 2


def test_a_row_says_how_much_of_it_is_unread(store):  # A17
    thread = a_text(store).thread
    a_text(store)
    assert listed(store)[0].unread == 2
    acts.open_thread(store, thread, by=1)
    assert listed(store)[0].unread == 0


@pytest.mark.parametrize("size", [3, 7])
@pytest.mark.parametrize("view", [View(), View(filter="accounts"), View(query="603555"), View(unread_since=0)], ids=str)
def test_windows_put_together_are_the_whole_list(store, view, size):
    for number in range(12):
        a_person(store, f"Person {number}", f"+1603555{number:04}", ("client", "lead", "resource")[number % 3])
        a_text(store, f"+1603555{number:04}")
        if number % 4:
            pass_a_minute(store)  # the others share their time
    with store.reading() as connection:
        whole = list(threads.rows(connection, view, None, 1000))
        assert threads.count(connection, view) == len(whole) > size
    assert windows(store, view, size) == whole


def test_a_place_says_how_many_rows_are_above_it(store):
    for number in range(10):
        a_text(store, f"+1603555{number:04}")
    with store.reading() as connection:
        rows = threads.rows(connection, View(), None, 10)
        for index in range(10):
            start = threads.place(connection, View(), index)
            assert threads.above(connection, View(), start) == index
            assert threads.rows(connection, View(), start, 1) == (rows[index],)
        assert threads.place(connection, View(), 99) is None


def test_a_window_stays_where_it_is_when_texts_come_in_above_it(store):
    for number in range(6):
        a_text(store, f"+1603555{number:04}")
    with store.reading() as connection:
        start = threads.place(connection, View(), 3)
        before = threads.rows(connection, View(), start, 3)
    a_text(store, "+16035550199")
    with store.reading() as connection:
        assert threads.rows(connection, View(), start, 3) == before
        assert threads.above(connection, View(), start) == 4


ANAS_NUMBER = [
    "+16035550142", "16035550142", "6035550142", "(603) 555-0142", "603.555.0142", "603 555 0142", "555-0142",
    "55501", "(603)", "5550", "603", "0142", "011 1 603 555 0142", "６０３５５５０１４２",
]  # fmt: skip


@pytest.mark.parametrize("typed", ANAS_NUMBER)
def test_a_search_finds_a_number_typed_in_any_way_and_any_part_of_it(store, typed):  # A24
    a_text(store, a_person(store))
    a_text(store, "+447700900999")
    assert found(store, typed) == ["Ana Díaz"]


def test_a_search_understands_a_number_as_our_country_writes_it(url):  # A24
    with a_store(url) as store:
        store.region = "GB"
        a_text(store, a_person(store, "Nia Rees", "+447700900123"))
        assert found(store, "07700 900123") == ["Nia Rees"]


@pytest.mark.parametrize(
    "typed", ["Ana Díaz", "ana diaz", "ANA", "díaz", "Diaz", "DI\u0301AZ", "iaz", "a d", "an", "d", "  ana   diaz "]
)
def test_a_search_finds_any_part_of_a_name_with_or_without_accents(store, typed):  # A25
    a_text(store, a_person(store))
    a_text(store, a_person(store, "Bo Kim", "+447700900999"))
    assert found(store, typed) == ["Ana Díaz"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Seamus O'Brien", "obrien"), ("Seamus O'Brien", "o’brien"), ("Seamus OBrien", "O'Bri"), ("Jean-Luc", "jean luc"), ("Straße", "strasse"),
     ("Łukasz", "lukasz"), ("王小明店", "小明店"), ("Zoë 🌻 Blum", "zoe"), ("50% Off", "50"), ('The "Inn"', '"inn"'), ("A_B Lawn", "b lawn")],
)  # fmt: skip
def test_a_search_finds_a_name_as_people_type_it(store, name, typed):  # A25
    a_text(store, a_person(store, name, "+447700900123"))
    assert found(store, typed) == [name]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("an", ["Ana Díaz"]),
        ("di", ["Ana Díaz"]),
        ("ia", []),
        ("42", ["Ana Díaz"]),
        ("55", []),
        ("2", ["Ana Díaz"]),
        ("b", ["Bo Kim"]),
    ],
)
def test_a_short_query_matches_the_start_of_words_and_the_last_digits(store, typed, names):  # A26
    a_text(store, a_person(store))
    a_text(store, a_person(store, "Bo Kim", "+447700900999"))
    assert found(store, typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        "%%%",
        "'",
        '"',
        "***",
        "a*z",
        "NOT ana",
        "name_folded : ana",
        "ana OR bo",
        "\\",
        "(",
        ";--",
        "\u0000",
        "🌻",
        "🌻🌻🌻",
        "x" * 200,
    ],
)
def test_a_query_is_only_ever_text(store, typed):
    a_text(store, a_person(store))
    a_text(store, a_person(store, "Bo Kim", "+447700900999"))
    assert found(store, typed) == []


def test_a_search_also_finds_removed_threads_and_says_so(store):  # A26
    removed(store, a_text(store, a_person(store)).thread)
    assert listed(store) == ()
    (row,) = listed(store, query="ana")
    assert row.removed
    assert (counted(store, query="ana"), badge(store)) == (1, 0)


def test_a_search_looks_within_tab_and_filter(store):  # A26
    thread = a_text(store, a_person(store)).thread
    assert found(store, "ana", tab="sent") == found(store, "ana", filter="resources") == []
    a_reply(store, thread)
    assert found(store, "ana", tab="sent") == found(store, "ana", filter="accounts") == ["Ana Díaz"]


def test_a_search_finds_a_name_that_was_recorded_after_the_text(store):
    a_text(store, "+16035550142")
    assert found(store, "ana") == []
    a_person(store)
    assert found(store, "ana") == ["Ana Díaz"]


def test_an_unknown_number_is_shown_as_the_number_and_a_sender_as_its_name(store):  # B7
    a_text(store, "+16035550142")
    a_text(store, "Pharmacy")
    assert [(row.name, row.kind) for row in listed(store)] == [("Pharmacy", "unknown"), ("(603) 555-0142", "unknown")]
    assert found(store, "pharm") == ["Pharmacy"]


@pytest.mark.sqlite
@pytest.mark.parametrize("view", [View(tab, key) for tab in TABS for key in FILTERS], ids=str)
def test_a_page_of_the_list_is_one_range_of_an_index(store, view):
    a_town(store)
    start = Key(store.clock(), 99)
    for first in (None, start):
        steps = plan(store, lambda connection, first=first: threads.rows(connection, view, first, 100))
        assert "USING INDEX thread_" in steps
        assert "TEMP B-TREE" not in steps


@pytest.mark.sqlite
def test_the_threads_of_an_address_are_found_by_an_index(store):
    here = select(THREAD.c.id).where(THREAD.c.address == "+16035550142")
    assert "USING COVERING INDEX ix_thread_address" in plan(store, lambda connection: connection.execute(here).all())


@pytest.mark.sqlite
@pytest.mark.parametrize("query", ["ana", "an", "a", "603 555", "42", "2"])
def test_a_search_is_answered_by_the_trigram_index(store, query):
    a_text(store, a_person(store))
    steps = plan(store, lambda connection: threads.rows(connection, View(query=query), None, 100))
    assert "thread_search VIRTUAL TABLE INDEX" in steps
    assert "SCAN thread" not in steps.replace("SCAN thread_search", "").replace("SCAN thread USING INDEX", "")
