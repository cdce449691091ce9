"""The words of the sample town, read from the plain files in data/."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from dashboard.core import filters, people
from dashboard.core.errors import SampleError
from dashboard.core.people import PersonRow

PHOTOGRAPH = re.compile(r"\s*\[photograph: ([a-z]+)\]")
JOB = re.compile(r'(?<=[,"])([+-]\d+)d ')  # so many days before or after today
LINE = re.compile(r"-?(\d+)d (\d\d):(\d\d) (?:(<)|(~)|> (\w+):) ?(.*)")
ANY_DAY = date(2000, 1, 1)  # where nobody asks when a job is


@dataclass(frozen=True)
class Said:
    """One line of a conversation: ``days`` before today at ``hour``:``minute``; ``by`` a first name when we sent it."""

    days: int
    hour: int
    minute: int
    inbound: bool
    by: str | None
    body: str


@dataclass(frozen=True)
class Case:
    """How people answer: to a text with one of ``words``, one of ``answers``."""

    words: tuple[str, ...]
    answers: tuple[str, ...]

    def fits(self, text: str) -> bool:
        return any(word == "*" or _stands_in(word, text) for word in self.words)


def with_photographs(line: str) -> tuple[str, tuple[str, ...]]:
    """A text without what stands in it as “[photograph: pine]”, and the names of those photographs."""
    return PHOTOGRAPH.sub("", line), tuple(PHOTOGRAPH.findall(line))


def folder() -> Path:
    """data/: beside the package in a checkout, inside it when installed."""
    installed = Path(__file__).parents[1] / "data"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data"


def staff() -> list[PersonRow]:
    """The people who can act."""
    return _people("staff.csv", filters.RESOURCE)


def townspeople(today: date = ANY_DAY) -> list[PersonRow]:
    """Clients, leads and the resources without a login; their jobs counted from ``today``."""
    return _people("people.csv", filters.CLIENT, "unknown", today)


def addresses() -> dict[str, str]:
    """What stands after "@" in a conversation, a name or a number, with the number it means."""
    known = {person.name: person.phone for person in (*staff(), *townspeople())}
    return known | {number: number for number in unknown_numbers()}


def unknown_numbers() -> list[str]:
    """The numbers of people nobody knows, as they are written."""
    rows = _text("people.csv").splitlines()[1:]
    return [row.split(",")[1] for row in rows if row.split(",")[:1] == [""]]


def conversations() -> Iterator[tuple[str, list[Said]]]:
    """Every conversation: whom with, and what was said."""
    for file in sorted((folder() / "conversations").glob("*.txt")):
        yield from _conversations(file)


@cache
def openers() -> dict[str, tuple[str, ...]]:
    """What people text on their own, by kind; "client es" is Spanish."""
    return {name: tuple(lines) for name, lines in _sections(_text("openers.txt"))}


@cache
def cases() -> tuple[Case, ...]:
    """How people answer, the first case that fits."""
    return tuple(_case(lines) for _, lines in _sections(_text("answers.txt")))


def text_documents() -> Iterator[tuple[str, str]]:
    """Texts to be used again: title and text."""
    for part in re.split(r"^= ", _text("text_documents.txt"), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        yield title.strip(), body.strip()


def _people(file: str, kind: str, skip: str = "", today: date = ANY_DAY) -> list[PersonRow]:
    lines = [line for line in _text(file).splitlines(keepends=True) if not skip or f",{skip}," not in line]
    lines = [JOB.sub(lambda found: f"{today + timedelta(days=int(found[1]))} ", line) for line in lines]
    found = []
    for line in people.read(lines, kind):
        if not isinstance(line, PersonRow):
            raise SampleError(f"data/{file}, line {line.number}: {line.reason}")
        found.append(line)
    return found


def _conversations(file: Path) -> Iterator[tuple[str, list[Said]]]:
    whom, said = "", list[Said]()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@ "):
            if said:
                yield whom, said
            whom, said = line[2:].strip(), []
        elif line.startswith("  ") and said:
            said[-1] = _continued(said[-1], line.strip())
        elif line.strip() and not line.startswith("#"):
            said.append(_said(file, number, line))
    if said:
        yield whom, said


def _continued(said: Said, line: str) -> Said:
    return Said(**{**said.__dict__, "body": f"{said.body}\n{line}"})


def _said(file: Path, number: int, line: str) -> Said:
    found = LINE.fullmatch(line)
    if found is None:
        raise SampleError(f"{file}, line {number}: write it as “-62d 08:14 < text” or “-62d 08:31 > Dana: text”.")
    days, hour, minute, inbound, _, by, body = found.groups()
    return Said(int(days), int(hour), int(minute), bool(inbound), by, body)


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    name, lines = "", list[str]()
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]") and not PHOTOGRAPH.match(line):
            if name:
                yield name, lines
            name, lines = line[1:-1], []
        elif line.strip() and not line.startswith("#"):
            lines.append(line.strip())
    yield name, lines


def _case(lines: list[str]) -> Case:
    words = next((line.removeprefix("words:") for line in lines if line.startswith("words:")), "")
    answers = tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))
    return Case(tuple(word.strip() for word in words.split(",")), answers)


def _stands_in(word: str, text: str) -> bool:
    edge = r"\b" if word[:1].isalnum() else ""
    return re.search(edge + re.escape(word) + edge, text.lower()) is not None


def _text(file: str) -> str:
    try:
        return (folder() / file).read_text(encoding="utf-8")
    except OSError as error:
        raise SampleError(f"The sample data cannot be read: {error}.") from None
