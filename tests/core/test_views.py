"""A view: what the address of an inbox says, checked, and what a change of it leaves behind."""

import pytest

from dashboard.core.errors import Refused
from dashboard.core.filters import FILTERS, KINDS, TABS
from dashboard.core.text import QUERY_LIMIT
from dashboard.core.views import View


def test_the_tabs_and_filters_are_those_of_the_product():
    assert [tab.label for tab in TABS.values()] == ["Received", "Sent"]
    labels = ["All", "Clients & Leads", "Resources", "Unknown numbers", "Failed", "Removed"]
    assert [entry.label for entry in FILTERS.values()] == labels


def test_every_kind_is_in_all_and_in_exactly_one_other_filter_of_kinds():
    narrow = [
        kind for entry in FILTERS.values() if entry.key not in ("all", "failed", "removed") for kind in entry.kinds
    ]
    assert FILTERS["all"].kinds == KINDS
    assert sorted(narrow) == sorted(KINDS)


@pytest.mark.parametrize("key", FILTERS)
@pytest.mark.parametrize("tab", TABS)
def test_each_view_says_in_a_sentence_what_it_shows(tab, key):
    sentence = View.checked(tab, key, "ana").sentence
    assert TABS[tab].sentence in sentence
    assert FILTERS[key].sentence in sentence
    assert "“ana”" in sentence


@pytest.mark.parametrize(
    ("tab", "filter"), [("inbox", "all"), ("received", "friends"), ("", "all"), ("x" * 500, "all")]
)
def test_a_tab_or_filter_that_there_is_not_is_refused_with_those_there_are(tab, filter):
    with pytest.raises(Refused, match="choose one of") as refusal:
        View.checked(tab, filter)
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("typed", "query"), [("  ana   díaz ", "ana díaz"), ("\n", ""), ("x" * 999, "x" * QUERY_LIMIT)]
)
def test_a_query_is_tidied(typed, query):
    assert View.checked("received", query=typed).query == query


def test_the_badge_opens_exactly_the_unread_threads():  # A16
    view = View("sent", "resources", "ana").unread(7)
    assert view == View("received", "all", "", unread_since=7)
    assert view.sentence.endswith("unread only")


@pytest.mark.parametrize("changes", [{"tab": "sent"}, {"filter": "unknown"}, {"query": "ana"}, {}])
def test_any_change_of_tab_filter_or_query_leaves_the_unread_view(changes):
    before = View(filter="all").unread(7)
    assert before.with_(**changes) == View(**changes)


def test_the_other_tab_keeps_filter_and_query():
    view = View("received", "accounts", "ana")
    assert view.other() == View("sent", "accounts", "ana")
    assert view.other().other() == view


@pytest.mark.parametrize(("query", "searching", "name"), [("", False, ""), ("%", True, ""), ("DÍAZ", True, "diaz")])
def test_a_query_is_searched_as_names_are_stored(query, searching, name):
    view = View(query=query)
    assert (view.searching, view.name_query()) == (searching, name)


def test_choosing_the_failed_ones_turns_to_the_texts_we_sent_and_the_other_tab_can_still_be_chosen():
    failed = View().with_(filter="failed")
    assert (failed.tab, failed.filter) == ("sent", "failed")
    assert failed.with_(tab="received").tab == View().with_(tab="received", filter="failed").tab == "received"
    assert failed.with_(query="ana").tab == "sent"
