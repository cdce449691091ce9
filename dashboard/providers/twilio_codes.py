"""Twilio's codes, in words for whoever sent the text, and what follows from each."""

from dataclasses import dataclass

from dashboard.core import delivery
from dashboard.core.values import Outcome

NO_ANSWER = "Twilio gave no answer that says whether it went."
BUSY, FAULT = 429, 500  # HTTP statuses: too many requests; from here on Twilio is to blame
OURS = (401, 403)  # the account is the cause, not this text
TIMEOUT = 408
UNKNOWN_TO_THEM = 401  # whoever asks is not who they say: nothing was taken, and whoever set it up has to look at it
LONG_PAUSE = 60.0  # seconds until a text is given again to a company that does not let us in
PAUSE = 5.0  # seconds to leave a company that is busy, where it does not say how long


@dataclass(frozen=True)
class Told:
    """A code in words. ``final``: the same text can never go; ``opted_out``: its receiver wants none."""

    words: str
    final: bool = False
    opted_out: bool = False


# https://www.twilio.com/docs/api/errors, as far as a text can meet them.
CODES = {
    20003: Told("Twilio does not accept our account or its token: whoever set it up has to look at it."),
    20005: Told("Our account at Twilio is not active: whoever set it up has to look at it."),
    20429: Told("Twilio was asked too much at once."),
    21211: Told("This is no phone number that Twilio can reach.", final=True),
    21212: Told("Our own number is not one that Twilio sends from.", final=True),
    21408: Told("Texts to this country are not allowed for our account at Twilio.", final=True),
    21602: Told("Twilio takes no text without words or a picture.", final=True),
    21606: Told("Our own number cannot send texts to this one.", final=True),
    21608: Told("A trial account at Twilio texts only numbers that were verified there.", final=True),
    21610: Told("They have opted out of texts from this number, with STOP.", final=True, opted_out=True),
    21611: Told("Too many texts from our number wait at Twilio already."),
    21612: Told("Twilio has no way from our number to this one.", final=True),
    21614: Told("This number cannot receive texts: it may be a landline.", final=True),
    21617: Told("This text is too long for Twilio.", final=True),
    21620: Told("Twilio cannot fetch the picture: our address for it is none that it takes.", final=True),
    21623: Told("There are more pictures on this text than Twilio takes.", final=True),
    21703: Told("The Messaging Service at Twilio has no number that could send this.", final=True),
    30001: Told("Too many texts from our number waited at Twilio: try again later."),
    30002: Told("Our account at Twilio is suspended: whoever set it up has to look at it."),
    30003: Told("Their phone could not be reached: it may be off, or out of range."),
    30004: Told("Their phone company blocks texts to this number from us.", final=True),
    30005: Told("This number does not exist, or is no longer in service.", final=True),
    30006: Told(
        "This number cannot receive texts: it is a landline, or its phone company is not reachable.", final=True
    ),
    30007: Told("The phone company took this text for unwanted, and filtered it out.", final=True),
    30008: Told("The phone company could not deliver it, and did not say why."),
    30017: Told("The phone company's network was too busy: try again later."),
    30019: Told("The picture is larger than their phone company takes.", final=True),
    30022: Told("Their phone company takes no more texts from us just now: try again later."),
    30032: Told("Our toll-free number is not verified yet, and so may not send.", final=True),
    30034: Told("Our number is not registered for business texts (A2P 10DLC), and so may not send.", final=True),
    30410: Told("Their phone company did not answer in time."),
    30610: Told("They have opted out of texts from us.", final=True, opted_out=True),
    11751: Told("The pictures are larger than Twilio takes.", final=True),
    12300: Told("Twilio does not take a file of this kind.", final=True),
    63038: Told("Our account at Twilio has sent all that it may today."),
}
NOT_NOW = (20429, 21611)  # it was not taken, and may be given again


def failure(code: int | None) -> Told:
    """Why a text failed, by Twilio's code, None where it gave none."""
    if code is None:
        return Told("Twilio could not deliver it, and did not say why.")
    return CODES.get(code, Told(f"Twilio could not deliver it: error {code}."))


def words(status: int, code: int | None) -> str:
    """A no in words."""
    if code in CODES:
        return CODES[code].words
    return f"Twilio refused it: error {code}." if code else f"Twilio refused it, with HTTP status {status}."


def refused(status: int, code: int | None, wait: float) -> Outcome:
    """What a no to a text comes to. Only what was certainly not taken may be given again by a machine."""
    if status == BUSY or code in NOT_NOW:
        return Outcome(delivery.QUEUED, reason=words(status, code), wait=wait or PAUSE, trouble=True)
    if status == UNKNOWN_TO_THEM:
        return Outcome(delivery.QUEUED, reason=words(status, code), wait=LONG_PAUSE, trouble=True)
    if status >= FAULT or status == TIMEOUT:
        return Outcome(delivery.UNKNOWN, reason=f"{NO_ANSWER} (HTTP status {status})", trouble=True)
    told = CODES.get(code or 0, Told(""))
    account = status in OURS and not told.final
    return Outcome(
        delivery.FAILED, reason=words(status, code), final=told.final, opted_out=told.opted_out, trouble=account
    )
