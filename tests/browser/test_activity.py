"""The audit trail: what a colleague does appears with their name, a thread tells its History, and not everybody sees it all."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.test_accessibility import _is_accessible
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def at_activity(windows: Windows, name: str = "Dana", **options: object) -> Window:
    window = windows(name, fresh=True, **options)
    window.page.get_by_role("navigation", name="Main").get_by_role("link", name="Activity").click()
    return window.is_live()


def entries(window: Window) -> Locator:
    return window.page.get_by_role("region", name="What was done").get_by_role("listitem")


def box(window: Window) -> Locator:
    return window.page.get_by_role("dialog", name="History")


def a_client(server: Server, name: str) -> int:
    number = a_number()
    server.knows((name, number, "client"))
    return server.text(number).thread


def test_b20_what_a_colleague_does_appears_with_their_name_and_leads_to_the_thread(server: Server, windows: Windows):
    thread = a_client(server, "Ines Valdez")
    dana, marcus = at_activity(windows), windows("Marcus")
    marcus.tick(thread).act("Remove")
    expect(entries(dana).first).to_contain_text("Marcus Bell removed Ines Valdez")
    marcus.undo_button.click()
    expect(entries(dana).nth(0)).to_contain_text("Marcus Bell undid the removal of Ines Valdez")
    expect(entries(dana).nth(1)).to_contain_text("Undone by Marcus Bell")
    dana.page.get_by_role("combobox", name="Who").select_option(label="Marcus Bell")
    dana.page.get_by_role("searchbox", name="Search activity").fill("valdez")
    expect(entries(dana)).to_have_count(2)
    expect(dana.page).to_have_url(re.compile(r"/activity\?person=\d+&q=valdez$"))
    dana.page.reload()
    expect(dana.is_live().page.get_by_role("searchbox", name="Search activity")).to_have_value("valdez")
    expect(entries(dana)).to_have_count(2)
    entries(dana).first.get_by_role("link", name="Ines Valdez").click()
    expect(dana.is_live().log).to_have_accessible_name("Conversation with Ines Valdez")


def test_b20_further_down_the_list_stands_still_and_says_how_many_are_new(server: Server, windows: Windows):
    for number in range(30):
        server.text(a_number(), f"Text {number}")
    dana = at_activity(windows)
    expect(entries(dana).nth(40)).to_be_attached()
    dana.page.get_by_role("region", name="What was done").evaluate(
        "list => { list.scrollTop = 300; list.dispatchEvent(new Event('scroll')); }"
    )
    first = entries(dana).first.text_content()
    for number in range(2):
        server.text(a_number(), f"News {number}")
    dana.page.get_by_role("button", name="2 new").click()
    expect(dana.page.get_by_role("button", name="2 new")).to_be_hidden()
    expect(entries(dana).nth(2)).to_have_text(first)
    assert "What was done" in dana.focus()


def test_b20_a_thread_tells_its_history_live_and_gives_the_focus_back(server: Server, both: tuple[Window, Window]):
    dana, marcus = both
    thread = a_client(server, "Olu Adeyemi")
    dana.open(thread)
    opener = dana.page.get_by_role("button", name="History")
    opener.focus()
    dana.press("Enter")
    expect(box(dana).get_by_role("listitem").first).to_contain_text("Dana Whitcomb opened this")
    marcus.open(thread).send("On our way")
    expect(box(dana)).to_contain_text("A text was delivered")
    marcus.tick(thread).act("Mark as unopened")
    expect(box(dana).get_by_role("listitem").first).to_contain_text("Marcus Bell marked this as unopened")
    dana.press("Escape")
    expect(box(dana)).to_be_hidden()
    expect(opener).to_be_focused()


def test_a3_who_has_no_right_to_it_has_no_entry_and_is_refused(server: Server, windows: Windows):
    marcus = windows("Marcus", fresh=True)
    marcus.forgiving = True  # a refusal is told in the console, too
    expect(marcus.page.get_by_role("link", name="Activity")).to_have_count(0)
    answer = marcus.page.goto(f"{marcus.url}activity")
    assert answer.status == 403
    expect(marcus.page.get_by_text("View Activity")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{marcus.url}activity/ws", timeout=60)


def test_b24_the_activity_and_the_history_are_accessible(server: Server, windows: Windows):
    thread = a_client(server, "Quillon Zabala")
    window = windows("Dana", fresh=True)
    window.search_for("Quillon Zabala", thread).open(thread)  # few rows: the check takes as long as there is to look at
    window.page.get_by_role("button", name="History").click()
    expect(box(window).get_by_role("listitem")).to_have_count(2)
    _is_accessible(window, "the History of a thread")
    window.page.goto(f"{window.url}activity?q=zabala")
    expect(entries(window.is_live())).to_have_count(2)
    _is_accessible(window, "the activity")
    window.page.get_by_role("searchbox", name="Search activity").fill("no such thing")
    expect(window.page.get_by_text("Nothing matches")).to_be_visible()
    _is_accessible(window, "no activity")
