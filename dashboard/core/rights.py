"""Rights: what a role may give, the pages that need them, and how it is said that one is lacking."""

from collections.abc import Iterable
from dataclasses import dataclass

TEXTING = "two_way_texting"  # the add-on without which there is no Message Center


@dataclass(frozen=True)
class Right:
    """One permission, given to a role: a box in the grid, under its tab and in its column.

    ``within`` is the right without which this one is worth nothing; ``add_on`` the add-on that has to be on for it.
    """

    key: str
    tab: str
    column: str
    label: str
    sentence: str
    within: str | None = None
    add_on: str | None = None


VIEW, REMOVE, SEND = "view", "remove", "send"
ACCOUNTS, BALANCE, NOTES, CONTACTS, HISTORY = "accounts", "balance", "notes", "contacts", "history"
ROLES, DOCUMENTS, RESOURCES, ADD_ONS, ACTIVITY = "roles", "documents", "resources", "add_ons", "activity"
CRM, SETTINGS = "CRM", "Settings"
TEXTS, PARTS = "Text Messages", "Accounts"
RIGHTS = {
    entry.key: entry
    for entry in (
        Right(VIEW, CRM, TEXTS, "View Message Center", "Opens the inbox and reads every thread", add_on=TEXTING),
        Right(REMOVE, CRM, TEXTS, "Remove Text Message Feed", "Removes threads, and brings them back", VIEW),
        Right(SEND, CRM, TEXTS, "Send Text Messages", "Writes to clients, leads and resources", VIEW),
        Right(BALANCE, CRM, PARTS, "View Balance", "Sees what an account owes", VIEW),
        Right(NOTES, CRM, PARTS, "View Notes", "Sees the notes on an account", VIEW),
        Right(CONTACTS, CRM, PARTS, "View Contacts", "Sees an account's phones, e-mail and address", VIEW),
        Right(HISTORY, CRM, PARTS, "View History", "Sees an account's last and next job", VIEW),
        Right(ACCOUNTS, CRM, PARTS, "Edit Accounts", "Adds and edits accounts, and says whose a number is", VIEW),
        Right(ROLES, SETTINGS, SETTINGS, "Edit Roles", "Makes roles, says what each may do, and gives them to people"),
        Right(DOCUMENTS, SETTINGS, SETTINGS, "Edit Documents", "Adds, edits and deletes text documents"),
        Right(RESOURCES, SETTINGS, SETTINGS, "Edit Resources", "Adds and edits the people who work here"),
        Right(ADD_ONS, SETTINGS, SETTINGS, "Switch Add-ons", "Switches Two Way Texting on and off"),
        Right(ACTIVITY, SETTINGS, SETTINGS, "View Activity", "Sees who did what, and when, everywhere"),
    )
}
EVERY = frozenset(RIGHTS)
LOOKING = frozenset({VIEW, BALANCE, NOTES, CONTACTS, HISTORY})  # of whoever reads the database in a notebook, as nobody
ADMINISTRATOR = "Administrator"
# The rights with which a role of a usual name begins; one of any other name begins with none.
BEGINNINGS = {
    ADMINISTRATOR: EVERY,
    "Dispatcher": frozenset(key for key, right in RIGHTS.items() if right.tab == CRM) | {DOCUMENTS, RESOURCES},
    "Crew Lead": frozenset({VIEW, SEND, HISTORY}),
    "Estimator": frozenset({VIEW, SEND, CONTACTS, HISTORY, NOTES, ACCOUNTS}),
    "Bookkeeper": frozenset({VIEW, SEND, CONTACTS, BALANCE}),
}


@dataclass(frozen=True)
class Page:
    """A page of the product: its address, where the navigation has it, and the right that it needs."""

    address: str
    group: str
    name: str
    right: str


INBOX, ROLES_PAGE, DOCUMENTS_PAGE = "/", "/roles", "/documents"
ADD_ONS_PAGE, ACTIVITY_PAGE = "/add-ons", "/activity"
PAGES = {
    page.address: page
    for page in (
        Page(INBOX, CRM, "Message Center", VIEW),
        Page(ROLES_PAGE, SETTINGS, "User Role & Rights", ROLES),
        Page(DOCUMENTS_PAGE, SETTINGS, "Documents", DOCUMENTS),
        Page(ADD_ONS_PAGE, SETTINGS, "Add-ons", ADD_ONS),
        Page(ACTIVITY_PAGE, SETTINGS, "Activity", ACTIVITY),
    )
}
OFF = (
    "The Message Center is not available: Two Way Texting is switched off. "
    "Somebody who may switch add-ons can switch it on under Settings > Add-ons."
)
DISABLED = "This login is disabled: ask whoever looks after the logins here."
LOGGED_OUT = "You are logged out: log in again."


def effective(keys: Iterable[str], add_ons: Iterable[str]) -> frozenset[str]:
    """What a role's rights come to with these add-ons on: one within another is worth nothing without it."""
    on = {None, *add_ons}
    held = {key for key in keys if key in RIGHTS and RIGHTS[key].add_on in on}
    return frozenset(key for key in held if RIGHTS[key].within in {None, *held})


def navigation(rights: frozenset[str]) -> tuple[Page, ...]:
    """The pages that somebody with these rights is offered."""
    return tuple(page for page in PAGES.values() if page.right in rights)


def lacking(right: str) -> str:
    """That a right is lacking, and what to do."""
    return f"Your role does not have the right “{RIGHTS[right].label}”: ask somebody who may edit roles."
