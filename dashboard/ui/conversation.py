"""The right side: the thread in time order, and the composer below it."""

from collections.abc import Callable
from typing import Any, ClassVar

from dashboard.ui.component import Component, source

WRITING = (
    "segments.js",
    "counter.js",
    "fields.js",
    "drafts.js",
    "elsewhere.js",
    "moved.js",
    "picker.js",
    "composer.js",
)
READING = ("caution.js", "delivery.js", "message.js", "pictures.js", "attachments.js", "gallery.js")
WHOM = ("lookup.js", "record.js", "overview.js")
PAST = ("history.js", "thread_history.js", "consent.js")
SCRIPTS = ("dom.js", "presence.js", *READING, *WRITING, *WHOM, *PAST, "conversation.js")


class Conversation(Component):
    """Draws one conversation and reports what is done in it; see conversation.js."""

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = [
        source(f"{part}.css")
        for part in (
            "tokens",
            "conversation",
            "delivery",
            "attachments",
            "accounts",
            "overview",
            "history",
            "caution",
            "consent",
        )
    ]

    def __init__(self, report: Callable[[dict[str, Any]], None], **params: Any) -> None:
        super().__init__(**params)
        self._report = report

    def hear(self, data: Any) -> None:
        self._report(data)
