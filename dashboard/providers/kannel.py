"""Kannel: texts over SMPP and modems, through a gateway of one's own."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from dashboard.core import delivery
from dashboard.core.errors import MessageCenterError, NotFound, SettingError
from dashboard.core.segments import UCS2, segments
from dashboard.core.values import Delivery, Inbound, Media, Outbound, Outcome, Posted, Question, RemoteMedia
from dashboard.providers import kannel_posts, web
from dashboard.providers.provider import REPORT, TEXT, Here, Hook, Options

# What bearerbox itself hands over: the text is in the address, and stays in bearerbox's store until this answer.
TAKEN = "Taken"
FROM_BEARERBOX = Hook("mo", "GET", TEXT, TAKEN)
FROM_SMSBOX = Hook("in", "POST", TEXT)  # with an answer, smsbox would text it back
REPORTS = Hook("dlr", "GET", REPORT)
SENDSMS = "/cgi-bin/sendsms"
ALL_REPORTS = 31  # dlr-mask: delivered 1, failed 2, waits at the network 4, taken 8 or refused 16 by it
PARTS = 50  # segments of one text; Kannel throws away what is beyond its max-messages without a word
TAKEN_FOR_SURE = (b"0: Accepted", b"3: Queued", b"Sent.")  # smsbox, delayed_http_reply and immediate-sendsms-reply
QUEUE_FULL = b"Temporal failure"
NOT_LET_IN = b"Authorization failed"
ACCEPTED, FORBIDDEN, NO_SUCH_PAGE, BUSY, AWAY = 202, 403, 404, 429, 503
PAUSE = 5.0  # seconds to leave a gateway that takes nothing more
LONG_PAUSE = 60.0  # seconds until a wrong password is tried again
NO_ANSWER = "Kannel gave no answer that says whether it went."
UNCLEAR = "Kannel’s queue was full, and nobody can say whether a part of this long text went."

# For kannel.conf. A text is turned round inside bearerbox, which keeps it in its store until we have it: smsbox would
# say that it is done before it has handed it over. To bearerbox it then goes out, so "from" and "to" change places; a
# long one is not to be cut; and the network it came from is denied it, or it would be sent there.
LINES = f"""\
# In the group core:
#   store-type = spool, and a store-location; dlr-storage = spool, and a dlr-spool; sms-resend-freq = 5
# In the group smsbox, for the reports:
#   http-request-retry = 100000, http-queue-delay = 5, and no global-sender
# In the group of the connection that texts come over, whose smsc-id is THEIR-ID:
#   reroute-smsc-id = message-center
#   denied-smsc-id = "message-center;THEIR-ID"

group = smsc
smsc = http
smsc-id = message-center
system-type = generic
preferred-smsc-id = "message-center;THEIR-ID"
allowed-smsc-id = "message-center;THEIR-ID"
max-sms-octets = 40000
port = 13099
connect-allow-ip = 127.0.0.1
send-url = "ADDRESS"
status-success-regex = "^{TAKEN}$"
status-tempfail-regex = ".*"

group = sendsms-user
username = USERNAME
password = PASSWORD
concatenation = true
max-messages = {PARTS}
"""


def _plain(value: str) -> str:
    """As a header of HTTP carries it."""
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise ValueError("write printable ASCII characters, without a space at the ends")
    return value


def _plain_secret(value: SecretStr) -> SecretStr:
    _plain(value.get_secret_value())
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in web.PORTS or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write a scheme, a name and a port, such as http://127.0.0.1:13013")
    return value.rstrip("/")


def _for_an_address(value: SecretStr) -> SecretStr:
    """A secret that stands in an address as it is."""
    secret = value.get_secret_value()
    if len(secret) < 16 or not secret.isascii() or not secret.replace("-", "").replace("_", "").isalnum():  # noqa: PLR2004
        raise ValueError("give 16 or more letters, digits, - and _ at random: it stands in an address")
    return value


Address = Annotated[str, AfterValidator(_address)]


class Gateway(Options):
    """What is needed of a Kannel."""

    url: Address = Field("http://127.0.0.1:13013", description="Where its smsbox listens: its sendsms-port.")
    username: Annotated[str, AfterValidator(_plain)] = Field(description="The username of its sendsms-user group.")
    password: Annotated[SecretStr, AfterValidator(_plain_secret)] = Field(description="That group's password.")
    secret: Annotated[SecretStr, AfterValidator(_for_an_address)] = Field(
        description="What the addresses carry that Kannel calls here: 16 or more letters and digits of your own."
    )
    callback: Address | None = Field(
        None, description="Address under which Kannel reaches this message center; unset: the one that people use."
    )
    pace: float = Field(10.0, ge=0, description="Segments a second from one number that its connection takes; 0: all.")

    def origins(self) -> tuple[str, ...]:
        return (self.callback,) if self.callback else ()


class Kannel:
    """Kannel."""

    key: ClassVar[str] = "kannel"
    hooks: ClassVar[tuple[Hook, ...]] = (FROM_BEARERBOX, FROM_SMSBOX, REPORTS)
    settings: ClassVar[type[Options]] = Gateway

    def __init__(self, options: Gateway, here: Here, limits: web.Limits = web.LIMITS) -> None:
        self.report: Callable[[Delivery], object] = lambda _: None
        self.deliver: Callable[[Inbound], object] = lambda _: None
        self.options = options
        self.here = here
        self.limits = limits
        self.pace = options.pace

    @classmethod
    def made(cls, options: Any, here: Here) -> Self:
        """It has to be known which numbers are ours: Kannel sends from whichever it is told."""
        if not here.numbers:
            raise SettingError("MESSAGE_CENTER_NUMBERS: name the numbers that texts come to over Kannel.")
        return cls(options, here)

    def send(self, outbound: Outbound) -> Outcome:
        """Hand it to smsbox, which answers once bearerbox has it in its store."""
        if outbound.media:
            return Outcome(delivery.FAILED, reason="Kannel sends words only, and no pictures.", final=True)
        try:
            answer = web.ask(self._call(outbound), self.limits)
        except web.NotSent as error:
            return Outcome(delivery.QUEUED, reason=f"Kannel cannot be reached: {error}.", wait=PAUSE, trouble=True)
        except (OSError, ValueError):
            return Outcome(delivery.UNKNOWN, reason=NO_ANSWER, trouble=True)
        return _outcome(answer, outbound)

    def settle(self, question: Question) -> Outcome | None:
        """It keeps no list that could be asked: a report may still come."""
        return None

    def missed(
        self, since: datetime, known: Callable[[str], bool] = lambda _: False, numbers: Iterable[str] = ()
    ) -> Iterable[Inbound]:
        """It keeps what was not taken, and comes again by itself."""
        return ()

    def fetch(self, file: RemoteMedia) -> Media:
        """Its texts have no files elsewhere."""
        raise NotFound("Kannel keeps no files.")

    def read(self, hook: Hook, posted: Posted) -> Inbound | Delivery | None:
        """A text or a report, from a request whose address carries our secret."""
        found = kannel_posts.fields(posted, self.options.secret.get_secret_value())
        if hook.takes == REPORT:
            return kannel_posts.report(self.key, found)
        data = posted.body if hook.method == "POST" else found.get("text", b"")
        return kannel_posts.text(self.key, found, data, self.here.region)

    def guide(self) -> tuple[str, ...]:
        """What to put into kannel.conf, as it is but for SECRET, PASSWORD and THEIR-ID."""
        doors = f"{self._origin()}/hooks/{self.key}"
        said = f"{FROM_BEARERBOX.name}?secret=SECRET&id=%I&from=%P&to=%p&at=%T&coding=%c&charset=%C&text=%b"
        lines = LINES.replace("ADDRESS", f"{doors}/{said}").replace("USERNAME", self.options.username)
        return (
            f"put these lines into kannel.conf, with the values of MESSAGE_CENTER_KANNEL_SECRET and _PASSWORD:\n{lines}",
            f"each text names its own address for reports, {doors}/{REPORTS.name}: enter none",
            f"a service of smsbox may POST texts to {doors}/{FROM_SMSBOX.name} too, but loses those it holds when it dies",
        )

    def probe(self) -> str:
        """Ask smsbox to send to nobody: it looks at the password first."""
        answer = web.ask(web.Call("POST", self._door(), self._ours(), b"?"), self.limits)
        if NOT_LET_IN in answer.body:
            raise MessageCenterError("Kannel does not accept MESSAGE_CENTER_KANNEL_USERNAME and _PASSWORD")
        if b"receiver" not in answer.body:
            raise MessageCenterError(f"{self.options.url} answers, and is no smsbox of Kannel's")
        return f"Kannel's smsbox at {self.options.url} lets us in"

    def tick(self, now: datetime) -> None:
        """Everything comes by itself."""

    def _call(self, outbound: Outbound) -> web.Call:
        """In headers, so that neither password nor text stands in an address."""
        headers = self._ours() | {
            "X-Kannel-From": outbound.sender,
            "X-Kannel-To": outbound.to,
            "X-Kannel-Coding": "2" if segments(outbound.body).encoding == UCS2 else "0",
            "X-Kannel-DLR-Mask": str(ALL_REPORTS),
            "X-Kannel-DLR-Url": self._reports(outbound.message),
        }
        return web.Call("POST", self._door(), headers, outbound.body.encode())

    def _ours(self) -> dict[str, str]:
        password = self.options.password.get_secret_value()
        kind = {"Content-Type": "text/plain; charset=UTF-8"}
        return kind | {"X-Kannel-Username": self.options.username, "X-Kannel-Password": password}

    def _door(self) -> str:
        return self.options.url + SENDSMS

    def _origin(self) -> str:
        return self.options.callback or self.here.url

    def _reports(self, message: int) -> str:
        secret = self.options.secret.get_secret_value()
        ours = urlencode({"secret": secret, "message": message, "life": self.here.life})
        return f"{self._origin()}/hooks/{self.key}/{REPORTS.name}?{ours}&kind=%d&answer=%A"


def _outcome(answer: web.Answer, outbound: Outbound) -> Outcome:
    """What smsbox's answer says. It answers once bearerbox has taken the text or not, so its own words are certain;
    an answer in others, as a proxy's, is none."""
    words = " ".join(answer.body.decode("utf-8", "replace").split())[: kannel_posts.REASON_LIMIT].rstrip(".")
    if answer.status == ACCEPTED and answer.body.startswith(TAKEN_FOR_SURE):
        return Outcome(delivery.SENT)
    if answer.status == FORBIDDEN and NOT_LET_IN in answer.body:
        reason = "Kannel does not accept our username and password: whoever set it up has to look at it."
        return Outcome(delivery.QUEUED, reason=reason, wait=LONG_PAUSE, trouble=True)
    if answer.status in (NO_SUCH_PAGE, BUSY):
        reason = f"Kannel does not take it: {words}."
        return Outcome(delivery.QUEUED, reason=reason, wait=LONG_PAUSE, trouble=True)
    if answer.status == AWAY and answer.body.startswith(QUEUE_FULL):
        return _full(outbound)
    if not 400 <= answer.status < 500:  # noqa: PLR2004 - HTTP: the asker is the cause
        return Outcome(delivery.UNKNOWN, reason=NO_ANSWER, trouble=True)
    return Outcome(delivery.FAILED, reason=f"Kannel refused it: {words}.", final=answer.status != FORBIDDEN)


def _full(outbound: Outbound) -> Outcome:
    """Without ``concatenation`` smsbox hands over a long text's parts one by one, and answers for the first."""
    if segments(outbound.body).count > 1:
        return Outcome(delivery.UNKNOWN, reason=UNCLEAR, trouble=True)
    return Outcome(delivery.QUEUED, reason="Kannel’s queue is full.", wait=PAUSE, trouble=True)
