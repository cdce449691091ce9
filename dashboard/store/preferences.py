"""What a person has chosen for their own screens."""

from sqlalchemy import Connection, select

from dashboard.core.preferences import PREFERENCES
from dashboard.core.tables import PREFERENCE


def preferences(connection: Connection, resource: int | None) -> dict[str, bool]:
    """Each preference, on or off; the defaults for whoever is nobody."""
    known: dict[str, bool] = {}
    if resource is not None:
        chosen = select(PREFERENCE.c.key, PREFERENCE.c.chosen).where(PREFERENCE.c.resource_id == resource)
        known |= (tuple(row) for row in connection.execute(chosen))
    return {key: known.get(key, entry.default) for key, entry in PREFERENCES.items()}
