"""The addresses of an account or a resource, and who of several accounts with one number it is."""

from collections.abc import Iterable

from sqlalchemy import Column, Table, delete, insert, select, update

from dashboard.actions.change import Change
from dashboard.core.tables import ACCOUNTS, CONTACT
from dashboard.store.accounts import NUMBER_END


def phones_of(change: Change, table: Table, owner: int) -> tuple[str, ...]:
    """The addresses of an account or a resource, in their order."""
    asked = select(CONTACT.c.address).where(_owner(table) == owner).order_by(CONTACT.c.id)
    return tuple(change.connection.execute(asked).scalars())


def set_phones(change: Change, table: Table, owner: int, phones: Iterable[str]) -> frozenset[str]:
    """Give an account or a resource these addresses and no others; those that came or went."""
    wanted, known = tuple(phones), phones_of(change, table, owner)
    gone = [address for address in known if address not in wanted]
    new = [address for address in wanted if address not in known]
    if gone:
        change.connection.execute(delete(CONTACT).where(_owner(table) == owner, CONTACT.c.address.in_(gone)))
    if new:
        rows = [{"address": address, _owner(table).name: owner} for address in new]
        change.connection.execute(insert(CONTACT), rows)
    numbers = "".join(f"{address}{NUMBER_END}" for address in phones_of(change, table, owner))
    change.connection.execute(update(table).where(table.c.id == owner).values(numbers=numbers))
    return frozenset(gone + new)


def choose(change: Change, address: str, account: int) -> None:
    """Of several accounts with this address it is this one's, on every number of ours, until a person says otherwise."""
    same = (CONTACT.c.address == address) & CONTACT.c.account_id.is_not(None)
    change.connection.execute(update(CONTACT).where(same).values(chosen=CONTACT.c.account_id == account))


def _owner(table: Table) -> "Column[int]":
    return CONTACT.c.account_id if table is ACCOUNTS else CONTACT.c.resource_id
