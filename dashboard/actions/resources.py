"""Resources, the people who work here: added and edited."""

from dashboard.actions.change import Change, action
from dashboard.actions.records import add, check_lines, edit
from dashboard.core import rights
from dashboard.core.tables import RESOURCES


@action(rights.RESOURCES)
def add_resource(change: Change, fields: dict[str, str], *, by: int | None) -> int:
    """Record a resource as a form has it (see RESOURCE_LINES), without a login; its id. Raises Unfit."""
    check_lines(change, RESOURCES, fields)
    return add(change, RESOURCES, {"kind": "crew", **fields})


@action(rights.RESOURCES)
def edit_resource(change: Change, resource: int, fields: dict[str, str], seen: int, *, by: int | None) -> int:
    """Save the changed lines of a resource, of which a person saw the revision ``seen``; raises as ``edit`` does."""
    check_lines(change, RESOURCES, fields)
    return edit(change, RESOURCES, resource, fields, seen)
