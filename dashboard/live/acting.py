"""Acting: how what a viewer does is carried out, and what comes of it told; the ground of every screen."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from dashboard.core.errors import MessageCenterError, Refused
from dashboard.core.values import Person
from dashboard.live.snapshot import Snapshot
from dashboard.store.database import Store
from dashboard.store.people import everybody

log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Perform = Callable[[Callable[[], Any], Done], None]
LAST_ID = 2**31 - 1  # of a 32-bit column
FAILED = "This did not work, and nothing was changed. Try again; if it stays so, look at the server's log."


class Face(Protocol):
    """What draws a screen. Called on the live thread."""

    def show(self, snapshot: Snapshot) -> None:
        """Draw the snapshot, as a change to what was drawn before."""
        ...

    def tell(self, news: dict[str, Any]) -> None:
        """Say something once: the result of an act (``notice``), of a send (``sent``); ``trouble``: words, or None
        when it is over."""
        ...


def at_once(work: Callable[[], Any], done: Done) -> None:
    """Perform an act in the caller's thread, for a screen without a feed."""
    done(work())


class Acting:
    """The part of a screen that does what its viewer wants."""

    store: Store
    perform: Perform
    face: Face | None
    user: Person | None

    def _by(self) -> int | None:
        return self.user.id if self.user else None

    def _may_act(self) -> bool:
        """Whoever is known may act; while nobody is recorded yet, anybody."""
        if self.user is not None:
            return True
        with self.store.reading() as connection:
            return not any(person.role for person in everybody(connection))

    def check_may_act(self) -> None:
        """Raises Refused for whoever only looks."""
        if not self._may_act():
            raise Refused("This inbox is only looked at: say who you are with user=, then you can act.")

    def _act(self, work: Callable[[], Any], done: Done | None = None, failed: Done | None = None) -> None:
        def attempt() -> Any:
            try:
                return work()
            except MessageCenterError as error:
                return error
            except Exception:  # the one door between acts and a page: whoever clicked is told, and the log knows why
                log.exception("an act failed")
                return MessageCenterError(FAILED)

        def settle(result: Any) -> None:
            if not isinstance(result, MessageCenterError):
                (done or (lambda _: None))(result)
            elif failed:
                failed(result)
            else:
                self._tell(notice={"text": str(result), "kind": "error"})

        self.perform(attempt, settle)

    @staticmethod
    def _check_id(thread: int) -> None:
        if not 0 < thread <= LAST_ID:
            raise Refused(f"There is no thread {thread}.")

    def _tell(self, **news: Any) -> None:
        if self.face is not None:
            self.face.tell(news)
