"""A change: one action in progress. There is no other way to write, so nothing can forget to tell the viewers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, insert, select, text, update

from dashboard.core.tables import CHANGE, CLOCK, SUBJECT, THREAD
from dashboard.store.database import Store, Unchanged

P = ParamSpec("P")
T = TypeVar("T")


BUMPED = update(CLOCK).values(revision=CLOCK.c.revision + 1).returning(CLOCK.c.revision)
BEFORE = select(
    bindparam("revision", type_=Integer),
    THREAD.c.id,
    THREAD.c.kind,
    THREAD.c.inbound_message.is_not(None),
    THREAD.c.outbound_message.is_not(None),
    THREAD.c.removed,
    THREAD.c.unread,
    THREAD.c.unopened,
)
# Built once: most changes are of one thread, and building an expression costs more than carrying it out.
NOTED_ONE = insert(SUBJECT).from_select(SUBJECT.c.keys(), BEFORE.where(THREAD.c.id == bindparam("this")))
CHANGED_ONE = update(THREAD).where(THREAD.c.id == bindparam("this"))
SUBJECTS = select(SUBJECT.c.thread_id).where(SUBJECT.c.revision == bindparam("this"))
CHANGED_ALL = update(THREAD).where(THREAD.c.id.in_(SUBJECTS))
LOGGED = insert(CHANGE)
MADE = insert(SUBJECT)
TALLIED = text(
    """
    UPDATE tally SET
        received = tally.received + moved.received,
        sent = tally.sent + moved.sent,
        unread = tally.unread + moved.unread,
        removed_received = tally.removed_received + moved.removed_received,
        removed_sent = tally.removed_sent + moved.removed_sent
    FROM (
        SELECT kind,
            SUM(CASE WHEN received AND NOT removed THEN one ELSE 0 END) AS received,
            SUM(CASE WHEN sent AND NOT removed THEN one ELSE 0 END) AS sent,
            SUM(CASE WHEN removed THEN 0 ELSE one * unread END) AS unread,
            SUM(CASE WHEN received AND removed THEN one ELSE 0 END) AS removed_received,
            SUM(CASE WHEN sent AND removed THEN one ELSE 0 END) AS removed_sent
        FROM (
            SELECT -1 AS one, kind, received, sent, removed, unread
            FROM change_subject WHERE revision = :revision AND kind IS NOT NULL
            UNION ALL
            SELECT 1, thread.kind, inbound_message IS NOT NULL, outbound_message IS NOT NULL,
                thread.removed, thread.unread
            FROM thread JOIN change_subject ON change_subject.thread_id = thread.id
            WHERE change_subject.revision = :revision
        ) AS sides GROUP BY kind
    ) AS moved WHERE tally.kind = moved.kind
    """
)


class Change:
    """What an action works with.

    ``revision`` is this change's number, ``now`` its moment (aware, UTC), ``by`` the id of the resource who acts or
    None for the machine, ``details`` what the log keeps of it beside the threads it touched.
    """

    def __init__(self, connection: Connection, action: str, by: int | None, now: datetime, region: str) -> None:
        self.connection = connection
        self.action = action
        self.by = by
        self.now = now
        self.region = region
        self.details: dict[str, Any] = {}
        self._made: set[int] = set()
        # The clock first: its row lock puts all writers in one order, and on SQLite the write lock is taken before
        # anything was read, so no writer ever has to give up halfway.
        self.revision = int(connection.execute(BUMPED).scalar_one())
        logged = {"revision": self.revision, "action": action, "by_id": by, "at": now, "details": {}}
        connection.execute(LOGGED, logged)

    def touch(self, which: ColumnElement[bool]) -> int:
        """Note the threads for which ``which`` holds as this change's subjects, as they are now; how many."""
        before = BEFORE.where(which).params(revision=self.revision)
        self.connection.execute(insert(SUBJECT).from_select(SUBJECT.c.keys(), before))
        # Not by ``which`` again: it may look at the log, in which these subjects now stand.
        return int(self.connection.execute(CHANGED_ALL, {"revision": self.revision, "this": self.revision}).rowcount)

    def touch_one(self, thread: int, **values: Any) -> None:
        """Note one thread as this change's subject, unless this change made it, and change it."""
        if thread not in self._made:
            self.connection.execute(NOTED_ONE, {"revision": self.revision, "this": thread})
        self.connection.execute(CHANGED_ONE, {"revision": self.revision, "this": thread, **values})

    def touched(self) -> ColumnElement[bool]:
        """The condition on Thread that holds for this change's subjects."""
        return THREAD.c.revision == self.revision

    def made(self, thread: int) -> None:
        """Note a thread that this change made: before it, there was nothing to count."""
        self._made.add(thread)
        self.connection.execute(MADE, {"revision": self.revision, "thread_id": thread})

    def finish(self) -> None:
        """Bring the tallies up to date from the subjects, before and after; write the details into the log."""
        self.connection.execute(TALLIED, {"revision": self.revision})
        if self.details:
            logged = update(CHANGE).where(CHANGE.c.revision == self.revision)
            self.connection.execute(logged.values(details=self.details))


def action(body: Callable[Concatenate[Change, P], T]) -> Callable[Concatenate[Store, P], T]:
    """Make a sentence that changes the inbox of ``body``, which is given a Change where callers give a Store.

    The keyword ``by``, the id of the resource who acts, goes into the log. An action that finds nothing to do calls
    ``nothing(result)``: it leaves no trace.
    """

    @wraps(body)
    def act(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
        by = kwargs.get("by")
        assert by is None or isinstance(by, int)

        def work(connection: Connection) -> T:
            change = Change(connection, body.__name__, by, store.clock(), store.region)
            result = body(change, *args, **kwargs)
            change.finish()
            return result

        return store.write(work)

    return act


@dataclass(frozen=True)
class Unlogged:
    """What a write works with that is no change: ``now`` is its moment (aware, UTC)."""

    connection: Connection
    now: datetime


def unlogged(body: Callable[Concatenate[Unlogged, P], T]) -> Callable[Concatenate[Store, P], T]:
    """Make a sentence that writes what is not part of the inbox's history, of ``body``, given an Unlogged.

    There is no revision and no row in the log: a draft is one person's alone and would otherwise fill the log with
    every pause of somebody who types; who is here is true for seconds. The commit wakes the feeds like any other.
    """

    @wraps(body)
    def act(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return store.write(lambda connection: body(Unlogged(connection, store.clock()), *args, **kwargs))

    return act


def nothing(result: Any) -> NoReturn:
    """End the action without a trace, returning ``result`` to its caller."""
    raise Unchanged(result)
