"""Trying whether the database takes anything again, after it did not."""

from sqlalchemy import update

from dashboard.actions.change import MACHINE, Unlogged, unlogged
from dashboard.core.tables import CLOCK

SAME = update(CLOCK).values(revision=CLOCK.c.revision)


@unlogged(MACHINE)
def try_to_store(write: Unlogged) -> None:
    """Write what stands there already. Raises StoreError while nothing can be stored."""
    write.connection.execute(SAME)
