"""The season of the sample town: its conversations, counted back from today, as history."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from dashboard.actions.documents import add_document
from dashboard.actions.history import add_history
from dashboard.actions.people import add_people
from dashboard.core.addresses import normalise
from dashboard.core.errors import SampleError
from dashboard.core.values import HistoricMessage, HistoricThread, Person
from dashboard.demo import words
from dashboard.demo.photographs import photograph
from dashboard.demo.words import Said
from dashboard.store import documents
from dashboard.store.database import Store
from dashboard.store.media import keep
from dashboard.store.people import everybody

UNREAD_DAYS = 2  # texts that came in the last days, and were not answered, are unread


def settle_town(store: Store, our_number: str) -> int:
    """Record the town's people and bring in their season; how many threads that are."""
    add_people(store, tuple(words.staff()))
    add_people(store, tuple(words.townspeople(store.clock().astimezone().date())))
    with store.reading() as connection:
        has_documents = documents.count(connection, "") > 0
        staff = {person.name.split()[0]: person for person in everybody(connection) if person.role}
    for title, body in () if has_documents else words.text_documents():
        add_document(store, title, body, by=None)
    return add_history(store, tuple(_threads(our_number, staff, store.clock(), store.region, store.media_folder)))


def _threads(
    our_number: str, staff: dict[str, Person], now: datetime, region: str, folder: Path
) -> Iterator[HistoricThread]:
    known = words.addresses()
    told: dict[str, list[Said]] = defaultdict(list)
    for whom, said in words.conversations():
        if whom not in known:
            raise SampleError(f"data/conversations: nobody in the town is called “{whom}”.")
        told[normalise(known[whom], region)] += said
    for address, said in told.items():
        yield HistoricThread(our_number, address, tuple(_messages(said, staff, now, folder)))


def _messages(said: list[Said], staff: dict[str, Person], now: datetime, folder: Path) -> Iterator[HistoricMessage]:
    last = max((index for index, line in enumerate(said) if not line.inbound), default=-1)
    for index, line in enumerate(said):
        unread = line.inbound and index > last and line.days <= UNREAD_DAYS
        by = staff[line.by].id if line.by in staff else None
        at = min(_moment(line, now), now - timedelta(minutes=len(said) - index))
        direction = "inbound" if line.inbound else "outbound"
        body, scenes = words.with_photographs(line.body)
        media = tuple(keep(folder, photograph(scene)) for scene in scenes)
        yield HistoricMessage(direction, body, at, by, not line.inbound and by is None, unread, media=media)


def _moment(line: Said, now: datetime) -> datetime:
    """The time of a line: so many days before today, by the clock on this machine's wall."""
    day = now.astimezone().date() - timedelta(days=line.days)
    return datetime.combine(day, time(line.hour, line.minute)).astimezone()
