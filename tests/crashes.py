"""The crash matrix: at each point of handing over a text the server is killed, with each answer; then what is there."""

import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dashboard.core.values import MessageRow
from dashboard.store.database import Store
from tests import crashing
from tests.counting import a_company
from tests.factories import a_reply, a_screen, a_store, a_text, asked, eventually, sound

ROOT = Path(__file__).parents[1]
DYING, SETTLING = 120, 120.0  # seconds at most, on a busy machine
FORKS = multiprocessing.get_context("forkserver")  # a process that has imported everything begins the next ones
FORKS.set_forkserver_preload([crashing.__name__])


class Dying(Protocol):
    """A server that runs and is to die: what ``subprocess.Popen`` has of it."""

    def wait(self, timeout: float | None = None) -> int | None: ...
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


Command = Callable[[str], tuple[str, ...]]
KEY = "MESSAGE_CENTER_PROVIDER"


class Company(Protocol):
    """What stands in for a phone company: it is told how to answer the first attempt at a text, and counts."""

    @property
    def settings(self) -> dict[str, str]: ...
    @property
    def taken(self) -> Counter[str]: ...
    def expect(self, body: str, answer: str, takes: bool, lists: bool) -> None: ...


@dataclass(frozen=True)
class Cell:
    """One crash: where, with which answer; whether a text is taken where the answer does not say, and listed later."""

    point: str
    answer: str
    takes: bool = True
    lists: bool = True

    @property
    def body(self) -> str:
        return f"{self.point} {self.answer} {self.takes} {self.lists}"


class Live:
    """The live half of a server, without doors and pages."""

    def __init__(self, url: str, settings: dict[str, str], log: Path) -> None:
        self._process = FORKS.Process(target=crashing.live, args=(url, settings, str(log)))
        self._process.start()

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()


def crash_in_turn(
    url: str,
    cells: list[Cell],
    command: Command | None,
    log: Path,
    stand_in: Callable[[], AbstractContextManager[Company]] = a_company,
) -> tuple[Counter[str], list[MessageRow]]:
    """Let a server die in each cell, each time started again on what the last one left; at last one lives until all
    is settled. Without a command it is the live half alone. What the phone company took, by text, and the texts as they
    stand on a screen."""
    with stand_in() as company, a_store(url, provider=company.settings[KEY]) as store:
        store.clock = Store.__init__.__defaults__[0]  # the real time
        for number, cell in enumerate(cells):
            company.expect(cell.body, cell.answer, cell.takes, cell.lists)
            a_reply(store, a_text(store, f"+1603444{number:04}").thread, cell.body)
            with _running(command, url, company, cell, log) as process:
                assert process.wait(DYING) == -9, f"it was to die {cell}: {log.read_text()}"
        with _running(command, url, company, None, log) as process:
            assert eventually(lambda: _is_settled(store), SETTLING), log.read_text()
            assert process.poll() is None, log.read_text()
        assert sound(store)
        return company.taken, [_on_screen(store, number + 1) for number in range(len(cells))]


def wrong(cells: list[Cell], taken: Counter[str], shown: list[MessageRow]) -> list[str]:
    """Texts that went twice, or were lost, without a word on the screen."""
    return [
        f"{cell}: taken {taken[cell.body]}, shown {row.status} ({row.reason})"
        for cell, row in zip(cells, shown, strict=True)
        if not _is_right(cell, taken[cell.body], row)
    ]


def _is_right(cell: Cell, taken: int, row: MessageRow) -> bool:
    """Once, and shown as sent; or not at all, and shown as failed with the reason; or "could not confirm"."""
    assert row.body == cell.body
    if row.status == "unknown":
        return taken <= 1 and bool(row.reason)
    return (row.status, taken) == ("sent", 1) or ((row.status, taken) == ("failed", 0) and bool(row.reason))


def _is_settled(store: Store) -> bool:
    waits = "SELECT count(*) FROM message WHERE status IN ('queued', 'sending') OR ask_at IS NOT NULL"
    return asked(store, waits) == [(0,)]


def _on_screen(store: Store, thread: int) -> MessageRow:
    return a_screen(store, thread=thread).snapshot.messages[1]


@contextmanager
def _running(command: Command | None, url: str, company: Company, cell: Cell | None, log: Path) -> Iterator[Dying]:
    settings = {**company.settings, "MESSAGE_CENTER_SECRET_KEY": "only-for-tests-" * 4}
    if cell is not None:
        settings |= {"CRASH_POINT": cell.point, "CRASH_BODY": cell.body}
    log.touch()
    process = Live(url, settings, log) if command is None else _begun(command(url), settings, log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _begun(words: tuple[str, ...], settings: dict[str, str], log: Path) -> Dying:
    with log.open("a") as output:
        command = (sys.executable, "-m", crashing.__name__, *words)
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=os.environ | settings)
