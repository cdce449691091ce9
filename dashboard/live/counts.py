"""What this process has counted since it began, for ``/metrics``: plain numbers, so that counting costs nothing.

One thread adds to each number, or little hangs on one that is lost; nothing here has a text, a name or a number of
anybody's.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """``patches`` were sent to browsers; ``received`` texts came in, ``duplicates`` of them again; ``answers`` are those of
    the webhooks, by door and status; ``read`` seconds went into ``readings`` that brought screens up to date."""

    patches: int = 0
    received: int = 0
    duplicates: int = 0
    readings: int = 0
    read: float = 0.0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)


COUNTS = Counts()
