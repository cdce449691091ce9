"""Settings > Activity: who did what, and when, searched and followed live."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from dashboard.core.activity import GROUPS, MACHINE, THE_MACHINE, Sought
from dashboard.live.activity import NEWS, QUERY_LIMIT, ActivityScreen, ActivitySnapshot
from dashboard.ui.component import source
from dashboard.ui.history import entry_patch
from dashboard.ui.patches import Patch, changes
from dashboard.ui.settings_page import Message, SettingsPage

SCRIPTS = ("dom.js", "navigation.js", "connection.js", "history.js", "activity.js")


class Activity(SettingsPage):
    """The page's one component; see activity.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = [source("tokens.css"), source("history.css"), source("activity.css")]
    screen: ActivityScreen

    def steps(self) -> dict[str, Callable[[Message], None]]:
        """What the page can report beside what all can."""
        screen = self.screen
        return {
            "seek": lambda said: screen.seek(sought(said)),
            "more": lambda _: screen.more(),
            "hold": lambda said: screen.hold(int(said["upto"])),
            "follow": lambda _: screen.follow(),
        }

    def patch(self, before: ActivitySnapshot | None, after: ActivitySnapshot) -> Patch:
        """The difference between what the page shows and the snapshot."""
        return activity_patch(before, after)


def sought(said: Message) -> Sought:
    """What is sought, as a page says it: days as the milliseconds since 1970 at which they begin for its reader."""
    person = said.get("person")
    return Sought(
        person=None if person is None else max(MACHINE, int(person)),
        group=str(said.get("group") or ""),
        query=str(said.get("query") or "")[:QUERY_LIMIT],
        since=_moment(said.get("since")),
        until=_moment(said.get("until")),
    )


def activity_patch(before: ActivitySnapshot | None, after: ActivitySnapshot) -> Patch:
    """What the page is told: the difference between what it shows and the snapshot; all of it at first."""
    patch = changes(before, after, _facts)
    order = [entry.revision for entry in after.entries]
    if before is None or order != [entry.revision for entry in before.entries]:
        patch["order"] = order
    known = {entry.revision: entry for entry in before.entries} if before else {}
    rows = [entry for entry in after.entries if known.get(entry.revision) != entry]
    if rows:
        patch["rows"] = [entry_patch(entry) for entry in rows]
    if before is None:
        patch["groups"] = [{"key": key, "label": label} for key, label in GROUPS.items()]
    return patch


def _facts(snapshot: ActivitySnapshot) -> Patch:
    people = [{"id": actor.id, "name": actor.name} for actor in snapshot.people]
    return {
        "people": [*people, {"id": MACHINE, "name": THE_MACHINE}],
        "sought": _said(snapshot.place.sought),
        "more": snapshot.more,
        "news": f"{NEWS - 1}+" if snapshot.news >= NEWS else str(snapshot.news or ""),
        "held": snapshot.place.upto is not None,
    }


def _said(sought: Sought) -> Patch:
    """What is sought, so that a page knows which of its questions a list answers."""
    named: dict[str, Any] = {"person": sought.person, "group": sought.group, "query": sought.query}
    times = {"since": sought.since, "until": sought.until}
    return named | {key: None if at is None else round(at.timestamp() * 1000) for key, at in times.items()}


def _moment(said: Any) -> datetime | None:
    return None if said is None else datetime.fromtimestamp(int(said) / 1000, UTC)
