"""What people do with text documents: add, edit, delete."""

from typing import Any

from sqlalchemy import delete as deleted
from sqlalchemy import insert, update

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.messages import BODY_LIMIT
from dashboard.core import documents, rights
from dashboard.core.errors import Moved, NotFound, Refused
from dashboard.core.tables import DOCUMENT
from dashboard.core.text import folded, is_seen, storable
from dashboard.core.values import DocumentRow, SavedDocument
from dashboard.store.documents import document as one_document

GONE = "Somebody has deleted this text document: save it as a new one, or leave it."


@action(rights.DOCUMENTS)
def add_document(change: Change, title: str, body: str, *, by: int | None) -> SavedDocument:
    """Keep a text for use again. Raises Refused, in words, for what cannot be kept."""
    values = _values(change, title, body)
    made = int(change.connection.execute(insert(DOCUMENT).values(values).returning(DOCUMENT.c.id)).scalar_one())
    change.details = {"document": made, "title": values["title"]}
    return SavedDocument(made, change.revision)


@action(rights.DOCUMENTS)
def edit_document(change: Change, document: int, title: str, body: str, *, seen: int, by: int | None) -> SavedDocument:
    """Change a document that the person saw at its revision ``seen``.

    Raises Moved where somebody else has changed it since, NotFound where it was deleted.
    """
    known = _unmoved(change, document, seen)
    values = _values(change, title, body)
    if (known.title, known.body) == (values["title"], values["body"]):
        nothing(SavedDocument(document, known.revision))
    change.connection.execute(update(DOCUMENT).where(DOCUMENT.c.id == document).values(values))
    change.details = {
        "document": document,
        "title": values["title"],
        "before": {"title": known.title, "body": known.body},
    }
    return SavedDocument(document, change.revision)


@action(rights.DOCUMENTS)
def delete_document(change: Change, document: int, *, seen: int, by: int | None) -> None:
    """Delete a document that the person saw at its revision ``seen``; the log keeps what it said."""
    known = _unmoved(change, document, seen)
    change.connection.execute(deleted(DOCUMENT).where(DOCUMENT.c.id == document))
    change.details = {"document": document, "title": known.title, "before": {"title": known.title, "body": known.body}}


def _unmoved(change: Change, document: int, seen: int) -> DocumentRow:
    known = one_document(change.connection, document)
    if known is None:
        raise NotFound(GONE)
    if known.revision > seen:
        raise Moved(
            f"{known.changed_by or 'Somebody'} has changed this text document since you saw it.", known.revision
        )
    return known


def _values(change: Change, title: str, body: str) -> dict[str, Any]:
    title, body = " ".join(storable(title).split()), storable(body).strip()
    _check(title, body)
    return {
        "title": title,
        "body": body,
        "title_folded": folded(title),
        "searched": documents.searched(title, body),
        "revision": change.revision,
        "changed_at": change.now,
        "changed_by_id": change.by,
    }


def _check(title: str, body: str) -> None:
    if not is_seen(title):
        raise Refused("Give this text document a title: it is found by that.")
    if len(title) > documents.TITLE_LIMIT:
        raise Refused(f"This title has {len(title)} characters, and a title takes {documents.TITLE_LIMIT}: shorten it.")
    if not body:
        raise Refused("There is no text yet: write what is to be sent.")
    if len(body) > BODY_LIMIT:
        raise Refused(f"This text has {len(body):,} characters, and one text takes {BODY_LIMIT:,}: shorten it.")
    if strange := documents.unknown(body):
        known = ", ".join(documents.FIELDS)
        raise Refused(f"There is no field {{{strange[0]}}}: correct it, or take its braces away. There are: {known}.")
