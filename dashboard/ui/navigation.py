"""The navigation as the page and its scripts are told of it: what somebody may open, in its groups."""

from dashboard.core.rights import CRM, SETTINGS, navigation

GROUPS = (CRM, SETTINGS)
Entry = dict[str, str]


def offered(rights: frozenset[str]) -> list[Entry]:
    """The entries that somebody with these rights is offered; addresses are relative to the pages, one level deep."""
    return [
        {
            "group": page.group,
            "name": page.name,
            "address": f".{page.address}" if page.address == "/" else page.address[1:],
        }
        for page in navigation(rights)
    ]


def grouped(rights: frozenset[str]) -> list[tuple[str, list[Entry]]]:
    """The same by their groups, without the empty ones."""
    entries = offered(rights)
    found = ((group, [entry for entry in entries if entry["group"] == group]) for group in GROUPS)
    return [(group, inside) for group, inside in found if inside]
