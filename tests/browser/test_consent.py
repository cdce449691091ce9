"""Who wants no texts: the lock with its date, the mark, and the doubt, at once for everybody who looks."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Locator, expect

from dashboard.actions.accounts import add_account
from dashboard.store.database import Store
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import SOON, Window

pytestmark = pytest.mark.browser


def lock(window: Window) -> Locator:
    return window.page.locator(".locked")


def test_b2_a_stop_locks_the_composer_of_everybody_with_reason_and_date_and_a_start_opens_it(
    server: Server, both: tuple[Window, Window]
):
    phone = a_number()
    thread = server.text(phone, "Hello?").thread
    for window in both:
        window.open(thread)
        window.composer.fill("Half a thought")
    server.text(phone, "Stop")
    for window in both:
        expect(lock(window)).to_contain_text(
            re.compile(
                r"opted out on .*\d{4} at .*\d.* by writing STOP\. Nothing can be sent until they write START\."
            ),
            timeout=SOON,
        )
        expect(window.composer).to_be_hidden()
        expect(window.row(thread).get_by_title("Opted out")).to_be_visible()
        expect(window.row(thread).get_by_role("button")).to_have_accessible_name(re.compile("opted out"))
        expect(window.saying("Stop")).to_contain_text("Opted out")
    server.text(phone, "START")
    for window in both:
        expect(window.composer).to_have_value("Half a thought", timeout=SOON)
        expect(window.saying("START")).to_contain_text("Opted in again")


def test_b2_the_date_of_an_opt_out_is_that_of_the_viewer_s_zone(server: Server, windows: Windows):
    phone = a_number()
    thread = server.text(phone, "STOP", at="2026-11-01T23:30:00+00:00").thread
    for zone, words in (
        ("Asia/Tokyo", "November 2, 2026 at 8:30 AM"),
        ("America/New_York", "November 1, 2026 at 6:30 PM"),
    ):
        window = windows("Dana", timezone_id=zone)
        window.open(thread)
        expect(lock(window)).to_contain_text(words)


def test_b2_a_doubt_is_decided_by_one_for_all(server: Server, both: tuple[Window, Window]):
    (dana, marcus), phone = both, a_number()
    thread = server.text(phone, "Stop texting me").thread
    doubts = [window.open(thread).page.get_by_role("group", name="Did they mean to opt out?") for window in both]
    for doubt in doubts:
        expect(doubt).to_contain_text("“Stop texting me”")
    doubts[0].get_by_role("button", name="No, keep texting").click()
    for doubt, window in zip(doubts, both, strict=True):
        expect(doubt).to_be_hidden(timeout=SOON)
        expect(window.composer).to_be_visible()
    server.text(phone, "please stop")
    doubts[1].get_by_role("button", name="Yes, opt out").click()
    expect(lock(dana)).to_contain_text("Marcus Bell noted on", timeout=SOON)
    marcus.page.get_by_role("button", name="More", exact=True).click()
    marcus.page.get_by_role("menuitem", name="They may be texted again").click()
    expect(dana.composer).to_be_visible(timeout=SOON)


def test_b2_what_they_said_on_the_phone_is_noted_after_a_question(server: Server, both: tuple[Window, Window]):
    dana, marcus = both
    thread = server.text(a_number(), "Hello?").thread
    for window in both:
        window.open(thread)
    for answer in ("Cancel", "Opt out"):
        dana.page.get_by_role("button", name="More", exact=True).click()
        dana.page.get_by_role("menuitem", name="They asked not to be texted").click()
        dana.page.get_by_role("dialog", name="They asked not to be texted").get_by_role("button", name=answer).click()
        expect(marcus.composer).to_be_visible(visible=answer == "Cancel", timeout=SOON)
    expect(lock(marcus)).to_contain_text("Dana Whitcomb noted on")
    dana.page.get_by_role("button", name="History").click()
    history = dana.page.get_by_role("dialog", name="History")
    expect(history).to_contain_text("Dana Whitcomb noted that they asked not to be texted")


def test_b2_every_number_of_the_account_that_opted_out_is_marked_with_since_when(server: Server, windows: Windows):
    here, there = a_number(), a_number()
    with closing(Store(server.database)) as store:
        add_account(store, {"name": "Zelda Twonumbers", "phones": f"{here}\n{there}"}, by=1)
    window = windows("Dana", timezone_id="America/New_York")
    window.open(server.text(here, "From my kitchen").thread)
    phones = window.overview.locator(".line.phones").get_by_role("definition")
    expect(phones.get_by_title("Opted out")).to_have_count(0)
    server.text(there, "STOP", at="2026-11-01T23:30:00+00:00")
    expect(phones.get_by_role("img", name="Opted out")).to_have_count(1, timeout=SOON)
    expect(phones.locator(".phone")).to_contain_text(f"({there[2:5]}) {there[5:8]}-{there[8:]}since November 1, 2026")
    expect(window.composer).to_be_visible()
