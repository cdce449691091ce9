"""Who has which thread open, in all processes."""

from sqlalchemy import Connection, func, select

from dashboard.core.tables import PRESENCE, RESOURCES
from dashboard.core.values import Present
from dashboard.store.database import now


def everyone(connection: Connection) -> tuple[Present, ...]:
    """Everybody who has a thread open now, by name; a page whose process has fallen silent does not count."""
    typing = func.max(PRESENCE.c.typing_until).label("typing_until")
    rows = (
        select(PRESENCE.c.resource_id, RESOURCES.c.name, PRESENCE.c.thread_id, typing)
        .join(RESOURCES, RESOURCES.c.id == PRESENCE.c.resource_id)
        .where(PRESENCE.c.until > now(connection))
        .group_by(PRESENCE.c.resource_id, RESOURCES.c.name, PRESENCE.c.thread_id)
        .order_by(RESOURCES.c.name, PRESENCE.c.resource_id, PRESENCE.c.thread_id)
    )
    moment = now(connection)
    return tuple(
        Present(resource, name, thread, until is not None and until > moment)
        for resource, name, thread, until in connection.execute(rows)
    )


def has_expired(connection: Connection) -> bool:
    """Whether a process has ended without taking its pages away."""
    silent = select(PRESENCE.c.page).where(PRESENCE.c.until <= now(connection))
    return connection.execute(silent.limit(1)).first() is not None
