"""What a person chooses for their own screens, on every one of them."""

from sqlalchemy import insert, select, update

from dashboard.actions.change import Change, action, nothing
from dashboard.core import rights
from dashboard.core.errors import Refused
from dashboard.core.preferences import PREFERENCES
from dashboard.core.tables import PREFERENCE


@action(rights.VIEW)
def prefer(change: Change, key: str, on: bool, *, by: int) -> None:
    """Keep a choice of the person who acts. Raises Refused for one that there is not."""
    if key not in PREFERENCES:
        raise Refused(f"There is no preference “{key[:40]}”: choose one of {', '.join(PREFERENCES)}.")
    mine = (PREFERENCE.c.resource_id == by) & (PREFERENCE.c.key == key)
    known = change.connection.execute(select(PREFERENCE.c.chosen).where(mine)).scalar()
    if (PREFERENCES[key].default if known is None else known) == on:
        nothing(None)
    row = {"resource_id": by, "key": key, "chosen": on}
    change.connection.execute(
        insert(PREFERENCE).values(**row) if known is None else update(PREFERENCE).where(mine).values(chosen=on)
    )
    change.details = {"key": key, "on": on}
