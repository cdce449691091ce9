"""Our numbers: which there are, in which order, and the provider that each sends through."""

from sqlalchemy import insert, select, update

from dashboard.actions.change import Change, action, nothing
from dashboard.core.tables import OUR_NUMBER


@action
def set_numbers(change: Change, addresses: tuple[str, ...], provider: str | None, *, by: int | None = None) -> None:
    """Record our numbers, normalised, and the provider of all of them; None where nothing can be sent."""
    table = select(OUR_NUMBER.c.address, OUR_NUMBER.c.provider).order_by(OUR_NUMBER.c.id)
    known = dict(tuple(row) for row in change.connection.execute(table))
    missing = [address for address in addresses if address not in known]
    if not missing and all(present == provider for present in known.values()):
        nothing(None)
    for address in missing:
        change.connection.execute(insert(OUR_NUMBER).values(address=address, provider=provider))
    change.connection.execute(update(OUR_NUMBER).values(provider=provider))
