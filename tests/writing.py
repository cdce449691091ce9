"""Another process that writes: ``python -m tests.writing URL COUNT`` stores texts and prints when each was committed."""

import random
import subprocess
import sys
import time
from statistics import median

from dashboard.live.live import Live
from dashboard.store.database import Store
from tests.factories import a_screen, a_text, eventually

PAUSE = 0.15  # seconds on average between two texts; never in step with whoever looks at intervals


class Watcher:
    """A face that notes when each text was shown first, in nanoseconds since 1970."""

    def __init__(self) -> None:
        self.shown: dict[str, int] = {}

    def show(self, snapshot: object) -> None:
        for row in snapshot.rows:  # type: ignore[attr-defined]
            self.shown.setdefault(row.text, time.time_ns())

    def tell(self, news: dict[str, object]) -> None:
        """What is told once does not matter here."""


def delays(live: Live, url: str, count: int) -> list[float]:
    """Seconds from each commit in another process until a screen of this one shows it."""
    screen, watcher = a_screen(live.store), Watcher()
    screen.face = watcher
    live.attach(screen)
    written = subprocess.run(
        [sys.executable, "-m", "tests.writing", url, str(count)], capture_output=True, text=True, check=True
    )
    committed = dict(line.split() for line in written.stdout.splitlines())
    assert len(committed) == count
    assert eventually(lambda: set(committed) <= set(watcher.shown)), "a text of the other process never showed"
    return [(watcher.shown[body] - int(at)) / 1e9 for body, at in committed.items()]


def told(found: list[float]) -> str:
    """The delays in words."""
    return f"median {median(found) * 1000:.1f} ms, worst {max(found) * 1000:.1f} ms"


def write(url: str, count: int) -> None:
    store = Store(url)
    for number in range(count):
        time.sleep(random.uniform(PAUSE / 2, PAUSE * 3 / 2))
        a_text(store, f"+1603555{number % 9 + 100:04}", f"text-{number}", id=f"elsewhere-{number}")
        print(f"text-{number}", time.time_ns(), flush=True)
    store.close()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
