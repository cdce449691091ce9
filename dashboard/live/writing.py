"""What a viewer does to write: drafts, text documents, pictures, sending, and trying again what failed."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from dashboard.actions import attachments as files
from dashboard.actions import drafts, failures, messages
from dashboard.core.documents import filled
from dashboard.core.errors import MessageCenterError, Moved, Refused
from dashboard.core.text import snippet
from dashboard.core.values import DocumentKey, DocumentPage, Draft
from dashboard.live.acting import Acting
from dashboard.live.snapshot import Place
from dashboard.store import attachments, documents, rights
from dashboard.store import drafts as drafted

DOCUMENTS = 20  # text documents that the picker is shown at a time


class Writing(Acting):
    """The part of a screen that has to do with what goes out."""

    place: Place

    def send(
        self, key: str, thread: int, body: str, seen: int | None = None, attachments: tuple[int, ...] = ()
    ) -> None:
        """Send a text; ``key`` names it, so that it goes once however often it is asked for; ``seen`` is the id of the
        newest message that the person's page showed when they began to write: where the thread has moved on since,
        nothing is sent, and the face is told of what came."""
        by = self._by()

        def work() -> str:
            before = self._draft(thread)  # it goes with what is sent, unless another window saves one in between
            messages.send(self.store, thread, body, by=by, key=key, seen=seen, attachments=attachments, written=before)
            return "" if self._draft(thread) else before  # asked again, it sends nothing, and a draft begun since stays

        self._act(
            work,
            lambda before: self._tell(sent={"key": key, "error": None} | _replaced(before, body)),
            lambda error: self._tell(sent={"key": key, "error": str(error)} | _moved(error)),
        )

    def retry(self, key: str, message: int) -> None:
        """Make one more attempt at a text that failed; ``key`` names it, as in ``send``."""
        self._act(lambda: failures.retry(self.store, message, by=self._by(), key=key))

    def let_be(self, message: int) -> None:
        """Take a text that failed out of the Failed view."""
        self._act(lambda: failures.let_be(self.store, message, by=self._by()))

    def look_again(self, attachment: int) -> None:
        """Try again to make a picture of a file that came in."""
        self._act(lambda: files.look_again(self.store, attachment, by=self._by()))

    def tell_gallery(self, thread: int, before: int | None) -> None:
        """Tell the face a page of the pictures that the thread's account has, ``before`` an attachment's id."""
        self._check_id(thread)
        with self._reading() as connection:
            page = attachments.gallery(connection, thread, before)
        rows = [asdict(row) for row in page]
        more = len(page) == attachments.PAGE
        self._tell(gallery={"thread": thread, "before": before, "pictures": rows, "more": more})

    def save_draft(self, number: int, thread: int, body: str, seen: int | None) -> None:
        """Keep what the person has written so far, and tell the face which ``number`` of its words is kept, and what
        they ``replaced``: it may have been written in another window. The draft of whoever is nobody is the page's alone."""
        if self.user is None:
            return
        user, kept = self.user.id, {"n": number, "thread": thread}
        self._act(
            lambda: drafts.save_draft(self.store, thread, body, by=user, seen=seen),
            lambda before: self._tell(kept=kept | _replaced(before, body)),
            lambda error: self._tell(kept=kept | {"error": str(error)}),
        )

    def tell_draft(self) -> None:
        """Tell the face what the person has written in the open thread and not sent."""
        with self._reading() as connection:
            self._tell_draft(connection)

    def list_documents(self, number: int, query: str, after: DocumentKey | None = None) -> None:
        """Tell the face some text documents; ``number`` is the question's, so that a late answer is known as such."""
        with self._reading() as connection:
            page = documents.page(connection, query, after, DOCUMENTS)
        self._tell(documents={"n": number, **_page_facts(page)})

    def fill_document(self, document: int, thread: int) -> None:
        """Tell the face a text document's text, filled for a thread's correspondent and the person who writes."""
        with self._reading() as connection:
            found, facts = documents.document(connection, document), documents.facts(connection, thread, self._by())
            mine = rights.held(connection, self._by())
        if found is None or facts is None:
            raise Refused("This text document is not there any more: somebody has deleted it.")
        put = filled(found.body, facts, mine)
        self._tell(filled={"thread": thread, "text": put.text, "missing": list(put.missing)})

    def _draft(self, thread: int) -> str:
        """What is kept of what the person has written in a thread."""
        if self.user is None:
            return ""
        with self.store.reading() as connection:
            mine = drafted.draft(connection, self.user.id, thread)
        return mine.body if mine else ""

    def _tell_draft(self, connection: Connection) -> None:
        thread = self.place.thread
        if thread is not None and self.user is not None:
            mine = drafted.draft(connection, self.user.id, thread) or Draft("", None)
            self._tell(draft={"thread": thread, "body": mine.body, "seen": mine.seen})


def _moved(error: MessageCenterError) -> dict[str, Any]:
    """What came in between, for a page that is to show it and ask."""
    return {"moved": {"seen": error.seen, "news": list(error.news)}} if isinstance(error, Moved) else {}


def _replaced(before: str, body: str) -> dict[str, str]:
    """The draft whose place some words have taken; nothing where they only go on with it."""
    return {} if body.startswith(before) else {"replaced": before}


def _page_facts(page: DocumentPage) -> dict[str, Any]:
    """Documents as a picker is told of them: the beginning of each, and where the list goes on."""
    items = [{"id": row.id, "title": row.title, "text": snippet(row.body)} for row in page.documents]
    return {"items": items, "following": list(page.following) if page.following else None}
