"""The ground of the screens of the pages under Settings: what one viewer sees there. They run headless."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from dashboard.core.errors import MessageCenterError, Moved
from dashboard.core.values import Person
from dashboard.live.acting import Acting, Face, Perform, at_once
from dashboard.live.snapshot import Reads
from dashboard.store.database import Store

Facts = Callable[[Any], dict[str, Any]]


class SettingsScreen(Acting):
    """One viewer's screen; ``catch_up`` is the only way what it shows changes.

    A kind of it says the ``right`` that its page needs, where it looks at first (``place``), and how a snapshot of
    a place is ``taken``. A place has a ``view``: two viewers with the same one share their reading.
    """

    place: Any

    def __init__(
        self, store: Store, user: Person | None = None, session: int | None = None, perform: Perform = at_once
    ) -> None:
        self.store = store
        self.user = user
        self.session = session
        self.perform = perform
        self.face: Face | None = None
        self.closed: str | None = None
        self.is_idle: Callable[[], bool] = lambda: False
        self.snapshot: Any = None

    @abstractmethod
    def taken(self, reads: Reads) -> Any:
        """The snapshot of the place; the one before, itself, where nothing has changed."""

    def catch_up(self, reads: Reads | None = None) -> None:
        """Show the newest state; ``reads`` shares its reading with other screens."""
        if reads is None:
            with self.store.reading() as connection:
                return self.catch_up(Reads(connection))
        if not self.check(reads):
            return None
        after = self.taken(reads)
        if after is not self.snapshot:
            self.snapshot = after
            if self.face is not None:
                self.face.show(after)
        return None

    def trouble(self, words: str | None) -> None:
        """Say why what stands here may be out of date; None: it is up to date again."""
        self._tell(trouble=words)

    def _change(self, key: str, work: Callable[[], Any], facts: Facts = lambda _: {}) -> None:
        """Carry out an act that the page calls ``key``, and tell the page under that name what came of it."""

        def refused(error: MessageCenterError) -> None:
            seen = error.seen if isinstance(error, Moved) else None
            self._tell(saved={"key": key, "error": str(error), "seen": seen})

        self._act(work, lambda result: self._tell(saved={"key": key, "error": None, **facts(result)}), refused)
