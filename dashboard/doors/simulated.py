"""The simulated provider's doors: texts that come in, and reports on what went out."""

import base64
import binascii
import hmac
import json
from datetime import datetime
from functools import partial
from typing import Any

from dashboard.actions import messages
from dashboard.core.errors import Refused, TooLarge
from dashboard.core.text import storable
from dashboard.core.values import Delivery, Inbound, Media
from dashboard.doors.door import BodyDoor
from dashboard.providers import Simulated

TEXT_LIMIT = 64 * 1024  # bytes of a text in UTF-8
ID_LIMIT = 200  # characters of a provider's id
MEDIA_LIMIT = 10  # files of one MMS, Twilio
FIRST_TEXT = datetime.fromisoformat("1992-12-03T00:00:00+00:00")  # the first SMS was sent that day


class SimulatedDoor(BodyDoor):
    """Checks the secret, the content type and the JSON."""

    async def post(self) -> None:
        secret = self.secret
        if secret is not None and not hmac.compare_digest(
            self.request.headers.get("X-Secret", "").encode(), secret.encode()
        ):
            self.answer(403, "X-Secret is missing or wrong: send the value of MESSAGE_CENTER_HOOK_SECRET.")
        elif self.too_large:
            self.refuse_size()
        elif self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            self.answer(415, "Send JSON, with Content-Type: application/json.")
        else:
            await self.do(partial(self.take, bytes(self.body)))

    def take(self, body: bytes) -> dict[str, Any]:
        """What the door does with a request's body, off the loop."""
        raise Refused("This door takes nothing.")


class InboundDoor(SimulatedDoor):
    """POST /hooks/simulated/inbound"""

    def take(self, body: bytes) -> dict[str, Any]:
        received = self.live.receive(inbound(body))
        return {"message": received.message, "thread": received.thread, "duplicate": received.duplicate}


class StatusDoor(SimulatedDoor):
    """POST /hooks/simulated/status"""

    def take(self, body: bytes) -> dict[str, Any]:
        return {"message": messages.record_delivery(self.live.store, delivery(body))}


def inbound(body: bytes) -> Inbound:
    """The text in a request's body. Raises Refused, naming the field."""
    fields = _fields(body)
    text = _string(fields, "body", default="")
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_LIMIT:
        raise TooLarge(f"body: the text is too large: at most {TEXT_LIMIT // 1024} kB are taken.")
    return Inbound(
        provider=Simulated.key,
        id=_id(fields),
        sender=_string(fields, "from"),
        to=_string(fields, "to") if fields.get("to") is not None else None,
        body=text,
        media=_media(fields),
        at=_at(fields),
        raw=body,
    )


def delivery(body: bytes) -> Delivery:
    """The report in a request's body. Raises Refused, naming the field."""
    fields = _fields(body)
    message = fields.get("message")
    if not isinstance(message, int) or isinstance(message, bool) or not 0 < message < 2**31:
        raise Refused("message: give the number of an outbound message, as in its data-message.")
    error = fields.get("error")
    reason = storable(_string(fields, "error")) if error is not None else None
    return Delivery(Simulated.key, _string(fields, "status"), message=message, reason=reason)


def _fields(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(f"The request's body is no JSON: {error}.") from None
    if not isinstance(fields, dict):
        raise Refused("The request's body is to be a JSON object with the fields id, from, to, body, media and at.")
    return fields


def _string(fields: dict[str, Any], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if value is None and default is not None:
        value = default
    if not isinstance(value, str):
        raise Refused(f"{name}: give a text in quotes" + ("." if name in fields else "; it is missing."))
    return value


def _id(fields: dict[str, Any]) -> str:
    name = storable(_string(fields, "id"))
    if not 0 < len(name) <= ID_LIMIT:
        raise Refused(f"id: give 1 to {ID_LIMIT} characters that name this text; the first with an id wins.")
    return name


def _at(fields: dict[str, Any]) -> datetime | None:
    if fields.get("at") is None:
        return None
    try:
        at = datetime.fromisoformat(_string(fields, "at"))
    except ValueError:
        raise Refused("at: give an ISO 8601 time with its offset, such as 2026-11-22T06:30:00-05:00.") from None
    if at.tzinfo is None:
        raise Refused("at: the offset is missing; write 2026-11-22T06:30:00-05:00.")
    if at < FIRST_TEXT:
        raise Refused("at: this is before the first text message was ever sent.")
    return at


def _media(fields: dict[str, Any]) -> tuple[Media, ...]:
    files = fields.get("media") or []
    if not isinstance(files, list) or len(files) > MEDIA_LIMIT:
        raise Refused(f"media: give a list of at most {MEDIA_LIMIT} files.")
    return tuple(_file(number, file) for number, file in enumerate(files))


def _file(number: int, file: Any) -> Media:
    if not isinstance(file, dict):
        raise Refused(f'media {number}: give an object with "data" in base64 and "type".')
    try:
        data = base64.b64decode(_string(file, "data"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"media {number}: data is no base64.") from None
    return Media(data, storable(_string(file, "type"))[:100], storable(_string(file, "name", default=""))[:200])
