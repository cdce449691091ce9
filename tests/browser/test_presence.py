"""Two people, one customer: who else is here, who types, and a Send that stops when the thread has moved."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window
from tests.factories import an_outsider, eventually

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]


def present(window: Window) -> Locator:
    """What stands of the others above the open thread."""
    return window.page.locator("header .present")


def stopped(window: Window) -> Locator:
    return window.page.get_by_role("group", name="The thread has moved")


@contextmanager
def typing(window: Window) -> Iterator[None]:
    """They go on typing, however long the others' pages take to be looked at: a pause of five seconds counts as done."""
    window.composer.press_sequentially("On")
    key = (
        "field => { field.goesOn = setInterval(() => field.dispatchEvent(new Event('input', {bubbles: true})), 500); }"
    )
    window.composer.evaluate(key)
    yield
    window.composer.evaluate("field => clearInterval(field.goesOn)")


def test_b3_who_else_is_here_and_types_shows_in_the_thread_and_in_the_list(server: Server, windows: Windows):
    dana, marcus = windows("Dana"), windows("Marcus", fresh=True)
    text, other = server.text(a_number()), server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    expect(present(dana)).to_have_text("Marcus is here")
    expect(present(marcus)).to_have_text("Dana is here")
    with typing(marcus):
        expect(present(dana)).to_have_text("Marcus is typing…")
        expect(dana.opener(text.thread)).to_have_accessible_name(re.compile("Marcus is typing…$"))
        expect(dana.row(text.thread)).to_contain_text("Marcus is typing…")
        expect(dana.row(other.thread)).not_to_contain_text("Marcus")
    marcus.composer.fill("")
    expect(present(dana)).to_have_text("Marcus is here")
    marcus.open(other.thread)
    expect(dana.row(other.thread)).to_contain_text("Marcus is here")
    expect(present(dana)).to_have_text("")
    marcus.page.close()
    expect(dana.row(other.thread)).not_to_contain_text("Marcus")


def test_b3_a_send_into_a_thread_that_has_moved_stops_shows_it_and_asks(server: Server, both: Both):
    dana, marcus = both
    number = a_number()
    text = server.text(number)
    dana.open(text.thread)
    marcus.open(text.thread)
    dana.composer.fill("We come at noon")
    server.text(number, "Please come at three")
    expect(marcus.saying("Please come at three")).to_be_visible()
    marcus.send("Three it is")
    dana.page.keyboard.press("Control+Enter")
    expect(stopped(dana)).to_contain_text("While you wrote, 2 texts have come into this thread")
    expect(stopped(dana)).to_contain_text("Please come at three")
    expect(stopped(dana)).to_contain_text("Three it is")
    dana.page.keyboard.press("Control+Enter")
    expect(marcus.saying("We come at noon")).to_have_count(0)
    expect(dana.composer).to_have_value("We come at noon")
    dana.composer.fill("We come at noon or three")
    stopped(dana).get_by_role("button", name="Keep editing").click()
    expect(dana.composer).to_be_focused()
    server.text(number, "Four!")
    expect(dana.saying("Four!")).to_be_visible()
    dana.page.keyboard.press("Control+Enter")
    expect(stopped(dana)).to_contain_text("a text has come")
    stopped(dana).get_by_role("button", name="Send anyway").click()
    expect(marcus.saying("We come at noon or three")).to_have_count(1)
    expect(dana.composer).to_have_value("")


def test_b3_ones_own_texts_and_those_that_stood_there_do_not_stop_a_send(server: Server, window: Window):
    number = a_number()
    thread = server.text(number).thread
    window.open(thread)
    server.text(number, "And another")
    expect(window.saying("And another")).to_be_visible()
    window.send("One").send("Two")
    expect(window.saying("Two")).to_have_count(1)


def test_b17_a_draft_goes_on_at_another_desk_and_is_gone_once_it_is_sent(server: Server, windows: Windows):
    here, there = windows("Dana"), windows("Dana", fresh=True)
    thread = server.text(a_number()).thread
    here.open(thread)
    here.composer.fill("Half a thought")
    with closing(an_outsider(server.database)) as kept:
        assert eventually(lambda: kept.execute("SELECT 1 FROM draft WHERE body = 'Half a thought'").fetchone())
    there.open(thread)
    expect(there.composer).to_have_value("Half a thought")
    there.composer.fill("A whole thought")
    there.send_button.click()
    expect(there.saying("A whole thought")).to_have_count(1)
    here.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(here.composer).to_have_value("")
    here.page.reload()
    here.is_live()
    expect(here.saying("A whole thought")).to_have_count(1)
    expect(here.composer).to_have_value("")
