"""Text documents: texts to be used again, with fields in braces that are filled from the account and the user."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.core.rights import BALANCE, CONTACTS, HISTORY
from dashboard.core.text import folded

TITLE_LIMIT = 80  # characters of a title: one line of the picker
TOKEN = re.compile(r"\{([a-z][a-z0-9_]*)\}")  # other braces are braces


@dataclass(frozen=True)
class Facts:
    """What fields are filled from. An empty word, or None, is not known; ``balance`` in cents."""

    name: str = ""
    number: str = ""
    email: str = ""
    address: str = ""
    balance: int | None = None
    next_visit: str = ""
    user_name: str = ""


@dataclass(frozen=True)
class Field:
    """A field: what it is called, how it is filled ("" where nothing is known), its sentence, and the right that whoever
    writes needs to know it, None for everybody."""

    key: str
    label: str
    fill: Callable[[Facts], str]
    sentence: str
    right: str | None = None


@dataclass(frozen=True)
class Filled:
    """A document's text for somebody, and the keys of the fields that nothing is known for; they stand in it as they were."""

    text: str
    missing: tuple[str, ...]


def _first(name: str) -> str:
    return next(iter(name.split()), "")


def _dollars(cents: int | None) -> str:
    if cents is None:
        return ""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"


FIELDS = {
    entry.key: entry
    for entry in (
        Field("first_name", "First name", lambda facts: _first(facts.name), "The first word of the customer's name"),
        Field("name", "Name", lambda facts: facts.name, "The customer's whole name"),
        Field("phone", "Phone", lambda facts: facts.number, "The number that this thread is with"),
        Field("email", "E-mail", lambda facts: facts.email, "The account's e-mail address", CONTACTS),
        Field("address", "Address", lambda facts: facts.address, "The account's address", CONTACTS),
        Field(
            "balance",
            "Balance",
            lambda facts: _dollars(facts.balance),
            "What is open on the account, in dollars",
            BALANCE,
        ),
        Field("next_visit", "Next visit", lambda facts: facts.next_visit, "When the account's next job is", HISTORY),
        Field("user_name", "Your name", lambda facts: facts.user_name, "The whole name of whoever writes"),
        Field(
            "user_first_name",
            "Your first name",
            lambda facts: _first(facts.user_name),
            "The first name of whoever writes",
        ),
    )
}
SAMPLE = Facts(
    name="Ana Díaz",
    number="(603) 555-0142",
    email="ana@example.com",
    address="12 Mill Road, Peterborough",
    balance=14850,
    next_visit="Thursday, December 3",
)


def used(text: str) -> tuple[str, ...]:
    """The keys of the fields that stand in a text, each once, in order."""
    return tuple(dict.fromkeys(key for key in TOKEN.findall(text) if key in FIELDS))


def unknown(text: str) -> tuple[str, ...]:
    """What stands in a text like a field and is none, each once, in order."""
    return tuple(dict.fromkeys(key for key in TOKEN.findall(text) if key not in FIELDS))


def filled(text: str, facts: Facts, rights: frozenset[str]) -> Filled:
    """The text with its fields filled; what is filled in is not looked through again, and what whoever writes may not
    know is missing."""
    known = {key: FIELDS[key] for key in used(text)}
    values = {key: field.fill(facts) if field.right in {None, *rights} else "" for key, field in known.items()}
    put = TOKEN.sub(lambda token: values.get(token[1]) or token[0], text)
    return Filled(put, tuple(key for key, value in values.items() if not value))


def searched(title: str, body: str) -> str:
    """What a search looks through: both, folded."""
    return folded(f"{title} {body}")
