"""Undo: offered after every bulk act, and later from the list of recent acts, to everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]
MANY = 130  # threads: more than a page holds
NARROW = {"width": 390, "height": 844}
DEALT_WITH = "left as they are: somebody has dealt with them since."
HIDDEN = "hidden => Object.defineProperty(document, 'visibilityState', {value: hidden, configurable: true})"


def _removed(window: Window, thread: int, yes: bool) -> None:
    (window.lacks if yes else window.shows)(thread)


def _unread(window: Window, thread: int, yes: bool) -> None:
    window.is_unread(thread, yes=yes)


ACTS: tuple[tuple[str, bool, Callable[[Window, int, bool], None], bool], ...] = (
    ("Mark as read", False, _unread, False),
    ("Mark as unopened", True, _unread, True),
    ("Remove", False, _removed, True),
)


@pytest.mark.parametrize(("act", "opened", "shown", "yes"), ACTS, ids=[act for act, *_ in ACTS])
def test_b15_a_bulk_act_is_undone_by_a_click_on_every_screen(
    server: Server, both: Both, act: str, opened: bool, shown: Callable[[Window, int, bool], None], yes: bool
):
    dana, _marcus = both
    texts = [server.text(a_number(), "Do it, and undo it") for _ in range(2)]
    threads = [text.thread for text in texts]
    dana.shows(*threads)
    for thread in threads if opened else ():
        dana.open(thread).is_unread(thread, yes=False)
    dana.tick(*threads).act(act)
    _on_both(both, threads, shown, yes)
    dana.undo_button.click()
    _on_both(both, threads, shown, not yes)
    expect(dana.result).to_have_text("Undone for 2 threads.")
    expect(dana.undo_button).to_be_hidden()
    assert dana.focus() != "body"


def _on_both(both: Both, threads: list[int], shown: Callable[[Window, int, bool], None], yes: bool) -> None:
    for window in both:
        for thread in threads:
            shown(window, thread, yes)


def test_b15_bringing_back_is_undone_too(server: Server, both: Both):
    dana, marcus = both
    thread = server.text(a_number(), "There and back again").thread
    dana.tick(thread).act("Remove")
    dana.show_removed(thread).tick(thread).act("Bring back")
    dana.lacks(thread)
    marcus.shows(thread)
    dana.undo_button.click()
    dana.shows(thread)
    marcus.lacks(thread)


def test_b15_undo_is_offered_for_ten_seconds_and_waits_for_whoever_is_at_it(server: Server, windows: Windows):
    window = windows("Dana", fresh=True)
    thread = server.text(a_number()).thread
    page = window.page
    page.clock.install()
    page.reload()
    window.is_live().tick(thread).act("Mark as unopened")
    expect(window.undo_button).to_be_visible()
    page.mouse.move(900, 300)
    page.clock.run_for(2_000)  # the clock goes on by itself besides
    for wait, go_on in (
        (window.undo_button.hover, lambda: page.mouse.move(900, 300)),
        (window.undo_button.focus, window.opener(thread).focus),
        (lambda: page.evaluate(HIDDEN, "hidden"), lambda: page.evaluate(HIDDEN, "visible")),
    ):
        wait()
        page.clock.run_for(11_000)
        expect(window.undo_button).to_be_visible()
        go_on()
    page.clock.run_for(3_000)
    expect(window.undo_button).to_be_visible()
    page.clock.run_for(6_000)
    expect(window.undo_button).to_be_hidden()
    window.press("z")
    window.is_unread(thread)


def test_b15_z_undoes_what_was_just_done_once(server: Server, both: Both):
    dana, marcus = both
    first, second = server.text(a_number()).thread, server.text(a_number()).thread
    dana.tick(first).act("Remove")
    marcus.lacks(first)
    dana.tick(second).act("Remove")
    marcus.lacks(second)
    expect(dana.undo_button).to_be_visible()
    dana.press("z").shows(second)
    expect(dana.result).to_have_text("Undone for 1 thread.")
    dana.press("z").press("z").lacks(first)
    marcus.shows(second).lacks(first)


def test_b15_while_an_act_is_under_way_undo_of_the_one_before_it_is_not_offered(server: Server, window: Window):
    first, second = server.text(a_number()).thread, server.text(a_number()).thread
    window.tick(first).act("Mark as read").is_unread(first, yes=False)
    expect(window.undo_button).to_be_visible()
    undo = window.undo_button.element_handle()
    window.tick(second).bulk.click()
    item = window.page.get_by_role("menuitem", name="Mark as read")
    assert not item.evaluate("(item, undo) => { item.click(); return undo.checkVisibility(); }", undo)
    expect(window.undo_button).to_be_visible()
    window.undo_button.click()
    window.is_unread(second).is_unread(first, yes=False)


def test_b15_what_is_brought_back_from_its_conversation_is_an_act_like_any_other(server: Server, window: Window):
    thread = server.text(a_number()).thread
    window.open(thread).tick(thread).act("Remove").lacks(thread)
    expect(window.undo_button).to_be_visible()
    undo, back = window.undo_button.element_handle(), window.button("Bring back")
    assert not back.evaluate("(back, undo) => { back.click(); return undo.checkVisibility(); }", undo)
    window.shows(thread)
    expect(window.result).to_contain_text("1 thread brought back.")
    window.undo_button.click()
    window.lacks(thread)


def test_b15_a_second_press_that_finds_nothing_to_do_leaves_the_undo_of_the_first(server: Server, window: Window):
    thread, other = server.text(a_number()).thread, server.text(a_number()).thread
    key = "new KeyboardEvent('keydown', {key: 'e', bubbles: true, composed: true})"
    twice = f"row => {{ row.focus(); for (const _ of 'ee') row.dispatchEvent({key}); }}"
    window.open(other).is_unread(other, yes=False)
    window.shows(thread).opener(thread).evaluate(twice)
    window.lacks(thread)
    expect(window.result).to_contain_text(
        re.compile(r"^There was nothing to do there\. Undo is of the act before: .* removed\.")
    )
    window.press("z").shows(thread)
    window.tick(other).act("Mark as read")
    expect(window.result).to_contain_text("There was nothing to do there.")
    expect(window.undo_button).to_be_hidden()


def test_b15_somebody_else_undoes_it_later_from_the_list_of_recent_acts(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    thread = server.text(sender).thread
    name = dana.row(thread).locator(".name").text_content()
    dana.tick(thread).act("Remove")
    marcus.lacks(thread).page.reload()
    marcus.is_live().recent.click()
    act = marcus.acts.locator(".act").first
    expect(act).to_contain_text(f"{name} removed")
    expect(act).to_contain_text(re.compile(r"Dana Whitcomb, \d+:\d\d [AP]M"))
    act.get_by_role("button", name=f"Undo: {name} removed").click()
    for window in both:
        window.shows(thread)
    expect(marcus.acts).to_be_hidden()
    expect(marcus.recent).to_be_focused()
    dana.recent.click()
    undone = dana.acts.locator(".act").filter(has_text=f"{name} removed")
    expect(undone).to_contain_text("undone by Marcus Bell")
    expect(undone.get_by_role("button")).to_have_count(0)
    dana.press("Escape")


def test_b15_the_open_list_of_recent_acts_follows_what_others_do_and_keeps_its_focus(server: Server, both: Both):
    dana, marcus = both
    first, second = server.text(a_number()).thread, server.text(a_number()).thread
    dana.tick(first).act("Mark as read")
    dana.is_unread(first, yes=False).recent.click()
    expect(dana.acts).to_be_focused()
    name = dana.row(first).locator(".name").text_content()
    expect(dana.acts.locator(".act").first).to_contain_text(f"{name} marked as read")
    held = dana.press("Tab").focus()
    assert held == f"button Undo: {name} marked as read"
    marcus.tick(second).act("Remove")
    expect(dana.acts.locator(".act").first).to_contain_text("Marcus Bell")
    assert dana.focus() == held
    dana.press("Escape")
    expect(dana.recent).to_be_focused()


def test_b15_what_somebody_has_dealt_with_since_is_left_as_it_is(server: Server, both: Both):
    (dana, marcus), sender = both, a_number()
    returned, removed = server.text(sender).thread, server.text(a_number()).thread
    dana.tick(returned, removed).act("Remove")
    marcus.lacks(returned, removed)
    server.text(sender, "Are you there?")
    dana.shows(returned)
    dana.undo_button.click()
    expect(dana.result).to_have_text(f"Undone for 1 thread. 1 thread {DEALT_WITH}")
    for window in both:
        window.shows(returned, removed)


def test_b19_all_that_match_are_selected_and_undone_while_others_work(server: Server, both: Both):
    dana, marcus = both
    senders = [f"+1646333{number:04}" for number in range(MANY)]
    threads = [server.text(sender, "One of many").thread for sender in senders]
    dana.search("646333")
    expect(dana.page.get_by_text(f"{MANY} threads")).to_be_visible()
    expect(dana.whole).to_have_accessible_name(f"Select all {MANY} that match")
    assert dana.rows.count() < MANY
    dana.tick_all()
    expect(dana.page.get_by_text(f"All {MANY} selected")).to_be_visible()
    dana.checkbox(threads[-1]).uncheck()
    expect(dana.whole).to_have_js_property("indeterminate", True)
    later = server.text("+16463339999", "And one that comes while they are ticked").thread
    expect(dana.checkbox(later)).to_be_checked()
    marcus.open(threads[-2])
    expect(dana.page.get_by_text(f"{MANY} selected")).to_be_visible()
    dana.is_unread(threads[-2], yes=False).act("Remove")
    expect(dana.result).to_have_text(f"{MANY} threads removed.")
    marcus.lacks(threads[-2], threads[-3], later).shows(threads[-1])
    back = server.text(senders[-3], "Back by a text").thread
    marcus.shows(back)
    dana.is_unread(back)
    expect(dana.row(back)).to_contain_text("Back by a text")
    dana.undo_button.click()
    expect(dana.result).to_have_text(f"Undone for {MANY - 1} threads. 1 thread {DEALT_WITH}")
    marcus.shows(threads[-2], later, back)
    expect(dana.threads.locator(".gone")).to_have_count(0)


def test_b15_on_a_narrow_screen_undo_is_offered_beside_an_open_thread(server: Server, windows: Windows):
    thread = server.text(a_number()).thread
    window = windows("Dana", viewport=NARROW, has_touch=True, is_mobile=True)
    window.opener(thread).tap()
    expect(window.articles).to_have_count(1)
    window.press("e")
    expect(window.undo_button).to_be_in_viewport(ratio=1)
    expect(window.composer).to_be_in_viewport(ratio=1)
    below, above = window.undo_button.bounding_box(), window.send_button.bounding_box()
    assert below["y"] > above["y"] + above["height"], "the notice covers the composer"
    expect(window.page.get_by_role("button", name="Bring back")).to_be_in_viewport()
    window.undo_button.tap()
    expect(window.page.get_by_role("button", name="Bring back")).to_be_hidden()
    assert window.focus().startswith("h2")
