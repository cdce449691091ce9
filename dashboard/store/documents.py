"""Text documents as they are listed, searched and filled."""

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select, tuple_

from dashboard.core.addresses import shown
from dashboard.core.documents import Facts
from dashboard.core.tables import ACCOUNTS, CHANGE, DOCUMENT, RESOURCES, THREAD
from dashboard.core.text import sought
from dashboard.core.values import DocumentKey, DocumentPage, DocumentRow
from dashboard.store.database import region, zone

COLUMNS = (
    *(DOCUMENT.c[name] for name in ("id", "title", "body", "revision", "changed_at")),
    RESOURCES.c.name.label("changed_by"),
)
DOCUMENTS = select(*COLUMNS).outerjoin(RESOURCES, RESOURCES.c.id == DOCUMENT.c.changed_by_id)


def document(connection: Connection, id: int) -> DocumentRow | None:
    """A text document by its id."""
    found = connection.execute(DOCUMENTS.where(DOCUMENT.c.id == id)).first()
    return None if found is None else DocumentRow(**found._asdict())


def page(connection: Connection, query: str, after: DocumentKey | None, limit: int) -> DocumentPage:
    """Documents whose title or text has every word of the query: hits in the title first, then by title.

    Without a query it is one range of an index, however many documents there are.
    """
    words = _words(query)
    rank, found = _rank(words), _listed(words)
    if after is not None:
        found = found.where(_after(words, rank, after))
    order = (rank, DOCUMENT.c.title_folded, DOCUMENT.c.id)[0 if words else 1 :]
    rows = connection.execute(found.add_columns(rank.label("rank")).order_by(*order).limit(limit + 1)).all()
    shown_rows = rows[:limit]
    following = None if len(rows) <= limit else _key(shown_rows[-1])
    return DocumentPage(tuple(DocumentRow(*row[: len(COLUMNS)]) for row in shown_rows), following)


def count(connection: Connection, query: str) -> int:
    """How many documents match."""
    found = select(func.count()).select_from(DOCUMENT).where(_holds(DOCUMENT.c.searched, _words(query)))
    return int(connection.execute(found).scalar_one())


def last_change(connection: Connection) -> int:
    """The revision of the last change of any document; 0 before the first."""
    acts = ("add_document", "edit_document", "delete_document")
    found = select(func.max(CHANGE.c.revision)).where(CHANGE.c.action.in_(acts))
    return int(connection.execute(found).scalar() or 0)


def facts(connection: Connection, thread: int, resource: int | None) -> Facts | None:
    """What fields are filled from, for somebody who writes in a thread; None where there is no such thread."""
    account = (ACCOUNTS.c[name] for name in ("email", "address", "balance", "next_job_at"))
    columns = (THREAD.c.name, THREAD.c.address.label("number"), *account)
    found = connection.execute(
        select(*columns).outerjoin(ACCOUNTS, ACCOUNTS.c.id == THREAD.c.account_id).where(THREAD.c.id == thread)
    ).first()
    if found is None:
        return None
    return Facts(
        name=found.name,
        number=shown(found.number, region(connection)),
        email=found.email or "",
        address=found.address or "",
        balance=found.balance,
        next_visit=_day(found.next_job_at, zone(connection)),
        user_name=connection.execute(select(RESOURCES.c.name).where(RESOURCES.c.id == resource)).scalar() or "",
    )


def _day(at: datetime | None, there: tzinfo | None) -> str:
    """A day as a customer is told of it; "" where there is none."""
    return "" if at is None else f"{at.astimezone(there):%A, %B} {at.astimezone(there).day}"


def _words(query: str) -> list[str]:
    return list(dict.fromkeys(sought(query).split()))


def _listed(words: list[str]) -> Select[Any]:
    return DOCUMENTS.add_columns(DOCUMENT.c.title_folded).where(_holds(DOCUMENT.c.searched, words))


def _holds(column: Any, words: list[str]) -> ColumnElement[bool]:
    return and_(True, *(column.contains(word, autoescape=True) for word in words))


def _rank(words: list[str]) -> ColumnElement[int]:
    """0 where the title has every word, else 1; without words all are alike."""
    return case((_holds(DOCUMENT.c.title_folded, words), 0), else_=1) if words else literal(0)


def _after(words: list[str], rank: ColumnElement[int], after: DocumentKey) -> ColumnElement[bool]:
    place = tuple_(DOCUMENT.c.title_folded, DOCUMENT.c.id)
    later = place > tuple_(literal(after.title_folded), literal(after.id))
    return (rank > after.rank) | (rank == after.rank) & later if words else later


def _key(row: Any) -> DocumentKey:
    return DocumentKey(row.rank, row.title_folded, row.id)
