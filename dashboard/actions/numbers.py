"""Our numbers: which there are, in which order, and the provider that they send through."""

from sqlalchemy import delete, func, insert, select, update

from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.core.tables import OUR_NUMBER, OUTAGE

FICTIONAL = "+16035550100"  # ours where none is set and no real phone company is asked; 555-01xx is never given out


@action(MACHINE)
def set_numbers(change: Change, addresses: tuple[str, ...], *, by: int | None = None) -> None:
    """Record our numbers, normalised, in their order; the first is used where none is named.

    One that is recorded and not among them stays ours, behind them: its threads go on.
    """
    table = select(OUR_NUMBER.c.address).order_by(OUR_NUMBER.c.position)
    known = list(change.connection.execute(table).scalars())
    wanted = [*dict.fromkeys(addresses), *(address for address in known if address not in addresses)]
    if wanted == known:
        nothing(None)
    for position, address in enumerate(wanted):
        change.connection.execute(
            update(OUR_NUMBER).where(OUR_NUMBER.c.address == address).values(position=position)
            if address in known
            else insert(OUR_NUMBER).values(address=address, position=position)
        )


@action(MACHINE)
def set_provider(change: Change, provider: str | None, *, by: int | None = None) -> None:
    """Let all our numbers send through a provider; None where nothing can be sent."""
    changed = update(OUR_NUMBER).where(OUR_NUMBER.c.provider.is_distinct_from(provider)).values(provider=provider)
    past = delete(OUTAGE).where(OUTAGE.c.provider.is_distinct_from(provider))  # of a company that nobody asks any more
    if not change.connection.execute(changed).rowcount + change.connection.execute(past).rowcount:
        nothing(None)


@action(MACHINE)
def set_first_number(change: Change, address: str, *, by: int | None = None) -> None:
    """Record a number where there is none yet."""
    if change.connection.execute(select(OUR_NUMBER.c.id).limit(1)).first():
        nothing(None)
    change.connection.execute(insert(OUR_NUMBER).values(address=address, position=0))


@action(MACHINE)
def take_number(change: Change, address: str, provider: str, *, by: int | None = None) -> None:
    """Record a number as ours, behind the others, because the phone company says that a text came to it."""
    if change.connection.execute(select(OUR_NUMBER.c.id).where(OUR_NUMBER.c.address == address)).first():
        nothing(None)
    last = change.connection.execute(select(func.max(OUR_NUMBER.c.position))).scalar()
    position = 0 if last is None else last + 1
    change.connection.execute(insert(OUR_NUMBER).values(address=address, position=position, provider=provider))
