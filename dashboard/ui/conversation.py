"""The right side: the thread in time order, and the composer below it."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.ui.component import Component, source


class Conversation(Component):
    """Draws one conversation and reports what is done in it; see conversation.js."""

    _esm = source("dom.js") + source("message.js") + source("composer.js") + source("conversation.js")
    _stylesheets: ClassVar[list[str]] = [source("tokens.css"), source("conversation.css")]

    def __init__(self, report: Callable[[dict[str, Any]], None], **params: Any) -> None:
        super().__init__(**params)
        self._report = report

    def hear(self, data: Any) -> None:
        self._report(data)
