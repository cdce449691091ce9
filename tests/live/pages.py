"""Faces as the tests see them: of a page under Settings, with what it was shown and told and what its page knows; and one
that only remembers."""

from typing import Any


class Face:
    """Keeps what a page would know after its patches; ``told`` is the news, ``closed`` why it shows nothing."""

    def __init__(self, patch: Any) -> None:
        self.patch = patch
        self.told: list[Any] = []
        self.closed: str | None = None
        self._forget()

    def _forget(self) -> None:
        self.before, self.page = None, {"rows": {}}

    def show(self, snapshot: Any) -> None:
        patch = self.patch(self.before, snapshot)
        rows = self.page["rows"] | {row["id"]: row for row in patch.pop("rows", [])}
        self.page = self.page | patch
        self.page["rows"] = {id_: rows[id_] for id_ in self.page.get("order", [])}
        self.before, self.closed = snapshot, None

    def tell(self, news: dict[str, Any]) -> None:
        self.told.append(news)

    def close(self, words: str) -> None:
        """As a browser does: the page goes, and one that comes back knows nothing."""
        self.closed = words
        self._forget()

    @property
    def saved(self) -> Any:
        return self.told[-1]["saved"]


class Told:
    """A face that only remembers what it was told."""

    def __init__(self):
        self.news = {}

    def show(self, snapshot):
        pass

    def tell(self, news):
        self.news |= news
