"""Who can act: the resources by name and role."""

from sqlalchemy import Connection, Select, func, select

from dashboard.core.tables import RESOURCES, ROLE
from dashboard.core.values import Person


def person(connection: Connection, resource: int) -> Person | None:
    """An active resource by its id."""
    found = connection.execute(_people().where(RESOURCES.c.id == resource)).first()
    return None if found is None else Person(*found)


def everybody(connection: Connection) -> tuple[Person, ...]:
    """The active resources, those with a role first, in the order they were recorded."""
    rows = connection.execute(_people().order_by(RESOURCES.c.role_id.is_(None), RESOURCES.c.id))
    return tuple(Person(*row) for row in rows)


def last_change(connection: Connection) -> int:
    """The revision at which a resource was last edited; 0 for never. Its name stands beside what it wrote."""
    return int(connection.execute(select(func.coalesce(func.max(RESOURCES.c.revision), 0))).scalar_one())


def _people() -> Select[int, str, str]:
    columns = select(RESOURCES.c.id, RESOURCES.c.name, ROLE.c.name).outerjoin(ROLE, ROLE.c.id == RESOURCES.c.role_id)
    return columns.where(RESOURCES.c.active)
