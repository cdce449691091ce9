"""What is recorded of an account or a resource: each line knows its key, its label, and how what was written is read."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from dashboard.core.addresses import normalise, shown
from dashboard.core.errors import Refused, Unfit
from dashboard.core.filters import CLIENT, LEAD
from dashboard.core.rights import BALANCE, CONTACTS, HISTORY, NOTES
from dashboard.core.text import is_seen, storable

WORKS = ("office", "crew", "vendor")  # kinds of resource
BALANCE_LIMIT = 20_000_000  # dollars; a 32-bit column holds the cents
NAME_LIMIT = 200  # characters
WORDS_LIMIT = 10_000  # characters of notes, an address, the words of a job
PHONES_LIMIT = 20  # of one account or resource
TAGS_LIMIT = 40  # of one account, and characters of one tag
QUOTED = 40  # characters of what was written that an error repeats
EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
JOB = re.compile(r"(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Job:
    """A visit, done or to come: when, and what."""

    at: datetime
    words: str = ""


Card = TypeVar("Card", bound=Any)
# What a line is worth that is not for whoever looks.
BLANK: dict[str, Any] = {
    "phones": (),
    "stopped": (),
    "numbers": (),
    "email": "",
    "address": "",
    "balance": 0,
    "notes": "",
    "next_job": None,
    "last_job": None,
}
Reader = Callable[[str, str], Any]  # what was written, and the region of its numbers; raises Refused


@dataclass(frozen=True)
class Line:
    """One line of an overview and of its form. ``right`` names what a role needs to see it, None for everybody."""

    key: str
    label: str
    read: Reader
    right: str | None = None


def seen_with(card: Card, lines: Mapping[str, Line], rights: frozenset[str]) -> Card:
    """An account or a resource as somebody with these rights sees it: what is not for them is not in it."""
    hidden = frozenset(key for key, line in lines.items() if line.right and line.right not in rights)
    blank = hidden | ({"numbers", "stopped"} if "phones" in hidden else set())
    its = {field.name for field in dataclasses.fields(card)}
    return replace(card, hidden=hidden, **{key: BLANK[key] for key in blank if key in its}) if hidden else card


def read_form(lines: Mapping[str, Line], fields: Mapping[str, str], region: str) -> dict[str, Any]:
    """The values that a form's fields stand for, by their keys. Raises Unfit with what is wrong at each."""
    values, wrong = {}, {}
    for key, written in fields.items():
        if key not in lines:
            raise Refused(f"There is no line “{key[:QUOTED]}”: choose from {', '.join(lines)}.")
        try:
            values[key] = lines[key].read(storable(str(written)).strip(), region)
        except Refused as error:
            wrong[key] = str(error)
    if wrong:
        raise Unfit(wrong)
    return values


def written(key: str, value: Any, region: str) -> str:
    """A value as its form's field has it: what ``read_form`` makes the same value of."""
    if key == "balance":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
    if key == "phones":
        return "\n".join(shown(address, region) for address in value)
    if key == "tags":
        return "; ".join(value)
    if isinstance(value, Job):
        return f"{value.at.isoformat()} {value.words}".strip()
    return value or ""


def cents(written: str) -> int:
    """An amount of money, in cents; a minus is a credit. Raises Refused for what is none."""
    if not written:
        return 0
    try:
        amount = Decimal(written.replace("$", "").replace(",", "").replace("\u2212", "-").strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not -BALANCE_LIMIT <= amount <= BALANCE_LIMIT:
        raise Refused(f"“{written[:QUOTED]}” is no amount of money: write it as 148.50.")
    return int((amount * 100).to_integral_value())


def job(written: str, zone: tzinfo | None = None) -> Job | None:
    """A job as "2026-12-01 08:00 Plow and walks"; without an offset the time is by the wall of ``zone``, None for this
    machine's own.

    Raises Refused for one without a date.
    """
    if not written:
        return None
    found = JOB.fullmatch(written)
    try:
        at = _at(datetime.fromisoformat(found[1]), zone) if found else None
    except (ValueError, OverflowError, OSError):
        at = None
    if found is None or at is None:
        raise Refused(
            f"“{written[:QUOTED]}” does not begin with a date: write it as 2026-12-01 08:00 and what is done."
        )
    return Job(at, _words(found[2] or "", ""))


def tags(written: str) -> tuple[str, ...]:
    """Tags, separated by semicolons or commas, each once."""
    found = tuple(dict.fromkeys(tag.strip() for tag in re.split("[;,\n]", written) if tag.strip()))
    if len(found) > TAGS_LIMIT or any(len(tag) > TAGS_LIMIT for tag in found):
        raise Refused(f"At most {TAGS_LIMIT} tags of {TAGS_LIMIT} characters each.")
    return found


def _at(read: datetime, zone: tzinfo | None) -> datetime:
    return read.replace(tzinfo=read.tzinfo or zone).astimezone(zone)


def _name(written: str, region: str) -> str:
    name = " ".join(written.split())
    if not is_seen(name):
        raise Refused("The name is empty: write one.")
    if len(name) > NAME_LIMIT:
        raise Refused(f"A name has at most {NAME_LIMIT} characters; this one has {len(name):,}.")
    return name


def _phones(written: str, region: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(normalise(line, region) for line in re.split("[\n;]", written) if line.strip()))
    if len(found) > PHONES_LIMIT:
        raise Refused(f"At most {PHONES_LIMIT} numbers.")
    return found


def _email(written: str, region: str) -> str:
    if written and not EMAIL.fullmatch(written):
        raise Refused(f"“{written[:QUOTED]}” is no e-mail address: write it as name@example.com.")
    return written


def _words(written: str, region: str) -> str:
    if len(written) > WORDS_LIMIT:
        raise Refused(f"At most {WORDS_LIMIT:,} characters; this has {len(written):,}.")
    return written


def _one_of(*kinds: str) -> Reader:
    def read(written: str, region: str) -> str:
        if written not in kinds:
            raise Refused(f"“{written[:QUOTED]}” is no kind there is: choose one of {', '.join(kinds)}.")
        return written

    return read


def _lines(*lines: Line) -> dict[str, Line]:
    return {line.key: line for line in lines}


ACCOUNT_LINES = _lines(
    Line("name", "Name", _name),
    Line("kind", "Kind", _one_of(CLIENT, LEAD)),
    Line("phones", "Phones", _phones, right=CONTACTS),
    Line("email", "E-mail", _email, right=CONTACTS),
    Line("address", "Address", _words, right=CONTACTS),
    Line("balance", "Balance", lambda written, _: cents(written), right=BALANCE),
    Line("next_job", "Next job", lambda written, _: job(written), right=HISTORY),
    Line("last_job", "Last job", lambda written, _: job(written), right=HISTORY),
    Line("tags", "Tags", lambda written, _: tags(written)),
    Line("notes", "Notes", _words, right=NOTES),
)
RESOURCE_LINES = _lines(
    Line("name", "Name", _name),
    Line("kind", "Kind", _one_of(*WORKS)),
    Line("phones", "Phones", _phones, right=CONTACTS),
    Line("email", "E-mail", _email, right=CONTACTS),
    Line("notes", "Notes", _words, right=NOTES),
)
