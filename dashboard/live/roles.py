"""The screen of Settings > User Role & Rights: what one viewer sees there and does."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dashboard.actions import roles
from dashboard.core.activity import Entry
from dashboard.core.rights import ROLES
from dashboard.core.roles import Holder, RoleRow, SavedRole
from dashboard.live.settings_page import SettingsScreen
from dashboard.live.snapshot import Reads, rights_of
from dashboard.store import activity, people
from dashboard.store import roles as kept
from dashboard.store.rights import add_ons

QUERY_LIMIT = 100  # characters
SHOWN = 50  # of those who have a role that are shown, and that each "more" adds
MOST = 200  # people that type-ahead lists at most; whoever wants more writes more


@dataclass(frozen=True)
class RolesPlace:
    """Where a viewer looks: the open role, how many of those who have it are shown, and the id of whoever looks."""

    role: int | None = None
    shown: int = SHOWN
    viewer: int | None = None

    @property
    def view(self) -> "RolesPlace":
        """Two viewers of the same place share one reading."""
        return self


@dataclass(frozen=True)
class RolesSnapshot:
    """What stands on the screen: ``rows`` are all roles, ``role`` the open one, None where there is none (any more),
    ``holders`` the first of those who have it, ``history`` what was done with it; ``mine`` is the viewer's own role, ``add_ons`` what is on, ``rights``
    what the viewer may do. ``changed`` is the revision of the last change of any of it; ``known`` tells two states
    of it apart."""

    changed: int
    known: tuple[Any, ...]
    place: RolesPlace
    rows: tuple[RoleRow, ...]
    role: RoleRow | None
    holders: tuple[Holder, ...]
    history: tuple[Entry, ...]
    mine: int | None
    add_ons: frozenset[str]
    rights: frozenset[str]


def taken(reads: Reads, place: RolesPlace, before: RolesSnapshot | None = None) -> RolesSnapshot:
    """The snapshot of a place; ``before`` itself where nothing has changed: texts come and go, roles stay."""
    changed, staff = reads.once(kept.last_change), reads.once(people.last_change)
    on, rights = reads.once(add_ons), rights_of(reads, place.viewer)
    known = (changed, staff, on, rights)
    if before is not None and (before.known, before.place) == (known, place):
        return before
    rows = reads.once(kept.roles)
    return RolesSnapshot(
        changed=max(changed[0], staff),
        known=known,
        place=place,
        rows=rows,
        role=next((row for row in rows if row.id == place.role), None),
        holders=() if place.role is None else reads.once(kept.holders, place.role, place.shown),
        history=() if place.role is None else reads.once(activity.of_role, place.role),
        mine=reads.once(kept.role_of, place.viewer),
        add_ons=on,
        rights=rights,
    )


class RolesScreen(SettingsScreen):
    """One viewer's screen of the roles."""

    right = ROLES

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.place = RolesPlace(viewer=self._by())

    def taken(self, reads: Reads) -> RolesSnapshot:
        """The snapshot of where this screen looks."""
        return taken(reads, self.place, self.snapshot)

    def open(self, role: int | None) -> None:
        """Look at one role, or none."""
        self.place = replace(self.place, role=role, shown=SHOWN)

    def more(self) -> None:
        """Show fifty more of those who have the open role."""
        role = self.snapshot.role if self.snapshot is not None else None
        if role is not None and self.place.shown < role.people:
            self.place = replace(self.place, shown=self.place.shown + SHOWN)

    def find(self, query: str, limit: int) -> None:
        """Tell the face who could be given the open role, by a part of the name."""
        if self.place.role is None:
            return
        with self._reading() as connection:
            limit = max(1, min(limit, MOST))
            found, more = kept.without(connection, self.place.role, query[:QUERY_LIMIT], limit)
        self._tell(people={"query": query, "rows": [_candidate(person) for person in found], "more": more})

    def add(self, key: str, name: str) -> None:
        """Make a role; the face is told what came of it, here and below, under ``key``."""
        self._change(key, partial(roles.add_role, self.store, name, by=self._by()), self._made)

    def copy(self, key: str, role: int, name: str) -> None:
        """Make a role that may do the same."""
        self._change(key, partial(roles.copy_role, self.store, role, name, by=self._by()), self._made)

    def rename(self, key: str, role: int, name: str, seen: int) -> None:
        """Give a role that was seen at a revision another name."""
        self._change(key, partial(roles.rename_role, self.store, role, name, seen=seen, by=self._by()), _saved)

    def save(self, key: str, role: int, keys: frozenset[str], seen: int) -> None:
        """Say what a role may do that was seen at a revision."""
        self._change(key, partial(roles.set_rights, self.store, role, keys, seen=seen, by=self._by()), _saved)

    def delete(self, key: str, role: int, seen: int) -> None:
        """Delete a role that was seen at a revision."""
        self._change(key, partial(roles.delete_role, self.store, role, seen=seen, by=self._by()))

    def give(self, key: str, role: int, resource: int) -> None:
        """Give somebody a role, in place of the one they have."""
        give = partial(roles.give_role, self.store, role, resource, by=self._by())
        self._change(key, give, lambda before: {"before": before})

    def take(self, key: str, role: int, resource: int) -> None:
        """Take a role from somebody."""
        self._change(key, partial(roles.take_role, self.store, role, resource, by=self._by()))

    def _made(self, saved: SavedRole) -> dict[str, Any]:
        self.open(saved.id)
        return _saved(saved)


def _saved(saved: SavedRole) -> dict[str, Any]:
    return {"role": saved.id, "seen": saved.revision}


def _candidate(person: Holder) -> dict[str, Any]:
    """Somebody as type-ahead lists them, with the role that they have now where others have a number."""
    return {"id": person.id, "name": person.name, "kind": None, "number": person.role or "No role yet"}
