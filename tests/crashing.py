"""A server that is killed at one exact point: ``CRASH_POINT=... CRASH_BODY=... python -m tests.crashing serve ...``.

``live`` is the live half alone, without doors and pages, in a process that was forked for it. Leases and pauses are short, so
that what a crash leaves behind is settled within a test.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http.client import HTTPConnection
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import text

from dashboard.actions import outbox, states
from dashboard.actions.change import Change
from dashboard.live.live import Live
from dashboard.providers import PROVIDERS, twilio_codes, web
from dashboard.providers.twilio import Twilio
from dashboard.store.database import Store
from tests.counting import PATIENCE, Counting

POINTS = {
    "claim": "before the claim's commit",
    "lease": "after the lease's commit, before the call",
    "call": "the request is sent, and its answer not read",
    "answer": "after the answer, before its record's commit",
    "record": "after the record's commit",
}
SAID = "SELECT count(*) FROM message WHERE revision = :revision AND body = :body"
POINT = BODY = ""  # where this process is to die, and with which text
here = local()


def die() -> None:
    """End at once: nothing is finished, flushed or closed."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # no statement after this one is carried out


def die_at(point: str, body: str) -> None:
    if (point, body) == (POINT, BODY):
        die()


def dying_before_the_commit(finish: Callable[[Change], None]) -> Callable[[Change], None]:
    points = {"claim": "claim", "record_outcome": "answer"}

    @wraps(finish)
    def finished(change: Change) -> None:
        finish(change)
        if points.get(change.action) == POINT:
            values = {"revision": change.revision, "body": BODY}
            if change.connection.execute(text(SAID), values).scalar_one():
                die()

    return finished


def dying_around_the_call(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def sent(self: Any, outbound: Any) -> Any:
        die_at("lease", outbound.body)
        here.body = outbound.body
        try:
            return send(self, outbound)
        finally:
            here.body = ""

    return sent


def dying_before_the_answer(getresponse: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(getresponse)
    def answered(*arguments: Any, **more: Any) -> Any:
        die_at("call", getattr(here, "body", ""))
        return getresponse(*arguments, **more)

    return answered


def dying_after_the_record(record: Callable[..., None]) -> Callable[..., None]:
    @wraps(record)
    def recorded(store: Store, message: int, *arguments: Any) -> None:
        record(store, message, *arguments)
        with store.reading() as connection:
            body = connection.execute(text("SELECT body FROM message WHERE id = :id"), {"id": message}).scalar_one()
        die_at("record", body)

    return recorded


def prepare(provider: type[Any]) -> None:
    """Make this process die where it is told to, and wait for little."""
    global POINT, BODY
    POINT, BODY = os.environ.get("CRASH_POINT", ""), os.environ.get("CRASH_BODY", "")
    Change.finish = dying_before_the_commit(Change.finish)  # type: ignore[method-assign]
    HTTPConnection.getresponse = dying_before_the_answer(HTTPConnection.getresponse)  # type: ignore[method-assign]
    provider.send = dying_around_the_call(provider.send)
    outbox.record_outcome = dying_after_the_record(outbox.record_outcome)
    twilio_codes.PAUSE = 0.1
    Twilio.__init__.__defaults__ = (web.Limits(read=PATIENCE), *Twilio.__init__.__defaults__[1:])
    outbox.LEASE, outbox.REST, outbox.AGAIN = (timedelta(seconds=seconds) for seconds in (2, 0.2, 0.5))
    outbox.ASK_AFTER = states.ASK_AFTER = (0.5, 0.5, 1, 1)


def live(url: str, settings: dict[str, str], log: str) -> None:
    """The live half alone, with these settings, until it is killed."""
    with Path(log).open("ab") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    os.environ.update(settings)
    prepare(Counting)
    running = Live(Store(url), Counting())
    running.start()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    PROVIDERS[Counting.key] = Counting
    prepare(PROVIDERS[os.environ["MESSAGE_CENTER_PROVIDER"]])
    from dashboard.__main__ import main

    main()
