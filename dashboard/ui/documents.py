"""Settings > Documents: the text documents, listed, searched, added, edited and deleted, live for all who look."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from dashboard.actions.messages import BODY_LIMIT
from dashboard.core.documents import FIELDS, SAMPLE, TITLE_LIMIT, used
from dashboard.core.values import DocumentRow, Person
from dashboard.live.documents import DocumentsScreen, DocumentsSnapshot
from dashboard.ui.component import source
from dashboard.ui.history import entries_patch
from dashboard.ui.patches import Patch, changed_rows, changes, milliseconds
from dashboard.ui.settings_page import Message, SettingsPage, id_of

SCRIPTS = ("dom.js", "navigation.js", "connection.js", "segments.js", "history.js", "document_form.js", "documents.js")


class Documents(SettingsPage):
    """The page's one component; see documents.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = [
        source(name) for name in ("tokens.css", "settings_page.css", "documents.css", "history.css")
    ]
    screen: DocumentsScreen

    def steps(self) -> dict[str, Callable[[Message], None]]:
        """What the page can report beside what all can."""
        screen = self.screen
        return {
            "search": lambda said: screen.search(str(said["query"])),
            "more": lambda _: screen.more(),
            "open": lambda said: screen.open(id_of(said["document"])),
            "save": self._save,
            "delete": lambda said: screen.delete(str(said["key"]), int(said["document"]), int(said["seen"])),
        }

    def patch(self, before: DocumentsSnapshot | None, after: DocumentsSnapshot) -> Patch:
        """The difference between what the page shows and the snapshot."""
        return documents_patch(self.screen.user, before, after)

    def _save(self, said: Message) -> None:
        title, body = str(said["title"]), str(said["body"])
        self.screen.save(str(said["key"]), id_of(said["document"]), title, body, int(said["seen"]))


def documents_patch(user: Person | None, before: DocumentsSnapshot | None, after: DocumentsSnapshot) -> Patch:
    """What the page is told: the difference between what it shows and the snapshot; all of it at first."""
    patch = changes(before, after, _facts)
    order = [row.id for row in after.rows]
    if before is None or order != [row.id for row in before.rows]:
        patch["order"] = order
    if rows := changed_rows(before.rows if before else (), after.rows):
        patch["rows"] = [_row(row) for row in rows]
    if before is None:
        patch |= {"fields": _fields(user), "limits": {"title": TITLE_LIMIT, "body": BODY_LIMIT}}
    return patch


def _facts(snapshot: DocumentsSnapshot) -> Patch:
    place = snapshot.place
    opened = None if snapshot.document is None else _row(snapshot.document)
    facts = {"query": place.query, "total": snapshot.total, "asked": place.document, "document": opened}
    return facts | {"history": entries_patch(snapshot.history)}


def _fields(user: Person | None) -> list[Patch]:
    """Each field with the value that a preview shows for it."""
    sample = replace(SAMPLE, user_name=user.name if user else "Dana Whitcomb")
    return [
        {"key": key, "label": field.label, "sentence": field.sentence, "sample": field.fill(sample)}
        for key, field in FIELDS.items()
    ]


def _row(row: DocumentRow) -> Patch:
    at = None if row.changed_at is None else milliseconds(row.changed_at)
    facts = {"id": row.id, "title": row.title, "body": row.body, "revision": row.revision}
    return facts | {"at": at, "by": row.changed_by, "fields": list(used(row.body))}
