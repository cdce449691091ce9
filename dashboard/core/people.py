"""People as a CSV file lists them: one line is one account or resource, checked field by field."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import TypeVar

from dashboard.core.accounts import NAME_LIMIT, WORKS, Job, cents, job
from dashboard.core.addresses import normalise
from dashboard.core.errors import MessageCenterError, Refused, SampleError
from dashboard.core.filters import CLIENT, LEAD, RESOURCE
from dashboard.core.text import is_seen, storable

T = TypeVar("T")
REQUIRED = ("name", "phone")
KIND_WORDS = {
    "client": CLIENT,
    "clients": CLIENT,
    "lead": LEAD,
    "leads": LEAD,
    "resource": RESOURCE,
    "resources": RESOURCE,
}


@dataclass(frozen=True)
class PersonRow:
    """One person: ``phone`` normalised, ``balance`` in cents, ``work`` the kind of resource, which also says that the line is one."""

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
    next_job: Job | None = None
    last_job: Job | None = None


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read: its number in the file, from 1, and the reason."""

    number: int
    reason: str


def read(
    lines: Sequence[str], default_kind: str = CLIENT, region: str = "US", zone: tzinfo | None = None
) -> Iterator[PersonRow | BadLine]:
    """The people of a CSV file with a header, in order; a line that cannot be read comes as a BadLine.

    ``lines`` are the file's, with their line ends; ``zone`` is that of its times, None this machine's own. Raises
    SampleError when the header lacks a name or a phone column.
    """
    header = _header(lines)
    at = 1
    while at < len(lines):
        try:
            fields, length = _record(lines, at)
            if fields:
                yield _person(header, fields, default_kind, region, zone)
        except csv.Error as error:  # a quote that is never closed, say: the next line is tried by itself
            length = 1
            yield BadLine(at + 1, f"It is no CSV ({error}): check its quotes.")
        except MessageCenterError as error:
            yield BadLine(at + 1, str(error))
        at += length


def _record(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The record that begins at a line, and how many lines it takes: a quoted field may hold line ends."""
    reader = csv.reader((lines[index] for index in range(at, len(lines))), strict=True)
    return next(reader), reader.line_num


def _header(lines: Sequence[str]) -> list[str]:
    try:
        names = _record(lines, 0)[0] if lines else []
    except csv.Error as error:
        raise SampleError(f"The header is no CSV ({error}): the first line names the columns, name,phone,...") from None
    header = [name.strip().lower() for name in names]
    if missing := [name for name in REQUIRED if name not in header]:
        raise SampleError(f"The header lacks {' and '.join(missing)}: the first line names the columns, name,phone,...")
    return header


def _person(header: list[str], fields: list[str], default_kind: str, region: str, zone: tzinfo | None) -> PersonRow:
    if len(fields) > len(header):
        raise SampleError("It has more fields than the header names: quote a field that holds a comma.")
    given = dict(zip(header, fields, strict=False))
    text = {name: storable(given.get(name, "").strip()) for name in header}
    if not is_seen(text["name"]):
        raise SampleError("The name is empty.")
    if len(text["name"]) > NAME_LIMIT:
        raise SampleError(f"A name has at most {NAME_LIMIT} characters; this one has {len(text['name']):,}.")
    written = text.get("kind", "").lower()
    phone = normalise(text["phone"], region)
    if any(character.isalpha() for character in phone):
        raise SampleError(f"phone: “{text['phone'][:40]}” is no phone number, and takes no texts.")
    return PersonRow(
        name=text["name"],
        phone=phone,
        kind=_kind(written, default_kind),
        email=text.get("email", ""),
        address=text.get("address", ""),
        tags=tuple(tag.strip() for tag in text.get("tags", "").split(";") if tag.strip()),
        balance=_read("balance", cents, text),
        notes=text.get("notes", ""),
        work=written if written in WORKS else "crew",
        role=text.get("role", ""),
        next_job=_read("next_job", partial(job, zone=zone), text),
        last_job=_read("last_job", partial(job, zone=zone), text),
    )


def _read(column: str, reader: Callable[[str], T], text: dict[str, str]) -> T:
    """A column by its reader; what that refuses is told with the column's name."""
    try:
        return reader(text.get(column, ""))
    except Refused as error:
        raise SampleError(f"{column}: {error}") from None


def _kind(written: str, default_kind: str) -> str:
    if not written:
        return default_kind
    if written in WORKS:
        return RESOURCE
    if written in KIND_WORDS:
        return KIND_WORDS[written]
    raise SampleError(f"kind: “{written}” is none of client, lead, resource, {', '.join(WORKS)}.")
