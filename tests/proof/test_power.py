"""The power goes 200 times under a stream of texts: nothing acknowledged is lost, and with less syncing it is.

Our own store is under the stream: its writer with its groups, its pragmas, and every statement of a text that comes in.
Only the library that carries the statements out is apsw's SQLite, whose files are on a disk that forgets
(tests/power.py); what is left after a cut is opened as a start after a power cut opens it, with the shipped build.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from dashboard.core.errors import MessageCenterError
from dashboard.store import sqlite_build, verify
from dashboard.store.database import Store
from tests.conftest import a_folder
from tests.factories import a_text, asked, eventually
from tests.power import Disk, Kept, Module, a_disk
from tests.proof.scale import scaled

pytestmark = pytest.mark.proof
CUTS = scaled(200)
LINES = 6  # threads that post at the same time, so that writes share commits
LEAST = 10  # texts that are acknowledged between two cuts
PACE = 0.002  # seconds between two texts of a line
WHILE = 0.06  # seconds at most between two cuts


@dataclass
class Found:
    """What was there after a cut."""

    lost: int
    is_whole: bool


@contextmanager
def a_stream(store: Store) -> Iterator[set[str]]:
    """Texts come in all the time; the ids of those that were acknowledged."""
    acknowledged: set[str] = set()
    over = Event()

    def post(line: int) -> None:
        number = 0
        while not over.wait(PACE):
            number += 1
            name = f"{line}-{number}"
            a_text(store, f"+1603555{(line * 7 + number) % 40:04}", f"Text {name}", id=name)
            acknowledged.add(name)

    with ThreadPoolExecutor(LINES) as pool:
        lines: list[Future[None]] = [pool.submit(post, line) for line in range(LINES)]
        try:
            yield acknowledged
        finally:
            over.set()
    for line in lines:
        line.result()


def cut(disk: Disk, acknowledged: set[str], chance: random.Random) -> Found:
    """The power goes now; what a start after it finds of what had been acknowledged before."""
    known = frozenset(acknowledged)
    with a_folder() as folder:
        disk.cut(folder, chance)
        return after(folder / "inbox.db", known)


def after(file: Path, known: frozenset[str]) -> Found:
    try:
        store = Store(f"sqlite:///{file}")
    except MessageCenterError:
        return Found(len(known), is_whole=False)
    try:
        there = {str(name) for (name,) in asked(store, "SELECT provider_id FROM message WHERE direction = 'inbound'")}
        with store.reading() as connection:
            return Found(len(known - there), not verify.damage(connection) and not verify.faults(connection))
    except MessageCenterError:
        return Found(len(known), is_whole=False)
    finally:
        store.close()


@contextmanager
def on(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, ready: Path, synchronous: str | None
) -> Iterator[tuple[Store, Module]]:
    """Our store over a database whose files are on this disk."""
    module = Module(disk, synchronous)
    with a_folder() as folder:
        (folder / "inbox.db").write_bytes(ready.read_bytes())
        disk.files["inbox.db"] = Kept(bytearray(ready.read_bytes()))
        with monkeypatch.context() as patch:
            patch.setattr(sqlite_build, "module", lambda: module)
            store = Store(f"sqlite:///{folder / 'inbox.db'}")
        yield store, module
        store.close()


def cut_often(disk: Disk, monkeypatch: pytest.MonkeyPatch, ready: Path, synchronous: str | None) -> list[Found]:
    chance = random.Random(6)
    with on(disk, monkeypatch, ready, synchronous) as (store, module), a_stream(store) as acknowledged:
        assert eventually(lambda: len(acknowledged) > LINES, 30)
        found = []
        for _ in range(CUTS):
            known = len(acknowledged)
            assert eventually(lambda known=known: len(acknowledged) >= known + LEAST)
            time.sleep(chance.uniform(0, WHILE))
            found.append(cut(disk, acknowledged, chance))
        assert "PRAGMA synchronous = " + (synchronous or "FULL") in module.asked
    return found


@pytest.fixture
def ready(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_after_200_power_cuts_nothing_that_was_acknowledged_is_lost(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_disk() as disk:
        found = cut_often(disk, monkeypatch, ready, None)
    assert len(found) == CUTS
    assert sum(cut.lost for cut in found) == 0
    assert all(cut.is_whole for cut in found)


def test_with_synchronous_normal_the_same_loses_what_was_acknowledged(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the cuts are real, and FULL is what keeps the promise."""
    with a_disk() as disk:
        found = cut_often(disk, monkeypatch, ready, "NORMAL")
    assert sum(cut.lost > 0 for cut in found) > CUTS / 2
