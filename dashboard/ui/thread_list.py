"""The left side: tabs with their badge, filter, search, the windowed list and the bulk menu."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.ui.component import Component, source


class ThreadList(Component):
    """Draws the list of threads and reports what is done in it; see thread_list.js."""

    _esm = source("dom.js") + source("row.js") + source("acts.js") + source("thread_list.js")
    _stylesheets: ClassVar[list[str]] = [source("tokens.css"), source("thread_list.css")]

    def __init__(self, report: Callable[[dict[str, Any]], None], **params: Any) -> None:
        super().__init__(**params)
        self._report = report

    def hear(self, data: Any) -> None:
        self._report(data)
