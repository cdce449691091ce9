"""Settings > Documents: the text documents, listed, searched, added, edited and deleted, live for all who look."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from dashboard.actions.messages import BODY_LIMIT
from dashboard.core.documents import FIELDS, SAMPLE, TITLE_LIMIT, used
from dashboard.core.errors import MessageCenterError
from dashboard.core.values import DocumentRow, Person
from dashboard.live.acting import LAST_ID
from dashboard.live.documents import DocumentsSnapshot
from dashboard.live.live import Live
from dashboard.ui.component import Component, source
from dashboard.ui.face import InboxFace, Part
from dashboard.ui.patches import Patch, changed_rows, changes, milliseconds

log = logging.getLogger(__name__)
Message = dict[str, Any]


class Documents(Component):
    """The page's one component; see documents.js.

    Parameters
    ----------
    live
        The running half of a database.
    user
        Who acts; None only looks, once there are users.
    """

    _esm = "".join(map(source, ("dom.js", "connection.js", "segments.js", "document_form.js", "documents.js")))
    _stylesheets: ClassVar[list[str]] = [source("tokens.css"), source("documents.css")]

    def __init__(self, live: Live, user: Person | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.live = live
        self.screen = live.documents_screen(user)
        self.face = self.screen.face = DocumentsFace(self, user)
        self.screen.is_idle = self.face.is_idle
        self.face.missed = partial(self.live.feed.call, self._catch_up)
        self._attached = False

    def gone(self) -> None:
        """Nobody looks at this object any more."""
        self._attached = False
        self.live.detach(self.screen)

    def hear(self, data: Any) -> None:
        """A browser reports something; it is done on the live thread, in order."""
        self.live.do(self.screen, partial(self._do, data))

    def _do(self, said: Message) -> None:
        try:
            self._steps()[said["op"]](said)
        except MessageCenterError as error:
            self.face.tell({"saved": {"key": said.get("key"), "error": str(error), "seen": None}})
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:  # not our own script
            log.warning("a browser said something that makes no sense: %s", type(error).__name__)

    def _catch_up(self) -> None:
        """The browser takes again what it is shown."""
        if self._attached and not self.face.is_idle():
            self.live.feed.refresh(self.screen)

    def _steps(self) -> dict[str, Callable[[Message], None]]:
        """What a browser can report, each with what it means."""
        screen = self.screen
        return {
            "ready": lambda _: self._ready(),
            "search": lambda said: screen.search(str(said["query"])),
            "more": lambda _: screen.more(),
            "open": lambda said: screen.open(_id(said["document"])),
            "save": self._save,
            "delete": lambda said: screen.delete(str(said["key"]), int(said["document"]), int(said["seen"])),
            "ping": lambda said: self.face.tell({"pong": {"n": said["n"], "revision": self._revision()}}),
        }

    def _ready(self) -> None:
        if not self._attached:
            self._attached = True
            self.live.feed.add(self.screen)
        self.face.ready(self.face.frame)

    def _save(self, said: Message) -> None:
        title, body = str(said["title"]), str(said["body"])
        self.screen.save(str(said["key"]), _id(said["document"]), title, body, int(said["seen"]))

    def _revision(self) -> int:
        return self.screen.snapshot.changed if self.screen.snapshot else 0


class DocumentsFace(InboxFace):
    """Draws the documents' screen into its one component, as the inbox's face draws into three."""

    def __init__(self, component: Documents, user: Person | None) -> None:
        super().__init__(component, component, component, addressed=False, storage="")
        self.frame = Part(component, partial(documents_patch, user))
        self.parts = (self.frame,)  # type: ignore[assignment]

    def tell(self, news: Patch) -> None:
        with self._lock:
            self.frame.news.append(news)
        self._redraw()

    def _extra(self, part: Part, wanted: Any) -> Patch:
        return {}


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
    return patch | {"revision": after.changed} if patch else {}


def _facts(snapshot: DocumentsSnapshot) -> Patch:
    place = snapshot.place
    opened = None if snapshot.document is None else _row(snapshot.document)
    return {"query": place.query, "total": snapshot.total, "asked": place.document, "document": opened}


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


def _id(said: Any) -> int | None:
    """A document's id as a page says it; None for none, and for what is none."""
    return None if said is None or not 0 < int(said) <= LAST_ID else int(said)
