"""The provider interface: send one text, and tell of what happens to it later."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Protocol

from dashboard.core.values import Delivery, Inbound, Outbound, Outcome


class Provider(Protocol):
    """One phone company.

    ``report`` and ``deliver`` are set by whoever runs the provider: they take its delivery reports and inbound texts.
    """

    key: ClassVar[str]
    report: Callable[[Delivery], object]
    deliver: Callable[[Inbound], object]

    def send(self, outbound: Outbound) -> Outcome:
        """Hand over one text. Never raises for what the provider answers: that is in the Outcome."""
        ...

    def tick(self, now: datetime) -> None:
        """Do what is due; called a few times a second by the outbox."""
        ...
