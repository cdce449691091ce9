"""Sample data of any size: invented people with plausible conversations, a few hundred threads to a change."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dashboard.actions.history import add_history
from dashboard.actions.people import add_people
from dashboard.core.people import PersonRow
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.demo import words
from dashboard.store.database import Store
from dashboard.store.people import everybody

BATCH = 500  # threads to a change
SEASON = timedelta(days=240)
UNREAD = 0.04  # of the threads that end with an inbound text
KINDS = ("client",) * 14 + ("lead",) * 3 + ("resource",) + ("unknown",) * 2
FIRST_NUMBER = 2_012_000_000  # national numbers of the invented: 201-200-0000 and on, none of the town's


def grow(
    store: Store, our_number: str, threads: int, messages: int, told: Callable[[int], object] = lambda done: None
) -> int:
    """Add ``threads`` threads with ``messages`` messages in all; ``told`` hears after each change how many are done."""
    chance = random.Random(threads * 31 + messages)
    with store.reading() as connection:
        staff = [person.id for person in everybody(connection) if person.role]
    first, done = _first_free(store), 0
    while done < threads:
        size = min(BATCH, threads - done)
        share = round(messages * (done + size) / threads) - round(messages * done / threads)
        people = [_person(chance, first + done + index) for index in range(size)]
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
    from sqlalchemy import func, select

    from dashboard.core.tables import THREAD

    with store.reading() as connection:
        taken = select(func.max(THREAD.c.digits)).where(
            THREAD.c.digits >= f"1{FIRST_NUMBER}", THREAD.c.digits < f"1{FIRST_NUMBER + 10**7}"
        )
        last = connection.execute(taken).scalar()
    return int(last) - 10**10 - FIRST_NUMBER + 1 if last else 0


def _person(chance: random.Random, number: int) -> PersonRow:
    kind = chance.choice(KINDS)
    return PersonRow(
        name=f"{chance.choice(_names()[0])} {chance.choice(_names()[1])}",
        phone=f"+1{FIRST_NUMBER + number}",
        kind=kind,
        balance=chance.choice((0, 0, 0, 14850, -2500, 29700)),
        tags=("mowing",) if kind == "client" else (),
    )


def _names() -> tuple[list[str], list[str]]:
    if not _NAMES:
        people = [person.name.split() for person in words.townspeople() if len(person.name.split()) == 2]
        _NAMES.append(([first for first, _ in people], [last for _, last in people]))
    return _NAMES[0]


_NAMES: list[tuple[list[str], list[str]]] = []


def _shares(chance: random.Random, messages: int, threads: int) -> list[int]:
    """Messages for each thread: at least one, a few have many."""
    weights = [chance.paretovariate(1.3) for _ in range(threads)]
    spare = max(messages - threads, 0)
    counts = [1 + int(spare * weight / sum(weights)) for weight in weights]
    counts[0] += max(messages - sum(counts), 0)
    return counts


def _talk(chance: random.Random, count: int, staff: list[int], now: datetime) -> Iterator[HistoricMessage]:
    end = now - SEASON * chance.random() ** 3
    gap = SEASON / 4 / max(count, 1)
    inbound = chance.random() < 0.9
    lines = _lines()
    for index in range(count):
        at = end - gap * (count - 1 - index)
        body = chance.choice(lines[inbound])
        unread = inbound and index == count - 1 and chance.random() < UNREAD
        by = chance.choice(staff) if staff and not inbound else None
        yield HistoricMessage("inbound" if inbound else "outbound", body, at, by, not inbound and by is None, unread)
        inbound = not inbound if chance.random() < 0.75 else inbound


def _lines() -> dict[bool, list[str]]:
    if not _LINES:
        said = [line for _, conversation in words.conversations() for line in conversation]
        _LINES.update({way: [line.body for line in said if line.inbound == way] for way in (True, False)})
    return _LINES


_LINES: dict[bool, list[str]] = {}
