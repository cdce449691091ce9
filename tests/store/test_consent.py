"""The ledger of consent: as much of it as is read says the same as the whole, and no more is read than that takes."""

import random
from datetime import timedelta

import pytest

from dashboard.core.consent import DISORDER, PERSON, PROVIDER, REFUSAL, START, STOP, TEXT, marks, standing
from dashboard.core.values import Key
from dashboard.store import conversations
from dashboard.store.consent import decisive, entries, newest, started_after
from tests.factories import a_text, by_hand

WORDS = [
    *[(word, source) for word in (STOP, START) for source in (TEXT, PROVIDER, PERSON)],
    (STOP, REFUSAL),
    ("help", TEXT),
]


def said(store, thread, ledger):
    """Each a word, who said it, and the seconds from now at which its text stands."""
    for word, source, seconds in ledger:
        at = (store.clock() + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f")
        if store.server:
            at += "+00"
        columns = "thread_id, direction, body, status, placed_at, at, automatic, arrived, revision"
        values = f"{thread}, 'inbound', '{word}', 'received', '{at}', '{at}', FALSE, 1, 1"
        by_hand(store, f"INSERT INTO message ({columns}) VALUES ({values})")
        by_hand(
            store,
            "INSERT INTO consent (thread_id, word, source, at, message_id, revision) "
            f"SELECT {thread}, '{word}', '{source}', '{at}', max(id), 1 FROM message",
        )


def any_ledger(pick):
    """Entries that cross each other, within and beyond the time that they may; now and then a long run of one."""
    ledger = []
    while len(ledger) < 14:
        word = pick.choice(WORDS)
        run = range(pick.choice((1, 1, 1, 4)))
        ledger += [(*word, pick.randrange(20) * DISORDER.total_seconds() / 4) for _ in run]
    return ledger


@pytest.mark.parametrize("seed", range(40))
def test_what_is_read_says_what_the_whole_says(store, seed):
    thread = a_text(store).thread
    said(store, thread, any_ledger(random.Random(seed)))
    with store.reading() as connection:
        whole = entries(connection, thread)
        stops, known = standing(whole), standing(decisive(connection, thread))
        assert known[:1] == stops[:1]
        assert all(stop.source == PERSON for stop in known) == all(stop.source == PERSON for stop in stops)
        for since in {entry.at for entry in whole}:
            shown = {entry.message for entry in whole if entry.at >= since}
            read = marks(entries(connection, thread, since))
            assert {id: mark for id, mark in read.items() if id in shown} == {
                id: mark for id, mark in marks(whole).items() if id in shown
            }
            assert started_after(connection, thread, since) == any(
                entry.word == START and entry.at > since for entry in whole
            )
        assert newest(connection, thread) == max(entry.at for entry in whole)


def test_an_opt_out_that_crossed_an_opt_in_is_read_although_it_is_not_the_first(store):
    thread = a_text(store).thread
    said(store, thread, [(STOP, TEXT, -1000), (START, TEXT, 0), (STOP, TEXT, -30), (START, TEXT, 600)])
    with store.reading() as connection:
        whole = entries(connection, thread)
        read = entries(connection, thread, store.clock())
    starts = {entry.message for entry in whole if entry.word == START}
    assert starts & set(marks(read)) == starts & set(marks(whole)) == starts


@pytest.mark.parametrize("run", [[STOP], [START], ["help"], [STOP, START], [STOP, "help"]])
def test_of_a_long_ledger_only_a_few_entries_are_read(store, run):
    thread = a_text(store).thread
    said(store, thread, [(run[number % len(run)], TEXT, number * 600.0 - 90_000) for number in range(120)])
    with store.reading() as connection:
        assert len(entries(connection, thread)) == 120
        assert len(decisive(connection, thread)) <= 2
        start = conversations.start_of_last(connection, thread, 10)
        assert start is not None
        assert len(entries(connection, thread, start.at)) <= 12
        shown = conversations.messages(connection, thread, start)
        whole = conversations.messages(connection, thread, Key(store.clock() - timedelta(days=9), 0))
        assert shown == whole[-10:]


def test_nothing_was_said_where_there_is_no_ledger(store):
    thread = a_text(store).thread
    with store.reading() as connection:
        assert (decisive(connection, thread), newest(connection, thread)) == ((), None)
        assert not started_after(connection, thread, store.clock())
