"""A time zone as somebody sets it."""

from datetime import UTC, datetime

import pytest

from dashboard.core.errors import SettingError
from dashboard.core.zones import known_zone


def test_a_zone_knows_its_day():
    assert f"{datetime(2026, 12, 2, 21, 0, tzinfo=UTC).astimezone(known_zone('Australia/Sydney')):%A}" == "Thursday"


@pytest.mark.parametrize("name", ["Sydney", "Europe", "../etc/passwd", "", "\0", "x" * 300])
def test_what_is_none_is_told_in_words(name):
    with pytest.raises(SettingError, match="is no time zone that this machine knows: write America/New_York"):
        known_zone(name)
