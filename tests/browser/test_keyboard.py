"""The keyboard alone: the single keys, their sheet and switch, the order of Tab, and a focus that is never lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]
NARROW = {"width": 390, "height": 844}
SINGLE = "jkxuerz/?"
KEYS = ["J", "K", "Enter", "X", "U", "E", "R", "Ctrl + Enter", "Z", "/", "Escape", "?"]
# Every control that can be used now, but those that the arrow keys reach, and whether the focus is seen on it.
CONTROLS = """() => {
    const found = [], controls = 'a[href], button, input, select, textarea, [tabindex="0"]';
    const walk = root => root.querySelectorAll('*').forEach(node => {
        if (node.shadowRoot) walk(node.shadowRoot);
        const usable = node.matches(controls) && !node.disabled && node.type !== 'hidden';
        const roving = node.tabIndex < 0 && node.closest('[role=tablist], [role=menu], [role=list][aria-label=Threads]');
        if (usable && !roving && node.checkVisibility({visibilityProperty: true})) found.push(node);
    });
    walk(document);
    return found.map(node => NAME(node));
}"""
NAME = """node => (node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.placeholder || node.innerText).trim()"""
BLUR = """() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    at.blur();
}"""
HELD = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const drawn = [at, at.closest('.box')].filter(Boolean).map(node => getComputedStyle(node));
    const seen = drawn.some(style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none');
    const {x, y, width, height} = at.getBoundingClientRect();
    const within = x >= 0 && y >= 0 && x + width <= innerWidth + 1 && y + height <= innerHeight + 1;
    return [at === document.body ? 'body' : NAME(at), seen && within];
}"""


def test_b18_j_and_k_walk_the_list_enter_opens_and_the_focus_stays_on_the_row(server: Server, window: Window):
    low, top = server.text(a_number(), "Below").thread, server.text(a_number(), "Above").thread
    _at_the_top(window).shows(low, top).press("j")
    expect(window.opener(top)).to_be_focused()
    window.press("j")
    expect(window.opener(low)).to_be_focused()
    expect(window.log).to_be_hidden()
    window.is_unread(low).press("k", "k")
    expect(window.opener(top)).to_be_focused()
    window.press("Shift+J", "Enter")
    expect(window.articles).to_have_text([re.compile("Below")])
    expect(window.opener(low)).to_be_focused()
    window.log.focus()
    window.press("k")
    expect(window.opener(top)).to_be_focused()


def test_b18_j_goes_to_the_top_row_whatever_has_come_since(server: Server, window: Window):
    _at_the_top(window)
    for _ in range(3):
        last = server.text(a_number()).thread
        window.shows(last)
    window.press("j")
    expect(window.opener(last)).to_be_focused()


def test_b18_u_e_and_z_are_for_the_row_with_the_focus_on_every_screen(server: Server, both: Both):
    dana, marcus = both
    below, thread = server.text(a_number()).thread, server.text(a_number()).thread
    dana.open(thread)
    marcus.is_unread(thread, yes=False)
    dana.press("u")
    marcus.is_unread(thread)
    dana.press("e").lacks(thread)
    marcus.lacks(thread)
    expect(dana.opener(below)).to_be_focused()
    expect(dana.undo_button).to_be_visible()
    dana.press("z")
    marcus.shows(thread)
    dana.shows(thread)
    expect(dana.opener(below)).to_be_focused()


def test_b18_x_ticks_and_the_acts_are_for_what_is_ticked(server: Server, both: Both):
    dana, marcus = both
    threads = [server.text(a_number()).thread for _ in range(3)]
    _at_the_top(dana).shows(*threads).press("j", "x")
    expect(dana.checkbox(threads[2])).to_be_checked()
    dana.press("j", "j", "x", "k", "x", "x")
    expect(dana.page.get_by_text("2 selected")).to_be_visible()
    expect(dana.opener(threads[1])).to_be_focused()
    dana.press("e").lacks(threads[0], threads[2]).shows(threads[1])
    marcus.lacks(threads[0], threads[2])
    expect(dana.opener(threads[1])).to_be_focused()
    expect(dana.bulk).to_be_disabled()


def test_b18_e_is_for_the_open_thread_when_no_row_has_the_focus_and_brings_back_what_is_removed(
    server: Server, window: Window
):
    thread = server.text(a_number()).thread
    window.open(thread).log.focus()
    window.press("e").lacks(thread)
    expect(window.log).to_be_focused()
    expect(window.page.get_by_role("button", name="Bring back")).to_be_visible()
    window.show_removed(thread).opener(thread).focus()
    window.press("e").lacks(thread)
    expect(window.result).to_have_text("1 thread brought back.")
    assert window.focus() != "body"


def test_b18_a_key_that_is_held_down_acts_once(server: Server, window: Window):
    threads = [server.text(a_number()).thread for _ in range(3)]
    window.opener(threads[2]).focus()
    for _ in range(6):
        window.page.keyboard.down("e")
    window.page.keyboard.up("e")
    later = server.text(a_number()).thread
    window.lacks(threads[2]).shows(later, *threads[:2])


def test_b18_slash_searches_r_replies_and_escape_leads_back_to_the_list(server: Server, window: Window):
    sender = a_number()
    thread = server.text(sender).thread
    window.open(thread).press("r")
    expect(window.composer).to_be_focused()
    window.page.keyboard.type("r/j is no key here")
    window.press("Control+Enter")
    expect(window.saying("r/j is no key here")).to_have_count(1)
    window.press("Escape")
    expect(window.opener(thread)).to_be_focused()
    window.press("/")
    expect(window.search_box).to_be_focused()
    window.page.keyboard.type(sender)
    expect(window.rows).to_have_count(1)
    window.press("Escape")
    expect(window.search_box).to_have_value("")
    expect(window.search_box).to_be_focused()
    window.press("Escape")
    assert window.focus().startswith("button")
    expect(window.log).to_be_visible()


def test_b18_the_arrow_leads_from_the_search_to_the_first_of_what_it_found(server: Server, window: Window):
    sender = a_number()
    sought, other = server.text(sender, "Sought"), server.text(a_number(), "Newer")
    window.shows(other.thread).press("/")
    window.page.keyboard.type(sender)
    window.press("ArrowDown", "Enter")  # before it has been searched for, while another thread is the first
    expect(window.opener(sought.thread)).to_be_focused()
    window.press("Enter")
    expect(window.article(sought.message)).to_be_visible()
    window.search("").is_unread(other.thread)


def test_b18_the_sheet_lists_every_key_and_gives_the_focus_back(server: Server, window: Window):
    thread = server.text(a_number()).thread
    window.opener(thread).focus()
    window.press("?")
    expect(window.sheet).to_be_visible()
    expect(window.sheet.locator("kbd")).to_have_text(KEYS)
    expect(window.sheet.get_by_role("button", name="Close")).to_be_focused()
    window.press(*SINGLE)
    expect(window.sheet).to_be_visible()
    window.press("Escape")
    expect(window.sheet).to_be_hidden()
    expect(window.opener(thread)).to_be_focused()
    window.shows(thread).page.get_by_role("button", name="Keyboard shortcuts").click()
    window.press("Enter")
    expect(window.sheet).to_be_hidden()
    expect(window.page.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()


def test_b18_no_key_acts_while_somebody_types_or_a_menu_is_open(server: Server, window: Window):
    thread = server.text(a_number()).thread
    window.open(thread).is_unread(thread, yes=False).composer.focus()
    window.page.keyboard.type(SINGLE)
    expect(window.composer).to_have_value(SINGLE)
    window.search_box.focus()
    window.page.keyboard.type(SINGLE)
    expect(window.search_box).to_have_value(SINGLE)
    window.press("Escape").shows(thread).tick(thread).bulk.click()
    window.press(*SINGLE)
    expect(window.page.get_by_role("menuitem").first).to_be_visible()
    window.press("Escape").checkbox(thread).uncheck()
    window.recent.click()
    window.press(*SINGLE)
    expect(window.acts).to_be_visible()
    window.press("Escape").filter.focus()
    window.press("e", "x", "u")
    later = server.text(a_number()).thread
    window.choose("All").shows(later, thread).is_unread(thread, yes=False)
    expect(window.bulk).to_be_disabled()
    expect(window.sheet).to_be_hidden()


def test_b18_the_single_keys_can_be_turned_off_and_it_is_remembered(server: Server, windows: Windows):
    window = windows("Dana", fresh=True)
    thread = server.text(a_number()).thread
    switch = window.page.get_by_role("checkbox", name=re.compile("^Single keys act"))
    window.shows(thread).press("?")
    switch.uncheck()
    window.press("Escape").opener(thread).focus()
    window.press(*SINGLE)
    window.page.reload()
    window.is_live().opener(thread).focus()
    window.press(*SINGLE)
    expect(window.opener(thread)).to_be_focused()
    expect(window.sheet).to_be_hidden()
    expect(window.bulk).to_be_disabled()
    window.press("Enter")
    expect(window.articles).to_have_count(1)
    window.page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(switch).not_to_be_checked()
    switch.check()
    window.press("Escape").log.focus()
    window.press("r")
    expect(window.composer).to_be_focused()


def test_b18_tab_walks_the_whole_page_in_the_order_in_which_it_is_read(server: Server, windows: Windows):
    thread = server.text(a_number(), "See https://example.com/a").thread
    window = windows("Dana", search=f"?thread={thread}")
    name = window.row(thread).locator(".name").text_content()
    window.without_alerts().tick(thread).act("Mark as unopened")
    window.undo_button.hover()  # it stays while somebody is at it, however long the walk takes
    window.checkbox(thread).press("Space")
    walked = _walk(window)
    failed = window.page.locator(
        "button.failing:visible"
    ).all_inner_texts()  # another test may have left a text that failed
    assert walked == [
        "Message Center", "Message Center", "User Role & Rights", "Documents", "Add-ons", "Activity", "Log out", "Alerts", "Keyboard shortcuts",
        f"Received, {window.unread()} unread", f"Show {window.unread()} unread", "New conversation",
        "Search name or number", "Filter", window.whole.get_attribute("aria-label"), "Bulk actions", "Recent acts",
        *failed, f"Select {name}", window.opener(thread).get_attribute("aria-label"), "Undo",
        "History", "More", "Make a lead", "Link to an account",
        f"Conversation with {name}", "https://example.com/a", "Who was alerted?",
        "Message", "Attach image", "Insert text document",
    ]  # fmt: skip
    assert sorted(walked) == sorted(_script(window, CONTROLS))


def test_b18_on_a_narrow_screen_tab_reaches_everything_in_each_pane(server: Server, windows: Windows):
    thread = server.text(a_number()).thread
    window = windows("Dana", viewport=NARROW)
    window.shows(thread).search("917")
    expect(window.page).to_have_url(re.compile("q=917"))
    walked = _walk(window)
    assert "Clear search" in walked
    assert sorted(walked) == sorted(_script(window, CONTROLS))
    window.opener(thread).click()
    expect(window.articles).to_have_count(1)
    expect(window.page.get_by_role("heading", level=2)).to_be_focused()
    window.composer.fill("Something to send")
    walked = _walk(window)
    assert walked[walked.index("Back to threads") :] == [
        "Back to threads", "History", "More", "Make a lead", "Link to an account", window.log.get_attribute("aria-label"),
        "Who was alerted?", "Message", "Attach image", "Insert text document", "Send",
    ]  # fmt: skip
    assert sorted(walked) == sorted(_script(window, CONTROLS))


def test_b18_on_a_narrow_screen_the_keys_work_beside_an_open_thread(server: Server, windows: Windows):
    low, top = server.text(a_number(), "Below").thread, server.text(a_number(), "Above").thread
    window = windows("Dana", viewport=NARROW)
    window.opener(top).press("Enter")
    expect(window.articles).to_have_text([re.compile("Above")])
    window.press("j")
    expect(window.articles).to_have_text([re.compile("Below")])
    expect(window.page.get_by_role("heading", level=2)).to_be_focused()
    window.press("r")
    expect(window.composer).to_be_focused()
    window.press("Escape")
    expect(window.opener(low)).to_be_focused()
    window.press("k", "Enter")
    expect(window.articles).to_have_text([re.compile("Above")])
    window.press("/")
    expect(window.search_box).to_be_focused()
    expect(window.log).to_be_hidden()


def test_b24_what_is_clicked_may_go_away_the_focus_may_not(server: Server, window: Window):
    sender = a_number()
    thread = server.text(sender).thread
    window.open(thread).send("Answer")
    button, gone = window.page.get_by_role, window.row(thread).locator(".gone")
    window.tick(thread).act("Mark as unopened")
    expect(window.bulk).to_be_disabled()
    _is_not_lost(window, "after a bulk act")
    window.undo_button.click()
    window.is_unread(thread, yes=False)
    _is_not_lost(window, "after Undo")
    window.badge.click()
    button("button", name="Show all").click()
    window.shows(thread)
    _is_not_lost(window, "after Show all")
    window.search_for(sender, thread)
    button("button", name="1 more in Sent").click()
    expect(window.tab("Sent")).to_have_attribute("aria-selected", "true")
    _is_not_lost(window, "after a turn to the other tab's hits")
    window.tick_all()
    window.press("e")
    expect(gone).to_be_visible()
    button("button", name="Bring back").click()
    expect(gone).to_be_hidden()
    _is_not_lost(window, "after Bring back")
    window.search_for("nobody at all")
    button("button", name="Clear search and filter").click()
    window.shows(thread)
    _is_not_lost(window, "after Clear search and filter")


def test_b24_the_focus_stays_in_the_list_when_its_last_row_goes(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    thread = server.text(sender).thread
    marcus.tick(thread).act("Remove")
    dana.lacks(thread).show_removed(thread).search_for(sender, thread)
    dana.tick_all()
    dana.press("e").lacks(thread)
    expect(dana.page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    _is_not_lost(dana, "on the box of an empty list")
    expect(dana.undo_button).to_be_visible()
    dana.press("z").shows(thread)
    dana.opener(thread).focus()
    marcus.show_removed(thread).tick(thread).act("Bring back")
    dana.lacks(thread)
    _is_not_lost(dana, "on a row that another person brought back")


def _is_not_lost(window: Window, where: str) -> None:
    window.page.wait_for_timeout(50)
    assert window.focus() != "body", f"the focus is lost {where}"


def _at_the_top(window: Window) -> Window:
    """Nothing has the focus, and no row had it since the list was shown anew."""
    window.search_box.focus()  # not a row: when it went, another would have the focus, and be remembered
    window.choose("Resources")
    expect(window.page).to_have_url(re.compile("filter=resources"))
    window.choose("All")
    expect(window.page).not_to_have_url(re.compile("filter="))
    window.page.evaluate(BLUR)
    return window


def _walk(window: Window) -> list[str]:
    """Press Tab from the top of the page to its end; what had the focus, each seen and within the window."""
    window.page.evaluate(
        "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');"
    )
    walked: list[str] = []
    for _ in range(60):
        window.press("Tab")
        name, is_seen = _script(window, HELD)
        if name == "body":
            return walked
        assert is_seen, f"the focus is not seen on {name}"
        walked.append(name)
    raise AssertionError(f"Tab does not come to an end: {walked}")


def _script(window: Window, script: str) -> object:
    return window.page.evaluate(script.replace("NAME(", f"({NAME})("))
