"""Add-ons as their page shows them: on or off, since when and by whom, and for how many."""

from typing import Any

from sqlalchemy import Connection, func, select

from dashboard.core.add_ons import ADD_ONS, Switched
from dashboard.core.rights import RIGHTS
from dashboard.core.tables import CHANGE, RESOURCES, ROLE
from dashboard.store.rights import add_ons

SWITCH = "switch_add_on"  # the action, as the log names it


def switches(connection: Connection) -> tuple[Switched, ...]:
    """Every add-on that there is, in its order."""
    on, counted = add_ons(connection), _counted(connection)
    return tuple(_switched(connection, key, key in on, counted) for key in ADD_ONS)


def last_switch(connection: Connection) -> int:
    """The revision at which an add-on was last switched; 0 for never."""
    found = select(func.max(CHANGE.c.revision)).where(CHANGE.c.action == SWITCH)
    return int(connection.execute(found).scalar() or 0)


def _switched(connection: Connection, key: str, on: bool, counted: list[Any]) -> Switched:
    named = select(CHANGE.c.at, RESOURCES.c.name).outerjoin(RESOURCES, RESOURCES.c.id == CHANGE.c.by_id)
    mine = named.where(CHANGE.c.action == SWITCH, CHANGE.c.details["add_on"].as_string() == key)
    last = connection.execute(mine.order_by(CHANGE.c.revision.desc()).limit(1)).first()
    wanted = {right.key for right in RIGHTS.values() if right.add_on == key}
    people = sum(row.people for row in counted if not wanted.isdisjoint(row.rights or ()))
    return Switched(key, on, last.at if last else None, last.name if last else None, people)


def _counted(connection: Connection) -> list[Any]:
    """The rights of each role that somebody active has, with how many those are."""
    grouped = select(RESOURCES.c.role_id, func.count().label("people")).where(RESOURCES.c.active)
    counts = grouped.group_by(RESOURCES.c.role_id).subquery()
    return list(connection.execute(select(ROLE.c.rights, counts.c.people).join(counts, counts.c.role_id == ROLE.c.id)))
