"""The live half that all objects of one process and database share."""

import atexit
from threading import Lock

from dashboard.live.live import Live
from dashboard.store import schema
from dashboard.store.database import Store

_running: dict[str, Live] = {}
_lock = Lock()


def shared_live(url: str) -> Live:
    """The Live of a database in this process, started on first use and stopped when the interpreter ends.

    It reads, receives and takes what people send; another process, a server, hands that to the phone company.
    """
    with _lock:
        if url not in _running:
            _running[url] = _started(url)
        return _running[url]


def _started(url: str) -> Live:
    store = Store(url)
    schema.ready(store)
    live = Live(store)
    live.start()
    atexit.register(live.stop)
    return live
