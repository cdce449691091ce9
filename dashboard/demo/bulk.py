"""Sample data of any size: invented people with plausible conversations, a few hundred threads to a change."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from dashboard.actions.history import add_history
from dashboard.actions.people import add_people
from dashboard.core.accounts import Job
from dashboard.core.consent import STOP, meaning, sounds_like_stop
from dashboard.core.people import PersonRow
from dashboard.core.text import folded
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.demo import words
from dashboard.demo.words import Said
from dashboard.store.database import Store
from dashboard.store.people import everybody
from dashboard.store.threads import greatest_number

BATCH = 500  # threads to a change
SEASON = timedelta(days=240)
UNREAD = 0.04  # of the threads that end with an inbound text
KINDS = ("client",) * 14 + ("lead",) * 3 + ("resource",) + ("unknown",) * 2
FIRST_NUMBER = 12_012_000_000  # of the invented: +1 201-200-0000 and on, none of the town's
MOST = 10_000_000  # invented people at most
EMAILED = 0.7  # of the invented have an e-mail address
STREET = re.compile(r"^\d+ ")
FULL_NAME = re.compile(r"(\S+) (\S+)")


def grow(
    store: Store, our_number: str, threads: int, messages: int, told: Callable[[int], object] = lambda _: None
) -> int:
    """Add ``threads`` threads with ``messages`` messages in all; ``told`` hears after each change how many are done."""
    chance = random.Random(threads * 31 + messages)
    with store.reading() as connection:
        staff = [person.id for person in everybody(connection) if person.role]
    first, done = _first_free(store), 0
    while done < threads:
        size = min(BATCH, threads - done)
        share = round(messages * (done + size) / threads) - round(messages * done / threads)
        people = [invented(chance, first + done + index, store.clock()) for index in range(size)]
        add_people(store, tuple(person for person in people if person.kind != "unknown"))
        counts = _shares(chance, share, size)
        history = (
            HistoricThread(our_number, person.phone, tuple(_talk(chance, count, staff, store.clock())))
            for person, count in zip(people, counts, strict=True)
        )
        add_history(store, tuple(history))
        done += size
        told(done)
    return done


def _first_free(store: Store) -> int:
    """How many of the invented numbers are taken, so that a second ``seed`` adds to the first."""
    with store.reading() as connection:
        last = greatest_number(connection, FIRST_NUMBER, FIRST_NUMBER + MOST)
    return 0 if last is None else last - FIRST_NUMBER + 1


def invented(chance: random.Random, number: int, now: datetime) -> PersonRow:
    """Somebody who might live in the town, with the number-th of the invented numbers; of the kind "unknown", a number only."""
    kind = chance.choice(KINDS)
    name = f"{chance.choice(_names()[0])} {chance.choice(_names()[1])}"
    model = chance.choice(_models())
    soon, ago = timedelta(days=chance.randrange(1, 60)), timedelta(days=chance.randrange(1, 90))
    return PersonRow(
        name=name,
        phone=f"+{FIRST_NUMBER + number}",
        kind=kind,
        email=f"{folded(name).replace(' ', '.')}@example.com" if chance.random() < EMAILED else "",
        address=f"{chance.randrange(1, 200)} {STREET.sub('', model.address)}",
        balance=chance.choice((0, 0, 0, 14850, -2500, 29700)),
        tags=model.tags if kind == "client" else (),
        next_job=_job(model.next_job, now + soon, chance),
        last_job=_job(model.last_job, now - ago, chance) if kind == "client" else None,
    )


def _job(model: Job | None, day: datetime, chance: random.Random) -> Job | None:
    """The same work on another day, begun between seven and five by this machine's wall."""
    at = day.astimezone().replace(hour=chance.randrange(7, 17), minute=chance.choice((0, 30)), second=0, microsecond=0)
    return model and replace(model, at=at)


@cache
def _models() -> list[PersonRow]:
    """The town's people whose streets, tags and jobs the invented ones have."""
    return [person for person in words.townspeople() if STREET.match(person.address)]


@cache
def _names() -> tuple[list[str], list[str]]:
    """First and last names of the town's people."""
    people = [first_and_last for person in words.townspeople() if (first_and_last := FULL_NAME.fullmatch(person.name))]
    return [name[1] for name in people], [name[2] for name in people]


def _shares(chance: random.Random, messages: int, threads: int) -> list[int]:
    """Messages for each thread: at least one, a few have many."""
    weights = [chance.paretovariate(1.3) for _ in range(threads)]
    spare = max(messages - threads, 0)
    counts = [1 + int(spare * weight / sum(weights)) for weight in weights]
    counts[0] += max(messages - sum(counts), 0)
    return counts


def _talk(chance: random.Random, count: int, staff: list[int], now: datetime) -> Iterator[HistoricMessage]:
    """``count`` messages that end some time in the season, in pieces of what the town said to each other."""
    end = now - SEASON * chance.random() ** 3
    gap = SEASON / 4 / count
    said = _pieces(chance, count)
    for index, line in enumerate(said):
        unread = line.inbound and index == count - 1 and chance.random() < UNREAD
        by = chance.choice(staff) if staff and not line.inbound else None
        direction = "inbound" if line.inbound else "outbound"
        at = end - gap * (count - 1 - index)
        yield HistoricMessage(direction, line.body, at, by, not line.inbound and by is None, unread)


def _pieces(chance: random.Random, count: int) -> list[Said]:
    """Runs of lines from the town's conversations, so that an answer mostly fits what it answers."""
    told: list[Said] = []
    while len(told) < count:
        conversation = chance.choice(_conversations())
        start = chance.randrange(len(conversation))
        told += conversation[start : start + count - len(told)]
    return told


@cache
def _conversations() -> tuple[list[Said], ...]:
    """Without what opts out: among the invented nobody has, or they would be written to afterwards."""
    return tuple([line for line in said if not _is_opt_out(line)] for _, said in words.conversations())


def _is_opt_out(line: Said) -> bool:
    return line.inbound and (meaning(line.body) == STOP or sounds_like_stop(line.body))
