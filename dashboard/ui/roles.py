"""Settings > User Role & Rights: the roles, what each may do, and who has it, live for all who look."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.core.add_ons import ADD_ONS
from dashboard.core.rights import RIGHTS, ROLES, Right
from dashboard.core.roles import NAME_LIMIT, Holder, RoleRow
from dashboard.live.roles import RolesScreen, RolesSnapshot
from dashboard.ui.component import source
from dashboard.ui.history import entries_patch
from dashboard.ui.patches import Patch, changed_rows, changes, milliseconds
from dashboard.ui.settings_page import Message, SettingsPage, id_of

SCRIPTS = (
    *("dom.js", "navigation.js", "connection.js", "lookup.js", "history.js", "settings_page.js"),
    *("role_boxes.js", "role_people.js", "role_form.js", "roles.js"),
)
STYLES = ("tokens.css", "accounts.css", "settings_page.css", "roles.css", "history.css")


class Roles(SettingsPage):
    """The page's one component; see roles.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = list(map(source, STYLES))
    screen: RolesScreen

    def steps(self) -> dict[str, Callable[[Message], None]]:
        """What the page can report beside what all can."""
        screen = self.screen
        return {
            "open": lambda said: screen.open(id_of(said["role"])),
            "more": lambda _: screen.more(),
            "find": lambda said: screen.find(str(said["query"]), int(said["limit"])),
            "add": lambda said: screen.add(str(said["key"]), str(said["name"])),
            "copy": lambda said: screen.copy(*_role(said), str(said["name"])),
            "rename": lambda said: screen.rename(*_role(said), str(said["name"]), int(said["seen"])),
            "save": lambda said: screen.save(*_role(said), frozenset(map(str, said["rights"])), int(said["seen"])),
            "delete": lambda said: screen.delete(*_role(said), int(said["seen"])),
            "give": lambda said: screen.give(*_role(said), id_of(said["resource"]) or 0),
            "take": lambda said: screen.take(*_role(said), id_of(said["resource"]) or 0),
        }

    def patch(self, before: RolesSnapshot | None, after: RolesSnapshot) -> Patch:
        """The difference between what the page shows and the snapshot."""
        return roles_patch(before, after)


def roles_patch(before: RolesSnapshot | None, after: RolesSnapshot) -> Patch:
    """What the page is told: the difference between what it shows and the snapshot; all of it at first."""
    patch = changes(before, after, _facts)
    order = [row.id for row in after.rows]
    if before is None or order != [row.id for row in before.rows]:
        patch["order"] = order
    if rows := changed_rows(before.rows if before else (), after.rows):
        patch["rows"] = [_row(row) for row in rows]
    if before is None:
        patch |= {"grid": [_box(right) for right in RIGHTS.values()], "limit": NAME_LIMIT, "editing": ROLES}
    return patch


def _role(said: Message) -> tuple[str, int]:
    """Under which name the page asks, and about which role."""
    return str(said["key"]), id_of(said["role"]) or 0


def _facts(snapshot: RolesSnapshot) -> Patch:
    opened = None if snapshot.role is None else _row(snapshot.role)
    holders = [_holder(person) for person in snapshot.holders]
    mine = {"me": snapshot.place.viewer, "mine": snapshot.mine, "off": _off(snapshot.add_ons)}
    return {"asked": snapshot.place.role, "role": opened, "holders": holders} | mine | _past(snapshot)


def _past(snapshot: RolesSnapshot) -> Patch:
    return {"history": entries_patch(snapshot.history)}


def _off(on: frozenset[str]) -> dict[str, str]:
    """The rights that are worth nothing just now, each with the name of the add-on that is off."""
    voided = ((right.key, right.add_on) for right in RIGHTS.values() if right.add_on is not None)
    return {key: ADD_ONS[add_on].name for key, add_on in voided if add_on not in on}


def _box(right: Right) -> dict[str, Any]:
    names = ("key", "tab", "column", "label", "sentence", "within")
    return {name: getattr(right, name) for name in names}


def _row(row: RoleRow) -> Patch:
    at = None if row.changed_at is None else milliseconds(row.changed_at)
    facts = {"id": row.id, "name": row.name, "people": row.people, "revision": row.revision}
    return facts | {"rights": sorted(row.rights), "at": at, "by": row.changed_by}


def _holder(person: Holder) -> Patch:
    return {name: getattr(person, name) for name in ("id", "name", "kind", "has_login", "active")}
