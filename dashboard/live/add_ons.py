"""The screen of Settings > Add-ons: what is switched on, and the switches."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboard.actions.add_ons import switch_add_on
from dashboard.core.add_ons import Switched
from dashboard.core.rights import ADD_ONS
from dashboard.live.settings_page import SettingsScreen
from dashboard.live.snapshot import Reads, rights_of
from dashboard.store import add_ons, people, roles


@dataclass(frozen=True)
class AddOnsPlace:
    """Where a viewer looks: at everything there is; ``viewer`` is the id of whoever looks."""

    viewer: int | None = None

    @property
    def view(self) -> "AddOnsPlace":
        """Two viewers share one reading."""
        return self


@dataclass(frozen=True)
class AddOnsSnapshot:
    """What stands on the screen; ``changed`` is the revision of the last change of any of it, ``known`` tells two
    states of it apart."""

    changed: int
    known: tuple[Any, ...]
    place: AddOnsPlace
    switches: tuple[Switched, ...]
    rights: frozenset[str]


def taken(reads: Reads, place: AddOnsPlace, before: AddOnsSnapshot | None = None) -> AddOnsSnapshot:
    """The snapshot of a place; ``before`` itself where nothing has changed."""
    switched, staff = reads.once(add_ons.last_switch), reads.once(people.last_change)
    rights, changed = rights_of(reads, place.viewer), reads.once(roles.last_change)
    known = (switched, staff, changed, rights)
    if before is not None and (before.known, before.place) == (known, place):
        return before
    revision = max(switched, staff, changed[0])
    return AddOnsSnapshot(revision, known, place, reads.once(add_ons.switches), rights)


class AddOnsScreen(SettingsScreen):
    """One viewer's screen of the add-ons."""

    right = ADD_ONS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.place = AddOnsPlace(viewer=self._by())

    def taken(self, reads: Reads) -> AddOnsSnapshot:
        """The snapshot of where this screen looks."""
        return taken(reads, self.place, self.snapshot)

    def switch(self, key: str, add_on: str, on: bool) -> None:
        """Switch an add-on; the face is told what came of it under ``key``."""
        self._change(key, partial(switch_add_on, self.store, add_on, on, by=self._by()))
