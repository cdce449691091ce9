"""How much waits, and for how long: what ``/metrics`` asks of a database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from dashboard.core.delivery import FAILED, QUEUED, SENDING, UNKNOWN
from dashboard.core.pictures import WAITING
from dashboard.core.tables import ATTACHMENT, FAILED_MESSAGE, MESSAGE, OPEN_MESSAGE
from dashboard.store.database import now


@dataclass(frozen=True)
class Gauges:
    """Texts that wait by state, ``oldest`` seconds since the first of the unsent was written (0: none waits); texts that
    ``failed`` or are ``unknown`` and nobody has dealt with; ``pictures`` that wait to be looked into."""

    queued: int
    sending: int
    oldest: float
    failed: int
    unknown: int
    pictures: int


def gauges(connection: Connection) -> Gauges:
    """As of this reading. Each count goes by an index of what is counted, however large the rest."""
    open_ = select(MESSAGE.c.status, func.count(), func.min(MESSAGE.c.at)).where(text(OPEN_MESSAGE))
    waiting = {row[0]: row for row in connection.execute(open_.group_by(MESSAGE.c.status))}
    troubled = select(MESSAGE.c.status, func.count()).where(text(FAILED_MESSAGE)).group_by(MESSAGE.c.status)
    left = {str(status): int(number) for status, number in connection.execute(troubled)}
    pictures = select(func.count()).where(text(f"state = '{WAITING}'")).select_from(ATTACHMENT)
    return Gauges(
        queued=waiting[QUEUED][1] if QUEUED in waiting else 0,
        sending=waiting[SENDING][1] if SENDING in waiting else 0,
        oldest=_age(now(connection), [row[2] for row in waiting.values()]),
        failed=left.get(FAILED, 0),
        unknown=left.get(UNKNOWN, 0),
        pictures=int(connection.execute(pictures).scalar_one()),
    )


def _age(moment: datetime, written: list[datetime]) -> float:
    return max(0.0, (moment - min(written)).total_seconds()) if written else 0.0
