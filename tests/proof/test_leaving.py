"""200 pages opened and closed, in every way in which a browser can leave, leave no document behind."""

from collections import Counter

import pytest

from tests.leaving import WAYS, a_host, left_behind
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
PAGES = scaled(200)


@pytest.mark.parametrize("way", WAYS)
def test_200_pages_that_were_opened_and_closed_leave_nothing_behind(way: str) -> None:
    with a_host() as host:
        assert left_behind(host, way, PAGES) == Counter()
