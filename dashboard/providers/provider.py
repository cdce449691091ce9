"""The provider interface: send one text, say what became of it, and translate what comes to its doors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self

from pydantic import BaseModel, ConfigDict

from dashboard.core.values import (
    Delivery,
    Inbound,
    Media,
    Outbound,
    OutboundFile,
    Outcome,
    Posted,
    Question,
    RemoteMedia,
)

TEXT, REPORT = "text", "report"  # what comes to a door


class Options(BaseModel):
    """What a provider needs to know, each field a setting MESSAGE_CENTER_<KEY>_<FIELD>: described, and SecretStr where
    it is secret, which may then come from a file and is never printed or logged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def origins(self) -> tuple[str, ...]:
        """Addresses, beside the one that people use, under which the company's machines ask at the hooks."""
        return ()


@dataclass(frozen=True)
class Here:
    """What a provider is told of this message center.

    ``url`` is the origin under which the company reaches us, without a slash at its end; ``share`` makes the address
    of a picture, good for a day, under which the company may fetch it; ``numbers`` are ours, in E.164;
    ``region`` is the country of numbers that are written without "+", ISO 3166; ``life`` is the name that the address
    for a text's reports carries beside the message's id, which a restore gives out again.
    """

    url: str
    share: Callable[[OutboundFile], str]
    numbers: tuple[str, ...] = ()
    region: str = "US"
    life: str = ""


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
    settings: ClassVar[type[Options]]
    pace: float
    report: Callable[[Delivery], object]
    deliver: Callable[[Inbound], object]

    @classmethod
    def made(cls, options: Any, here: Here) -> Self:
        """The provider, from its options. Raises SettingError, naming the setting, for what it cannot work with."""
        ...

    def send(self, outbound: Outbound) -> Outcome:
        """Hand over one text. Never raises for what the provider answers: that is in the Outcome."""
        ...

    def settle(self, question: Question) -> Outcome | None:
        """What became of a text of which nobody knows whether it went; None where the company cannot tell (yet).

        Raises OSError or MessageCenterError where it cannot be asked: it is asked again."""
        ...

    def missed(
        self, since: datetime, known: Callable[[str], bool] = ..., numbers: Iterable[str] = ...
    ) -> Iterable[Inbound]:
        """Texts that have come in since then, told already or not; empty for a company that keeps no list.

        ``known`` says of a text's id whether it is stored already, which spares asking for all of it; ``numbers`` are
        those of ours that are the company's, beside the ones that were set. Raises OSError or MessageCenterError where it
        cannot be asked."""
        ...

    def fetch(self, file: RemoteMedia) -> Media:
        """A file of a text that came in. Raises NotFound while it is not there, another Refused for one that is not
        taken, OSError where the company cannot be asked: it is asked again."""
        ...

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        """What a request at a door says; None for what is no news. Raises Forbidden for one that is not the
        provider's own, Refused for one that cannot be read."""
        ...

    def guide(self) -> tuple[str, ...]:
        """What has to be entered at the company, a sentence for each, as ``check`` prints it."""
        ...

    def probe(self) -> str:
        """Ask the company whether it knows us; what it says. Raises OSError or MessageCenterError, in words."""
        ...

    def tick(self, now: datetime) -> None:
        """Do what is due; called a few times a second by the outbox."""
        ...
