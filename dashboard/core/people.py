"""People as a CSV file lists them: one line is one account or resource, checked field by field."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from dashboard.core.addresses import normalise
from dashboard.core.errors import MessageCenterError, SampleError
from dashboard.core.filters import CLIENT, LEAD, RESOURCE
from dashboard.core.text import storable

REQUIRED = ("name", "phone")
KIND_WORDS = {
    "client": CLIENT,
    "clients": CLIENT,
    "lead": LEAD,
    "leads": LEAD,
    "resource": RESOURCE,
    "resources": RESOURCE,
}
WORKS = ("office", "crew", "vendor")  # kinds of resource; each also says that the line is one
BALANCE_LIMIT = 20_000_000  # dollars; a 32-bit column holds the cents


@dataclass(frozen=True)
class PersonRow:
    """One person: ``phone`` normalised, ``balance`` in cents, ``work`` the kind of resource."""

    name: str
    phone: str
    kind: str
    email: str = ""
    address: str = ""
    tags: tuple[str, ...] = ()
    balance: int = 0
    notes: str = ""
    work: str = "crew"
    role: str = ""


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read: its number in the file, from 1, and the reason."""

    number: int
    reason: str


def read(lines: Iterable[str], default_kind: str = CLIENT, region: str = "US") -> Iterator[PersonRow | BadLine]:
    """The people of a CSV file with a header, in order; a line that cannot be read comes as a BadLine.

    Raises SampleError when the header lacks a name or a phone column.
    """
    reader = csv.DictReader(lines, strict=True)
    header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in REQUIRED if name not in header]:
        raise SampleError(f"The header lacks {' and '.join(missing)}: the first line names the columns, name,phone,...")
    reader.fieldnames = header
    while True:
        try:
            fields = next(reader)
            yield _person(fields, default_kind, region)
        except StopIteration:
            return
        except (MessageCenterError, csv.Error) as error:
            yield BadLine(reader.line_num, str(error))


def _person(fields: dict[str | None, str | list[str] | None], default_kind: str, region: str) -> PersonRow:
    if None in fields:
        raise SampleError("It has more fields than the header names: quote a field that holds a comma.")
    text = {str(name): storable(str(value or "").strip()) for name, value in fields.items()}
    if not text["name"]:
        raise SampleError("The name is empty.")
    written = text.get("kind", "").lower()
    return PersonRow(
        name=text["name"],
        phone=normalise(text["phone"], region),
        kind=_kind(written, default_kind),
        email=text.get("email", ""),
        address=text.get("address", ""),
        tags=tuple(tag.strip() for tag in text.get("tags", "").split(";") if tag.strip()),
        balance=_cents(text.get("balance", "")),
        notes=text.get("notes", ""),
        work=written if written in WORKS else "crew",
        role=text.get("role", ""),
    )


def _kind(written: str, default_kind: str) -> str:
    if not written:
        return default_kind
    if written in WORKS:
        return RESOURCE
    if written in KIND_WORDS:
        return KIND_WORDS[written]
    raise SampleError(f"kind: “{written}” is none of client, lead, resource, {', '.join(WORKS)}.")


def _cents(written: str) -> int:
    if not written:
        return 0
    try:
        amount = Decimal(written.replace("$", "").replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > BALANCE_LIMIT:
        raise SampleError(f"balance: “{written[:40]}” is no amount of money: write it as 148.50.")
    return int((amount * 100).to_integral_value())
