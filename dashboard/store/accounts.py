"""Accounts and resources: what stands above a conversation, and who is found by a part of a name or number."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from dashboard.core.accounts import Job
from dashboard.core.addresses import INDEXED_FROM, digits, searched_digits, shown
from dashboard.core.filters import RESOURCE
from dashboard.core.tables import ACCOUNTS, CONTACT, RESOURCES, THREAD
from dashboard.core.text import QUERY_LIMIT, sought
from dashboard.core.values import AccountCard, Candidate, Hit, ResourceCard
from dashboard.store.database import region
from dashboard.store.search import Indexed, Search

NUMBER_END = "\n"  # behind each address in the column "numbers"
LAST = "\U0010ffff"  # the last character there is
SEARCHES = {table: Search(table, table.c.numbers, NUMBER_END) for table in (ACCOUNTS, RESOURCES)}


def overview(connection: Connection, thread: int) -> AccountCard | None:
    """The account that a thread is with, and which others have its number; None where it is with none."""
    found = connection.execute(select(THREAD.c.account_id, THREAD.c.address).where(THREAD.c.id == thread)).first()
    if found is None or found.account_id is None:
        return None
    candidates, chosen = _candidates(connection, found.address)
    card = account(connection, found.account_id, region(connection), candidates, chosen)
    if card is None:
        return None
    since = stopped_since(connection, card.phones)
    return replace(card, stopped=tuple(map(since.get, card.phones)))


def colleague(connection: Connection, thread: int) -> ResourceCard | None:
    """The resource that a thread is with; None where it is with none."""
    found = connection.execute(select(THREAD.c.resource_id).where(THREAD.c.id == thread)).scalar()
    return None if found is None else resource(connection, found, region(connection))


def account(
    connection: Connection, id: int, home: str, candidates: tuple[Candidate, ...] = (), chosen: bool = False
) -> AccountCard | None:
    """An account by its id; ``home`` is the country whose numbers are written without its code."""
    found = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == id)).first()
    if found is None:
        return None
    names = ("id", "revision", "name", "kind", "email", "address", "balance", "notes")
    facts: dict[str, Any] = {name: getattr(found, name) for name in names}
    return AccountCard(
        **facts, **_phones(found, home), next_job=_job(found.next_job_at, found.next_job), tags=tuple(found.tags),
        last_job=_job(found.last_job_at, found.last_job), candidates=candidates, chosen=chosen,
    )  # fmt: skip


def resource(connection: Connection, id: int, home: str) -> ResourceCard | None:
    """A resource by its id."""
    found = connection.execute(select(RESOURCES).where(RESOURCES.c.id == id)).first()
    if found is None:
        return None
    names = ("id", "revision", "name", "kind", "email", "notes")
    return ResourceCard(**{name: getattr(found, name) for name in names}, **_phones(found, home))


def look_up(
    connection: Connection, query: str, limit: int, accounts_only: bool = False
) -> tuple[tuple[Hit, ...], bool]:
    """At most ``limit`` accounts and resources with a part of a name or number, and whether there are more.

    First those whose name begins so, by name; then those of whom a word of the name begins so; then the others. Each
    way is asked for only while there is room, so that a table of any size costs the same.
    """
    query, found = query[:QUERY_LIMIT], dict[tuple[str, int], Hit]()
    for table, condition in _ways(query, (ACCOUNTS,) if accounts_only else (ACCOUNTS, RESOURCES)):
        # What an earlier way has found this one finds again.
        for row in _hits(connection, table, condition, limit + 1 + len(found)):
            if table is ACCOUNTS or row.active:
                found.setdefault((table.name, row.id), _hit(table, row, query))
        if len(found) > limit:
            break
    return tuple(found.values())[:limit], len(found) > limit


def with_threads(connection: Connection, addresses: frozenset[str]) -> frozenset[str]:
    """Those of the addresses with which there is a thread."""
    return frozenset(connection.execute(select(THREAD.c.address).where(THREAD.c.address.in_(addresses))).scalars())


def stopped_since(connection: Connection, addresses: Collection[str]) -> dict[str, datetime]:
    """Since when those of the addresses have opted out that have, of texts from any of our numbers."""
    stopped = THREAD.c.address.in_(addresses) & THREAD.c.stopped_at.is_not(None)
    asked = select(THREAD.c.address, func.min(THREAD.c.stopped_at)).where(stopped).group_by(THREAD.c.address)
    return {row[0]: row[1] for row in connection.execute(asked)}


def _ways(query: str, tables: tuple[Table, ...]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """In which table to look, and for what."""
    name = sought(query)
    for run in searched_digits(query):
        for table in tables:
            search = SEARCHES[table]
            yield table, search.ending(run) if len(run) < INDEXED_FROM else search.number(run)
    for table in tables if name else ():
        yield table, (table.c.name_folded >= name) & (table.c.name_folded < name + LAST)
    for table in tables if name else ():
        yield table, SEARCHES[table].word(name)
    for table in tables if len(name) >= INDEXED_FROM else ():
        yield table, SEARCHES[table].name(name)


def _hits(connection: Connection, table: Table, condition: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    """A start comes from the index in the order of names; what three-letter pieces find, in that of its ids."""
    columns = [table.c.id, table.c.kind, table.c.name, table.c.numbers]
    if table is RESOURCES:
        columns.append(table.c.active)
    if isinstance(condition, Indexed):
        ids = SEARCHES[table].first(connection, condition, limit)
        return connection.execute(select(*columns).where(table.c.id.in_(ids)).order_by(table.c.id)).all()
    wanted = select(*columns).where(condition).order_by(table.c.name_folded, table.c.id).limit(limit)
    return connection.execute(wanted).all()


def _hit(table: Table, row: Row[Any], query: str) -> Hit:
    addresses, runs = _addresses(row), searched_digits(query)
    meant = tuple(address for address in addresses if any(run in digits(address) for run in runs))
    return Hit(row.id, row.kind if table is ACCOUNTS else RESOURCE, row.name, meant or addresses)


def _candidates(connection: Connection, address: str) -> tuple[tuple[Candidate, ...], bool]:
    """The accounts with an address where there are several, and whether a person has chosen one of them."""
    columns = (ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.kind, CONTACT.c.chosen)
    asked = select(*columns).join(CONTACT, CONTACT.c.account_id == ACCOUNTS.c.id)
    rows = connection.execute(asked.where(CONTACT.c.address == address).order_by(CONTACT.c.id)).all()
    several = tuple(Candidate(*row[:3]) for row in rows) if len(rows) > 1 else ()
    return several, any(row.chosen for row in rows)


def _phones(row: Row[Any], home: str) -> dict[str, Any]:
    addresses = _addresses(row)
    return {"phones": addresses, "numbers": tuple(shown(address, home) for address in addresses)}


def _addresses(row: Row[Any]) -> tuple[str, ...]:
    return tuple(row.numbers.split(NUMBER_END)[:-1])


def _job(at: Any, words: str) -> Job | None:
    return None if at is None else Job(at, words)
