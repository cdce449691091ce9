"""Settings > Add-ons: the switches, live for all who look."""

from collections.abc import Callable
from typing import ClassVar

from dashboard.core.add_ons import ADD_ONS, Switched
from dashboard.live.add_ons import AddOnsScreen, AddOnsSnapshot
from dashboard.ui.component import source
from dashboard.ui.patches import Patch, changes, milliseconds
from dashboard.ui.settings_page import Message, SettingsPage

SCRIPTS = ("dom.js", "navigation.js", "connection.js", "settings_page.js", "add_ons.js")
STYLES = ("tokens.css", "settings_page.css", "add_ons.css")


class AddOns(SettingsPage):
    """The page's one component; see add_ons.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = list(map(source, STYLES))
    screen: AddOnsScreen

    def steps(self) -> dict[str, Callable[[Message], None]]:
        """What the page can report beside what all can."""
        return {"switch": self._switch}

    def patch(self, before: AddOnsSnapshot | None, after: AddOnsSnapshot) -> Patch:
        """The difference between what the page shows and the snapshot."""
        return add_ons_patch(before, after)

    def _switch(self, said: Message) -> None:
        self.screen.switch(str(said["key"]), str(said["add_on"]), bool(said["on"]))


def add_ons_patch(before: AddOnsSnapshot | None, after: AddOnsSnapshot) -> Patch:
    """What the page is told: the difference between what it shows and the snapshot; all of it at first."""
    return changes(before, after, _facts)


def _facts(snapshot: AddOnsSnapshot) -> Patch:
    return {"switches": [_switched(entry) for entry in snapshot.switches]}


def _switched(entry: Switched) -> Patch:
    words = ADD_ONS[entry.key]
    at = None if entry.at is None else milliseconds(entry.at)
    facts = {"key": entry.key, "on": entry.on, "at": at, "by": entry.by, "people": entry.people}
    return facts | {"name": words.name, "sentence": words.sentence, "off": words.off}
