"""Bringing in people from a CSV file: the file is read here, checked in core, recorded by an action."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.actions.people import add_people
from dashboard.core import people
from dashboard.core.errors import SampleError
from dashboard.core.people import BadLine, PersonRow
from dashboard.settings import Settings
from dashboard.store import schema
from dashboard.store.database import Store

BATCH = 500  # people recorded in one change


@dataclass(frozen=True)
class Imported:
    """How many were new and how many known, the lines that could not be read, and the database's URL."""

    added: int
    known: int
    bad: tuple[BadLine, ...]
    database: str = ""


def import_file(settings: Settings, file: Path, kinds: str) -> Imported:
    """Record the people of a CSV file. Raises SampleError for a file that cannot be read at all."""
    store = Store(settings.database, region=settings.region, zone=settings.wall)
    try:
        schema.ready(store)
        return import_into(store, file, kinds)
    finally:
        store.close()


def import_into(store: Store, file: Path, kinds: str) -> Imported:
    """The same, into an open store."""
    lines = list(people.read(_lines(file), people.KIND_WORDS[kinds], store.region, store.zone))
    good = [line for line in lines if isinstance(line, PersonRow)]
    bad = tuple(line for line in lines if isinstance(line, BadLine))
    added = sum(add_people(store, batch) for batch in _batches(good))
    return Imported(added, len(good) - added, bad, store.url.render_as_string())


def _batches(people: list[PersonRow]) -> list[tuple[PersonRow, ...]]:
    return [tuple(people[start : start + BATCH]) for start in range(0, len(people), BATCH)]


def _lines(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return opened.readlines()
    except UnicodeDecodeError:
        raise SampleError(f"{file} is not in UTF-8: save it as CSV UTF-8 and try again.") from None
    except OSError as error:
        raise SampleError(f"{file} cannot be read: {error.strerror}.") from None
