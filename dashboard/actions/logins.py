"""Logins: given, taken, used and ended. Passwords come here as hashes only."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from dashboard.actions.change import ANYBODY, MACHINE, Change, Unlogged, action, nothing, unlogged
from dashboard.actions.correspondents import named
from dashboard.core.errors import Forbidden, NotFound, Refused
from dashboard.core.rights import ADMINISTRATOR, EVERY
from dashboard.core.tables import CLOCK, RESOURCES, ROLE, SESSION, TRY
from dashboard.core.text import folded
from dashboard.store import logins

LIFE = timedelta(days=30)  # that somebody stays logged in
MEMORY = timedelta(minutes=15)  # that a failed try counts
STILL = select(RESOURCES.c.password).where(RESOURCES.c.id == bindparam("resource"), RESOURCES.c.active)


@action(MACHINE)
def add_login(
    change: Change, name: str, login: str, password: str, role: str | None = None, *, by: int | None = None
) -> str:
    """Let a resource, by its name, log in as ``login`` with the password of a hash; the name of its role.

    A name that nobody has becomes a new resource of the office. The first login there is is an administrator's;
    another keeps the role that it has, or gets ``role``. Raises Refused, in words, for what cannot be.
    """
    known = folded(login)
    if not known:
        raise Refused("A login name has letters or digits in it: give one with --login.")
    if logins.login(change.connection, known) is not None:
        raise Refused(f"There is a login “{login}” already: give another with --login, or set its password anew.")
    resource = _resource(change, " ".join(name.split()))
    role_id, role_name = _role(change, resource, role)
    values = {"login": known, "password": password, "role_id": role_id, "active": True, "revision": change.revision}
    change.connection.execute(update(RESOURCES).where(RESOURCES.c.id == resource).values(**values))
    change.details = {"resource": resource, "as": role_name}
    return role_name


@action(MACHINE)
def set_password(change: Change, login: str, password: str, *, by: int | None = None) -> None:
    """Give a login another password; whoever is logged in with it no longer is. Raises NotFound."""
    resource = _login(change, login).resource
    change.connection.execute(update(RESOURCES).where(RESOURCES.c.id == resource).values(password=password))
    _end(change, resource)
    change.details = {"resource": resource}


@action(MACHINE)
def set_active(change: Change, login: str, active: bool, *, by: int | None = None) -> None:
    """Disable a login, and end all its sessions, or let it be used again. Raises NotFound."""
    found = _login(change, login)
    if found.active == active:
        nothing(None)
    values = {"active": active, "revision": change.revision}
    change.connection.execute(update(RESOURCES).where(RESOURCES.c.id == found.resource).values(**values))
    _end(change, found.resource)
    change.details = {"resource": found.resource, "active": active}


@action(ANYBODY)
def log_in(change: Change, token: str, password: str | None = None, *, by: int) -> int:
    """Begin a session of the person who acts; ``token`` is the SHA-256 of what their cookie holds. Its id.

    ``password`` is the hash that fitted; None where none was asked for. Raises Forbidden for whoever is disabled, or
    has been given another password, since it fitted.
    """
    known = change.connection.execute(STILL, {"resource": by}).first()
    if known is None or (password is not None and known.password != password):
        raise Forbidden("This login has been changed a moment ago: log in again.")
    change.connection.execute(delete(SESSION).where(SESSION.c.made_at < change.now - LIFE))
    row = insert(SESSION).values(token=token, resource_id=by, made_at=change.now).returning(SESSION.c.id)
    return int(change.connection.execute(row).scalar_one())


@action(ANYBODY)
def log_out(change: Change, session: int, *, by: int) -> None:
    """End a session of the person who acts: its pages show nothing any more, and its cookie is nobody's."""
    mine = (SESSION.c.id == session) & (SESSION.c.resource_id == by) & SESSION.c.ended_at.is_(None)
    if not change.connection.execute(update(SESSION).where(mine).values(ended_at=change.now)).rowcount:
        nothing(None)


@action(MACHINE)
def end_sessions(change: Change, *, by: int | None = None) -> int:
    """End the sessions that have lasted as long as one may, and with them the pages that stayed open; how many."""
    over = SESSION.c.ended_at.is_(None) & (SESSION.c.made_at < change.now - LIFE)
    ended = change.connection.execute(update(SESSION).where(over).values(ended_at=change.now)).rowcount
    if not ended:
        nothing(0)
    change.details = {"ended": ended}
    return ended


@unlogged(MACHINE)
def begin_try(write: Unlogged, name: str, address: str) -> bool:
    """Note a try to log in under a name, folded, before it is known what comes of it; whether it may be made at all.

    Those that have failed of late are counted in the same write, so that many at once are not more than one by one.
    """
    write.connection.execute(select(CLOCK.c.revision).with_for_update())
    write.connection.execute(delete(TRY).where(TRY.c.at < write.now - MEMORY))
    if logins.is_exhausted(write.connection, name, address, write.now - MEMORY):
        return False
    write.connection.execute(insert(TRY).values(name=name, address=address, at=write.now))
    return True


@unlogged(MACHINE)
def forget_tries(write: Unlogged, name: str, address: str) -> None:
    """Somebody has logged in: what failed there under this name was a slip."""
    write.connection.execute(delete(TRY).where(TRY.c.name == name, TRY.c.address == address))


def _login(change: Change, login: str) -> logins.Login:
    found = logins.login(change.connection, folded(login))
    if found is None:
        known = ", ".join(entry.login for entry in logins.logins(change.connection)) or "none yet"
        raise NotFound(f"There is no login “{login}”. There is: {known}.")
    return found


def _resource(change: Change, name: str) -> int:
    if not name:
        raise Refused("The name is empty: give the name of the person who is to log in.")
    same = RESOURCES.c.name_folded == folded(name)  # as logins are told apart: "bob crew" is Bob Crew
    found = change.connection.execute(select(RESOURCES.c.id, RESOURCES.c.login).where(same)).all()
    if len(found) > 1:
        raise Refused(f"Several people here are called “{name}”: give them names of their own first.")
    if found and found[0].login is not None:
        raise Refused(f"{name} logs in as “{found[0].login}” already: set its password anew instead.")
    if found:
        return int(found[0].id)
    row = insert(RESOURCES).values(kind="office", revision=change.revision, **named(name)).returning(RESOURCES.c.id)
    return int(change.connection.execute(row).scalar_one())


def _role(change: Change, resource: int, name: str | None) -> tuple[int, str]:
    """The id and name of the role that a new login is to have."""
    if name is None and not logins.logins(change.connection):
        return _administrator(change)
    had = select(ROLE.c.id, ROLE.c.name).join(RESOURCES, RESOURCES.c.role_id == ROLE.c.id)
    asked = (
        had.where(RESOURCES.c.id == resource)
        if name is None
        else select(ROLE.c.id, ROLE.c.name).where(ROLE.c.name == name)
    )
    found = change.connection.execute(asked).first()
    if found is None:
        known = ", ".join(change.connection.execute(select(ROLE.c.name).order_by(ROLE.c.name)).scalars())
        said = f"There is no role “{name}”" if name else "Say which role they are to have, with --role"
        raise Refused(f"{said}. There is: {known}.")
    return int(found.id), str(found.name)


def _administrator(change: Change) -> tuple[int, str]:
    """The administrators' role, which can do everything again if it could not."""
    values = {"rights": sorted(EVERY), "revision": change.revision}
    renewed = update(ROLE).where(ROLE.c.name == ADMINISTRATOR).values(**values).returning(ROLE.c.id)
    found = change.connection.execute(renewed).scalar()
    if found is None:
        made = insert(ROLE).values(name=ADMINISTRATOR, **values).returning(ROLE.c.id)
        found = change.connection.execute(made).scalar_one()
    return int(found), ADMINISTRATOR


def _end(change: Change, resource: int) -> None:
    open_ = (SESSION.c.resource_id == resource) & SESSION.c.ended_at.is_(None)
    change.connection.execute(update(SESSION).where(open_).values(ended_at=change.now))
