"""The clock on the wall by which customers are told of a day."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard.core.errors import SettingError


def known_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name, as it was set. Raises SettingError for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingError(
            f"“{name[:50]}” is no time zone that this machine knows: write America/New_York or Europe/London, as in the "
            "IANA’s list; where it knows none at all, pip install tzdata"
        ) from None
