"""Whoever a feed keeps up to date: the inbox's screens, and those of other pages."""

from collections.abc import Callable, Hashable
from typing import Protocol

from dashboard.live.snapshot import Reads


class Place(Protocol):
    """Where a viewer looks."""

    @property
    def view(self) -> Hashable:
        """What its reading costs the same for: two viewers with the same view share it."""
        ...


class Viewer(Protocol):
    """Lives on the live thread: only there it is called."""

    @property
    def place(self) -> Place:
        """Where it looks now."""
        ...

    is_idle: Callable[[], bool]  # whether it is of no use to show it anything now

    def catch_up(self, reads: Reads | None = None) -> None:
        """Show the newest state."""
        ...

    def check(self, reads: Reads) -> bool:
        """Whether it may show anything just now; where not, what it shows is taken back."""
        ...

    def trouble(self, words: str | None) -> None:
        """Say why what stands here may be out of date; None: it is up to date again."""
        ...
