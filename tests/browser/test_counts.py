"""The long counts in a browser, of what the other tests do a few times."""

import pytest

from tests.browser.product import Server
from tests.browser.test_list import the_badge_holds
from tests.browser.window import Window
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof


def test_a16_the_badge_is_what_its_click_shows_over_fifty_random_acts(server: Server, both: tuple[Window, Window]):
    the_badge_holds(server, both, scaled(50))
