"""Logins: who can log in, who is logged in where, and which tries have failed of late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from dashboard.core.tables import RESOURCES, ROLE, SESSION, TRY
from dashboard.core.values import Visit
from dashboard.store.people import person

HERE, BY_NAME, BY_ADDRESS = 5, 50, 30  # tries that may fail: of a name from an address, of a name, from an address


@dataclass(frozen=True)
class Login:
    """A resource that can log in: its id and name, the name it logs in with, its role, and whether it is active."""

    resource: int
    name: str
    login: str
    role: str | None
    active: bool
    password: str


def logins(connection: Connection) -> tuple[Login, ...]:
    """Everybody who has a login, by name."""
    return _logins(connection, RESOURCES.c.login.is_not(None))


def login(connection: Connection, name: str) -> Login | None:
    """The login of a name, folded."""
    return next(iter(_logins(connection, RESOURCES.c.login == name)), None)


def visit(connection: Connection, token: str, since: datetime) -> Visit | None:
    """Who is logged in under a token (its SHA-256); nobody once that has ended, or is older than ``since``."""
    still = and_(SESSION.c.token == token, SESSION.c.ended_at.is_(None), SESSION.c.made_at >= since)
    found = connection.execute(select(SESSION.c.id, SESSION.c.resource_id).where(still)).first()
    who = person(connection, found.resource_id) if found is not None else None
    return Visit(who, found.id) if found is not None and who is not None else None


def has_expired(connection: Connection, since: datetime) -> bool:
    """Whether a session that began before ``since`` has not ended yet."""
    over = select(SESSION.c.id).where(SESSION.c.ended_at.is_(None), SESSION.c.made_at < since)
    return connection.execute(over.limit(1)).first() is not None


def tries(connection: Connection, name: str, address: str, since: datetime) -> tuple[int, int, int]:
    """How many tries to log in have failed since then: under this name from this address, under the name, from there."""
    by_name, there = TRY.c.name == name, TRY.c.address == address
    return tuple(  # type: ignore[return-value]
        int(connection.execute(select(func.count()).where(TRY.c.at >= since, which)).scalar_one())
        for which in (by_name & there, by_name, there)
    )


def is_exhausted(connection: Connection, name: str, address: str, since: datetime) -> bool:
    """Whether so many tries have failed since then that no more are looked at."""
    here, by_name, there = tries(connection, name, address, since)
    return here >= HERE or by_name >= BY_NAME or there >= BY_ADDRESS


def _logins(connection: Connection, which: ColumnElement[bool]) -> tuple[Login, ...]:
    facts = (RESOURCES.c.id, RESOURCES.c.name, RESOURCES.c.login, ROLE.c.name, RESOURCES.c.active, RESOURCES.c.password)
    asked = select(*facts).outerjoin(ROLE, ROLE.c.id == RESOURCES.c.role_id)
    rows = connection.execute(asked.where(which).order_by(RESOURCES.c.name_folded, RESOURCES.c.id))
    return tuple(Login(*row) for row in rows)
