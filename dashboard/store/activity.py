"""The audit trail: who did what, when and to whom, from the change log; every list of it is walked by index.

Whoever may not view the inbox is not told whom an act was about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select, union_all

from dashboard.core import activity
from dashboard.core.activity import ACTS, MACHINE, Entries, Entry, Facts, Sought
from dashboard.core.addresses import shown
from dashboard.core.rights import VIEW
from dashboard.core.tables import ACCOUNTS, CHANGE, DOCUMENT, RESOURCES, ROLE, SUBJECT, THREAD
from dashboard.core.text import folded
from dashboard.core.values import Actor
from dashboard.core.views import View
from dashboard.store.changes import UNDO
from dashboard.store.database import region
from dashboard.store.threads import found_by

THREADS = 50  # correspondents that a search for one follows, those that moved last
LAST = 2**31 - 1  # of a 32-bit column
NOBODY = -1  # the id of no thread
SOMEBODY = "somebody"  # of whom an act was about, for whoever may not know
Span = tuple[int, int]  # the revisions from after the first to before the second


def of_thread(
    connection: Connection, thread: int, rights: frozenset[str], before: int = LAST, limit: int = 20
) -> Entries:
    """What was done with a thread, from before a revision on."""
    values = {"thread": thread, "after": 0, "before": before, "limit": limit + 1}
    revisions = connection.execute(_of_one("thread", None, activity.HERE), values).scalars().all()
    entries = _Telling(connection, rights, thread).entries(revisions[:limit])
    return Entries(entries, len(revisions) > limit)


def of_document(connection: Connection, document: int, limit: int = 20) -> tuple[Entry, ...]:
    """What was done with a text document, the newest first, with what it was before, for whoever may edit them."""
    which = CHANGE.c.details["document"].as_integer() == document
    return _of_acts(connection, activity.OF_DOCUMENT, which, limit)


def of_role(connection: Connection, role: int, limit: int = 20) -> tuple[Entry, ...]:
    """What was done with a role, the newest first, for whoever may edit roles."""
    return _of_acts(connection, activity.OF_ROLE, CHANGE.c.details["role"].as_integer() == role, limit)


def page(
    connection: Connection, sought: Sought, rights: frozenset[str], limit: int, after: int = 0, before: int = LAST
) -> Entries:
    """What is sought in the log, between two revisions; the newest ``limit`` of it."""
    revisions = _revisions(connection, sought, rights, (after, before), limit + 1)
    return Entries(_Telling(connection, rights).entries(revisions[:limit]), len(revisions) > limit)


def count(connection: Connection, sought: Sought, rights: frozenset[str], after: int, limit: int) -> int:
    """How many entries of what is sought have come after a revision; ``limit`` at most."""
    return len(_revisions(connection, sought, rights, (after, LAST), limit))


def last_rewording(connection: Connection) -> int:
    """The revision of the last change after which older entries may read differently: a name, an undoing."""
    found = select(func.max(CHANGE.c.revision)).where(CHANGE.c.action == bindparam("action"))
    return max(int(connection.execute(found, {"action": action}).scalar() or 0) for action in activity.REWORDING)


def actors(connection: Connection) -> tuple[Actor, ...]:
    """Everybody who has ever done something, by name."""
    acted = select(CHANGE.c.revision).where(CHANGE.c.by_id == RESOURCES.c.id).exists()
    named = select(RESOURCES.c.id, RESOURCES.c.name).where(acted).order_by(RESOURCES.c.name_folded, RESOURCES.c.id)
    return tuple(Actor(*row) for row in connection.execute(named))


def _of_acts(
    connection: Connection, actions: Sequence[str], which: ColumnElement[bool], limit: int
) -> tuple[Entry, ...]:
    """These acts are few beside all the others, and their index is walked."""
    found = select(CHANGE.c.revision).where(CHANGE.c.action.in_(actions), which)
    revisions = connection.execute(found.order_by(CHANGE.c.revision.desc()).limit(limit)).scalars().all()
    return _Telling(connection, frozenset(), whole=True).entries(revisions)


def _revisions(connection: Connection, sought: Sought, rights: frozenset[str], span: Span, limit: int) -> Sequence[int]:
    after, before = _between(connection, sought, span)
    actions = activity.on_page(sought.group)
    values = {"after": after, "before": before, "limit": limit, "by": sought.person}
    if not sought.query.strip():
        return connection.execute(_newest_of(actions, sought.person), values).scalars().all()
    threads = _threads(connection, sought.query) if VIEW in rights else []
    found = _of_threads(_enough(len(threads)), actions, sought.person) if threads else None
    terms = [*([found] if found is not None else []), *_named(connection, sought, actions)]
    if not terms:
        return ()
    values |= {f"thread_{number}": thread for number, thread in enumerate(_filled(threads))}
    return connection.execute(_newest(terms), values).scalars().all()


@lru_cache(maxsize=256)
def _newest_of(actions: tuple[str, ...], person: int | None) -> Select[Any]:
    """A short walk through the index for each action: a rare one is found at once among a million of the others."""
    return _newest([_walk(CHANGE.c.action == action, person) for action in actions])


def _newest(terms: Sequence[Select[Any]]) -> Select[Any]:
    every = union_all(*(select(term.subquery()) for term in terms)).subquery()
    return select(every.c.revision).distinct().order_by(every.c.revision.desc()).limit(bindparam("limit"))


def _walk(which: ColumnElement[bool], person: int | None) -> Select[Any]:
    between = (CHANGE.c.revision > bindparam("after")) & (CHANGE.c.revision < bindparam("before"))
    found = select(CHANGE.c.revision).where(which, between, *_by(person, CHANGE.c.by_id))
    # In the order of the index, with its first columns although they are alike: either engine walks it as it stands.
    return found.order_by(*_index_of(person), CHANGE.c.revision.desc()).limit(bindparam("limit"))


def _by(person: int | None, column: Any) -> tuple[ColumnElement[bool], ...]:
    if person is None:
        return ()
    return (column.is_(None),) if person == MACHINE else (column == bindparam("by"),)


def _index_of(person: int | None) -> tuple[ColumnElement[Any], ...]:
    return (CHANGE.c.action.desc(),) if person is None else (CHANGE.c.by_id.desc(), CHANGE.c.action.desc())


@lru_cache(maxsize=256)
def _of_threads(count: int, actions: tuple[str, ...], person: int | None) -> Select[Any]:
    """A short walk through the changes of each of some threads."""
    return _newest([_of_one(f"thread_{number}", person, actions) for number in range(count)])


def _of_one(thread: str, person: int | None, actions: tuple[str, ...]) -> Select[Any]:
    """A walk through the changes of the thread that a parameter names. What is asked of each change is asked in a
    subquery of its own: joined, an engine may begin with all the changes of a kind."""
    here = (SUBJECT.c.thread_id == bindparam(thread), SUBJECT.c.revision > bindparam("after"))
    which = (*here, SUBJECT.c.revision < bindparam("before"), _logged(CHANGE.c.action).in_(actions))
    found = select(SUBJECT.c.revision).where(*which, *_by(person, _logged(CHANGE.c.by_id)))
    return found.order_by(SUBJECT.c.revision.desc()).limit(bindparam("limit"))


def _logged(column: Any) -> Any:
    return select(column).where(CHANGE.c.revision == SUBJECT.c.revision).correlate(SUBJECT).scalar_subquery()


def _threads(connection: Connection, query: str) -> list[int]:
    found = select(THREAD.c.id).where(found_by(View(query=query)))
    return list(connection.execute(found.order_by(THREAD.c.revision.desc()).limit(THREADS)).scalars())


def _enough(count: int) -> int:
    """A few sizes of the statement serve for any number of threads: building one costs more than carrying it out."""
    return next(size for size in (1, 8, THREADS) if size >= count)


def _filled(threads: list[int]) -> list[int]:
    return threads + [NOBODY] * (_enough(len(threads)) - len(threads))


def _named(connection: Connection, sought: Sought, actions: tuple[str, ...]) -> list[Select[Any]]:
    """Text documents and roles by the names that the log has of them; a document that is there still is found without
    its accents, too. These acts are few beside all the others."""
    named = [action for action in actions if action in (*activity.OF_DOCUMENT, *activity.OF_ROLE)]
    if not named:
        return []
    said, plain = sought.query.strip().lower(), folded(sought.query)
    ways = [func.lower(CHANGE.c.details[key].as_string()).contains(said, autoescape=True) for key in ("title", "name")]
    held = select(DOCUMENT.c.id).where(DOCUMENT.c.title_folded.contains(plain, autoescape=True)).limit(THREADS)
    known = connection.execute(held).scalars().all() if plain else ()
    if known:
        ways.append(CHANGE.c.details["document"].as_integer().in_(known))
    between = (CHANGE.c.revision > bindparam("after"), CHANGE.c.revision < bindparam("before"))
    which = (CHANGE.c.action.in_(named), *between, or_(*ways), *_by(sought.person, CHANGE.c.by_id))
    found = select(CHANGE.c.revision).where(*which).order_by(CHANGE.c.revision.desc())
    return [found.limit(bindparam("limit"))]


def _between(connection: Connection, sought: Sought, span: Span) -> Span:
    """The span as far as the days that are sought go."""
    after, before = span
    if sought.since is not None:
        after = max(after, _first(connection, sought.since) - 1)
    if sought.until is not None:
        before = min(before, _first(connection, sought.until))
    return after, before


def _first(connection: Connection, moment: datetime) -> int:
    """The first revision that is not before a moment: times go on as revisions do, so some probes lead there."""
    last = select(CHANGE.c.revision).order_by(CHANGE.c.revision.desc()).limit(1)
    low, high = 0, int(connection.execute(last).scalar() or 0) + 1
    while low < high:
        step = -(-(high - low) // PROBES)
        probes = list(range(low, high, step))
        for revision, at in connection.execute(PROBED, {"revisions": probes}):
            if at >= moment:
                high = revision
                break
            low = revision + 1
        if step == 1:  # nothing is logged between them
            break
        low, high = _halved(connection, low, high, moment)
    return low


def _halved(connection: Connection, low: int, high: int, moment: datetime) -> Span:
    """A step that always leads on, also where whole stretches of the log are gone."""
    if low >= high:
        return low, high
    middle = (low + high) // 2
    found = connection.execute(NEXT, {"from": middle}).first()
    return (low, middle) if found is None or found.at >= moment else (int(found.revision) + 1, high)


PROBES = 32  # revisions of which the time is asked at once
PROBED = (
    select(CHANGE.c.revision, CHANGE.c.at)
    .where(CHANGE.c.revision.in_(bindparam("revisions", expanding=True)))
    .order_by(CHANGE.c.revision)
)
NEXT = (
    select(CHANGE.c.revision, CHANGE.c.at)
    .where(CHANGE.c.revision >= bindparam("from"))
    .order_by(CHANGE.c.revision)
    .limit(1)
)
SUBJECTS_OF = select(SUBJECT.c.thread_id).where(SUBJECT.c.revision == CHANGE.c.revision).correlate(CHANGE)
LOGGED = select(
    *(CHANGE.c[name] for name in ("revision", "action", "by_id", "at", "details")),
    RESOURCES.c.name.label("by"),
    # The first and the last thread tell one from several, however many a bulk act touched.
    SUBJECTS_OF.order_by(SUBJECT.c.thread_id).limit(1).scalar_subquery().label("first"),
    SUBJECTS_OF.order_by(SUBJECT.c.thread_id.desc()).limit(1).scalar_subquery().label("last"),
).outerjoin(RESOURCES, RESOURCES.c.id == CHANGE.c.by_id)
OF_REVISIONS = LOGGED.where(CHANGE.c.revision.in_(bindparam("revisions", expanding=True))).order_by(
    CHANGE.c.revision.desc()
)


@dataclass(frozen=True)
class _Names:
    """What those are called whom some acts were about, by their ids."""

    threads: dict[int, str]
    accounts: dict[int, str]
    resources: dict[int, str]
    roles: dict[int, str]


class _Telling:
    """Tells of acts to somebody with rights; ``here``: as the History of one thread does, ``whole``: as the list of
    one text document or role does."""

    def __init__(
        self, connection: Connection, rights: frozenset[str], here: int | None = None, whole: bool = False
    ) -> None:
        self.connection, self.rights, self.here, self.whole = connection, rights, here, whole

    def entries(self, revisions: Sequence[int]) -> tuple[Entry, ...]:
        if not revisions:
            return ()
        rows = self.connection.execute(OF_REVISIONS, {"revisions": list(revisions)}).all()
        names, undoing = self._names(rows), self._undoing(rows)
        return tuple(self._entry(row, names, undoing) for row in rows)

    def _entry(self, row: Any, names: _Names, undoing: dict[int, str | None]) -> Entry:
        act = ACTS[row.action]
        template = act.page if self.here is None else act.here
        assert template is not None
        facts = Facts(
            details=self._details(row, names),
            who=row.by or activity.THE_MACHINE,
            whom=self._whom(row, names),
            undid=self._undid(row),
            undone=row.revision in undoing,
            undone_by=undoing.get(row.revision),
            alerted=self._alerted(row, names),
        )
        below = activity.document_notes(facts) if self.whole and act.group == "documents" else None
        return Entry(
            revision=row.revision,
            at=row.at,
            group=act.group,
            parts=activity.told(template, facts),
            thread=self._thread(row) if VIEW in self.rights else None,
            notes=activity.notes(row.action, facts, self.rights) if below is None else below,
        )

    def _details(self, row: Any, names: _Names) -> dict[str, Any]:
        """A role that the log names by its id only is called as it is called now."""
        role = row.details.get("role")
        return {**row.details, "role": names.roles.get(role)} if isinstance(role, int) else row.details

    @staticmethod
    def _thread(row: Any) -> int | None:
        if row.first is not None:
            return int(row.first) if row.first == row.last else None
        noted = row.details.get("thread")
        return None if noted is None else int(noted)

    def _whom(self, row: Any, names: _Names) -> str:
        """Colleagues are known to all who may read this; correspondents to those who may view the inbox."""
        if "resource" in row.details:
            return names.resources.get(row.details["resource"], SOMEBODY)
        if VIEW not in self.rights:
            return SOMEBODY
        if "account" in row.details and self._by_account(row):
            return names.accounts.get(row.details["account"], SOMEBODY)
        thread = self._thread(row)
        return names.threads.get(thread, SOMEBODY) if thread is not None else self._several(row)

    def _by_account(self, row: Any) -> bool:
        """A number may have been given to another account since; a lead is called as its thread is."""
        return row.action != "make_lead" or self._thread(row) is None

    @staticmethod
    def _several(row: Any) -> str:
        done = row.details.get("done")
        return f"{done:,} threads" if done else "several threads"

    def _alerted(self, row: Any, names: _Names) -> tuple[str, ...]:
        to = (row.details.get("alert") or {}).get("to", ())
        return tuple(names.resources[owner] for owner in to if owner in names.resources)

    def _undid(self, row: Any) -> str | None:
        if row.action != UNDO:
            return None
        undid = select(CHANGE.c.action).where(CHANGE.c.revision == row.details["undid"])
        return self.connection.execute(undid).scalar()

    def _undoing(self, rows: Sequence[Any]) -> dict[int, str | None]:
        """Of bulk acts, by whom they were undone: in the History of a thread, where that was put back, too."""
        acts = [row.revision for row in rows if row.action in activity.UNDID]
        if not acts:
            return {}
        undoing = select(CHANGE.c.details, RESOURCES.c.name).outerjoin(RESOURCES, RESOURCES.c.id == CHANGE.c.by_id)
        undoing = undoing.where(CHANGE.c.action == UNDO, CHANGE.c.revision > min(acts))
        if self.here is not None:
            put_back = (SUBJECT.c.revision == CHANGE.c.revision) & (SUBJECT.c.thread_id == self.here)
            undoing = undoing.where(select(SUBJECT.c.revision).where(put_back).exists())
        return {details["undid"]: name for details, name in self.connection.execute(undoing)}

    def _names(self, rows: Sequence[Any]) -> _Names:
        details = [row.details for row in rows]
        alerted = {owner for found in details for owner in (found.get("alert") or {}).get("to", ())}
        roles = {found["role"] for found in details if isinstance(found.get("role"), int)}
        return _Names(
            threads=self._correspondents({self._thread(row) for row in rows}),
            accounts=self._called(ACCOUNTS, {found.get("account") for found in details}),
            resources=self._called(RESOURCES, alerted | {found.get("resource") for found in details}),
            roles=self._called(ROLE, roles),
        )

    def _called(self, table: Any, ids: Iterable[int | None]) -> dict[int, str]:
        known = [id_ for id_ in ids if id_ is not None]
        if not known:
            return {}
        named = select(table.c.id, table.c.name).where(table.c.id.in_(known))
        return {row.id: row.name for row in self.connection.execute(named)}

    def _correspondents(self, ids: Iterable[int | None]) -> dict[int, str]:
        known = [id_ for id_ in ids if id_ is not None]
        if not known:
            return {}
        named = select(THREAD.c.id, THREAD.c.name, THREAD.c.address).where(THREAD.c.id.in_(known))
        home = region(self.connection)
        return {id_: name or shown(address, home) for id_, name, address in self.connection.execute(named)}
