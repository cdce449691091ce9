"""The provider interface: send one text, say what became of it, and translate what comes to its doors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from dashboard.core.values import Delivery, Inbound, Media, Outbound, Outcome, Posted, Question, RemoteMedia

TEXT, REPORT = "text", "report"  # what comes to a door


@dataclass(frozen=True)
class Hook:
    """A door of a provider's: POST or GET /hooks/KEY/NAME takes texts, or reports."""

    name: str
    method: str
    takes: str
    answer: str = ""  # the body of a 200
    type: str = "text/plain; charset=utf-8"


class Provider(Protocol):
    """One phone company.

    ``report`` and ``deliver`` are set by whoever runs the provider: they take its delivery reports and inbound texts.
    ``pace`` is how many segments a second it takes from one of our numbers, 0 for as many as come.
    """

    key: ClassVar[str]
    hooks: ClassVar[tuple[Hook, ...]]
    pace: float
    report: Callable[[Delivery], object]
    deliver: Callable[[Inbound], object]

    def send(self, outbound: Outbound) -> Outcome:
        """Hand over one text. Never raises for what the provider answers: that is in the Outcome."""
        ...

    def settle(self, question: Question) -> Outcome | None:
        """What became of a text of which nobody knows whether it went; None where the company cannot tell (yet).

        Raises OSError or MessageCenterError where it cannot be asked: it is asked again."""
        ...

    def missed(self, since: datetime) -> Iterable[Inbound]:
        """Texts that have come in since then, told already or not; empty for a company that keeps no list."""
        ...

    def fetch(self, file: RemoteMedia) -> Media:
        """A file of a text that came in. Raises NotFound while it is not there, Refused for one that is not taken."""
        ...

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        """What a request at a door says; None for what is no news. Raises Forbidden for one that is not the
        provider's own, Refused for one that cannot be read."""
        ...

    def tick(self, now: datetime) -> None:
        """Do what is due; called a few times a second by the outbox."""
        ...
