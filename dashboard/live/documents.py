"""The screen of Settings > Documents: what one viewer sees there and does. It runs headless; a face only draws it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dashboard.actions import documents
from dashboard.core.errors import MessageCenterError, Moved
from dashboard.core.values import DocumentRow, Person, SavedDocument
from dashboard.live.acting import Acting, Face, Perform, at_once
from dashboard.live.snapshot import Reads
from dashboard.store import documents as kept
from dashboard.store import people
from dashboard.store.database import Store

log = logging.getLogger(__name__)
QUERY_LIMIT = 100  # characters
Facts = Callable[[Any], dict[str, Any]]
SHOWN = 50  # documents that the list shows, and that each "more" adds


@dataclass(frozen=True)
class DocumentsPlace:
    """Where a viewer looks: what is searched for, how many documents are shown, and the one that is open."""

    query: str = ""
    shown: int = SHOWN
    document: int | None = None

    @property
    def view(self) -> "DocumentsPlace":
        """Two viewers of the same place share one reading."""
        return self


@dataclass(frozen=True)
class DocumentsSnapshot:
    """What stands on the screen: ``changed`` is the revision of the last change of any document, ``staff`` that of any
    resource, whose names stand here; ``rows`` the first of
    ``total`` that match; ``document`` the open one, which need not be among them, None where there is none (any more)."""

    changed: int
    staff: int
    place: DocumentsPlace
    total: int
    rows: tuple[DocumentRow, ...]
    document: DocumentRow | None


def taken(reads: Reads, place: DocumentsPlace, before: DocumentsSnapshot | None = None) -> DocumentsSnapshot:
    """The snapshot of a place; ``before`` itself where nothing has changed: texts come and go, documents stay."""
    changed = reads.once(kept.last_change)
    staff = reads.once(people.last_change)
    if before is not None and (before.changed, before.staff, before.place) == (changed, staff, place):
        return before
    return DocumentsSnapshot(
        changed=changed,
        staff=staff,
        place=place,
        total=reads.once(kept.count, place.query),
        rows=reads.once(kept.page, place.query, None, place.shown).documents,
        document=None if place.document is None else reads.once(kept.document, place.document),
    )


class DocumentsScreen(Acting):
    """One viewer's screen; ``catch_up`` is the only way what it shows changes."""

    def __init__(self, store: Store, user: Person | None = None, perform: Perform = at_once) -> None:
        self.store = store
        self.user = user
        self.perform = perform
        self.face: Face | None = None
        self.is_idle: Callable[[], bool] = lambda: False
        self.place = DocumentsPlace()
        self.snapshot: DocumentsSnapshot | None = None

    def catch_up(self, reads: Reads | None = None) -> None:
        """Show the newest state; ``reads`` shares its reading with other screens."""
        if reads is None:
            with self.store.reading() as connection:
                return self.catch_up(Reads(connection))
        after = taken(reads, self.place, self.snapshot)
        if after is not self.snapshot:
            self.snapshot = after
            if self.face is not None:
                self.face.show(after)  # type: ignore[arg-type]
        return None

    def trouble(self, words: str | None) -> None:
        """Say why what stands here may be out of date; None: it is up to date again."""
        self._tell(trouble=words)

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

    def _change(self, key: str, work: Callable[[], Any], facts: Facts = lambda _: {}) -> None:
        """Carry out an act that the page calls ``key``, and tell the page under that name what came of it."""
        self.check_may_act()

        def refused(error: MessageCenterError) -> None:
            seen = error.seen if isinstance(error, Moved) else None
            self._tell(saved={"key": key, "error": str(error), "seen": seen})

        self._act(work, lambda result: self._tell(saved={"key": key, "error": None, **facts(result)}), refused)
