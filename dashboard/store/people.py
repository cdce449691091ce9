"""Who can act: the resources by name, role and rights."""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from dashboard.core.rights import effective
from dashboard.core.tables import RESOURCES, ROLE
from dashboard.core.values import Person
from dashboard.store.rights import add_ons


def person(connection: Connection, resource: int) -> Person | None:
    """An active resource by its id."""
    return next(iter(_people(connection, _asked().where(RESOURCES.c.id == resource))), None)


def everybody(connection: Connection) -> tuple[Person, ...]:
    """The active resources, those with a role first, in the order they were recorded."""
    return _people(connection, _asked().order_by(RESOURCES.c.role_id.is_(None), RESOURCES.c.id))


def last_change(connection: Connection) -> int:
    """The revision at which a resource was last edited; 0 for never. Its name stands beside what it wrote."""
    return int(connection.execute(select(func.coalesce(func.max(RESOURCES.c.revision), 0))).scalar_one())


def _people(connection: Connection, asked: Select[Any]) -> tuple[Person, ...]:
    on = add_ons(connection)
    return tuple(Person(row[0], row[1], row[2], effective(row.rights or (), on)) for row in connection.execute(asked))


def _asked() -> Select[Any]:
    columns = (RESOURCES.c.id, RESOURCES.c.name, ROLE.c.name, ROLE.c.rights)
    return select(*columns).outerjoin(ROLE, ROLE.c.id == RESOURCES.c.role_id).where(RESOURCES.c.active)
