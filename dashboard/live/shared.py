"""The live half that all objects of one process and database share, and whether it sends."""

import atexit
import os
from threading import Lock
from zoneinfo import ZoneInfo

from dashboard.actions import numbers
from dashboard.core.addresses import known_region
from dashboard.core.errors import SettingError
from dashboard.core.zones import known_zone
from dashboard.live.live import Live
from dashboard.providers import PROVIDERS, Simulated
from dashboard.store import schema
from dashboard.store.database import Store
from dashboard.store.numbers import our_numbers

# Of all settings those that a notebook needs: a server may send what it writes.
REGION, ZONE = "MESSAGE_CENTER_REGION", "MESSAGE_CENTER_ZONE"

_running: dict[str, Live] = {}
_lock = Lock()


def shared_live(url: str) -> Live:
    """The Live of a database in this process, started on first use and stopped when the interpreter ends.

    It reads, receives and takes what people send; who hands that to the phone company is another process, a server,
    or this one, when ``deliver`` was called. Numbers without "+" belong to the country, and days to the zone, that is
    set for a server. Raises SettingError for a country, a zone or a URL that cannot be used, StoreError for such a
    database.
    """
    with _lock:
        if url not in _running:
            _running[url] = _started(url)
        return _running[url]


def deliver(live: Live, provider: str | None = None) -> None:
    """Let this process hand what is sent to the phone company; asked again, it goes on as it does.

    ``provider`` is a key of PROVIDERS; None takes the one that the database's numbers send through already.

    Raises
    ------
    SettingError
        for a provider that there is not, for a second one in one process, for a database that names none, and for
        a real phone company, whose settings a server has.
    """
    with _lock:
        _chosen(live, provider)
        if live.outbox is None:
            live.deliver(Simulated())


def _chosen(live: Live, provider: str | None) -> str:
    """The provider's key; what the database lacks to send through it is recorded."""
    if provider is not None and provider not in PROVIDERS:
        raise SettingError(f"provider: “{provider}” is no provider there is; choose one of: {', '.join(PROVIDERS)}.")
    running = live.provider.key if live.provider else None
    if running and provider not in (None, running):
        raise SettingError(
            f"provider: this process sends through {running} already; another one needs its own process."
        )
    with live.store.reading() as connection:
        ours = our_numbers(connection)
    key = running or provider or next((number.provider for number in ours if number.provider), None)
    if key not in PROVIDERS:
        raise SettingError(f"deliver: the database names no provider; say provider= one of: {', '.join(PROVIDERS)}.")
    if key != Simulated.key and running is None:
        raise SettingError(
            f"deliver: {key} is served by message-center serve, which has its settings: leave deliver= out, and what "
            "is written here goes out there."
        )
    if running is None and provider is not None:
        numbers.set_first_number(live.store, numbers.FICTIONAL)
        numbers.set_provider(live.store, provider)
    return key


def _region() -> str:
    """The country of numbers without "+", as for a server."""
    try:
        return known_region(os.environ.get(REGION, "US"))
    except SettingError as error:
        raise SettingError(f"{REGION}: {error}.") from None


def _zone() -> ZoneInfo | None:
    """The zone of the days that customers are told of, as for a server; None for this machine's own."""
    name = os.environ.get(ZONE)
    try:
        return known_zone(name) if name else None
    except SettingError as error:
        raise SettingError(f"{ZONE}: {error}.") from None


def _started(url: str) -> Live:
    store = Store(url, region=_region(), zone=_zone())
    try:
        schema.ready(store)
        live = Live(store)
    except Exception:
        store.close()
        raise
    live.start()
    atexit.register(_stop, live)
    return live


def _stop(live: Live) -> None:
    """End with nothing left: no thread, no connection, no file of SQLite's beside the database's own."""
    live.stop()
    live.store.close()
