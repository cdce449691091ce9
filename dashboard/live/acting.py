"""Acting: how what a viewer does is carried out, and what comes of it told; the ground of every screen."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from sqlalchemy import Connection

from dashboard.core.errors import Forbidden, MessageCenterError, Refused, StoreError
from dashboard.core.rights import VIEW
from dashboard.core.values import Person
from dashboard.live.snapshot import Reads, rights_of
from dashboard.store import rights
from dashboard.store.database import Store

log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Perform = Callable[[Callable[[], Any], Done], None]
LAST_ID = 2**31 - 1  # of a 32-bit column
NOT_STORED = "This was not done: nothing can be stored just now. Try again in a while."
AWAY = "This did not work: the database cannot be used just now. Try again in a while."
FAILED = "This did not work, and nothing was changed. Try again; if it stays so, look at the server's log."


class Face(Protocol):
    """What draws a screen. Called on the live thread."""

    def show(self, snapshot: Any) -> None:
        """Draw the snapshot, as a change to what was drawn before."""
        ...

    def tell(self, news: dict[str, Any]) -> None:
        """Say something once: the result of an act (``notice``), of a send (``sent``); ``trouble``: words, or None
        when it is over."""
        ...

    def close(self, words: str) -> None:
        """Show nothing any more, and say why: whoever looks has no right to it just now."""
        ...


def for_page(error: MessageCenterError, away: str = AWAY) -> str:
    """What a page is told of an error; a StoreError's own words, which say where the database is, go to the log."""
    if not isinstance(error, StoreError):
        return str(error)
    log.error("%s", error)
    return away


def at_once(work: Callable[[], Any], done: Done) -> None:
    """Perform an act in the caller's thread, for a screen without a feed."""
    done(work())


class Acting:
    """The part of a screen that does what its viewer wants, as long as its viewer may.

    ``session`` is the id of the session in which the viewer is logged in, None in a notebook; ``closed`` says why the
    screen shows nothing, None while it does.
    """

    right: ClassVar[str] = VIEW  # what its page needs
    store: Store
    perform: Perform
    face: Face | None
    user: Person | None
    session: int | None
    closed: str | None
    snapshot: Any

    def _by(self) -> int | None:
        return self.user.id if self.user else None

    def _may_act(self) -> bool:
        """Whoever is known may act; while nobody is recorded yet, anybody."""
        if self.user is not None:
            return True
        with self.store.reading() as connection:
            return not rights.has_users(connection)

    def check_may_act(self) -> None:
        """Raises Refused for whoever only looks, Forbidden for whoever may not even do that any more."""
        if not self._may_act():
            raise Refused("This inbox is only looked at: say who you are with user=, then you can act.")
        self.check_may_look()

    def check_may_look(self) -> None:
        """Raises Forbidden for whoever may not be told anything here any more."""
        with self._reading():
            pass  # only the right to it matters; an act looks at its own right again, in its own transaction

    def check_may(self, right: str) -> None:
        """Raises as ``check_may_act``, and Forbidden for whoever has not a right: before work that is not an act yet."""
        self.check_may_act()
        with self.store.reading() as connection:
            rights.require(connection, self._by(), right)

    def why_closed(self, reads: Reads) -> str | None:
        """Why this screen may show nothing; None while it may."""
        is_in = self.session is None or self.session in reads.once(rights.open_sessions)
        if is_in and self.right in rights_of(reads, self._by()):
            return None
        return reads.once(rights.why_closed, self._by(), self.session, self.right)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A reading for what the viewer asks to be told. Raises Forbidden where they may not be told anything."""
        with self.store.reading() as connection:
            words = rights.why_closed(connection, self._by(), self.session, self.right)
            if words is not None:
                raise Forbidden(words)
            yield connection

    def check(self, reads: Reads) -> bool:
        """Whether the viewer may look just now; where not, what stands here is taken back, until they may again."""
        words = self.why_closed(reads)
        if words is not None:
            self.snapshot = None
            if self.closed != words and self.face is not None:
                self.face.close(words)
        self.closed = words
        return words is None

    def _act(self, work: Callable[[], Any], done: Done | None = None, failed: Done | None = None) -> None:
        def attempt() -> Any:
            try:
                self.check_may_act()
                return work()
            except StoreError as error:
                return MessageCenterError(for_page(error, NOT_STORED))
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
