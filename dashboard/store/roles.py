"""Roles as they are listed and edited, who has them, and who could have them."""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from dashboard.core.rights import ROLES, effective
from dashboard.core.roles import Editors, Holder, RoleRow
from dashboard.core.tables import CHANGE, RESOURCES, ROLE
from dashboard.core.text import folded
from dashboard.store.rights import add_ons

COUNTED = (
    select(RESOURCES.c.role_id, func.count().label("people"))
    .where(RESOURCES.c.role_id.is_not(None))
    .group_by(RESOURCES.c.role_id)
    .subquery()
)
BY = RESOURCES.alias("changed_by")
LISTED = (
    select(
        *(ROLE.c[name] for name in ("id", "name", "rights", "revision")),
        CHANGE.c.at.label("changed_at"),
        BY.c.name.label("changed_by"),
        func.coalesce(COUNTED.c.people, 0).label("people"),
    )
    .outerjoin(CHANGE, CHANGE.c.revision == ROLE.c.revision)
    .outerjoin(BY, BY.c.id == CHANGE.c.by_id)
    .outerjoin(COUNTED, COUNTED.c.role_id == ROLE.c.id)
)


def roles(connection: Connection) -> tuple[RoleRow, ...]:
    """All roles, by name: there are few."""
    found = (_row(row) for row in connection.execute(LISTED))
    return tuple(sorted(found, key=lambda row: (folded(row.name), row.id)))


def role(connection: Connection, id: int) -> RoleRow | None:
    """A role by its id."""
    found = connection.execute(LISTED.where(ROLE.c.id == id)).first()
    return None if found is None else _row(found)


def last_change(connection: Connection) -> tuple[int, int]:
    """The revision of the last change of any role that there is, and how many there are: one that is deleted leaves
    no revision behind."""
    found = connection.execute(select(func.coalesce(func.max(ROLE.c.revision), 0), func.count())).one()
    return int(found[0]), int(found[1])


def role_of(connection: Connection, resource: int | None) -> int | None:
    """The id of the role that somebody has."""
    return connection.execute(select(RESOURCES.c.role_id).where(RESOURCES.c.id == resource)).scalar()


def holders(connection: Connection, role: int, limit: int) -> tuple[Holder, ...]:
    """The first of those who have a role: the active ones by name, then those who are disabled."""
    ordered = _people().where(RESOURCES.c.role_id == role).order_by(RESOURCES.c.active.desc(), *_by_name())
    return tuple(Holder(*row) for row in connection.execute(ordered.limit(limit)))


def holder(connection: Connection, resource: int) -> Holder | None:
    """A resource by its id, with the role that it has."""
    found = connection.execute(_people().where(RESOURCES.c.id == resource)).first()
    return None if found is None else Holder(*found)


def without(connection: Connection, role: int, query: str, limit: int) -> tuple[tuple[Holder, ...], bool]:
    """The first active resources that do not have a role and whose names have every word of the query, and whether
    there are more."""
    asked = _people().where(RESOURCES.c.active, RESOURCES.c.role_id.is_distinct_from(role))
    for word in folded(query).split():
        asked = asked.where(RESOURCES.c.name_folded.contains(word, autoescape=True))
    found = connection.execute(asked.order_by(*_by_name()).limit(limit + 1)).all()
    return tuple(Holder(*row) for row in found[:limit]), len(found) > limit


def editors(connection: Connection) -> Editors:
    """Whether anybody may edit roles just now."""
    on = add_ons(connection)
    # By the id first, and the rights of it then: PostgreSQL has no equality of JSON to group by.
    grouped = select(RESOURCES.c.role_id, func.count(RESOURCES.c.login).label("logins")).where(RESOURCES.c.active)
    counts = grouped.group_by(RESOURCES.c.role_id).subquery()
    active = select(ROLE.c.rights, counts.c.logins).join(counts, counts.c.role_id == ROLE.c.id)
    able = [row.logins for row in connection.execute(active) if ROLES in effective(row.rights, on)]
    return Editors(bool(able), any(able))


def _people() -> Select[Any]:
    facts = (RESOURCES.c.id, RESOURCES.c.name, RESOURCES.c.kind, ROLE.c.name)
    more = (RESOURCES.c.login.is_not(None), RESOURCES.c.active)
    return select(*facts, *more).outerjoin(ROLE, ROLE.c.id == RESOURCES.c.role_id)


def _by_name() -> tuple[Any, Any]:
    return RESOURCES.c.name_folded, RESOURCES.c.id


def _row(row: Any) -> RoleRow:
    return RoleRow(**row._asdict() | {"rights": frozenset(row.rights or ())})
