"""The screen of Settings > Activity: what one viewer looks for in the log, and follows there. It runs headless."""

from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.core.activity import Entries, Entry, Sought, on_page
from dashboard.core.rights import ACTIVITY
from dashboard.core.values import Actor
from dashboard.live.settings_page import SettingsScreen
from dashboard.live.snapshot import Reads, rights_of
from dashboard.store import activity as kept

QUERY_LIMIT = 100  # characters
SHOWN = 50  # entries that the list shows, and that each "more" adds
NEWS = 100  # entries that have come since, up to which they are counted
LAST_REVISION = 2**31 - 2


@dataclass(frozen=True)
class ActivityPlace:
    """Where a viewer looks: what is sought, how many entries are shown, ``upto`` which revision while they read further
    down and the list stands still (None: the newest appear), and the id of the person who looks."""

    sought: Sought = field(default_factory=Sought)
    shown: int = SHOWN
    upto: int | None = None
    viewer: int | None = None

    @property
    def view(self) -> "ActivityPlace":
        """Two viewers of the same place share one reading."""
        return self


@dataclass(frozen=True)
class ActivitySnapshot:
    """What stands on the screen: ``changed`` is the revision at which it last became another, ``worded`` that of the last
    change after which older entries read differently; ``news`` counts what has come since ``place.upto``, up to NEWS;
    ``people`` are those who ever did something; ``rights`` are the viewer's."""

    changed: int
    worded: int
    place: ActivityPlace
    entries: tuple[Entry, ...]
    more: bool
    news: int
    people: tuple[Actor, ...]
    rights: frozenset[str]


def taken(reads: Reads, place: ActivityPlace, before: ActivitySnapshot | None = None) -> ActivitySnapshot:
    """The snapshot of a place; ``before`` itself where it would be the same."""
    rights = rights_of(reads, place.viewer)
    worded = reads.once(kept.last_rewording)
    found = _entries(reads, place, rights, _standing(before, place, rights, worded))
    after = ActivitySnapshot(
        changed=reads.revision,
        worded=worded,
        place=place,
        entries=found.entries,
        more=found.more,
        news=0 if place.upto is None else reads.once(kept.count, place.sought, rights, place.upto, NEWS),
        people=reads.once(kept.actors),
        rights=rights,
    )
    return before if before is not None and replace(after, changed=before.changed) == before else after


def _standing(
    before: ActivitySnapshot | None, place: ActivityPlace, rights: frozenset[str], worded: int
) -> ActivitySnapshot | None:
    """What was read before, where it still reads as it did: then only what is new, or further down, is read."""
    if before is None or not before.entries or (before.worded, before.rights) != (worded, rights):
        return None
    same = replace(before.place, shown=place.shown, upto=place.upto) == place
    # A list that stood still further up has not read what came since.
    return before if same and (place.upto is None or place.upto >= before.entries[0].revision) else None


def _entries(reads: Reads, place: ActivityPlace, rights: frozenset[str], standing: ActivitySnapshot | None) -> Entries:
    sought, shown = place.sought, place.shown
    end = (kept.LAST - 1 if place.upto is None else place.upto) + 1
    if standing is None:
        return reads.once(kept.page, sought, rights, shown, 0, end)
    first, last = standing.entries[0].revision, standing.entries[-1].revision
    new = reads.once(kept.page, sought, rights, shown, first, end)
    if new.more:
        return new
    together = (*new.entries, *standing.entries)
    if len(together) > shown or not standing.more:
        return Entries(together[:shown], standing.more or len(together) > shown)
    if len(together) == shown:
        return Entries(together, more=True)
    earlier = reads.once(kept.page, sought, rights, shown - len(together), 0, last)
    return Entries((*together, *earlier.entries), earlier.more)


class ActivityScreen(SettingsScreen):
    """One viewer's screen of the audit trail."""

    right = ACTIVITY

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.place = ActivityPlace(viewer=self._by())

    def taken(self, reads: Reads) -> ActivitySnapshot:
        """The snapshot of where this screen looks."""
        return taken(reads, self.place, self.snapshot)

    def seek(self, sought: Sought) -> None:
        """Look for this, from the newest on. Raises Refused for a group that there is not."""
        on_page(sought.group)
        sought = replace(sought, query=sought.query[:QUERY_LIMIT])
        self.place = ActivityPlace(sought, viewer=self.place.viewer)

    def more(self) -> None:
        """Show fifty earlier ones."""
        if self.snapshot is not None and self.snapshot.more and self.place.shown == self.snapshot.place.shown:
            self.place = replace(self.place, shown=self.place.shown + SHOWN)

    def hold(self, upto: int) -> None:
        """Read further down: the list stands still at a revision, and what comes is counted."""
        if self.place.upto is None:
            self.place = replace(self.place, upto=max(0, min(upto, LAST_REVISION)))

    def follow(self) -> None:
        """Be at the top again, where the newest appears."""
        self.place = replace(self.place, upto=None, shown=SHOWN)
