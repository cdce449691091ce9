"""A page that stays open when its login's time is over: it shows nothing any more, and says how to go on."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.core.rights import LOGGED_OUT
from dashboard.store.database import Store
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number, a_service
from tests.factories import by_hand

pytestmark = pytest.mark.browser


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, whose logins grow old."""
    with a_service(tmp_path) as server:
        yield server


def test_an_open_page_is_led_to_the_login_when_its_login_is_a_month_old_and_back_to_where_it_was(
    service: Server, windows: Windows
):
    window = windows("Dana", url=service.url)
    window.forgiving = True  # its connection is cut
    thread = service.text(a_number(), "Are you there?").thread
    window.open(thread)
    with closing(Store(service.database)) as store:
        by_hand(store, "UPDATE login_session SET made_at = '2020-01-01'")
    expect(window.page.get_by_role("status")).to_have_text(LOGGED_OUT)
    expect(window.page).to_have_url(re.compile("/login"))
    window.pass_login("Dana")
    expect(window.page).to_have_url(re.compile(f"thread={thread}"))
    expect(window.is_live().saying("Are you there?")).to_be_visible()
