"""The sample town put together: its season and people in a database, and its people texting while it lives."""

import atexit
from contextlib import ExitStack

from dashboard.actions import numbers
from dashboard.core.errors import SettingError
from dashboard.demo import bulk, season
from dashboard.demo.folder import temporary_folder
from dashboard.demo.townspeople import Townspeople
from dashboard.live.live import Live
from dashboard.providers import Simulated
from dashboard.store import schema
from dashboard.store.database import Store

TALK = 9  # messages in a thread of the demo, on average
MOST = 100_000  # threads of a demo; more than that is for ``message-center seed``


def populate(store: Store, threads: int) -> None:
    """Settle the town, with invented people where it is smaller than ``threads``. Raises SettingError for a bad number."""
    if not 1 <= threads <= MOST:
        raise SettingError(f"threads={threads}: give a number from 1 to {MOST:,}.")
    town = season.settle_town(store, numbers.FICTIONAL)
    if threads > town:
        bulk.grow(store, numbers.FICTIONAL, threads - town, TALK * (threads - town))


def enliven(live: Live, provider: Simulated, quiet: bool) -> None:
    """Let the town's people text and answer; nobody does while it is ``quiet``."""
    live.ticker.calls.append(Townspeople(provider, live.store.clock, quiet).tick)


def living_town(threads: int, quiet: bool) -> Live:
    """A town of its own in a fresh SQLite file, alive until the interpreter ends; then nothing is left of it."""
    with ExitStack() as ends:
        folder = ends.enter_context(temporary_folder())
        store = Store(f"sqlite:///{folder / 'demo.db'}")
        ends.callback(store.close)
        schema.ready(store)
        numbers.set_first_number(store, numbers.FICTIONAL)
        numbers.set_provider(store, Simulated.key)
        populate(store, threads)
        provider = Simulated()
        live = Live(store, provider)
        live.start()
        ends.callback(live.stop)
        enliven(live, provider, quiet)
        atexit.register(ends.pop_all().close)
    return live
