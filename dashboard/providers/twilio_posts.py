"""Twilio's posts: who may have sent them, and what they say."""

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from dashboard.core import consent, delivery
from dashboard.core.errors import Forbidden, Refused
from dashboard.core.values import Delivery, Inbound, Posted, RemoteMedia
from dashboard.providers import twilio_codes

log = logging.getLogger(__name__)
SIGNATURE = "x-twilio-signature"
OURS, LIFE = "message", "life"  # in the address that Twilio reports to: our message's id, and whose id it is
SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
FORM = "application/x-www-form-urlencoded"
FIELDS = 1000  # of a form; Twilio sends some twenty
FILES = 10  # of one text, Twilio
PORTS = {"http": 80, "https": 443}
NAME = re.compile(r"[\w.\[\]]{1,64}")  # of a field: what has more in it was put together of several
READ = ("AccountSid", "MessageSid", "From", "To", "Body", "NumMedia", "OptOutType", "MessageStatus", "ErrorCode")
ID = re.compile(r"[1-9][0-9]{0,17}")
TYPE_LIMIT = 100  # characters of a file's claimed type that are kept
STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), delivery.SENT),
    **dict.fromkeys(("delivered", "read", "partially_delivered"), delivery.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), delivery.FAILED),
}
WORDS = {"STOP": consent.STOP, "START": consent.START, "HELP": consent.HELP}


def signature(token: str, url: str, fields: list[tuple[str, str]]) -> str:
    """What Twilio writes into X-Twilio-Signature: base64 of the HMAC-SHA1 of the address and every name and value."""
    each: dict[str, set[str]] = {}
    for name, value in fields:
        each.setdefault(name, set()).add(value)
    said = "".join(name + value for name in sorted(each) for value in sorted(each[name]))
    # What was no UTF-8 becomes the bytes again that it was.
    whole = url.encode("utf-8", "surrogatepass") + said.encode("utf-8", "surrogateescape")
    return base64.b64encode(hmac.new(token.encode(), whole, hashlib.sha1).digest()).decode()


def parsed(body: bytes) -> list[tuple[str, str]]:
    """The names and values of a form, nothing stripped; what is no UTF-8 in them is escaped. Raises ValueError for one
    of too many fields."""
    form = body.decode("utf-8", "surrogateescape")
    return parse_qsl(form, keep_blank_values=True, errors="surrogateescape", max_num_fields=FIELDS)


def signed(posted: Posted, token: str, account: str) -> dict[str, str]:
    """The fields of a post that Twilio has signed for our account. Raises Forbidden for any other.

    Names and values are signed without anything between them, so the account has to be named as well, and ``text`` and
    ``report`` take an SID only in its form: what is signed cannot be cut up in another way.
    """
    given = posted.headers.get(SIGNATURE, "").encode("utf-8", "surrogatepass")
    fields = _fields(posted)
    made = [signature(token, url, fields).encode() for url in _written(posted.url)]
    # All are compared, whichever is right: how long it takes tells nothing.
    if not sum(hmac.compare_digest(given, one) for one in made):
        raise Forbidden(
            "This is not signed by Twilio: MESSAGE_CENTER_TWILIO_AUTH_TOKEN is to be the primary token of the account, "
            "and MESSAGE_CENTER_URL the address that Twilio was given."
        )
    named = dict(reversed(fields))  # the first of several counts
    twice = any(value != named[name] for name, value in fields if name in READ)
    if named.get("AccountSid") != account or twice or not all(NAME.fullmatch(name) for name in named):
        raise Forbidden("This is signed, but it is nothing that Twilio posts for this account.")
    return named


def text(provider: str, fields: Mapping[str, str], posted: Posted) -> Inbound:
    """A text that came in. Raises Refused for a post that is none."""
    return Inbound(
        provider=provider,
        id=_sid(fields),
        sender=_needed(fields, "From"),
        to=_needed(fields, "To"),
        body=fields.get("Body", ""),
        raw=posted.body,
        remote=_files(fields),
        word=WORDS.get(fields.get("OptOutType", "").upper()),
    )


def report(provider: str, fields: Mapping[str, str], posted: Posted) -> Delivery | None:
    """A report on a text that went out; None for a state that is none of a text's. Raises Refused for no report."""
    sid = _sid(fields)
    said = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    state = STATES.get(said)
    if state is None:
        log.warning("Twilio reports a state that is not known here: %r", said[:40])
        return None
    asked = dict(parse_qsl(urlsplit(posted.url).query))
    ours, life = asked.get(OURS, ""), asked.get(LIFE, "")
    message = int(ours) if ID.fullmatch(ours) else None
    if state != delivery.FAILED:
        return Delivery(provider, state, message, sid, life=life)
    code = fields.get("ErrorCode", "")
    told = twilio_codes.failure(int(code) if re.fullmatch(r"[0-9]{1,9}", code) else None)
    return Delivery(provider, state, message, sid, told.words, told.final, told.opted_out, life)


def is_sid(value: str | None) -> bool:
    """Whether it is the SID of a text."""
    return SID.fullmatch(value or "") is not None


def _fields(posted: Posted) -> list[tuple[str, str]]:
    """The form as it was signed."""
    kind = posted.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise Forbidden(f"Twilio posts a form, {FORM}.")
    try:
        return parsed(posted.body)
    except ValueError:
        raise Forbidden("This is no form as Twilio posts it.") from None


def _written(url: str) -> tuple[str, ...]:
    """The address as Twilio may have signed it: as it was given, with its port, and without it."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Forbidden("This came to an address that is none.") from None
    bare = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    others = (url.replace(parts.netloc, name, 1) for name in (bare, f"{bare}:{port}"))
    return tuple(dict.fromkeys((url, *others)))


def _sid(fields: Mapping[str, str]) -> str:
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    if not is_sid(sid):
        raise Refused("MessageSid: this is no text's: SM or MM, and 32 hexadecimal digits.")
    return sid


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not value:
        raise Refused(f"{name}: it is missing.")
    return value


def _files(fields: Mapping[str, str]) -> tuple[RemoteMedia, ...]:
    count = fields.get("NumMedia", "0")
    expected = min(int(count), FILES) if re.fullmatch(r"[0-9]{1,3}", count) else FILES
    urls = [(fields.get(f"MediaUrl{n}", ""), fields.get(f"MediaContentType{n}", "")) for n in range(expected)]
    return tuple(RemoteMedia(url, type_[:TYPE_LIMIT]) for url, type_ in urls if url)
