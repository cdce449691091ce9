"""Texts that have not gone are seen on every screen: an outage with its reason, how many wait, what failed, what is unknown."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.actions import outbox
from dashboard.store.database import Store
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number, a_service
from tests.browser.window import SOON, Window
from tests.factories import by_hand

pytestmark = pytest.mark.browser
FAILS, LOST, IN_TIME, FINAL = (f"+1500555000{number}" for number in (1, 2, 4, 7))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, of which the phone company can be taken away."""
    with a_service(tmp_path) as server:
        yield server


def out(service: Server, until: str) -> None:
    """Another process says that the phone company takes no texts, and until when it is not tried."""
    with closing(Store(service.database)) as store:
        outbox.begin_outage(store, "simulated", "Down for maintenance.")
        by_hand(store, "UPDATE outage SET until = ?", until)


def sent(service: Server, window: Window, to: str, body: str, status: str) -> None:
    window.open(service.text(to, "Hello?").thread).send(body)
    expect(window.saying(body).last).to_have_attribute("data-status", status, timeout=SOON)


def test_b1_an_outage_is_on_every_screen_with_what_waits_and_then_it_goes_by_itself(service: Server, windows: Windows):
    dana, marcus = (windows(name, url=service.url) for name in ("Dana", "Marcus"))
    out(service, f"{datetime.now(UTC) + timedelta(minutes=9):%Y-%m-%d %H:%M:%S}")
    for window in (dana, marcus):
        expect(window.page.get_by_role("status", name="Texts that wait")).to_have_text(
            "Simulated does not take texts just now (Down for maintenance).", timeout=SOON
        )
    sent(service, dana, a_number(), "On our way", "queued")
    banner = marcus.page.get_by_text("1 text waits since")
    expect(banner).to_contain_text("they go by themselves. Nothing is lost.")
    out(service, "2001-01-01 00:00:00")
    expect(dana.saying("On our way")).to_have_attribute("data-status", "delivered", timeout=SOON)
    for window in (dana, marcus):
        expect(window.page.get_by_role("status", name="Texts that wait")).to_be_hidden(timeout=SOON)


def test_b1_what_failed_and_what_nobody_could_confirm_stands_where_the_failed_view_is_entered(
    service: Server, windows: Windows
):
    window = windows("Dana", url=service.url)
    sent(service, window, FAILS, "Number one", "failed")
    sent(service, window, LOST, "Number two", "unknown")
    expect(window.saying("Number two")).to_contain_text("The phone company is being asked what became of it.")
    sent(service, window, FINAL, "Number three", "failed")
    expect(window.saying("Number three")).to_contain_text("Trying again cannot help.")
    expect(window.saying("Number three").get_by_role("button", name="Try again")).to_have_count(0)
    window.button("2 failed, 1 could not be confirmed").click()
    expect(window.filter).to_have_value("failed")
    window.saying("Number three").get_by_role("button", name="Dismiss").click()
    window.choose("All")
    expect(window.button("1 failed, 1 could not be confirmed")).to_be_visible()


def test_b1_a_text_that_was_too_much_at_once_says_so_and_goes_by_itself(tmp_path: Path, windows: Windows):
    """It waits until the test has seen it wait: its two seconds may be over before a busy machine has drawn them."""
    with a_service(tmp_path, "TOO_MANY=600") as service:
        window = windows("Dana", url=service.url)
        window.open(service.text(IN_TIME, "Hello?").thread).send("Number four")
        expect(window.saying("Number four")).to_contain_text("Queued: Too many texts at once", timeout=SOON)
        with closing(Store(service.database)) as store:
            by_hand(store, "UPDATE message SET not_before = ?", "2001-01-01 00:00:00")
            by_hand(store, "UPDATE thread SET due_at = ?", "2001-01-01 00:00:00")
        expect(window.saying("Number four")).to_have_attribute("data-status", "delivered", timeout=SOON)
