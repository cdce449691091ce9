"""All of 100,000 threads ticked, removed and brought back by a screen, while texts arrive and others look."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from dashboard.demo import bulk
from dashboard.live.screen import Screen
from dashboard.store.database import Store
from tests.factories import OURS, a_screen, a_store, a_text, a_url, asked, sound
from tests.live.test_screen import Face
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
THREADS = 100_000
FILTERED = "accounts"


@contextmanager
def texts_arriving(store: Store) -> Iterator[list[int]]:
    """Texts from numbers of their own for as long as this lasts; the ids of their threads."""
    threads: list[int] = []
    going = [True]

    def text() -> None:
        for number in itertools.count():
            if not going:
                return
            threads.append(a_text(store, f"+1603444{number % 200:04}", f"Hello {number}").thread)

    other = Thread(target=text)
    other.start()
    try:
        yield threads
    finally:
        going.clear()
        other.join()


def shown(screen: Screen) -> tuple[int, int]:
    screen.catch_up()
    return screen.snapshot.total, screen.snapshot.unread


def test_all_that_match_are_removed_and_brought_back_while_others_work(tmp_path: Path) -> None:
    with a_store(a_url(tmp_path)) as store:
        count = scaled(THREADS)
        bulk.grow(store, OURS, count, count * 3)
        screen, other = a_screen(store, filter=FILTERED), a_screen(store)
        screen.face = Face()
        matching, everything = shown(screen)[0], shown(other)[0]
        assert count * 0.5 < matching < everything, "the filter is to leave some out"
        with texts_arriving(store) as arrived:
            screen.tick_all(on=True)
            screen.act("remove")
            assert shown(screen)[0] == 0
            screen.undo(screen.face.undo)
        removed, undone = [words for words in screen.face.notices if not words.endswith("…")]
        assert removed.startswith(f"{matching:,} threads removed.")
        assert undone == f"Undone for {matching:,} threads."
        assert shown(screen)[0] == matching
        assert shown(other)[0] == everything + len(set(arrived))
        assert arrived, "somebody is to work meanwhile"
        assert asked(store, "SELECT count(*) FROM thread WHERE removed") == [(0,)]
        assert sound(store)
