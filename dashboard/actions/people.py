"""Accounts, resources and roles: who is recorded, under which addresses."""

from sqlalchemy import insert, select

from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.correspondents import follow, named
from dashboard.core.filters import RESOURCE
from dashboard.core.people import PersonRow
from dashboard.core.rights import BEGINNINGS
from dashboard.core.tables import ACCOUNTS, CONTACT, RESOURCES, ROLE
from dashboard.store.accounts import NUMBER_END


@action(MACHINE)
def add_people(change: Change, people: tuple[PersonRow, ...], *, by: int | None = None) -> int:
    """Record accounts and resources; those whose address and name are recorded already stay as they are.

    Returns how many are new.
    """
    added = []
    for person in people:
        if not _known(change, person):
            _add(change, person)
            added.append(person.phone)
    if not added:
        nothing(0)
    follow(change, added)
    change.details = {"added": len(added)}
    return len(added)


def _known(change: Change, person: PersonRow) -> bool:
    is_resource = person.kind == RESOURCE
    table, owner = (RESOURCES, CONTACT.c.resource_id) if is_resource else (ACCOUNTS, CONTACT.c.account_id)
    same = (
        select(CONTACT.c.id)
        .join(table, table.c.id == owner)
        .where(CONTACT.c.address == person.phone, table.c.name == person.name)
    )
    return change.connection.execute(same).first() is not None


def _add(change: Change, person: PersonRow) -> None:
    is_resource = person.kind == RESOURCE
    owner = _add_resource(change, person) if is_resource else _add_account(change, person)
    column = "resource_id" if is_resource else "account_id"
    change.connection.execute(insert(CONTACT).values(address=person.phone, **{column: owner}))


def _add_account(change: Change, person: PersonRow) -> int:
    next_job, last_job = person.next_job, person.last_job
    row = insert(ACCOUNTS).values(
        kind=person.kind, email=person.email, address=person.address, tags=list(person.tags), balance=person.balance,
        notes=person.notes, next_job_at=next_job and next_job.at, next_job=next_job.words if next_job else "",
        last_job_at=last_job and last_job.at, last_job=last_job.words if last_job else "",
        numbers=f"{person.phone}{NUMBER_END}", revision=change.revision, **named(person.name),
    )  # fmt: skip
    return int(change.connection.execute(row.returning(ACCOUNTS.c.id)).scalar_one())


def _add_resource(change: Change, person: PersonRow) -> int:
    row = insert(RESOURCES).values(
        kind=person.work, email=person.email, notes=person.notes, role_id=_role(change, person.role), active=True,
        numbers=f"{person.phone}{NUMBER_END}", revision=change.revision, **named(person.name),
    )  # fmt: skip
    return int(change.connection.execute(row.returning(RESOURCES.c.id)).scalar_one())


def _role(change: Change, name: str) -> int | None:
    if not name:
        return None
    found = change.connection.execute(select(ROLE.c.id).where(ROLE.c.name == name)).scalar()
    if found is not None:
        return int(found)
    rights = sorted(BEGINNINGS.get(name, ()))
    row = insert(ROLE).values(name=name, rights=rights, revision=change.revision).returning(ROLE.c.id)
    return int(change.connection.execute(row).scalar_one())
