"""Entries of the audit trail as pages are told of them; history.js draws them."""

from collections.abc import Iterable
from typing import Any

from dashboard.core.activity import Entry
from dashboard.ui.patches import Patch, milliseconds


def entries_patch(entries: Iterable[Entry]) -> list[Patch]:
    """Each with its sentence in parts, each of which knows what it stands for."""
    return [entry_patch(entry) for entry in entries]


def entry_patch(entry: Entry) -> Patch:
    """One of them; ``id`` is its revision."""
    return {
        "id": entry.revision,
        "at": milliseconds(entry.at),
        "group": entry.group,
        "parts": [list(part) for part in entry.parts],
        "thread": entry.thread,
        "notes": list(entry.notes),
    }


def history_patch(told: dict[str, Any]) -> Patch:
    """A piece of a thread's History."""
    found = told["found"]
    return {
        "thread": told["thread"],
        "before": told["before"],
        "rows": entries_patch(found.entries),
        "more": found.more,
    }
