"""The demo and the sample data, put together: a fresh database, the town's season, its people texting."""

from collections.abc import Callable

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import select

from dashboard import app, settings
from dashboard.actions import numbers
from dashboard.core.errors import Refused, SettingError
from dashboard.core.tables import THREAD
from dashboard.demo import bulk
from dashboard.demo.folder import temporary_folder
from dashboard.demo.town import enliven, populate
from dashboard.providers import Simulated
from dashboard.settings import Settings
from dashboard.store import schema
from dashboard.store.database import Store


def demonstrate(port: int, threads: int, quiet: bool, opened: Callable[[str], object]) -> None:
    """Serve a fresh, seeded inbox from a temporary folder until it is stopped."""
    with temporary_folder() as folder:
        chosen = settings.load(
            {}, database=f"sqlite:///{folder / 'demo.db'}", host="127.0.0.1", port=port, provider=Simulated.key
        )
        application = app.assemble(chosen)
        try:
            made = app.server(application, demo=True)
        except SettingError:
            application.stop()
            raise
        populate(application.store, threads)
        assert isinstance(application.provider, Simulated)
        enliven(application.live, application.provider, quiet)
        url = f"http://127.0.0.1:{made.port}/"
        app.run(application, made, lambda: _announce(url, opened))


def seed(chosen: Settings, threads: int, messages: int, agreed: Callable[[str], bool] = lambda _: True) -> None:
    """Add sample data to a database, with a progress bar; ``agreed`` is asked, in words, where it has conversations.

    Raises SettingError for fewer messages than threads, Refused where it was not agreed.
    """
    if messages < threads:
        raise SettingError(f"--messages {messages}: every thread has at least one message, so give {threads} or more.")
    store = Store(chosen.database, region=chosen.region)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        schema.ready(store)
        name = store.url.render_as_string()
        if _has_conversations(store) and not agreed(
            f"{name} has conversations. Sample data among them cannot be taken out again. Add it?"
        ):
            raise Refused("Nothing was added.")
        numbers.set_first_number(store, ours := (chosen.our_numbers() or (numbers.FICTIONAL,))[0])
        with Progress(*columns) as progress:
            task = progress.add_task("threads", total=threads)
            bulk.grow(store, ours, threads, messages, lambda done: progress.update(task, completed=done))
        print(f"{threads:,} threads of sample data, {messages:,} messages, are in {name}.")
    finally:
        store.close()


def _has_conversations(store: Store) -> bool:
    with store.reading() as connection:
        return connection.execute(select(THREAD.c.id).limit(1)).first() is not None


def _announce(url: str, opened: Callable[[str], object]) -> None:
    print(f"Message Center demo: {url}", flush=True)
    opened(url)
