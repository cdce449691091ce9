"""What each component is told: the difference between what it shows and the snapshot, as plain JSON.

The first load is the same function with nothing before. Every key is optional; one that is absent is unchanged.
"""

from collections.abc import Callable, Iterable
from typing import Any

from dashboard.actions.messages import BODY_LIMIT
from dashboard.core.filters import FILTERS
from dashboard.core.values import AttachmentRow, MessageRow, ThreadHead, ThreadRow
from dashboard.core.views import View
from dashboard.live.screen import BULK_ACTIONS
from dashboard.live.snapshot import Snapshot

Patch = dict[str, Any]
ANNOUNCED = 120  # characters of a new text that a screen reader is told


def list_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the thread list: view, counts, and the rows of the window that are new or changed.

    ``revision`` comes back with an act: what the person saw who did it.
    """
    patch = _changes(before, after, _list_facts)
    order = [row.id for row in after.rows]
    if before is None or order != [row.id for row in before.rows]:
        patch["order"] = order
    if rows := _changed(before.rows if before else (), after.rows):
        patch["rows"] = [_row(row) for row in rows]
    if before is None:
        patch["filters"] = [{"key": entry.key, "label": entry.label} for entry in FILTERS.values()]
        patch["actions"] = [
            {"key": key, "label": act.label, "removed": act.removed} for key, act in BULK_ACTIONS.items()
        ]
    return patch | {"revision": after.revision} if patch else {}


def conversation_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the conversation: its head, and the messages that are new or changed; ``reset`` when it was opened anew."""
    if before is not None and _opened(before) != _opened(after):
        return {**conversation_patch(None, after), "opened": before.place.opening != after.place.opening}
    patch = _changes(before, after, _conversation_facts)
    order = [message.id for message in after.messages]
    if before is None or order != [message.id for message in before.messages]:
        patch["order"] = order
    if messages := _changed(before.messages if before else (), after.messages):
        patch["messages"] = [_message(message) for message in messages]
    if before is None:
        patch |= {"reset": True, "limit": BODY_LIMIT}
    return patch | {"opening": after.place.opening} if patch else {}


def frame_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the frame: the open thread, the page's title, the text that screen readers are told of."""
    patch = _changes(before, after, _frame_facts)
    if before is not None and (news := _newest(before, after)):
        patch["announce"] = f"New text from {news.name}: {news.text[:ANNOUNCED]}"
    return patch


def address(view: View, thread: int | None) -> Patch:
    """The view as the page's address writes it."""
    unread = "1" if view.unread_since is not None else None
    return {"tab": view.tab, "filter": view.filter, "q": view.query, "thread": thread, "unread": unread}


def _changes(before: Snapshot | None, after: Snapshot, facts: Callable[[Snapshot], Patch]) -> Patch:
    new, old = facts(after), facts(before) if before is not None else {}
    return {key: value for key, value in new.items() if key not in old or old[key] != value}


def _changed(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    known = {row.id: row for row in before}
    return [row for row in after if known.get(row.id) != row]


def _list_facts(snapshot: Snapshot) -> Patch:
    view = snapshot.place.view
    others = {"tab": view.other().tab, "count": snapshot.others} if snapshot.others else None
    unread = view.unread_since is not None
    return {
        "view": {"tab": view.tab, "filter": view.filter, "query": view.query, "unread": unread},
        "badge": snapshot.unread,
        "total": snapshot.total,
        "above": snapshot.above,
        "others": others,
        "thread": snapshot.place.thread,
        "sentence": view.sentence,
    }


def _conversation_facts(snapshot: Snapshot) -> Patch:
    return {"thread": _head(snapshot.head), "older": snapshot.older}


def _frame_facts(snapshot: Snapshot) -> Patch:
    title = f"({snapshot.unread:,}) Message Center" if snapshot.unread else "Message Center"
    facts = {"thread": snapshot.place.thread, "title": title, "revision": snapshot.revision}
    return facts | {"preferences": snapshot.preferences}


def _newest(before: Snapshot, after: Snapshot) -> ThreadRow | None:
    """The row at the top, when it came there by a text that the snapshot before had not."""
    top = after.rows[0] if after.rows else None
    if top is None or before.place.view != after.place.view or after.unread <= before.unread:
        return None
    return top if not before.rows or top.key > before.rows[0].key else None


def _opened(snapshot: Snapshot) -> tuple[int | None, int]:
    return snapshot.place.thread, snapshot.place.opening


def _row(row: ThreadRow) -> Patch:
    facts = {name: getattr(row, name) for name in ("id", "name", "number", "kind", "text", "unread", "removed")}
    return {**facts, "at": _milliseconds(row.at), **_removal(row)}


def _head(head: ThreadHead | None) -> Patch | None:
    if head is None:
        return None
    names = ("id", "name", "number", "kind", "removed", "locked")
    return {name: getattr(head, name) for name in names} | _removal(head)


def _removal(thread: ThreadRow | ThreadHead) -> Patch:
    at = thread.removed_at
    return {"removed_by": thread.removed_by, "removed_at": None if at is None else _milliseconds(at)}


def _message(message: MessageRow) -> Patch:
    names = ("id", "direction", "body", "status", "reason", "by", "automatic", "unread")
    files = [_file(file) for file in message.attachments]
    return {**{name: getattr(message, name) for name in names}, "at": _milliseconds(message.at), "attachments": files}


def _file(file: AttachmentRow) -> Patch:
    return {"id": file.id, "type": file.type, "name": file.name, "size": file.size, "url": None}


def _milliseconds(at: Any) -> int:
    return int(at.timestamp() * 1000)
