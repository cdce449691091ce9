"""What comes from Kannel, read: texts in its encodings, and reports on what was sent."""

import hmac
import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import phonenumbers

from dashboard.core import delivery
from dashboard.core.addresses import normalise
from dashboard.core.errors import AddressError, Forbidden, Refused
from dashboard.core.text import storable
from dashboard.core.values import Delivery, Inbound, Media, Posted

ID_LIMIT = 200  # characters of an id; Kannel's own have 36
REASON_LIMIT = 200  # characters of what a phone network says
BINARY, UCS2 = "1", "2"  # Kannel's codings; 0, or none, is a text in the charset that it names
CHARSETS = ("utf-8", "iso-8859-1", "windows-1252", "us-ascii")  # what Kannel's alt-charset may be, but for its own
SHORT = 8  # digits of a short code at most
PLACES = re.compile(r"[1-9]\d{8,14}")  # an international number without its "+", E.164
# Kannel user guide, "Delivery reports": the kinds that dlr-mask=31 asks for.
KINDS = {1: delivery.DELIVERED, 2: delivery.FAILED, 4: delivery.SENT, 8: delivery.SENT, 16: delivery.FAILED}
REFUSED = 16
NACK = re.compile(r"NACK/(\d+)(?:/(.+))?")
STATE = re.compile(r"\bstat:([A-Z]+)")
NO_SUCH_NUMBER = "11"  # SMPP 3.4, ESME_RINVDSTADR
# SMPP 3.4, appendix B: the states of a delivery receipt in which a text ends.
STATES = {
    "EXPIRED": "Their phone was off or out of range until the phone network gave up.",
    "DELETED": "The phone network deleted it.",
    "UNDELIV": "The phone network could not deliver it.",
    "REJECTD": "The phone network refused it.",
    "UNKNOWN": "The phone network does not know what became of it.",
}


def fields(posted: Posted, secret: str) -> dict[str, bytes]:
    """The fields of a request's address, as bytes. Raises Forbidden for one without our secret."""
    pairs = parse_qsl(urlsplit(posted.url).query, keep_blank_values=True, encoding="latin-1")
    found = {name: value.encode("latin-1") for name, value in reversed(pairs)}
    if not hmac.compare_digest(found.get("secret", b""), secret.encode()):
        raise Forbidden("secret: it is missing or wrong: give the value of MESSAGE_CENTER_KANNEL_SECRET.")
    return found


def text(key: str, found: dict[str, bytes], data: bytes, region: str) -> Inbound:
    """A text. Raises Refused, naming the field, for what has no id, or nobody who sent it or gets it."""
    coding = found.get("coding", b"").decode("latin-1")
    is_binary = coding == BINARY
    media = (Media(data, "application/octet-stream", "message.bin"),) if is_binary else ()
    body = "" if is_binary else _decoded(data, coding, found.get("charset", b"").decode("latin-1"))
    return Inbound(
        key, _id(found), _address(found, "from", region), _address(found, "to", region), body, media=media,
        at=_at(found), raw=data,
    )  # fmt: skip


def report(key: str, found: dict[str, bytes]) -> Delivery | None:
    """A report on the text whose number our own address for it carried; None for a kind that is no news."""
    message = found.get("message", b"")
    if not re.fullmatch(rb"[1-9]\d{0,8}", message):
        raise Refused("message: it names no text of ours; leave the dlr-url as it was given.")
    kind = found.get("kind", b"")
    if not re.fullmatch(rb"\d{1,3}", kind):
        raise Refused("kind: this is no kind of report; leave the dlr-url as it was given, with %d in it.")
    status = KINDS.get(int(kind))
    if status is None:
        return None
    answer = storable(found.get("answer", b"").decode("utf-8", "replace"))
    reason = _why(int(kind), answer) if status == delivery.FAILED else None
    final = status == delivery.FAILED and answer.startswith(f"NACK/{NO_SUCH_NUMBER}/")
    life = found.get("life", b"").decode("latin-1")
    return Delivery(key, status, message=int(message), reason=reason, final=final, life=life)


def international(number: str, region: str) -> str:
    """A number as Kannel gives it, which may have lost its "+", as ``normalise`` understands it.

    Where numbers at home begin with a zero, one without is international. Where they do not, as in North America, it
    is at home wherever it could be, and else international.
    """
    bare = number.strip()
    if bare.startswith("00"):
        return f"+{bare[2:]}"
    if not PLACES.fullmatch(bare) or len(bare) <= SHORT:
        return bare
    if phonenumbers.ndd_prefix_for_region(region, True) == "0" or not _is_at_home(bare, region):
        return f"+{bare}"
    return bare


def _is_at_home(number: str, region: str) -> bool:
    try:
        normalise(number, region)
    except AddressError:
        return False
    return True


def _id(found: dict[str, bytes]) -> str:
    name = found.get("id", b"").decode("utf-8", "replace").strip()
    if not 0 < len(name) <= ID_LIMIT or storable(name) != name:
        raise Refused("id: it is missing, and the same text could come twice: give %I.")
    return name


def _address(found: dict[str, bytes], name: str, region: str) -> str:
    number = storable(found.get(name, b"").decode("utf-8", "replace")).strip()
    if not number:
        raise Refused(f"{name}: it is missing: see what message-center check says of kannel.conf.")
    return international(number, region)


def _at(found: dict[str, bytes]) -> datetime | None:
    """When Kannel took the text, by the seconds since 1970; None where it does not say so."""
    seconds = found.get("at", b"")
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(rb"[1-9]\d{8,9}", seconds) else None


def _decoded(data: bytes, coding: str, charset: str) -> str:
    """The text. What is none in its charset stands as lone surrogates, so that it is seen that it had to be altered."""
    if coding == UCS2:
        whole = len(data) // 2 * 2
        left = "".join(chr(0xDC00 + byte) for byte in data[whole:])
        return data[:whole].decode("utf-16-be", "surrogatepass") + left
    name = charset.lower() if charset.lower() in CHARSETS else "utf-8"
    return data.decode(name, "surrogateescape")


def _why(kind: int, answer: str) -> str:
    nack, state = NACK.match(answer), STATE.search(answer)
    if nack:
        return f"The phone network refused it: {nack[2] or 'error'} ({nack[1]})."[:REASON_LIMIT]
    if state:
        return STATES.get(state[1], f"The phone network could not deliver it: {state[1][:20]}.")
    return "The phone network refused it." if kind == REFUSED else "The phone network could not deliver it."
