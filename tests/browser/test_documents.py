"""Text documents: put into a text by keyboard, their fields filled or marked; and managed under Settings."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.cable import Cable
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def picker(window: Window) -> Locator:
    return window.page.get_by_role("combobox", name="Search text documents")


def options(window: Window) -> Locator:
    return window.page.get_by_role("listbox", name="Text documents").get_by_role("option")


def listed(window: Window) -> Locator:
    return window.page.get_by_role("list", name="Text documents").get_by_role("listitem")


def title(window: Window) -> Locator:
    return window.page.get_by_label("Title")


def body(window: Window) -> Locator:
    return window.page.get_by_label("Text", exact=True)


def a_client(server: Server, name: str) -> int:
    """A client's thread."""
    number = a_number()
    server.knows((name, number, "client"))
    return server.text(number).thread


def at_documents(windows: Windows, name: str) -> Window:
    window = windows(name, fresh=True)
    window.page.get_by_role("navigation", name="Main").get_by_role("link", name="Documents").click()
    return window.is_live()


def test_a45_a46_a_document_goes_in_at_the_cursor_by_keyboard_editable_and_not_sent(server: Server, window: Window):
    window.open(a_client(server, "Otto Baum"))
    window.composer.fill("Hello!  Bye")
    for _ in range(4):
        window.page.keyboard.press("ArrowLeft")
    window.page.keyboard.type("/")
    expect(picker(window)).to_be_focused()
    expect(options(window).first).to_have_attribute("aria-selected", "true")
    window.page.keyboard.type("on our way")
    expect(options(window)).to_have_count(3)  # other texts have these words too; a title with them comes first
    expect(options(window).first).to_contain_text("On our way")
    window.page.keyboard.press("Enter")
    expect(window.composer).to_have_value(re.compile(r"^Hello! Hi Otto, it's Dana at Maple Hollow\. .*home\. Bye$"))
    expect(window.composer).to_be_focused()
    expect(window.articles).to_have_count(1)
    window.page.keyboard.press("Control+z")
    expect(window.composer).to_have_value("Hello! / Bye")


def test_a45_the_icon_opens_the_picker_and_the_arrows_choose(server: Server, window: Window):
    window.open(a_client(server, "Mina Falk"))
    window.page.get_by_role("button", name="Insert text document").click()
    expect(options(window)).not_to_have_count(0)
    window.page.keyboard.press("ArrowDown")
    second = options(window).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(picker(window)).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    window.page.keyboard.type("no such thing")
    expect(window.page.get_by_text("Nothing matches “no such thing”")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(picker(window)).to_be_hidden()
    expect(window.composer).to_be_focused()
    expect(window.log).to_be_visible()


def test_a45_a_slash_that_is_meant_as_one_stays_one(server: Server, window: Window):
    window.open(server.text(a_number()).thread)
    window.composer.press_sequentially("and/or 12/3")
    expect(picker(window)).to_be_hidden()
    window.composer.press_sequentially(" /")
    expect(picker(window)).to_be_focused()
    window.page.keyboard.type(" 7")
    expect(window.composer).to_have_value("and/or 12/3 / 7")


def test_b8_a_field_without_a_value_is_marked_and_blocks_send_until_it_is_filled(server: Server, window: Window):
    window.open(a_client(server, "Iris Kwan"))
    window.composer.press_sequentially("/")
    expect(picker(window)).to_be_focused()
    window.page.keyboard.type("welcome")
    expect(options(window)).to_have_count(1)
    window.page.keyboard.press("Enter")
    missing = window.page.get_by_role("group", name="Fields without a value")
    expect(missing.get_by_role("button", name="Next visit")).to_be_visible()
    expect(window.page.locator(".marks mark")).to_have_text("{next_visit}")
    expect(window.send_button).to_be_disabled()
    window.page.keyboard.press("Control+Enter")
    window.page.keyboard.press("ArrowRight")
    missing.get_by_role("button", name="Next visit").click()
    window.page.keyboard.type("Tuesday")
    expect(missing).to_be_hidden()
    window.page.keyboard.press("Control+Enter")
    expect(window.articles).to_have_count(2)
    expect(window.articles.last).to_contain_text("Iris!")
    expect(window.articles.last).to_contain_text("Your first visit is Tuesday. Dana")


def test_a48_documents_are_added_edited_and_deleted_for_everybody(windows: Windows):
    dana, marcus = at_documents(windows, "Dana"), at_documents(windows, "Marcus")
    dana.page.get_by_role("button", name="New text document").click()
    title(dana).fill("Aardvark seen")
    body(dana).fill("Hi {first_name}, {frist_name} {x y}")
    expect(dana.page.get_by_text("There is no field {frist_name}")).to_be_visible()
    expect(dana.page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    body(dana).fill("Hi {first_name}, it is by the gate {x y}")
    expect(dana.page.get_by_role("region", name="Preview")).to_contain_text("Hi Ana, it is by the gate {x y}")
    expect(dana.page.get_by_text("Fields: First name")).to_be_visible()
    dana.page.keyboard.press("Control+Enter")
    row = marcus.page.get_by_role("button", name=re.compile("^Aardvark seen"))
    row.click()
    body(marcus).fill("Hi {name}")
    marcus.page.get_by_role("button", name="Save", exact=True).click()
    expect(body(dana)).to_have_value("Hi {name}")
    expect(dana.page.get_by_text("by Marcus Bell")).to_be_visible()
    dana.page.get_by_role("button", name="Delete").click()
    dana.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    expect(listed(dana)).to_have_count(listed(marcus).count())


def test_whoever_writes_a_document_goes_on_where_they_were_after_a_cut(server: Server, windows: Windows):
    with Cable(server.port) as cable:
        window = windows("Dana", url=cable.url)
        window.forgiving = True
        window.page.get_by_role("navigation", name="Main").get_by_role("link", name="Documents").click()
        window.is_live().page.get_by_role("button", name=re.compile("^Photo, please")).click()
        before = body(window).input_value()
        body(window).focus()
        window.press("Control+Home").page.keyboard.type("He")
        _cut_and_mend(cable, window, "llo")
        expect(body(window)).to_be_focused()
        window.press("!")
        expect(body(window)).to_have_value(f"Hello!{before}")
        expect(window.page.get_by_role("heading", name="Photo, please", level=2)).to_be_visible()
        window.button("Discard changes").click()
        window.button("New text document").click()
        title(window).fill("Zebra")
        _cut_and_mend(cable, window, " seen")
        expect(title(window)).to_be_focused()
        expect(title(window)).to_have_value("Zebra seen")
        expect(window.page.get_by_role("heading", name="New text document", level=2)).to_be_visible()


def _cut_and_mend(cable: Cable, window: Window, typed: str) -> None:
    """The connection breaks, somebody types on, and it is made again."""
    cable.cut()
    expect(window.connection).to_have_text("Reconnecting")
    window.page.keyboard.type(typed)
    cable.mend()
    window.is_live(120_000)


def test_a48_what_two_people_write_at_once_is_not_lost(windows: Windows):
    dana, marcus = at_documents(windows, "Dana"), at_documents(windows, "Marcus")
    for window in (dana, marcus):
        window.page.get_by_role("button", name=re.compile("^Photo, please")).click()
    before = body(dana).input_value()
    body(dana).fill("Dana's words")
    body(marcus).fill("Marcus's words")
    marcus.page.keyboard.press("Control+Enter")
    expect(dana.page.get_by_role("alert").filter(has_text="Marcus Bell has changed")).to_contain_text("Marcus's words")
    expect(body(dana)).to_have_value("Dana's words")
    dana.page.reload()
    dana.is_live()
    dana.page.get_by_role("button", name=re.compile("^Photo, please")).click()
    expect(body(dana)).to_have_value("Dana's words")
    dana.page.get_by_role("button", name="Save", exact=True).click()
    dana.page.get_by_role("button", name="Keep mine").click()
    dana.page.get_by_role("button", name="Save", exact=True).click()
    expect(body(marcus)).to_have_value("Dana's words")
    body(marcus).fill(before)
    marcus.page.keyboard.press("Control+Enter")
    expect(body(dana)).to_have_value(before)
