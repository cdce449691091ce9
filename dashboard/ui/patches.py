"""What each component is told: the difference between what it shows and the snapshot, as plain JSON.

The first load is the same function with nothing before. Every key is optional; one that is absent is unchanged.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from dashboard.actions.change import RULES
from dashboard.actions.messages import BODY_LIMIT
from dashboard.core import pictures
from dashboard.core.consent import PERSON, why_stopped
from dashboard.core.documents import FIELDS
from dashboard.core.filters import FILTERS
from dashboard.core.rights import SEND, lacking
from dashboard.core.values import (
    AlertReason,
    AlertRow,
    AttachmentRow,
    MessageRow,
    OutageRow,
    ThreadHead,
    ThreadRow,
    Unsent,
)
from dashboard.core.views import View
from dashboard.live.screen import BULK_ACTIONS
from dashboard.live.snapshot import Snapshot
from dashboard.store.outbox import COUNTED
from dashboard.ui.navigation import offered
from dashboard.ui.overview import forms, overview

Patch = dict[str, Any]
CLEARED = {"open_thread": "opened it", "mark_seen": "saw it in the open thread", "dismiss_alerts": "dismissed it"}
T = TypeVar("T")
SLOW = "Not everything has been sent yet."
REASON = 160  # characters of why a phone company takes no texts
ANNOUNCED = 120  # characters of a new text that a screen reader is told


def list_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the thread list: view, counts, and the rows of the window that are new or changed.

    ``revision`` comes back with an act: what the person saw who did it.
    """
    patch = changes(before, after, _list_facts)
    order = [row.id for row in after.rows]
    if before is None or order != [row.id for row in before.rows]:
        patch["order"] = order
    if rows := changed_rows(before.rows if before else (), after.rows):
        patch["rows"] = [_row(row) for row in rows]
    if before is not None and before.place.turn != after.place.turn:
        patch["view"] = _view(after.place.view)
    patch |= _reopened(before, after)
    if before is None:
        patch["filters"] = [{"key": entry.key, "label": entry.label} for entry in FILTERS.values()]
    return patch | {"revision": after.revision} if patch else {}


def conversation_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the conversation: its head, and the messages that are new or changed; ``reset`` when it was opened anew."""
    if before is not None and _opened(before) != _opened(after):
        return {**conversation_patch(None, after), "opened": before.place.opening != after.place.opening}
    patch = changes(before, after, _conversation_facts)
    order = [message.id for message in after.messages]
    if before is None or order != [message.id for message in before.messages]:
        patch["order"] = order
    if messages := changed_rows(before.messages if before else (), after.messages):
        patch["messages"] = [_message(message) for message in messages]
    if before is None:
        fields = {key: entry.label for key, entry in FIELDS.items()}
        patch |= {"reset": True, "limit": BODY_LIMIT, "fields": fields}
    return patch | {"opening": after.place.opening} if patch else {}


def frame_patch(before: Snapshot | None, after: Snapshot) -> Patch:
    """For the frame: the open thread, the page's title, the bell, the text that screen readers are told of."""
    patch = changes(before, after, _frame_facts) | _reopened(before, after)
    if before is not None and (news := _newest(before, after)):
        patch["announce"] = f"New text from {news.name}: {news.text[:ANNOUNCED]}"
    return patch


def _reopened(before: Snapshot | None, after: Snapshot) -> Patch:
    """The open thread, told although it is the one before where it was opened or left in between: the page shows what
    was clicked before it is answered."""
    return {"thread": after.place.thread} if before is not None and _opened(before) != _opened(after) else {}


def address(view: View, thread: int | None) -> Patch:
    """The view as the page's address writes it."""
    unread = "1" if view.unread_since is not None else None
    return {"tab": view.tab, "filter": view.filter, "q": view.query, "thread": thread, "unread": unread}


def changes(before: T | None, after: T, facts: Callable[[T], Patch]) -> Patch:
    """Those facts of ``after`` that are not the same as before."""
    new, old = facts(after), facts(before) if before is not None else {}
    return {key: value for key, value in new.items() if key not in old or old[key] != value}


def changed_rows(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """Those rows of ``after`` that are new or not as they were."""
    known = {row.id: row for row in before}
    return [row for row in after if known.get(row.id) != row]


def _list_facts(snapshot: Snapshot) -> Patch:
    view = snapshot.place.view
    others = {"tab": view.other().tab, "count": snapshot.others} if snapshot.others else None
    return {
        "view": _view(view),
        "turn": snapshot.place.turn,
        "badge": snapshot.unread,
        "total": snapshot.total,
        "above": snapshot.above,
        "others": others,
        "thread": snapshot.place.thread,
        "sentence": view.sentence,
        "actions": _bulk_actions(snapshot.rights),
        **_allowed(snapshot.rights),
        "present": _present_in(snapshot, [row.id for row in snapshot.rows]),
        "failing": _failing(snapshot.unsent),
    }


def _view(view: View) -> Patch:
    unread = view.unread_since is not None
    return {"tab": view.tab, "filter": view.filter, "query": view.query, "unread": unread}


def _conversation_facts(snapshot: Snapshot) -> Patch:
    thread = snapshot.place.thread
    here = _present_in(snapshot, [thread]).get(str(thread), [])
    touched = snapshot.head.revision if snapshot.head else None
    facts = {
        "thread": _head(snapshot),
        "touched": touched,
        "older": snapshot.older,
        "present": here,
        **_allowed(snapshot.rights),
    }
    return facts | {"overview": overview(snapshot), "overview_open": snapshot.preferences["overview"]}


def _frame_facts(snapshot: Snapshot) -> Patch:
    # What waits for this person in particular comes before what waits for anybody.
    count = snapshot.alert_count or snapshot.unread
    title = f"({count:,}) Message Center" if count else "Message Center"
    facts = {"thread": snapshot.place.thread, "title": title, "revision": snapshot.revision}
    more = {"preferences": snapshot.preferences, "alerts": _bell(snapshot), "navigation": offered(snapshot.rights)}
    return facts | more | {"unsent": _unsent(snapshot.unsent)}


def _failing(unsent: Unsent) -> str | None:
    """What failed and nobody has dealt with, at the door to the Failed view; None where there is nothing."""
    failed = f"{unsent.failed:,} failed" if unsent.failed else ""
    unknown = f"{unsent.unknown:,} could not be confirmed" if unsent.unknown else ""
    return ", ".join(filter(None, (failed, unknown))) or None


def _unsent(unsent: Unsent) -> Patch:
    """What has not gone: ``out`` says which phone companies take no texts, None where all do; ``slow`` what is said
    once a text has waited for long; ``wait`` how many wait, "" for none, which is followed by the time ``since`` and
    what comes ``after``."""
    out = " ".join(
        f"{row.provider.capitalize()} does not take texts just now ({_told(row)})." for row in unsent.outages
    )
    number = f"{unsent.waiting:,}" if unsent.waiting < COUNTED else f"More than {COUNTED:,}"
    wait = f"{number} {'text waits' if unsent.waiting == 1 else 'texts wait'}" if unsent.waiting else ""
    after = "; they go by themselves. Nothing is lost." if out else ". Nothing is lost."
    return {"out": out or None, "slow": SLOW, "wait": wait, "since": _optional(unsent.since), "after": after}


def _told(outage: OutageRow) -> str:
    return outage.reason.strip().rstrip(".")[:REASON]


def _allowed(rights: frozenset[str]) -> Patch:
    """What the page offers and what its forms have: the rest would be refused."""
    return {"may": sorted(rights), "forms": forms(rights)}


def _bulk_actions(rights: frozenset[str]) -> list[Patch]:
    return [
        {"key": key, "label": act.label, "removed": act.removed}
        for key, act in BULK_ACTIONS.items()
        if RULES[key] in rights
    ]


def _bell(snapshot: Snapshot) -> Patch | None:
    """The viewer's alerts; None for whoever is nobody, and has no bell."""
    if snapshot.place.viewer is None:
        return None
    return {"count": snapshot.alert_count, "rows": [_alert(alert) for alert in snapshot.alerts]}


def _alert(alert: AlertRow) -> Patch:
    names = ("id", "thread", "name", "number", "kind", "removed", "text")
    return {name: getattr(alert, name) for name in names} | {"at": milliseconds(alert.at)}


def why_patch(reason: AlertReason) -> Patch:
    """Why a text alerted whom it did; ``how`` an alert was cleared, in words, None while it stands."""
    alerts = [
        {"owner": alert.owner, "cleared_at": _optional(alert.cleared_at), "how": CLEARED.get(alert.cleared_by or "")}
        for alert in reason.alerts
    ]
    return {"message": reason.message, "sentence": reason.sentence, "alerts": alerts}


def _newest(before: Snapshot, after: Snapshot) -> ThreadRow | None:
    """The row at the top, when it came there by a text that the snapshot before had not."""
    top = after.rows[0] if after.rows else None
    if top is None or before.place.view != after.place.view or after.unread <= before.unread:
        return None
    return top if not before.rows or top.key > before.rows[0].key else None


def _opened(snapshot: Snapshot) -> tuple[int | None, int]:
    return snapshot.place.thread, snapshot.place.opening


def _present_in(snapshot: Snapshot, threads: Iterable[int | None]) -> dict[str, list[Patch]]:
    """Who else has one of these threads open, and who of them types; by the thread's id as JSON has it."""
    here: dict[str, list[Patch]] = {}
    shown = frozenset(threads)
    for person in snapshot.present:
        if person.thread in shown:
            here.setdefault(str(person.thread), []).append({"name": person.name, "typing": person.typing})
    return here


def _row(row: ThreadRow) -> Patch:
    facts = {
        name: getattr(row, name)
        for name in ("id", "name", "number", "kind", "text", "unread", "failed", "removed", "stopped")
    }
    return {**facts, "at": milliseconds(row.at), **_removal(row)}


def _head(snapshot: Snapshot) -> Patch | None:
    head = snapshot.head
    if head is None:
        return None
    names = ("id", "name", "number", "kind", "removed")
    facts = {name: getattr(head, name) for name in names} | {"locked": _locked(head, snapshot.rights)}
    return facts | _consent(head) | _removal(head)


def _locked(head: ThreadHead, rights: frozenset[str]) -> list[str | int] | None:
    """Why nothing can be sent here: words, and times in milliseconds, which each viewer's zone has its own words for."""
    words = lacking(SEND) if SEND not in rights else head.locked
    if words is not None or not head.stops:
        return None if words is None else [words]
    before, after = why_stopped(head.name, head.stops[0])
    return [before, milliseconds(head.stops[0].at), after]


def _consent(head: ThreadHead) -> Patch:
    """``ours``: whether a person here noted the opt-out, and may take that back."""
    doubt = None if head.doubt is None else {"message": head.doubt.message, "text": head.doubt.text}
    ours = all(stop.source == PERSON for stop in head.stops)
    return {"stopped": bool(head.stops), "ours": ours, "doubt": doubt}


def _removal(thread: ThreadRow | ThreadHead) -> Patch:
    return {"removed_by": thread.removed_by, "removed_at": _optional(thread.removed_at)}


def _message(message: MessageRow) -> Patch:
    names = (
        "id",
        "direction",
        "body",
        "status",
        "reason",
        "by",
        "automatic",
        "unread",
        "handled",
        "final",
        "retried_by",
        "mark",
    )
    files = [_file(file) for file in message.attachments]
    times = {"at": milliseconds(message.at), "retried_at": _optional(message.retried_at)}
    return {**{name: getattr(message, name) for name in names}, **times, "attachments": files}


def _file(file: AttachmentRow) -> Patch:
    return asdict(file)


def picture_facts(doors: bool) -> Patch:
    """What a page has to know of pictures: the limits, their words, and whether the server's doors are there."""
    return {
        "doors": doors,
        "limit": pictures.IMAGE_LIMIT,
        "most": pictures.FILES_LIMIT,
        "too_large": pictures.TOO_LARGE,
        "too_many": pictures.TOO_MANY,
    }


def milliseconds(at: Any) -> int:
    """A time as a page has it: since 1970."""
    return int(at.timestamp() * 1000)


def _optional(at: Any) -> int | None:
    return None if at is None else milliseconds(at)
