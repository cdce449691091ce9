"""The filter menu and the search."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
KINDS = {
    "All": ("client", "lead", "resource", "unknown"),
    "Clients & Leads": ("client", "lead"),
    "Resources": ("resource",),
    "Unknown numbers": ("unknown",),
}
# Each number of threads that comes to stand there, and how it is read out.
NOTE = """count => {
    [window.noted, window.last] = [[], count.textContent];
    new MutationObserver(() => {
        if (count.textContent !== window.last) window.noted.push([window.last = count.textContent, count.ariaLive]);
    }).observe(count, {childList: true});
}"""
NUMBERS = (
    *("+16462018877", "16462018877", "6462018877", "(646) 201-8877", "646.201.8877", "646 201 8877", " 6462018877 "),
    *("646-201", "2018877", "8877", "20188", "77", "+1 (646) 201 - 8877", "٦٤٦٢٠١٨٨٧٧", "６４６２０１８８７７"),
)
NAMES = (
    *("Zoë", "zoe", "ZOE KRÜGER", "kruger", "rüg", "o’hara", "O'Hara", "ohara", "zo", "kr", "oe krug", "hara lind"),
    *("zoe\u0308", "  zoë   krüger  ", "LINDSTRÖM"),
)


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, str]:
    """One number of each kind, by kind."""
    numbers = {kind: a_number() for kind in ("client", "lead", "resource", "unknown")}
    named = ((f"Filtered {kind.title()}", numbers[kind], kind) for kind in ("client", "lead", "resource"))
    server.knows(*named)
    return numbers


def test_a20_to_a23_a_filter_applies_to_both_tabs_and_to_what_arrives_while_it_is_on(
    server: Server, window: Window, people: dict[str, str]
):
    threads = {kind: server.text(sender, f"From a {kind}").thread for kind, sender in people.items()}
    for thread in threads.values():
        window.open(thread).send("An answer")
    for tab in ("Sent", "Received"):
        window.turn_to(tab)
        for label, kinds in KINDS.items():
            wanted = {thread for kind, thread in threads.items() if kind in kinds}
            window.choose(label).shows(*wanted).lacks(*set(threads.values()) - wanted)
            if tab == "Received":
                _arrives(server, window, people, wanted, set(threads.values()) - wanted)


def _arrives(server: Server, window: Window, people: dict[str, str], wanted: set[int], others: set[int]) -> None:
    words = f"Arrived while {window.filter.input_value()} was on"
    for sender in people.values():
        server.text(sender, words)
    for thread in wanted:
        expect(window.row(thread)).to_contain_text(words)
    window.lacks(*others)


def test_a20_the_filter_menu_lists_its_entries(window: Window):
    labels = ["All", "Clients & Leads", "Resources", "Unknown numbers", "Failed", "Removed"]
    expect(window.filter.get_by_role("option")).to_have_text(labels)


def test_a24_a_number_is_found_typed_in_any_way_any_part_of_it(server: Server, window: Window):
    text = server.text("+16462018877", "Find me")
    other = server.text(a_number(), "Not me")
    window.shows(text.thread, other.thread)
    for typed in NUMBERS:
        _is_found(window, typed, text.thread, other.thread)


def test_a25_a_name_is_found_by_any_part_in_any_case_with_or_without_accents(server: Server, window: Window):
    number = a_number()
    server.knows(("Zoë Krüger O’Hara-Lindström", number, "client"))
    text = server.text(number, "Find me")
    other = server.text(a_number(), "Not me")
    window.shows(text.thread, other.thread)
    for typed in NAMES:
        _is_found(window, typed, text.thread, other.thread)
        expect(window.row(text.thread)).to_contain_text("Zoë Krüger O’Hara-Lindström")


def _is_found(window: Window, typed: str, thread: int, other: int) -> None:
    window.search(typed).lacks(other).shows(thread)
    window.search("").shows(thread, other)


def test_a25_a_search_that_finds_nothing_says_so_and_can_be_cleared(server: Server, window: Window):
    text = server.text(a_number())
    window.shows(text.thread).search("<b>nobody</b>")
    expect(window.page.get_by_role("heading", name="Nothing matches “<b>nobody</b>”")).to_be_visible()
    expect(window.rows).to_have_count(0)
    window.page.get_by_role("button", name="Clear search and filter").click()
    expect(window.search_box).to_have_value("")
    window.shows(text.thread)


def test_a25_what_means_something_to_a_database_is_searched_as_it_is(window: Window, server: Server):
    text = server.text("+16462019999")
    window.shows(text.thread)
    for typed in ('"', "'", "%", "_", "*", "\\", "a OR b", "NEAR(", "name:x", "(", "--", "🙂"):
        window.search(typed)
        expect(window.page.get_by_role("heading", name=f"Nothing matches “{typed}”")).to_be_visible()


def test_a26_a_removed_thread_is_found_marked_and_opened_whole(server: Server, both: tuple[Window, Window]):
    (dana, marcus), sender = both, a_number()
    text = server.text(sender, "Before it was removed")
    dana.open(text.thread).send("Our answer")
    dana.tick(text.thread).act("Remove")
    marcus.lacks(text.thread).search(sender)
    marcus.shows(text.thread)
    expect(marcus.row(text.thread).get_by_text("Removed", exact=True)).to_be_visible()
    marcus.open(text.thread)
    expect(marcus.articles).to_have_count(2)
    expect(marcus.articles.nth(0)).to_contain_text("Before it was removed")
    expect(marcus.articles.nth(1)).to_contain_text("Our answer")
    marcus.search("")
    marcus.lacks(text.thread)


def test_a26_hits_on_the_other_tab_are_announced_and_a_click_shows_them(server: Server, window: Window):
    sender = a_number()
    text = server.text(sender)
    window.turn_to("Sent").search(sender)
    expect(window.rows).to_have_count(0)
    window.page.get_by_role("button", name="1 more in Received").click()
    window.shows(text.thread)
    expect(window.search_box).to_have_value(sender)
    expect(window.tab("Received")).to_have_attribute("aria-selected", "true")


def test_a26_the_search_looks_within_the_filter_and_the_tab(server: Server, window: Window, people: dict[str, str]):
    resource, client = server.text(people["resource"]), server.text(people["client"])
    window.search("Filtered").shows(resource.thread, client.thread)
    window.choose("Resources").lacks(client.thread).shows(resource.thread)
    expect(window.search_box).to_have_value("Filtered")


def test_a24_what_arrives_while_a_search_is_on_shows_when_it_matches(server: Server, window: Window):
    sender = a_number()
    window.search(sender)
    expect(window.rows).to_have_count(0)
    text = server.text(sender, "Here I am")
    window.shows(text.thread)
    expect(window.rows).to_have_count(1)


def test_b24_how_many_match_is_read_out_when_one_looks_elsewhere_and_not_when_a_text_comes(
    server: Server, windows: Windows, people: dict[str, str]
):
    for number in people.values():
        server.text(number)
    window = windows("Dana", fresh=True).settled()
    window.page.locator(".tools > .count").evaluate(NOTE)
    labels = ["Clients & Leads", "Resources", "Unknown numbers", "Resources"] * 2  # no two side by side may be as many
    for done, label in enumerate(labels, 1):
        window.choose(label).until("done => window.noted.length === done", done)
    assert [how for _, how in window.page.evaluate("window.noted")] == ["polite"] * len(labels)
    window.choose("All").until("done => window.noted.length === done", len(labels) + 1)
    server.text(a_number(), "From somebody new")
    window.until("done => window.noted.length === done", len(labels) + 2)
    assert window.page.evaluate("window.noted.at(-1)[1]") == "off"
