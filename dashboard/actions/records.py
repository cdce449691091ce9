"""An account or a resource as a form saves it: what is new is written, and nothing that somebody else has written is lost."""

from typing import Any

from sqlalchemy import Table, insert, select, update

from dashboard.actions.change import Change, nothing
from dashboard.actions.contacts import set_phones
from dashboard.actions.correspondents import follow, named
from dashboard.core.accounts import ACCOUNT_LINES, RESOURCE_LINES, read_form, written
from dashboard.core.errors import NotFound, Outdated, Unfit
from dashboard.core.tables import ACCOUNTS, CHANGE, CONTACT, RESOURCES
from dashboard.core.values import AccountCard, ResourceCard
from dashboard.store import accounts as cards

LINES = {ACCOUNTS.name: ACCOUNT_LINES, RESOURCES.name: RESOURCE_LINES}
JOBS = ("next_job", "last_job")


def add(change: Change, table: Table, fields: dict[str, str]) -> int:
    """Record a new one; its id. Raises Unfit for fields that are wrong, or for somebody who is recorded already."""
    values = read_form(LINES[table.name], {"name": "", **fields}, change.region)
    _check_new(change, table, values)
    row = insert(table).values(**_columns(values), revision=change.revision).returning(table.c.id)
    made = int(change.connection.execute(row).scalar_one())
    phones = values.get("phones", ())
    set_phones(change, table, made, phones)
    follow(change, phones)
    note(change, table, made, 0, values)
    return made


def edit(change: Change, table: Table, id: int, fields: dict[str, str], seen: int) -> int:
    """Save what a person changed in a form that showed the revision ``seen``; the revision that it has now.

    Lines that others have changed since ``seen`` and this person has not stay as they are. Raises Unfit for fields that
    are wrong, NotFound for an id that stands for nothing, and Outdated, with what the others wrote, where a line was
    changed by both.
    """
    card = existing(change, table, id)
    values = read_form(LINES[table.name], fields, change.region)
    new = {key: value for key, value in values.items() if not _same(getattr(card, key), value)}
    if not new:
        nothing(card.revision)
    if card.revision > seen:
        _check_unchanged(change, table, card, seen, new)
    phones = set_phones(change, table, id, new["phones"]) if "phones" in new else frozenset[str]()
    changed(change, table, card, new)
    follow(change, {*card.phones, *phones})
    return change.revision


def changed(change: Change, table: Table, card: AccountCard | ResourceCard, new: dict[str, Any]) -> None:
    """Write the new values, and into the log which they are and what they were."""
    values = _columns(new) | {"revision": change.revision}
    change.connection.execute(update(table).where(table.c.id == card.id).values(**values))
    note(change, table, card.id, card.revision, {key: getattr(card, key) for key in new})


def note(change: Change, table: Table, id: int, before: int, was: dict[str, Any]) -> None:
    """What the log keeps: whom the change was of, the revision it had before, and what its lines were."""
    lines = {key: written(key, value, change.region) for key, value in was.items()}
    change.details = {table.name: id, "before": before, "was": lines}


def check_lines(change: Change, table: Table, fields: dict[str, str]) -> None:
    """Raises Forbidden for a line that who acts may not even see."""
    lines = LINES[table.name]
    for right in {lines[key].right for key in fields if key in lines}:
        if right is not None:
            change.require(right)


def existing(change: Change, table: Table, id: int) -> AccountCard | ResourceCard:
    """The account or resource. Raises NotFound."""
    read = cards.account if table is ACCOUNTS else cards.resource
    card = read(change.connection, id, change.region)
    if card is None:
        raise NotFound(f"There is no {table.name} {id}.")
    return card


def _same(old: Any, new: Any) -> bool:
    """Phones keep the order in which they were recorded."""
    return set(old) == set(new) if isinstance(old, tuple) else bool(old == new)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    columns = {key: value for key, value in values.items() if key not in ("name", "phones", "tags", *JOBS)}
    if "name" in values:
        columns |= named(values["name"])
    if "tags" in values:
        columns["tags"] = list(values["tags"])
    for side in JOBS:
        if side in values:
            job = values[side]
            columns |= {side: job.words if job else "", f"{side}_at": job.at if job else None}
    return columns


def _check_new(change: Change, table: Table, values: dict[str, Any]) -> None:
    """The same person twice is a slip, or a form that was sent twice: the same name, and the same number or none."""
    owner = CONTACT.c.account_id if table is ACCOUNTS else CONTACT.c.resource_id
    same = select(table.c.id).where(table.c.name == values["name"])
    if phones := values.get("phones"):
        same = same.join(CONTACT, owner == table.c.id).where(CONTACT.c.address.in_(phones))
    else:
        same = same.where(table.c.numbers == "")
    if change.connection.execute(same.limit(1)).first():
        raise Unfit(
            {"name": f"“{values['name']}” is recorded already, with the same number: look for it, and edit it."}
        )


def _check_unchanged(
    change: Change, table: Table, card: AccountCard | ResourceCard, seen: int, new: dict[str, Any]
) -> None:
    """Raises Outdated where others have changed a line since that is to be changed now; with all that they changed, as
    far as whoever acts may see it: from then on it counts as seen."""
    asked = select(RESOURCES.c.name, CHANGE.c.details).outerjoin(RESOURCES, RESOURCES.c.id == CHANGE.c.by_id)
    its = (CHANGE.c.revision > seen, CHANGE.c.details[table.name].as_integer() == card.id)
    who, theirs = list[str](), set[str]()
    for name, details in change.connection.execute(asked.where(*its).order_by(CHANGE.c.revision.desc())):
        was = details.get("was", {})
        theirs |= was.keys()
        if new.keys() & was.keys():
            who.append(name or "Somebody")
    if not who:
        return
    lines = {key: line for key, line in LINES[table.name].items() if key in theirs}
    what = " and ".join(line.label.lower() for key, line in lines.items() if key in new)
    seen_now = [key for key, line in lines.items() if line.right is None or change.may(line.right)]
    raise Outdated(
        f"{' and '.join(dict.fromkeys(who))} changed the {what} while you were writing. "
        "What you wrote is still here: look at theirs, and save again to put yours in its place.",
        {key: written(key, getattr(card, key), change.region) for key in seen_now},
        card.revision,
    )
