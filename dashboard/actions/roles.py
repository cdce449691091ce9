"""What people do with roles: make, copy, rename and delete them, say what each may do, give and take them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete as deleted
from sqlalchemy import insert, update

from dashboard.actions.change import Change, action, nothing
from dashboard.core import rights
from dashboard.core.errors import Moved, NotFound, Refused
from dashboard.core.roles import Holder, RoleRow, SavedRole, named
from dashboard.core.tables import RESOURCES, ROLE
from dashboard.core.text import folded
from dashboard.store import roles

GONE = "Somebody has deleted this role: choose another one."
NOBODY = "Nobody of that number works here: look again who does."


@action(rights.ROLES)
def add_role(change: Change, name: str, *, by: int | None) -> SavedRole:
    """Make a role that may do nothing yet. Raises Refused, in words, for a name that it cannot have."""
    return _add(change, name, ())


@action(rights.ROLES)
def copy_role(change: Change, role: int, name: str, *, by: int | None) -> SavedRole:
    """Make a role that may do what another one may just now. Raises Refused, and NotFound."""
    known = _known(change, role)
    saved = _add(change, name, known.rights)
    change.details["copied"] = {"role": role, "name": known.name}
    return saved


@action(rights.ROLES)
def rename_role(change: Change, role: int, name: str, *, seen: int, by: int | None) -> SavedRole:
    """Give another name to a role that the person saw at its revision ``seen``. Raises Moved, NotFound, Refused."""
    known = _unmoved(change, role, seen)
    kept = _free(change, name, but=role)
    if kept == known.name:
        nothing(SavedRole(role, known.revision))
    _change(change, role, name=kept)
    change.details = {"role": role, "name": kept, "before": {"name": known.name}}
    return SavedRole(role, change.revision)


@action(rights.ROLES)
def set_rights(change: Change, role: int, keys: frozenset[str], *, seen: int, by: int | None) -> SavedRole:
    """Say what a role may do that the person saw at its revision ``seen``: exactly this.

    Raises Moved where somebody else has changed it since, NotFound where it was deleted or a right is none, and
    Refused where nobody could edit roles any more.
    """
    known = _unmoved(change, role, seen)
    strange = sorted(keys - rights.EVERY)
    if strange:
        raise NotFound(f"There is no right “{strange[0][:40]}”: choose of {', '.join(rights.RIGHTS)}.")
    if keys == known.rights:
        nothing(SavedRole(role, known.revision))
    with _somebody_is_left(change):
        _change(change, role, rights=sorted(keys))
    change.details = {
        "role": role,
        "name": known.name,
        "added": sorted(keys - known.rights),
        "taken": sorted(known.rights - keys),
        "before": {"rights": sorted(known.rights)},
    }
    return SavedRole(role, change.revision)


@action(rights.ROLES)
def delete_role(change: Change, role: int, *, seen: int, by: int | None) -> None:
    """Delete a role that nobody has, and that the person saw at its revision ``seen``; the log keeps what it was."""
    known = _unmoved(change, role, seen)
    if known.people:
        has = "1 person has" if known.people == 1 else f"{known.people} people have"
        raise Refused(f"{has} this role: take it from them, or give them another, before it is deleted.")
    change.connection.execute(deleted(ROLE).where(ROLE.c.id == role))
    before = {"name": known.name, "rights": sorted(known.rights)}
    change.details = {"role": role, "name": known.name, "before": before}


@action(rights.ROLES)
def give_role(change: Change, role: int, resource: int, *, by: int | None) -> str | None:
    """Give a role to a resource, in place of the one that it has: everybody has one role at most; the name of that.

    Raises NotFound for a role or a resource that there is not, and Refused where nobody could edit roles any more.
    """
    known, person = _known(change, role), _person(change, resource)
    if not person.active:
        raise Refused(f"{person.name} is disabled: let them log in again first.")
    if roles.role_of(change.connection, resource) == role:
        nothing(None)
    with _somebody_is_left(change):
        _hold(change, resource, role)
    change.details = _told(known, person) | {"before": {"role": person.role}}
    return person.role


@action(rights.ROLES)
def take_role(change: Change, role: int, resource: int, *, by: int | None) -> None:
    """Take a role from a resource, which then has none. Raises as ``give_role`` does."""
    known, person = _known(change, role), _person(change, resource)
    if roles.role_of(change.connection, resource) != role:
        nothing(None)
    with _somebody_is_left(change):
        _hold(change, resource, None)
    change.details = _told(known, person)


@contextmanager
def _somebody_is_left(change: Change) -> Iterator[None]:
    """Raises Refused for an act after which nobody could edit roles any more, where somebody could before."""
    before = roles.editors(change.connection)
    yield
    roles.editors(change.connection).check_not_lost(before)


def _known(change: Change, role: int) -> RoleRow:
    known = roles.role(change.connection, role)
    if known is None:
        raise NotFound(GONE)
    return known


def _unmoved(change: Change, role: int, seen: int) -> RoleRow:
    known = _known(change, role)
    if known.revision > seen:
        raise Moved(f"{known.changed_by or 'Somebody'} has changed this role since you saw it.", known.revision)
    return known


def _person(change: Change, resource: int) -> Holder:
    person = roles.holder(change.connection, resource)
    if person is None:
        raise NotFound(NOBODY)
    return person


def _free(change: Change, name: str, but: int | None = None) -> str:
    """A name as it is kept, which no other role has, however it is written."""
    kept = named(name)
    for other in roles.roles(change.connection):
        if other.id != but and _alike(other.name) == _alike(kept):
            raise Refused(f"There is a role “{other.name}” already: give this one another name.")
    return kept


def _alike(name: str) -> str:
    """What two names have in common that people would take for one; one of signs only stands for itself."""
    return folded(name) or name


def _add(change: Change, name: str, keys: Iterable[str]) -> SavedRole:
    values = {"name": _free(change, name), "rights": sorted(keys), "revision": change.revision}
    made = int(change.connection.execute(insert(ROLE).values(values).returning(ROLE.c.id)).scalar_one())
    change.details = {"role": made, "name": values["name"], "added": values["rights"]}
    return SavedRole(made, change.revision)


def _change(change: Change, role: int, **values: Any) -> None:
    change.connection.execute(update(ROLE).where(ROLE.c.id == role).values(revision=change.revision, **values))


def _hold(change: Change, resource: int, role: int | None) -> None:
    values = {"role_id": role, "revision": change.revision}
    change.connection.execute(update(RESOURCES).where(RESOURCES.c.id == resource).values(values))


def _told(role: RoleRow, person: Holder) -> dict[str, Any]:
    return {"role": role.id, "name": role.name, "resource": person.id, "person": person.name}
