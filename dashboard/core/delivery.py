"""Delivery states of an outbound message, and which report beats which."""

QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN = "queued", "sending", "sent", "delivered", "failed", "unknown"
RECEIVED = "received"
REPORTS = (SENDING, SENT, FAILED, DELIVERED)  # what a provider can report, weakest first
TAKEN = (SENDING, SENT, DELIVERED)  # what it can report of a text that it has taken
STATES = (QUEUED, UNKNOWN, *REPORTS)
TROUBLED = (FAILED, UNKNOWN)  # what somebody has to deal with: try it again, or let it be
UNSAID = {
    FAILED: "The phone company gave no reason.",
    UNKNOWN: "The phone company gave no answer, so nobody can say whether it went.",
}
ASKING = "The phone company is being asked what became of it."
ASKED = "The phone company was asked, and could not say."


def locked(address: str, can_be_answered: bool, provider: str | None) -> str | None:
    """Why no text can be sent to an address over one of our numbers with this provider, in words, or None."""
    if not can_be_answered:
        return f"{address} is a sender's name, not a number: no reply can reach it."
    if provider is None:
        return "No phone company is set up yet, so nothing can be sent: set MESSAGE_CENTER_PROVIDER and start again."
    return None


def after(state: str, report: str) -> str:
    """The state after a provider's report: any report beats unknown, delivered beats failed, nothing else goes back."""
    if state == UNKNOWN:
        return report
    return max(state, report, key=STATES.index)


def reason(state: str, given: str | None, asks: bool = False, asked: int = 0) -> str | None:
    """Why a message is in its state, in words, also where no reason was given; None where none is needed.

    Of one that nobody could confirm: whether the phone company is being asked, or has been, in vain.
    """
    if state == QUEUED:
        return given
    if state == UNKNOWN:
        more = ASKING if asks else ASKED if asked else ""
        return f"{given or UNSAID[state]} {more}".rstrip()
    return (given or UNSAID[state]) if state in TROUBLED else None
