"""Whether anything can be stored just now: noted by whoever could not, until it has been tried and works again."""

from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.core.errors import StoreError

DATABASE, MEDIA = "database", "media"  # what can be stored, or not, each by itself


class Storing:
    """Of one process. ``failing`` is what could not be stored lately, each with why, in words for an administrator."""

    def __init__(self) -> None:
        self.failing: dict[str, str] = {}

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """While this lasts somebody stores something. A success here is no proof: there may be room for a little."""
        try:
            yield
        except StoreError as error:
            self.failing[what] = str(error)
            raise

    def works(self, what: str) -> None:
        """It has been tried, and there is room again."""
        self.failing.pop(what, None)
