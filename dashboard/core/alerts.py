"""Who is alerted to a text that comes in, or why nobody is: the rule, as a pure function with its reasons."""

from dataclasses import dataclass

from dashboard.core.filters import CLIENT, LEAD
from dashboard.core.rights import VIEW

ALERTING = (CLIENT, LEAD)  # kinds of correspondent whose texts alert somebody


@dataclass(frozen=True)
class Reason:
    """Why somebody was alerted, or nobody; ``{who}`` in the sentence stands for the names it is about."""

    key: str
    sentence: str


WROTE_LAST, FALLBACK = "wrote_last", "fallback"
NO_CUSTOMER, NOBODY_WROTE, DISABLED, NO_VIEW = "no_customer", "nobody_wrote", "disabled", "no_view"
SWITCHED_OFF = "switched_off"
REASONS = {
    entry.key: entry
    for entry in (
        Reason(WROTE_LAST, "{who} was the last of us to write to them."),
        Reason(FALLBACK, "Nobody here had written to them yet, and {who} is set to hear of such texts."),
        Reason(NO_CUSTOMER, "Only a text from a client or lead alerts somebody."),
        Reason(NOBODY_WROTE, "Nobody here had written to them yet."),
        Reason(DISABLED, "{who} was the last of us to write to them, and is disabled."),
        Reason(SWITCHED_OFF, "Two Way Texting was switched off when it came."),
        Reason(NO_VIEW, "{who} was the last of us to write to them, and may not view the Message Center."),
    )
}


@dataclass(frozen=True)
class Colleague:
    """A resource as the rule needs it: its id, whether it is active, and its rights just now."""

    id: int
    active: bool
    rights: frozenset[str]


@dataclass(frozen=True)
class Ruling:
    """Who is alerted, by id, the key of the reason, and whom that reason is about."""

    alerted: tuple[int, ...]
    reason: str
    about: tuple[int, ...] = ()


def may_view(colleague: Colleague) -> bool:
    """Whether somebody may see the Message Center at all, so that an alert can reach them."""
    return colleague.active and VIEW in colleague.rights


def ruling(kind: str, writer: Colleague | None, fallback: tuple[Colleague, ...] = ()) -> Ruling:
    """Whom a text from a correspondent of this kind alerts.

    ``writer`` is the resource who last wrote to the account, at any of its numbers, or None; ``fallback`` are those
    who hear of a text where nobody ever wrote. Nobody else is alerted, whatever the reason.
    """
    if kind not in ALERTING:
        return Ruling((), NO_CUSTOMER)
    if writer is None:
        told = tuple(colleague.id for colleague in fallback if may_view(colleague))
        return Ruling(told, FALLBACK, told) if told else Ruling((), NOBODY_WROTE)
    if not writer.active:
        return Ruling((), DISABLED, (writer.id,))
    if not may_view(writer):
        return Ruling((), NO_VIEW, (writer.id,))
    return Ruling((writer.id,), WROTE_LAST, (writer.id,))
