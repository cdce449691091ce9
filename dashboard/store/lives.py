"""The lives of a database: which one goes on, and whether a report on a text is of this one or of another."""

from sqlalchemy import Connection, bindparam, or_, select

from dashboard.core.tables import LIFE

PRESENT = select(LIFE.c.name).where(LIFE.c.last.is_(None))
KNOWN = select(LIFE.c.name).where(
    LIFE.c.name == bindparam("name"), or_(LIFE.c.last.is_(None), LIFE.c.last >= bindparam("message"))
)


def present(connection: Connection) -> str:
    """The name of the life that goes on."""
    return str(connection.execute(PRESENT).scalar_one())


def means_the_same(connection: Connection, name: str, message: int) -> bool:
    """Whether a message's id, as it was given out in the life of that name, is the same message's here."""
    return connection.execute(KNOWN, {"name": name, "message": message}).first() is not None
