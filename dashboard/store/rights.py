"""Who may do what: the one check that the actions, the screens, the doors and the pages all go through."""

from sqlalchemy import Connection, bindparam, select

from dashboard.core import rights
from dashboard.core.errors import Forbidden
from dashboard.core.tables import ADD_ON, RESOURCES, ROLE, SESSION

HELD = (
    select(RESOURCES.c.active, ROLE.c.rights)
    .outerjoin(ROLE, ROLE.c.id == RESOURCES.c.role_id)
    .where(RESOURCES.c.id == bindparam("resource"))
)
ROLES = select(ROLE.c.id, ROLE.c.rights)
HOLDERS = select(RESOURCES.c.id, RESOURCES.c.role_id).where(RESOURCES.c.active, RESOURCES.c.role_id.is_not(None))
SOMEBODY = select(RESOURCES.c.id).where(RESOURCES.c.active, RESOURCES.c.role_id.is_not(None)).limit(1)
OPEN = select(SESSION.c.id).where(SESSION.c.id == bindparam("session"), SESSION.c.ended_at.is_(None))


def held(connection: Connection, resource: int | None) -> frozenset[str]:
    """What somebody may do just now; None is whoever reads the database as nobody, in a notebook.

    While nobody has a role yet, nobody may do everything: there is nobody else to say who may.
    """
    on = add_ons(connection)
    if resource is None:
        return rights.effective(rights.LOOKING if has_users(connection) else rights.EVERY, on)
    found = connection.execute(HELD, {"resource": resource}).first()
    return rights.effective(found.rights or (), on) if found is not None and found.active else frozenset()


def everybodys(connection: Connection) -> dict[int, frozenset[str]]:
    """What each active resource with a role may do just now: one reading for all who look."""
    on = add_ons(connection)
    roles = {role: rights.effective(keys or (), on) for role, keys in connection.execute(ROLES)}
    return {resource: roles[role] for resource, role in connection.execute(HOLDERS)}


def open_sessions(connection: Connection) -> frozenset[int]:
    """The ids of the sessions that have not ended."""
    return frozenset(connection.execute(select(SESSION.c.id).where(SESSION.c.ended_at.is_(None))).scalars())


def why_not(connection: Connection, resource: int | None, right: str) -> str | None:
    """Why somebody may not, in words; None where they may."""
    if right in held(connection, resource):
        return None
    if rights.RIGHTS[right].tab == rights.CRM and rights.TEXTING not in add_ons(connection):
        return rights.OFF
    if resource is not None and not is_active(connection, resource):
        return rights.DISABLED
    return rights.lacking(right)


def require(connection: Connection, resource: int | None, right: str) -> None:
    """Raises Forbidden, in words, for whoever may not."""
    words = why_not(connection, resource, right)
    if words is not None:
        raise Forbidden(words)


def why_closed(connection: Connection, resource: int | None, session: int | None, right: str) -> str | None:
    """Why a screen that needs a right shows nothing any more; ``session`` None for one that no login opened."""
    if session is not None and connection.execute(OPEN, {"session": session}).first() is None:
        still = resource is None or is_active(connection, resource)
        return rights.LOGGED_OUT if still else rights.DISABLED
    return why_not(connection, resource, right)


def add_ons(connection: Connection) -> frozenset[str]:
    """The keys of the add-ons that are on."""
    return frozenset(connection.execute(select(ADD_ON.c.key)).scalars())


def is_active(connection: Connection, resource: int) -> bool:
    """Whether a resource works here, and is not disabled."""
    found = connection.execute(HELD, {"resource": resource}).first()
    return found is not None and bool(found.active)


def has_users(connection: Connection) -> bool:
    """Whether anybody has a role: from then on, who acts has to be known."""
    return connection.execute(SOMEBODY).first() is not None
