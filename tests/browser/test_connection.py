"""The connection breaks, stalls, the server starts again: the page says so, and then shows everything once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.cable import Cable
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number, a_service
from tests.browser.window import Window
from tests.factories import eventually

pytestmark = pytest.mark.browser
# A press in the moment in which the page has a connection again, and not yet its views.
PRESS_IN_BETWEEN = """control => {
  const say = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    say.call(this, data);
    if (!String(data).includes('PULL-DOC-REQ')) return;
    WebSocket.prototype.send = say;
    queueMicrotask(() => control.click());
  };
}"""
HEALED = 120_000  # milliseconds: Panel tries again for about half a minute, and then the page does


@pytest.fixture
def cable(server: Server) -> Iterator[Cable]:
    with Cable(server.port) as cable:
        yield cable


@pytest.fixture
def wired(windows: Windows, cable: Cable) -> Window:
    """Dana's window, at the end of a cable."""
    window = windows("Dana", url=cable.url)
    window.forgiving = True
    return window


def test_a_cut_connection_is_said_and_healed_with_everything_on_screen_once(
    server: Server, cable: Cable, wired: Window, windows: Windows
):
    marcus, sender = windows("Marcus"), a_number()
    text, gone = server.text(sender, "Before"), server.text(a_number(), "Will be removed")
    read = server.text(a_number(), "Will be read")
    wired.open(text.thread)
    wired.composer.fill("Half-written")
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    meanwhile = server.text(sender, "Meanwhile")
    new = server.text(a_number(), "From somebody new")
    marcus.open(text.thread).send("Marcus answers").tick(gone.thread).act("Remove").open(read.thread)
    marcus.lacks(gone.thread)
    badge = marcus.is_unread(read.thread, yes=False).unread()
    cable.mend()
    wired.is_live(HEALED)
    _shows_once(wired, "Before", "Meanwhile", "Marcus answers")
    expect(wired.article(meanwhile.message)).to_have_count(1)
    wired.shows(new.thread).lacks(gone.thread).is_unread(read.thread, yes=False)
    expect(wired.composer).to_have_value("Half-written")
    assert len(set(wired.order())) == len(wired.order())
    assert eventually(lambda: wired.unread() <= badge)
    server.text(sender, "And live again")
    expect(wired.saying("And live again")).to_have_count(1)
    expect(marcus.row(text.thread)).to_contain_text("And live again")


def test_a_text_sent_into_a_cut_connection_goes_once_when_it_is_healed(
    server: Server, cable: Cable, wired: Window, windows: Windows
):
    marcus = windows("Marcus")
    text = server.text(a_number(), "Before")
    wired.open(text.thread)
    marcus.open(text.thread)
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    wired.composer.fill("Sent into the void")
    wired.page.keyboard.press("Control+Enter")
    cable.mend()
    wired.is_live(HEALED)
    for window in (wired, marcus):
        expect(window.saying("Sent into the void")).to_have_attribute("data-status", "delivered")
        expect(window.articles).to_have_count(2)
    expect(wired.composer).to_have_value("")


def test_a_text_sent_into_half_a_connection_goes_once_when_it_is_whole(server: Server, cable: Cable, wired: Window):
    """Not as much as an error in the console: what somebody does goes on to its end."""
    text = server.text(a_number(), "Before")
    wired.open(text.thread)
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    before = len(wired.requested)
    cable.stall()
    cable.mend()
    while not any(url.startswith("ws:") for url in wired.requested[before:]):
        wired.page.wait_for_timeout(20)
    wired.composer.fill("Sent too soon")
    wired.page.keyboard.press("Control+Enter")
    expect(wired.send_button).to_have_text("Sending…")
    cable.flow()
    wired.is_live(HEALED)
    expect(wired.saying("Sent too soon")).to_have_attribute("data-status", "delivered")
    expect(wired.articles).to_have_count(2)


def test_what_is_ticked_after_a_cut_is_what_an_act_is_done_to(server: Server, cable: Cable, wired: Window):
    kept, removed = server.text(a_number()), server.text(a_number())
    wired.tick(kept.thread)
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    cable.mend()
    wired.is_live(HEALED).shows(kept.thread, removed.thread)
    if wired.checkbox(kept.thread).is_checked():
        wired.checkbox(kept.thread).uncheck()
    wired.tick(removed.thread)
    expect(wired.page.get_by_text("1 selected")).to_be_visible()
    wired.act("Remove").lacks(removed.thread)
    expect(wired.page.get_by_role("status", name="Result")).to_have_text("1 thread removed.")
    wired.shows(kept.thread)


def test_the_view_and_the_query_survive_a_cut(server: Server, cable: Cable, wired: Window):
    sender = a_number()
    text = server.text(sender)
    wired.open(text.thread).send("Answer")
    wired.turn_to("Sent").search(sender)
    expect(wired.rows).to_have_count(1)
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    cable.mend()
    wired.is_live(HEALED)
    expect(wired.tab("Sent")).to_have_attribute("aria-selected", "true")
    expect(wired.search_box).to_have_value(sender)
    expect(wired.rows).to_have_count(1)
    expect(wired.articles).to_have_count(2)


def test_whoever_writes_goes_on_where_they_were_after_a_cut(server: Server, cable: Cable, wired: Window):
    text = server.text(a_number(), "Before")
    wired.open(text.thread)
    wired.composer.click()
    wired.page.keyboard.type("Ho")
    wired.press("ArrowLeft")
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    wired.page.keyboard.type("el")
    cable.mend()
    wired.is_live(HEALED)
    expect(wired.composer).to_be_focused()
    wired.press("l", "u", "x", "e")
    expect(wired.composer).to_have_value("Helluxeo")
    wired.shows(text.thread)
    expect(wired.result).to_be_hidden()
    expect(wired.bulk).to_be_disabled()


def test_whoever_searches_goes_on_where_they_were_after_a_cut(server: Server, cable: Cable, wired: Window):
    sender = a_number()
    text, other = server.text(sender), server.text(a_number())
    wired.open(other.thread)
    wired.search_box.click()
    wired.page.keyboard.type(sender[1:-2])
    expect(wired.page).to_have_url(re.compile(f"q={sender[1:-2]}"))
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    wired.press(sender[-2])
    cable.mend()
    wired.is_live(HEALED)
    expect(wired.search_box).to_be_focused()
    wired.press(sender[-1])
    expect(wired.search_box).to_have_value(sender[1:])
    expect(wired.rows).to_have_count(1)
    wired.shows(text.thread)


def test_what_is_pressed_in_half_a_connection_is_not_forgotten_when_it_is_whole(
    server: Server, cable: Cable, wired: Window
):
    text = server.text(a_number(), "Before")
    wired.shows(text.thread)
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    wired.opener(text.thread).evaluate(PRESS_IN_BETWEEN)
    cable.mend()
    wired.is_live(HEALED)
    expect(wired.article(text.message)).to_be_visible()
    expect(wired.page).to_have_url(re.compile(f"thread={text.thread}"))


def test_whoever_goes_back_without_a_connection_is_there_when_it_is_mended(server: Server, cable: Cable, wired: Window):
    first, second = server.text(a_number(), "First"), server.text(a_number(), "Second")
    wired.open(first.thread).open(second.thread)
    expect(wired.page).to_have_url(re.compile(f"thread={second.thread}"))
    for _ in range(2):
        cable.cut()
        expect(wired.connection).to_have_text("Reconnecting")
        wired.page.go_back()
        cable.mend()
        wired.is_live(HEALED)
        expect(wired.article(first.message)).to_be_visible()
        expect(wired.page).to_have_url(re.compile(f"thread={first.thread}"))
        wired.page.go_forward()
        expect(wired.article(second.message)).to_be_visible()
        expect(wired.page).to_have_url(re.compile(f"thread={second.thread}"))


def test_what_is_typed_on_where_no_field_is_any_more_is_no_single_key(server: Server, cable: Cable, wired: Window):
    number = a_number()
    server.knows(("Wilma Sato", number, "client"))
    text = server.text(number, "Before")
    wired.open(text.thread).button("Edit account").click()
    wired.field("Notes").fill("Hel")
    cable.cut()
    expect(wired.connection).to_have_text("Reconnecting")
    wired.page.keyboard.type("lo")
    cable.mend()
    wired.is_live(HEALED)
    expect(wired.field("Notes")).to_have_value("Hello")
    wired.press("x", "e")
    wired.shows(text.thread)
    expect(wired.bulk).to_be_disabled()
    wired.connection.click()
    assert wired.focus() == "body"
    wired.press("x")
    expect(wired.checkbox(text.thread)).to_be_checked()
    wired.shows(text.thread).press("x")
    expect(wired.result).to_be_hidden()


def test_a_stalled_connection_is_noticed_and_healed(server: Server, cable: Cable, wired: Window):
    sender = a_number()
    text = server.text(sender, "Before")
    wired.open(text.thread)
    wired.composer.fill("Half-written")
    cable.stall()
    for number in range(3):
        server.text(sender, f"Stalled {number}")
    expect(wired.connection).to_have_text("Reconnecting")
    cable.flow()
    wired.is_live(HEALED)
    _shows_once(wired, "Before", "Stalled 0", "Stalled 1", "Stalled 2")
    expect(wired.composer).to_have_value("Half-written")


def test_what_is_typed_after_a_click_on_another_row_never_goes_to_the_thread_before(
    server: Server, cable: Cable, wired: Window, windows: Windows
):
    marcus = windows("Marcus")
    first, second = server.text(a_number(), "First"), server.text(a_number(), "Second")
    wired.open(first.thread)
    cable.stall()
    wired.opener(second.thread).click()
    expect(wired.row(second.thread)).to_have_attribute("aria-current", "true")
    if wired.composer.is_editable():
        wired.composer.fill("For the second")
        wired.page.keyboard.press("Control+Enter")
    cable.flow()
    expect(wired.article(second.message)).to_be_visible()
    marcus.is_unread(second.thread, yes=False)
    marcus.open(first.thread)
    expect(marcus.articles).to_have_count(1)


def test_a_long_outage_ends_with_a_page_that_shows_everything(server: Server, cable: Cable, windows: Windows):
    dana, sender = windows("Dana", url=cable.url), a_number()
    dana.forgiving = True
    dana.page.clock.install()
    dana.page.reload()
    dana.is_live()
    text = server.text(sender, "Before")
    dana.open(text.thread)
    dana.composer.fill("Half-written")
    cable.cut()
    expect(dana.connection).to_have_text("Reconnecting")
    server.text(sender, "Meanwhile")
    away = dana.page.get_by_role("alert").filter(has_text=re.compile(r"^No connection since \d+:\d\d"))
    expect(away).to_be_hidden()
    dana.page.clock.run_for(60_000)
    expect(away).to_be_visible()
    cable.mend()
    dana.page.clock.run_for(30_000)
    dana.is_live(HEALED)
    expect(away).to_be_hidden()
    _shows_once(dana, "Before", "Meanwhile")
    expect(dana.composer).to_have_value("Half-written")
    server.text(sender, "And live again")
    expect(dana.saying("And live again")).to_have_count(1)


def test_a_restart_of_the_server_heals_in_the_same_way(tmp_path: Path, windows: Windows):
    with a_service(tmp_path) as service:
        dana, marcus = windows("Dana", url=service.url), windows("Marcus", url=service.url)
        dana.forgiving = marcus.forgiving = True
        sender = a_number()
        text = service.text(sender, "Before")
        dana.open(text.thread)
        marcus.shows(text.thread)
        dana.composer.fill("Half-written")
        service.stop()
        for window in (dana, marcus):
            expect(window.connection).to_have_text("Reconnecting")
        service.start()
        service.text(sender, "Right after the start")
        new = service.text(a_number(), "From somebody new")
        for window in (dana, marcus):
            window.is_live(HEALED).shows(text.thread, new.thread)
            assert len(set(window.order())) == len(window.order())
        _shows_once(dana, "Before", "Right after the start")
        expect(dana.composer).to_have_value("Half-written")
        marcus.open(text.thread)
        dana.composer.press("Control+Enter")
        dana.page.get_by_role("button", name="Send anyway").click()  # a text came after the writing had begun
        for window in (dana, marcus):
            _shows_once(window, "Before", "Right after the start", "Half-written")


def test_the_tenth_copy_of_a_text_shows_nothing_new(server: Server, window: Window):
    sender = a_number()
    copies = [server.text(sender, "Only once", id=f"copied-{sender}") for _ in range(10)]
    assert [copy.duplicate for copy in copies] == [False] + [True] * 9
    window.open(copies[0].thread)
    expect(window.articles).to_have_count(1)


def _shows_once(window: Window, *texts: str) -> None:
    """The open conversation is these texts, in this order, each once."""
    expect(window.articles.locator(".body")).to_have_text(list(texts))
