"""Conversations that took place before, brought in whole and set-wise: what sample data and imports use."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, func, insert, select

from dashboard.actions.attachments import waiting
from dashboard.actions.change import MACHINE, Change, action, nothing
from dashboard.actions.correspondents import correspondents_of
from dashboard.core import delivery
from dashboard.core.addresses import can_be_answered, digits
from dashboard.core.consent import TEXT, Entry, meaning, sounds_like_stop, standing
from dashboard.core.tables import ATTACHMENT, CONSENT, MESSAGE, SUBJECT, THREAD
from dashboard.core.text import snippet, storable
from dashboard.core.values import HistoricMessage, HistoricThread

Row = dict[str, Any]


@action(MACHINE)
def add_history(change: Change, threads: tuple[HistoricThread, ...], *, by: int | None = None) -> int:
    """Store whole threads, each with its messages in order of time; how many.

    A thread with the same address over the same number as one that is there already is left out. Who has opted out in
    one of them has opted out.
    """
    new = [thread for thread in threads if thread.messages and not _exists(change, thread)]
    if not new:
        nothing(0)
    people = correspondents_of(change, [thread.address for thread in new])
    first_thread, first_message = _next(change, THREAD), _next(change, MESSAGE)
    rows: list[Row] = []
    texts: list[Row] = []
    files: list[Row] = []
    consents: list[Row] = []
    for number, thread in enumerate(new, first_thread):
        messages = _messages(change, thread, number, first_message + len(texts))
        said = _consents(messages)
        rows.append(_thread(change, thread, number, messages) | _told(thread, messages, said) | people[thread.address])
        consents += said
        texts += messages
        files += _files(change, thread, messages, people[thread.address]["account_id"])
    change.connection.execute(insert(THREAD), rows)
    change.connection.execute(insert(MESSAGE), texts)
    if files:
        change.connection.execute(insert(ATTACHMENT), files)
    if consents:
        change.connection.execute(insert(CONSENT), consents)
    change.connection.execute(insert(SUBJECT), [{"revision": change.revision, "thread_id": row["id"]} for row in rows])
    _advance(change, THREAD)
    _advance(change, MESSAGE)
    change.details = {"threads": len(rows), "messages": len(texts)}
    return len(rows)


def _exists(change: Change, thread: HistoricThread) -> bool:
    same = (THREAD.c.our_number == thread.our_number) & (THREAD.c.address == thread.address)
    return change.connection.execute(select(THREAD.c.id).where(same)).first() is not None


def _next(change: Change, table: Table) -> int:
    return int(change.connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def _advance(change: Change, table: Table) -> None:
    """PostgreSQL's sequences do not see ids that were given: let the next one come after them."""
    if change.connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        change.connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _files(change: Change, thread: HistoricThread, messages: list[Row], account: int | None) -> list[Row]:
    """The files of a thread's messages, as if they had come in just now: they wait to be looked into."""
    owner = {"thread_id": messages[0]["thread_id"], "account_id": account}
    return [
        owner | waiting(change, file) | {"message_id": row["id"]}
        for row, message in zip(messages, _ordered(thread), strict=True)
        for file in message.media
    ]


def _ordered(thread: HistoricThread) -> list[HistoricMessage]:
    return sorted(thread.messages, key=lambda message: message.at)


def _messages(change: Change, thread: HistoricThread, number: int, first: int) -> list[Row]:
    return [_message(change, message, number, first + index) for index, message in enumerate(_ordered(thread))]


def _message(change: Change, message: HistoricMessage, thread: int, number: int) -> Row:
    inbound = message.direction == "inbound"
    return {
        "id": number,
        "thread_id": thread,
        "direction": message.direction,
        "body": storable(message.body),
        "status": delivery.RECEIVED if inbound else message.status,
        "reason": message.reason,
        "placed_at": message.at,
        "at": message.at,
        "sender_id": message.by,
        "automatic": message.automatic,
        "arrived": change.revision,
        "read": change.revision if inbound and not message.unread else None,
        "revision": change.revision,
    }


def _consents(messages: list[Row]) -> list[Row]:
    """The ledger of a thread, by what its correspondent wrote."""
    said = ((row, meaning(row["body"])) for row in messages if row["direction"] == "inbound")
    return [
        {
            **{name: row[name] for name in ("thread_id", "revision")},
            "word": word,
            "source": TEXT,
            "at": row["placed_at"],
            "message_id": row["id"],
        }
        for row, word in said
        if word
    ]


def _told(thread: HistoricThread, messages: list[Row], consents: list[Row]) -> Row:
    """What the thread says of its ledger; the last word is doubted where nobody has answered it."""
    entries = [Entry(number, row["word"], TEXT, row["at"]) for number, row in enumerate(consents)]
    stops, last = standing(entries), messages[-1]
    answerable = last["direction"] == "inbound" and not stops and can_be_answered(thread.address)
    doubted = answerable and sounds_like_stop(last["body"])
    return {"stopped_at": stops[0].at if stops else None, "doubt": last["id"] if doubted else None}


def _thread(change: Change, thread: HistoricThread, number: int, messages: list[Row]) -> Row:
    sides: dict[str, list[Row]] = defaultdict(list)
    for message in messages:
        sides[message["direction"]].append(message)
    answered = max((m["placed_at"] for m in sides["outbound"] if not m["automatic"]), default=None)
    waiting = [m["placed_at"] for m in sides["inbound"] if answered is None or m["placed_at"] > answered]
    unread = sum(message["read"] is None for message in sides["inbound"])
    files = {row["id"]: len(message.media) for row, message in zip(messages, _ordered(thread), strict=True)}
    return {
        "id": number,
        "our_number": thread.our_number,
        "address": thread.address,
        "digits": digits(thread.address),
        **_last("inbound", sides["inbound"], files),
        "inbound_placed_at": sides["inbound"][-1]["placed_at"] if sides["inbound"] else None,
        **_last("outbound", sides["outbound"], files),
        "latest_at": messages[-1]["placed_at"],
        "awaiting_since": min(waiting, default=None),
        "unread": unread,
        "arrival": change.revision if sides["inbound"] else 0,
        "settled": 0,
        "failed": sum(message["status"] in delivery.TROUBLED for message in sides["outbound"]),
        "revision": change.revision,
    }


def _last(side: str, messages: list[Row], files: dict[int, int]) -> Row:
    if not messages:
        return {f"{side}_at": None, f"{side}_message": None, f"{side}_text": ""}
    last = messages[-1]
    preview = snippet(last["body"], files[last["id"]])
    return {f"{side}_at": last["placed_at"], f"{side}_message": last["id"], f"{side}_text": preview}
