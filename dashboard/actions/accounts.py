"""Accounts: added, edited, made of an unknown number, and which of several a number is."""

from sqlalchemy import select

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.contacts import choose, set_phones
from dashboard.actions.correspondents import OneThread, follow, one_thread
from dashboard.actions.records import add, changed, check_lines, edit, existing
from dashboard.core import rights
from dashboard.core.errors import NotFound, Refused
from dashboard.core.filters import CLIENT, LEAD
from dashboard.core.tables import ACCOUNTS, CONTACT, THREAD


@action(rights.ACCOUNTS)
def add_account(change: Change, fields: dict[str, str], *, by: int | None) -> int:
    """Record an account as a form has it (see ACCOUNT_LINES); its id. Raises Unfit with what is wrong at each field."""
    check_lines(change, ACCOUNTS, fields)
    return add(change, ACCOUNTS, {"kind": CLIENT, **fields})


@action(rights.ACCOUNTS)
def edit_account(change: Change, account: int, fields: dict[str, str], seen: int, *, by: int | None) -> int:
    """Save the changed lines of an account, of which a person saw the revision ``seen``; raises as ``edit`` does."""
    check_lines(change, ACCOUNTS, fields)
    return edit(change, ACCOUNTS, account, fields, seen)


@action(rights.ACCOUNTS)
def make_lead(change: Change, thread: int, fields: dict[str, str], *, by: int | None) -> int:
    """Make a lead of a thread's unknown number; the account's id. Raises Refused where it is known by now."""
    check_lines(change, ACCOUNTS, fields)
    number = _unknown(change, thread).address
    return add(change, ACCOUNTS, {"kind": LEAD, **fields, "phones": f"{number}\n{fields.get('phones', '')}"})


@action(rights.ACCOUNTS)
def link(change: Change, thread: int, account: int, *, by: int | None) -> None:
    """Give a thread's unknown number to an account, and all its threads with it."""
    number = _unknown(change, thread).address
    card = existing(change, ACCOUNTS, account)
    set_phones(change, ACCOUNTS, account, (*card.phones, number))
    changed(change, ACCOUNTS, card, {"phones": ()})
    follow(change, (*card.phones, number))


@action(rights.ACCOUNTS)
def choose_account(change: Change, thread: int, account: int, *, by: int | None) -> None:
    """Say whose a number is that several accounts have; it holds for all texts with that number, until said otherwise."""
    found = _thread(change, thread)
    mine = (CONTACT.c.address == found.address) & (CONTACT.c.account_id == account)
    contact = change.connection.execute(select(CONTACT.c.chosen).where(mine)).first()
    if contact is None:
        raise Refused("That account does not have this number any more: look again at whose it is.")
    if contact.chosen:
        nothing(None)
    choose(change, found.address, account)
    change.details = {"account": account}
    follow(change, [found.address])


@action(rights.ACCOUNTS)
def unlink(change: Change, thread: int, *, by: int | None) -> None:
    """Take a thread's number off its account: it is another candidate's then, or unknown again."""
    found = _thread(change, thread)
    if found.account_id is None:
        raise Refused("This number is on no account.")
    card = existing(change, ACCOUNTS, found.account_id)
    set_phones(change, ACCOUNTS, card.id, [phone for phone in card.phones if phone != found.address])
    changed(change, ACCOUNTS, card, {"phones": ()})
    follow(change, card.phones)


def _thread(change: Change, thread: int) -> OneThread:
    found = one_thread(change, thread)
    if found is None:
        raise NotFound(f"There is no thread {thread}.")
    return found


def _unknown(change: Change, thread: int) -> OneThread:
    found = _thread(change, thread)
    whose = change.connection.execute(select(THREAD.c.name, THREAD.c.kind).where(THREAD.c.id == thread)).one()
    if whose.kind != "unknown":
        raise Refused(f"This number is {whose.name}’s by now: look again, nothing was changed.")
    return found
