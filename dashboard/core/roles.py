"""Roles as they are edited: their names, what of them is shown, and who can still edit them."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.core.errors import Refused
from dashboard.core.text import storable

NAME_LIMIT = 60  # characters


@dataclass(frozen=True)
class RoleRow:
    """A role: the keys of its rights, the revision of its last change, when that was and whose, and how many people
    have it, whether they can log in or not."""

    id: int
    name: str
    rights: frozenset[str]
    revision: int
    changed_at: datetime | None
    changed_by: str | None
    people: int


@dataclass(frozen=True)
class Holder:
    """A resource as it stands beside a role: the role that it has, whether it has a login, and whether it is active."""

    id: int
    name: str
    kind: str
    role: str | None
    has_login: bool
    active: bool


@dataclass(frozen=True)
class SavedRole:
    """A role that has been kept: its id, and the revision at which it is now."""

    id: int
    revision: int


@dataclass(frozen=True)
class Editors:
    """Whether somebody active may edit roles, and whether somebody can log in and do so."""

    somebody: bool
    with_login: bool

    def check_not_lost(self, before: "Editors") -> None:
        """Raises Refused, in words, where nobody is left of those whom there was before."""
        if before.somebody and not self.somebody:
            raise Refused("Nobody could edit roles any more: first give that right to somebody else who works here.")
        if before.with_login and not self.with_login:
            raise Refused("Nobody who can log in could edit roles any more: first give that right to somebody who can.")


def named(name: str) -> str:
    """A role's name as it is kept. Raises Refused, in words, for what is none."""
    kept = " ".join(storable(name).split())
    if not kept:
        raise Refused("Give the role a name: people are given it by that.")
    if len(kept) > NAME_LIMIT:
        raise Refused(f"This name has {len(kept)} characters, and a role's name takes {NAME_LIMIT}: shorten it.")
    return kept
