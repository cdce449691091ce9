"""The screen of Settings > Documents: what one viewer sees there and does. It runs headless; a face only draws it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dashboard.actions import documents
from dashboard.core.activity import Entry
from dashboard.core.rights import DOCUMENTS
from dashboard.core.values import DocumentRow, SavedDocument
from dashboard.live.settings_page import SettingsScreen
from dashboard.live.snapshot import Reads, rights_of
from dashboard.store import activity, people
from dashboard.store import documents as kept

QUERY_LIMIT = 100  # characters
SHOWN = 50  # documents that the list shows, and that each "more" adds


@dataclass(frozen=True)
class DocumentsPlace:
    """Where a viewer looks: what is searched for, how many documents are shown, the one that is open, and the id of
    the person who looks."""

    query: str = ""
    shown: int = SHOWN
    document: int | None = None
    viewer: int | None = None

    @property
    def view(self) -> "DocumentsPlace":
        """Two viewers of the same place share one reading."""
        return self


@dataclass(frozen=True)
class DocumentsSnapshot:
    """What stands on the screen: ``changed`` is the revision of the last change of any document, ``staff`` that of any
    resource, whose names stand here; ``rows`` the first of ``total`` that match; ``document`` the open one, which need
    not be among them, None where there is none (any more), ``history`` what was done with it; ``rights`` are the
    viewer's."""

    changed: int
    staff: int
    place: DocumentsPlace
    total: int
    rows: tuple[DocumentRow, ...]
    document: DocumentRow | None
    history: tuple[Entry, ...]
    rights: frozenset[str]


def taken(reads: Reads, place: DocumentsPlace, before: DocumentsSnapshot | None = None) -> DocumentsSnapshot:
    """The snapshot of a place; ``before`` itself where nothing has changed: texts come and go, documents stay."""
    changed = reads.once(kept.last_change)
    staff = reads.once(people.last_change)
    rights = rights_of(reads, place.viewer)
    known = (changed, staff, place, rights)
    if before is not None and (before.changed, before.staff, before.place, before.rights) == known:
        return before
    return DocumentsSnapshot(
        changed=changed,
        staff=staff,
        place=place,
        total=reads.once(kept.count, place.query),
        rows=reads.once(kept.page, place.query, None, place.shown).documents,
        document=None if place.document is None else reads.once(kept.document, place.document),
        history=() if place.document is None else reads.once(activity.of_document, place.document),
        rights=rights,
    )


class DocumentsScreen(SettingsScreen):
    """One viewer's screen of the text documents."""

    right = DOCUMENTS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.place = DocumentsPlace(viewer=self._by())

    def taken(self, reads: Reads) -> DocumentsSnapshot:
        """The snapshot of where this screen looks."""
        return taken(reads, self.place, self.snapshot)

    def search(self, query: str) -> None:
        """Show the documents that have every word of the query."""
        self.place = replace(self.place, query=query[:QUERY_LIMIT], shown=SHOWN)

    def more(self) -> None:
        """Show fifty more."""
        if self.snapshot is not None and self.place.shown < self.snapshot.total:
            self.place = replace(self.place, shown=self.place.shown + SHOWN)

    def open(self, document: int | None) -> None:
        """Look at one document, or none."""
        self.place = replace(self.place, document=document)

    def save(self, key: str, document: int | None, title: str, body: str, seen: int) -> None:
        """Add a document (None), or change one that was seen at a revision; the face is told what came of it."""
        by = self._by()
        add = partial(documents.add_document, self.store, title, body, by=by)
        edit = partial(documents.edit_document, self.store, document or 0, title, body, seen=seen, by=by)
        work: Callable[[], SavedDocument] = add if document is None else edit
        self._change(key, work, self._saved)

    def delete(self, key: str, document: int, seen: int) -> None:
        """Delete a document that was seen at a revision."""
        by = self._by()
        self._change(key, lambda: documents.delete_document(self.store, document, seen=seen, by=by))

    def _saved(self, saved: SavedDocument) -> dict[str, Any]:
        if self.place.document is None:
            self.open(saved.id)
        return {"document": saved.id, "seen": saved.revision}
