"""What people do with add-ons: switch them on and off."""

from sqlalchemy import delete, insert

from dashboard.actions.change import Change, action, nothing
from dashboard.core import rights
from dashboard.core.add_ons import ADD_ONS
from dashboard.core.errors import NotFound
from dashboard.core.tables import ADD_ON
from dashboard.store.rights import add_ons


@action(rights.ADD_ONS)
def switch_add_on(change: Change, key: str, on: bool, *, by: int | None) -> None:
    """Switch an add-on on or off, for everybody. Raises NotFound for one that there is not."""
    if key not in ADD_ONS:
        raise NotFound(f"There is no add-on “{key[:40]}”: choose one of {', '.join(ADD_ONS)}.")
    if (key in add_ons(change.connection)) == on:
        nothing(None)
    change.connection.execute(insert(ADD_ON).values(key=key) if on else delete(ADD_ON).where(ADD_ON.c.key == key))
    change.details = {"add_on": key, "on": on}
