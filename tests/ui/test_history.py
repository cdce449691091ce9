"""Entries of the audit trail as pages are told of them."""

from datetime import UTC, datetime

from dashboard.core.activity import Entry
from dashboard.ui.history import entries_patch

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_an_entry_is_told_in_parts_that_know_what_they_stand_for():
    entry = Entry(7, AT, "threads", (("who", "Dana"), ("", " removed "), ("whom", "Ana")), 3, ("Undone by Marcus",))
    assert entries_patch([entry]) == [
        {
            "id": 7,
            "at": 1795176000000,
            "group": "threads",
            "parts": [["who", "Dana"], ["", " removed "], ["whom", "Ana"]],
            "thread": 3,
            "notes": ["Undone by Marcus"],
        }
    ]
