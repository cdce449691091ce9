"""The left side: tabs with their badge, filter, search, the windowed list and the bulk menu."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.ui.component import Component, source

BEGINNING = ("lookup.js", "record.js", "new_conversation.js")
SCRIPTS = (
    "dom.js",
    "presence.js",
    *BEGINNING,
    "caution.js",
    "row.js",
    "acts.js",
    "ticks.js",
    "aim.js",
    "thread_list.js",
)


class ThreadList(Component):
    """Draws the list of threads and reports what is done in it; see thread_list.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = [
        source(f"{part}.css") for part in ("tokens", "thread_list", "accounts", "caution")
    ]

    def __init__(self, report: Callable[[dict[str, Any]], None], **params: Any) -> None:
        super().__init__(**params)
        self._report = report

    def hear(self, data: Any) -> None:
        self._report(data)
