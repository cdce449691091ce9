"""A change: one action in progress. There is no other way to write, so nothing can forget to tell the viewers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, insert, select, text, update

from dashboard.core.rights import EVERY
from dashboard.core.tables import CHANGE, CLOCK, SUBJECT, THREAD
from dashboard.store import rights
from dashboard.store.database import Store, Unchanged

P = ParamSpec("P")
T = TypeVar("T")


MACHINE = "machine"  # the rule of an action that no viewer ever does
ANYBODY = "anybody"  # the rule of an action that everybody does for themselves
RULES: dict[str, str] = {}  # of each action by its name: the right that whoever acts needs, or one of the two above

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
).where(THREAD.c.revision < bindparam("revision", type_=Integer))  # what this change has noted stands there as it was
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
        self._noted: set[int] = set()
        self._held: frozenset[str] | None = None
        # The clock first: its row lock puts all writers in one order, and on SQLite the write lock is taken before
        # anything was read, so no writer ever has to give up halfway.
        self.revision = int(connection.execute(BUMPED).scalar_one())

    def begin(self, rule: str) -> None:
        """Write who does what into the log. Raises Forbidden where who acts has no right to it."""
        self.require(rule)
        logged = {"revision": self.revision, "action": self.action, "by_id": self.by, "at": self.now, "details": {}}
        self.connection.execute(LOGGED, logged)

    def require(self, rule: str) -> None:
        """Raises Forbidden where who acts has no right to it. The machine, and whoever runs it, may do everything."""
        if self.by is not None and rule != ANYBODY and not self.may(rule):
            rights.require(self.connection, self.by, rule)

    def may(self, right: str) -> bool:
        """Whether who acts has a right, just now and not when their page was made."""
        if self._held is None:
            self._held = EVERY if self.by is None else rights.held(self.connection, self.by)
        return right in self._held

    def touch(self, which: ColumnElement[bool]) -> int:
        """Note the threads for which ``which`` holds as this change's subjects, as they are now; how many."""
        before = BEFORE.where(which).params(revision=self.revision)
        self.connection.execute(insert(SUBJECT).from_select(SUBJECT.c.keys(), before))
        # Not by ``which`` again: it may look at the log, in which these subjects now stand.
        return int(self.connection.execute(CHANGED_ALL, {"revision": self.revision, "this": self.revision}).rowcount)

    def touch_one(self, thread: int, **values: Any) -> None:
        """Note one thread as this change's subject, once, and change it."""
        if thread not in self._noted:
            self._noted.add(thread)
            self.connection.execute(NOTED_ONE, {"revision": self.revision, "this": thread})
        self.connection.execute(CHANGED_ONE, {"revision": self.revision, "this": thread, **values})

    def touched(self) -> ColumnElement[bool]:
        """The condition on Thread that holds for this change's subjects."""
        return THREAD.c.revision == self.revision

    def made(self, thread: int) -> None:
        """Note a thread that this change made: before it, there was nothing to count."""
        self._noted.add(thread)
        self.connection.execute(MADE, {"revision": self.revision, "thread_id": thread})

    def finish(self) -> None:
        """Bring the tallies up to date from the subjects, before and after; write the details into the log."""
        self.connection.execute(TALLIED, {"revision": self.revision})
        if self.details:
            logged = update(CHANGE).where(CHANGE.c.revision == self.revision)
            self.connection.execute(logged.values(details=self.details))


def action(rule: str) -> Callable[[Callable[Concatenate[Change, P], T]], Callable[Concatenate[Store, P], T]]:
    """Make a sentence that changes the inbox of a body, which is given a Change where callers give a Store.

    ``rule`` is the right that whoever acts needs, or MACHINE, or ANYBODY. The keyword ``by``, the id of the resource
    who acts, goes into the log; None is the machine, or whoever runs it, and needs no right. An action that finds
    nothing to do calls ``nothing(result)``: it leaves no trace. Raises Forbidden, and what the body raises.
    """

    def made(body: Callable[Concatenate[Change, P], T]) -> Callable[Concatenate[Store, P], T]:
        _note_rule(body.__name__, rule)

        @wraps(body)
        def act(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
            by = _who(kwargs.get("by"), rule)

            def work(connection: Connection) -> T:
                change = Change(connection, body.__name__, by, store.clock(), store.region)
                change.begin(rule)
                result = body(change, *args, **kwargs)
                change.finish()
                return result

            return store.write(work)

        return act

    return made


@dataclass(frozen=True)
class Unlogged:
    """What a write works with that is no change: ``now`` is its moment (aware, UTC)."""

    connection: Connection
    now: datetime


def unlogged(rule: str) -> Callable[[Callable[Concatenate[Unlogged, P], T]], Callable[Concatenate[Store, P], T]]:
    """Make a sentence that writes what is not part of the inbox's history, of a body that is given an Unlogged.

    There is no revision and no row in the log: a draft is one person's alone and would otherwise fill the log with
    every pause of somebody who types; who is here is true for seconds. The commit wakes the feeds like any other.
    ``rule`` is as of ``action``.
    """

    def made(body: Callable[Concatenate[Unlogged, P], T]) -> Callable[Concatenate[Store, P], T]:
        _note_rule(body.__name__, rule)

        @wraps(body)
        def act(store: Store, /, *args: P.args, **kwargs: P.kwargs) -> T:
            by = _who(kwargs.get("by"), rule)

            def work(connection: Connection) -> T:
                if by is not None and rule != ANYBODY:
                    rights.require(connection, by, rule)
                return body(Unlogged(connection, store.clock()), *args, **kwargs)

            return store.write(work)

        return act

    return made


def _note_rule(name: str, rule: str) -> None:
    assert RULES.setdefault(name, rule) == rule, f"two acts called {name} have different rules"


def _who(by: Any, rule: str) -> int | None:
    """The id of whoever acts; what only the machine does nobody does by hand."""
    assert by is None or (isinstance(by, int) and rule != MACHINE)
    return by


def nothing(result: Any) -> NoReturn:
    """End the action without a trace, returning ``result`` to its caller."""
    raise Unchanged(result)
