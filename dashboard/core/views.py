"""A view: which threads a list shows, as a frozen value with its normal form, its address and its sentence."""

from dataclasses import dataclass, replace
from typing import Any, Self

from dashboard.core.errors import Refused
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.text import QUERY_LIMIT, sought


@dataclass(frozen=True)
class View:
    """What the left side shows.

    ``unread_since`` is None, or the revision at which the unread view was entered: it shows the threads that are
    unread now or have been since then, so that a row stays when it is read.
    """

    tab: str = "received"
    filter: str = "all"
    query: str = ""
    unread_since: int | None = None

    @classmethod
    def checked(cls, tab: str, filter: str = "all", query: str = "") -> Self:
        """A view from outside. Raises Refused for a tab or filter that there is not."""
        return cls(_one_of(TABS, tab, "tab"), _one_of(FILTERS, filter, "filter"), " ".join(query.split())[:QUERY_LIMIT])

    def with_(self, **changes: Any) -> "View":
        """The view after a change of tab, filter or query, which leaves the unread view.

        A filter that looks at one tab's texts turns to that tab, unless another is asked for.
        """
        entry = FILTERS.get(changes.get("filter", ""))
        if entry is not None and entry.tab is not None:
            changes = {"tab": entry.tab} | changes
        wanted = {"tab": self.tab, "filter": self.filter, "query": self.query} | changes
        return View.checked(**wanted)

    def unread(self, revision: int) -> "View":
        """The view that a click on the badge opens: filter and query cleared, unread threads only."""
        return View(unread_since=revision)

    def other(self) -> "View":
        """The same view on the other tab."""
        return replace(self, tab=next(key for key in TABS if key != self.tab))

    @property
    def searching(self) -> bool:
        return bool(self.query)

    @property
    def sentence(self) -> str:
        """The view in words, for the list's empty state and for screen readers."""
        whom = FILTERS[self.filter].sentence
        words = TABS[self.tab].sentence + (f" {TABS[self.tab].preposition} {whom}" if whom else "")
        words += f", matching “{self.query}”" if self.query else ""
        return words + (", unread only" if self.unread_since is not None else "")

    @property
    def of_removed(self) -> bool:
        """Whether it shows removed threads and no others, the last removed first."""
        return FILTERS[self.filter].removed

    @property
    def of_failed(self) -> bool:
        """Whether it shows only threads with a text that failed and that nobody has dealt with."""
        return FILTERS[self.filter].failed

    def kinds(self) -> tuple[str, ...]:
        return FILTERS[self.filter].kinds

    def name_query(self) -> str:
        """The query as names are stored for the search; may be empty."""
        return sought(self.query)


def _one_of(entries: dict[str, Any], key: str, noun: str) -> str:
    if key in entries:
        return key
    raise Refused(f"There is no {noun} “{key[:40]}”: choose one of {', '.join(entries)}.")
