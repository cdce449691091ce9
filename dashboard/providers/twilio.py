"""Twilio: texts and pictures over its REST API, and its signed posts."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from dashboard.core import delivery
from dashboard.core.errors import MessageCenterError, SettingError
from dashboard.core.values import Delivery, Inbound, Media, Outbound, Outcome, Posted, Question, RemoteMedia
from dashboard.providers import fetching, twilio_codes, twilio_posts, web
from dashboard.providers.provider import REPORT, TEXT, Here, Hook, Options
from dashboard.providers.twilio_api import API, Line, Refusal, basic

if TYPE_CHECKING:
    from twilio.rest.api.v2010.account.message import MessageInstance

IN = Hook("in", "POST", TEXT, "<Response/>", "text/xml; charset=utf-8")
STATUS = Hook("status", "POST", REPORT)
# Twilio comes again after a 5xx and after a time-out only where it is told to: five times, within its 15 seconds.
RETRY = "#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000"
SLACK = timedelta(minutes=1)  # by which two machines' clocks may differ
WITHIN = timedelta(minutes=10)  # after which a text cannot have been handed over any more
LOOKED_AT = 200  # texts to one number that are looked through for one, and of a page of its list
PAGE_LIMIT = (
    8 * 2**20
)  # bytes of a page: 200 texts of 1,600 characters, each written as \uXXXX twice, with their fields
UNSETTLED = timedelta(minutes=1)  # how long its posts may still come by themselves: they tell more than the list does
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Account(Options):
    """What is needed of a Twilio account."""

    account_sid: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="The account's SID, from Twilio's console.")
    auth_token: SecretStr = Field(
        min_length=16, description="The account's primary auth token: it signs what Twilio posts to us."
    )
    api_key: Annotated[str | None, Field(pattern=r"^SK[0-9a-fA-F]{32}$")] = Field(
        None, description="An API key's SID, to send with instead of the auth token."
    )
    api_secret: SecretStr | None = Field(None, validate_default=True, description="That API key's secret.")
    messaging_service: Annotated[str | None, Field(pattern=r"^MG[0-9a-fA-F]{32}$")] = Field(
        None, description="A Messaging Service's SID, to send through; our numbers have to be among its senders."
    )
    api_url: str = Field(API, description="Where Twilio's API is; another than https only on this machine, for tests.")

    @field_validator("api_secret")
    @classmethod
    def _both(cls, value: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        if bool(value) != bool(known.data.get("api_key")):
            raise ValueError("an API key and its secret are set together, or neither")
        return value

    @field_validator("api_url")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value.rstrip("/"))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("passwords and texts would be sent openly: write an address with https")
        return value.rstrip("/")


class Twilio:
    """Twilio."""

    key: ClassVar[str] = "twilio"
    hooks: ClassVar[tuple[Hook, ...]] = (IN, STATUS)
    settings: ClassVar[type[Options]] = Account
    pace = 1.0  # segments a second from a long code, Twilio's "MPS"

    def __init__(
        self,
        options: Account,
        here: Here,
        limits: web.Limits = web.LIMITS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.report: Callable[[Delivery], object] = lambda _: None
        self.deliver: Callable[[Inbound], object] = lambda _: None
        self.options = options
        self.here = here
        self.limits = limits
        self.clock = clock

    @classmethod
    def made(cls, options: Any, here: Here) -> Self:
        """Twilio reaches us, and we know which of its numbers are ours, or nothing could come in."""
        host = urlsplit(here.url)
        if host.scheme != "https" and urlsplit(options.api_url).hostname not in LOOPBACK:
            raise SettingError("MESSAGE_CENTER_URL: set it to the https address under which Twilio reaches us.")
        if not here.numbers:
            raise SettingError("MESSAGE_CENTER_NUMBERS: name the numbers that you have at Twilio.")
        return cls(options, here)

    def send(self, outbound: Outbound) -> Outcome:
        """Create a message. Twilio has no key for doing so once: what may have been taken is never given again."""
        try:
            sent = self._line().client().messages.create(**self._given(outbound))
        except Refusal as refusal:
            return twilio_codes.refused(refusal.status, refusal.code, refusal.wait)
        except web.NotSent as error:
            return Outcome(delivery.QUEUED, reason=f"Twilio cannot be reached: {error}.", trouble=True)
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            return Outcome(delivery.UNKNOWN, reason=f"{twilio_codes.NO_ANSWER} ({_named(error)})", trouble=True)
        if not twilio_posts.is_sid(sent.sid):
            return Outcome(delivery.UNKNOWN, reason=f"{twilio_codes.NO_ANSWER} (no SID)", trouble=True)
        return _outcome(sent)

    def settle(self, question: Question) -> Outcome | None:
        """The one text to that number which is ours, by its words and time; None where there is none, or several."""
        if question.provider_id:
            return _outcome(self._asked(lambda: self._line().client().messages(question.provider_id).fetch()))
        found = self._asked(lambda: [sent for sent in self._sent_to(question) if _is_answer(sent, question)])
        return _outcome(found[0]) if len(found) == 1 else None

    def missed(
        self, since: datetime, known: Callable[[str], bool] = lambda _: False, numbers: Iterable[str] = ()
    ) -> Iterable[Inbound]:
        """What its list has of texts to our numbers, the oldest first.

        One whose files are not told just now does not hold up the others: it is left out, and then said so.
        """
        failure = None
        ours = dict.fromkeys((*self.here.numbers, *numbers))
        found = self._asked(lambda: [text for number in ours for text in self._came_to(number, since)])
        for text in sorted(found, key=lambda text: (text.date_sent, str(text.sid))):
            if known(str(text.sid)):
                continue
            try:
                found_whole = self._asked(partial(self._inbound, text))
            except (OSError, MessageCenterError) as error:
                failure = error
                continue
            yield found_whole
        if failure is not None:
            raise failure

    def fetch(self, file: RemoteMedia) -> Media:
        """A file of a text, which may not be there for some seconds after the text has come."""
        return fetching.fetch(file, self._source())

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        """A text or a report, from a post that Twilio has signed for this account."""
        fields = twilio_posts.signed(posted, self.options.auth_token.get_secret_value(), self.options.account_sid)
        if hook.takes == TEXT:
            return twilio_posts.text(self.key, fields, posted)
        return twilio_posts.report(self.key, fields, posted)

    def guide(self) -> tuple[str, ...]:
        """The addresses that stand at the number, or at the Messaging Service, in Twilio's console."""
        door = f"{self.here.url}/hooks/{self.key}/{IN.name}"
        return (
            f"“A message comes in”, webhook, HTTP POST: {door}{RETRY}",
            f"“Primary handler fails”, HTTP POST: {door}",
            f"each text names its own status callback, {self._callback(0).rpartition('?')[0]}: enter none",
        )

    def probe(self) -> str:
        """The account's name and state."""
        account = self._asked(lambda: self._line().client().api.accounts(self.options.account_sid).fetch())
        if account.status != "active":
            raise MessageCenterError(f"Twilio says that the account is {account.status}")
        return f"Twilio knows the account “{account.friendly_name}”, which is active"

    def tick(self, now: datetime) -> None:
        """Everything comes by itself."""

    def _given(self, outbound: Outbound) -> dict[str, Any]:
        service = {"messaging_service_sid": self.options.messaging_service} if self.options.messaging_service else {}
        files = {"media_url": [self.here.share(file) for file in outbound.media]} if outbound.media else {}
        body = {"body": outbound.body} if outbound.body or not files else {}
        callback = {"status_callback": self._callback(outbound.message)}
        return {"to": outbound.to, "from_": outbound.sender} | callback | body | files | service

    def _callback(self, message: int) -> str:
        ours = {twilio_posts.OURS: message, twilio_posts.LIFE: self.here.life}
        return f"{self.here.url}/hooks/{self.key}/{STATUS.name}?" + urlencode(ours)

    def _sent_to(self, question: Question) -> Iterator["MessageInstance"]:
        asked = {"to": question.to, "from_": question.sender}
        yield from self._list().client().messages.stream(**asked, limit=LOOKED_AT, page_size=LOOKED_AT)

    def _came_to(self, number: str, since: datetime) -> Iterator["MessageInstance"]:
        latest = self.clock() - UNSETTLED
        for text in self._list().client().messages.stream(to=number, date_sent_after=since, page_size=LOOKED_AT):
            came_in = text.direction == "inbound" and twilio_posts.is_sid(text.sid) and text.date_sent is not None
            if came_in and since <= text.date_sent <= latest:
                yield text

    def _inbound(self, text: "MessageInstance") -> Inbound:
        raw = json.dumps({"sid": text.sid, "from": text.from_, "to": text.to, "body": text.body}).encode()
        files = self._line().client().messages(text.sid).media.list() if int(text.num_media or 0) else []
        remote = tuple(
            RemoteMedia(f"{self.options.api_url}{file.uri.removesuffix('.json')}", file.content_type) for file in files
        )
        return Inbound(
            self.key, str(text.sid), str(text.from_), str(text.to), text.body or "", at=text.date_sent, raw=raw,
            remote=remote,
        )  # fmt: skip

    def _line(self) -> Line:
        return Line(self.options, self.limits)

    def _list(self) -> Line:
        return Line(self.options, replace(self.limits, size=PAGE_LIMIT))

    def _source(self) -> fetching.Source:
        api = urlsplit(self.options.api_url)
        own = fetching.Hosts(frozenset({api.netloc, API}), ())
        hosts = fetching.Hosts(frozenset({api.netloc, *STORES}), SUFFIXES)
        local = api.netloc if api.hostname in LOOPBACK else None
        return fetching.Source(hosts, own, basic(self._line().credentials), local)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """What Twilio answers. Raises OSError or MessageCenterError, in words, where it gives no answer."""
        try:
            return ask()
        except Refusal as refusal:
            raise MessageCenterError(twilio_codes.words(refusal.status, refusal.code)) from None
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise web.Garbled(f"Twilio's answer cannot be read ({_named(error)})") from error


API = "api.twilio.com"
STORES = ("s3-external-1.amazonaws.com",)  # where its own addresses of files lead to
SUFFIXES = (".twilio.com", ".twiliocdn.com")


def _outcome(sent: "MessageInstance") -> Outcome:
    state = twilio_posts.STATES.get(str(sent.status), delivery.SENT)
    if state == delivery.FAILED:
        told = twilio_codes.failure(sent.error_code)
        return Outcome(state, sent.sid, told.words, final=told.final, opted_out=told.opted_out)
    return Outcome(state, sent.sid)


def _is_answer(sent: "MessageInstance", question: Question) -> bool:
    if sent.date_created is None or not str(sent.direction).startswith("outbound") or not twilio_posts.is_sid(sent.sid):
        return False
    is_then = question.tried_at - SLACK <= sent.date_created <= question.tried_at + WITHIN
    same = (sent.body or "").split() == question.body.split()  # it leaves out spaces at the ends
    return is_then and same and sent.sid not in question.linked


def _named(error: Exception) -> str:
    return type(error).__name__ if not isinstance(error, OSError) else str(error) or type(error).__name__
