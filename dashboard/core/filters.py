"""The tabs and filters of the list: each entry knows its key, its label, its rule and its sentence."""

from dataclasses import dataclass

CLIENT, LEAD, RESOURCE, UNKNOWN = "client", "lead", "resource", "unknown"
KINDS = (CLIENT, LEAD, RESOURCE, UNKNOWN)


@dataclass(frozen=True)
class Filter:
    """One entry of the Filter menu: threads whose correspondent is of one of ``kinds``; the removed ones, or the others.

    ``failed``: only those with a text that failed and that nobody has dealt with. ``tab`` is the tab that choosing it
    turns to, None for the one that is shown.
    """

    key: str
    label: str
    kinds: tuple[str, ...]
    sentence: str
    removed: bool = False
    failed: bool = False
    tab: str | None = None


@dataclass(frozen=True)
class Tab:
    """One tab: ``direction`` is that of the message a thread must have, and that orders and previews it."""

    key: str
    label: str
    direction: str
    sentence: str
    preposition: str


FILTERS = {
    entry.key: entry
    for entry in (
        Filter("all", "All", KINDS, ""),
        Filter("accounts", "Clients & Leads", (CLIENT, LEAD), "clients and leads"),
        Filter("resources", "Resources", (RESOURCE,), "resources"),
        Filter("unknown", "Unknown numbers", (UNKNOWN,), "numbers nobody knows yet"),
        Filter("failed", "Failed", KINDS, "people whom a text did not reach", failed=True, tab="sent"),
        Filter("removed", "Removed", KINDS, "threads that were removed", removed=True),
    )
}
TABS = {
    entry.key: entry
    for entry in (
        Tab("received", "Received", "inbound", "Texts we received", "from"),
        Tab("sent", "Sent", "outbound", "Texts we sent", "to"),
    )
}
