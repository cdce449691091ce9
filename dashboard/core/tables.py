"""The tables, as SQLModel classes. Times are UTC; addresses are stored normalised; money is in cents."""

from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import JSON, Column, Dialect, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint, false, text
from sqlalchemy import DateTime as SQLDateTime
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC with microseconds, and aware again when read (SQLite keeps no zone)."""

    impl = SQLDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment(optional: bool = True, **options: Any) -> Any:
    """A column that holds a time."""
    return Field(default=None, sa_column=Column(UTCDateTime(), nullable=optional, **options))


def words(**options: Any) -> Any:
    """A column of text of any length."""
    return Field(default="", sa_column=Column(Text, nullable=False, default="", **options))


def bytewise() -> Any:
    """A column of text that stands in the order of its bytes on either engine, so that an index finds a start."""
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Field(default="", sa_column=Column(kind, nullable=False, default="", server_default=""))


class Clock(SQLModel, table=True):
    """One row: the revision of the last change. Every change bumps it first, which puts all writers in one order."""

    id: int = Field(default=1, primary_key=True)
    revision: int = 0


class Life(SQLModel, table=True):
    """What this database was called while it lived undisturbed: a random name since its making, another since each
    restore, which gives out again the messages' ids that came after the backup.

    ``last`` is the last message whose id means the same as it did then; None for the life that goes on. Without a name
    are the texts of before there were names.
    """

    name: str = Field(primary_key=True)
    last: int | None = None


class Tally(SQLModel, table=True):
    """Per kind of correspondent, what the lists count, kept and not counted; removed threads apart from the others."""

    kind: str = Field(primary_key=True)
    received: int = 0
    sent: int = 0
    unread: int = 0
    removed_received: int = 0
    removed_sent: int = 0


class Role(SQLModel, table=True):
    """A role: a name and the keys of the rights it gives; ``revision`` is that of its last change."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    rights: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, default=list))
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class AddOn(SQLModel, table=True):
    """A part of the product that is switched on and off; one that is on has a row."""

    __tablename__: ClassVar[Any] = "add_on"
    key: str = Field(primary_key=True)


class LoginSession(SQLModel, table=True):
    """A browser in which somebody is logged in, until ``ended_at``; ``token`` is the SHA-256 of what its cookie holds."""

    __tablename__: ClassVar[Any] = "login_session"
    __table_args__: ClassVar[Any] = (
        Index(
            "login_session_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    resource_id: int = Field(foreign_key="resource.id", index=True)
    made_at: datetime | None = moment(optional=False)
    ended_at: datetime | None = moment()


class LoginTry(SQLModel, table=True):
    """A try to log in that failed: under which name, folded, and from which address, while that counts."""

    __tablename__: ClassVar[Any] = "login_try"
    __table_args__: ClassVar[Any] = (Index("login_try_name", "name", "at"), Index("login_try_address", "address", "at"))
    id: int | None = Field(default=None, primary_key=True)
    name: str
    address: str
    at: datetime | None = moment(optional=False)


class Account(SQLModel, table=True):
    """A customer record, client or lead: the same record at two stages.

    ``name_folded`` and ``numbers`` (its contacts' addresses, each with a line end behind it) are what type-ahead looks
    through; ``revision`` is that of its last change.
    """

    __table_args__: ClassVar[Any] = (Index("account_name", "name_folded", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str = words()
    name_folded: str = bytewise()
    numbers: str = words()
    email: str = words()
    address: str = words()
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, default=list))
    balance: int = 0
    notes: str = words()
    next_job_at: datetime | None = moment()
    next_job: str = words()
    last_job_at: datetime | None = moment()
    last_job: str = words()
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Resource(SQLModel, table=True):
    """A person who works here: office, crew or vendor; one with a role can act. Searched as accounts are.

    ``login`` is the name, folded, with which they log in, ``password`` the hash of what belongs to it (argon2).
    """

    __table_args__: ClassVar[Any] = (
        Index("resource_name", "name_folded", "id"),
        Index("resource_login", "login", unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str = "crew"
    name: str = words()
    name_folded: str = bytewise()
    numbers: str = words()
    email: str = words()
    notes: str = words()
    role_id: int | None = Field(default=None, foreign_key="role.id")
    active: bool = True
    login: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    password: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Preference(SQLModel, table=True):
    """What a resource has chosen for its own screens; what it never touched has no row."""

    resource_id: int = Field(foreign_key="resource.id", primary_key=True)
    key: str = Field(primary_key=True)
    chosen: bool


class Contact(SQLModel, table=True):
    """An address of an account or of a resource; the same address may belong to several accounts.

    ``chosen``: a person has said that of those it is this one's.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("address", "account_id"),
        UniqueConstraint("address", "resource_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    address: str
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    resource_id: int | None = Field(default=None, foreign_key="resource.id", index=True)
    chosen: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class OurNumber(SQLModel, table=True):
    """One of our numbers, in the order they were given; without a provider it receives and cannot send.

    ``free_at`` is when the phone company takes the next text from it: the pace is kept per number.
    """

    __tablename__: ClassVar[Any] = "our_number"
    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    position: int = 0
    provider: str | None = None
    free_at: datetime | None = moment()


class Outage(SQLModel, table=True):
    """A phone company that does not take texts just now: since when, why, and until when it is left in peace."""

    provider: str = Field(primary_key=True)
    since: datetime | None = moment(optional=False)
    until: datetime | None = moment(optional=False)
    reason: str = words()


class Thread(SQLModel, table=True):
    """The whole conversation with one address over one of our numbers, with all that the list shows of it.

    ``inbound_at`` and ``inbound_message`` are of the text that arrived last and order the list; ``inbound_text`` and
    ``inbound_placed_at`` preview the one that stands last in the thread, which after a late arrival is another.
    ``arrival`` is the revision of the last arrival, ``settled`` the one at which the thread last ceased to be unread.
    ``removed_at`` and ``removed_by_id`` say since when it is removed, and by whom. ``failed`` counts its outbound
    texts that failed, or could not be confirmed, and that nobody has dealt with. ``stopped_at`` is since when its
    correspondent does not want texts from us, as the ledger has it (Consent); ``doubt`` the message that sounds as if
    they meant to opt out, until somebody has decided. ``due_at`` is when its first text that waits to be sent may
    be handed over; None where none waits, and while one is being sent: that keeps the order.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("our_number", "address"),
        *(
            index
            for side in ("inbound", "outbound")
            for index in (
                Index(f"thread_{side}", f"{side}_at", f"{side}_message", "kind", "removed"),
                Index(f"thread_{side}_kind", "kind", f"{side}_at", f"{side}_message", "removed"),
            )
        ),
        *(
            Index(
                f"thread_removed_{side}",
                "removed_at",
                f"{side}_message",
                sqlite_where=text("removed IS 1"),
                postgresql_where=text("removed IS true"),
            )
            for side in ("inbound", "outbound")
        ),
        Index(
            "thread_due",
            "our_number",
            "due_at",
            "id",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("thread_unread", "inbound_at", sqlite_where=text("unread > 0"), postgresql_where=text("unread > 0")),
        *(
            Index(
                f"thread_failed_{side}",
                f"{side}_at",
                f"{side}_message",
                "removed",
                "failed",
                sqlite_where=text("failed > 0"),
                postgresql_where=text("failed > 0"),
            )
            for side in ("inbound", "outbound")
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    our_number: str
    address: str = Field(index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    resource_id: int | None = Field(default=None, foreign_key="resource.id", index=True)
    kind: str
    name: str = words()
    name_folded: str = words()
    digits: str = ""
    inbound_at: datetime | None = moment()
    inbound_message: int | None = None
    inbound_placed_at: datetime | None = moment()
    inbound_text: str = words()
    outbound_at: datetime | None = moment()
    outbound_message: int | None = None
    outbound_text: str = words()
    latest_at: datetime | None = moment()
    awaiting_since: datetime | None = moment()
    unread: int = 0
    unopened: bool = False
    removed: bool = False
    removed_at: datetime | None = moment()
    removed_by_id: int | None = Field(default=None, foreign_key="resource.id")
    arrival: int = 0
    settled: int = Field(default=0, index=True)
    failed: int = 0
    stopped_at: datetime | None = moment()
    doubt: int | None = None
    due_at: datetime | None = moment()
    revision: int = Field(default=0, index=True)


# Conditions on Message that have an index of their own, word for word; both engines take them.
OPEN_MESSAGE = "status IN ('queued', 'sending')"
FAILED_MESSAGE = "direction = 'outbound' AND status IN ('failed', 'unknown') AND handled IS NULL"
WRITTEN_MESSAGE = "direction = 'outbound' AND NOT automatic AND sender_id IS NOT NULL"


class Message(SQLModel, table=True):
    """One text in a thread. ``placed_at`` orders it within the thread; ``at`` is the time shown.

    ``arrived`` is the revision that brought it, ``revision`` that of its last change; ``read`` the revision at which
    an inbound text was read, None while it is unread. ``retry_of`` is the message that this one is another attempt
    at, one at most for each; ``handled`` the revision at which somebody tried a failed one again, or let it be.
    ``tried_at`` is when it was last handed over, ``tries`` how often, ``not_before`` when it may be again. ``ask_at``
    is when the provider is next asked what became of an unknown one, ``asked`` how often it was. ``final``: another
    attempt cannot succeed.
    """

    __table_args__: ClassVar[Any] = (
        Index("message_order", "thread_id", "placed_at", "id"),
        Index("message_provider", "provider", "direction", "provider_id", unique=True),
        Index(
            "message_unread",
            "thread_id",
            sqlite_where=text("direction = 'inbound' AND read IS NULL"),
            postgresql_where=text("direction = 'inbound' AND read IS NULL"),
        ),
        Index("message_open", "status", "id", sqlite_where=text(OPEN_MESSAGE), postgresql_where=text(OPEN_MESSAGE)),
        Index("message_trouble", "status", sqlite_where=text(FAILED_MESSAGE), postgresql_where=text(FAILED_MESSAGE)),
        Index("message_retry", "retry_of", unique=True),
        Index(
            "message_asked",
            "ask_at",
            sqlite_where=text("ask_at IS NOT NULL"),
            postgresql_where=text("ask_at IS NOT NULL"),
        ),
        *(
            Index(name, "thread_id", *order, sqlite_where=text(where), postgresql_where=text(where))
            for name, order, where in (
                ("message_waiting", ("id",), OPEN_MESSAGE),
                ("message_failed", (), FAILED_MESSAGE),
                ("message_written", ("placed_at", "id"), WRITTEN_MESSAGE),
            )
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id")
    direction: str
    body: str = words()
    status: str
    reason: str | None = None
    placed_at: datetime | None = moment(optional=False)
    at: datetime | None = moment(optional=False)
    sender_id: int | None = Field(default=None, foreign_key="resource.id")
    automatic: bool = False
    provider: str | None = None
    provider_id: str | None = None
    send_key: str | None = Field(default=None, unique=True)
    lease_until: datetime | None = moment()
    tried_at: datetime | None = moment()
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    not_before: datetime | None = moment()
    ask_at: datetime | None = moment()
    asked: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    final: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    retry_of: int | None = Field(default=None, foreign_key="message.id")
    handled: int | None = None
    arrived: int
    read: int | None = None
    revision: int


class Consent(SQLModel, table=True):
    """The ledger of consent, per pair of our number and theirs, which is a thread; only ever added to.

    ``word`` is stop, start or help (core/consent.py); ``source`` who said so: the text itself, the provider, a
    refusal to send, or a person (``by_id``). ``message_id`` is the text that says it, or that was refused.
    """

    __table_args__: ClassVar[Any] = (
        Index("consent_at", "thread_id", "at"),
        Index("consent_said", "thread_id", "source", "word", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id")
    word: str
    source: str
    at: datetime | None = moment(optional=False)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    by_id: int | None = Field(default=None, foreign_key="resource.id")
    revision: int


class Payload(SQLModel, table=True):
    """The raw payload of an inbound text that had to be altered to be stored."""

    message_id: int = Field(sa_column=Column(ForeignKey("message.id"), primary_key=True, autoincrement=False))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Attachment(SQLModel, table=True):
    """A file on a message, or uploaded for one (``message_id`` None); it belongs to the thread, and to its account.

    Files lie in the media folder under their SHA-256: ``sha256`` as it came (``type`` as claimed, ``size`` in bytes),
    ``shown`` and ``thumbnail`` as they were made of it (``shown_type``, ``shown_size``; width and height in pixels of
    ``shown``). ``state`` is one of core/pictures.py; ``lease_until`` and ``attempts`` are of whoever makes them.
    ``url`` is where it lies while it has not been fetched from the phone company, ``not_before`` when it is next tried.
    """

    __table_args__: ClassVar[Any] = (
        Index("attachment_file", "sha256", "id"),
        Index("attachment_account", "account_id", "id"),
        Index("attachment_thread", "thread_id", "id"),
        Index(
            "attachment_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id")
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    sha256: str
    type: str
    name: str = words()
    size: int
    state: str
    reason: str | None = None
    shown: str | None = None
    shown_type: str | None = None
    shown_size: int = 0
    thumbnail: str | None = None
    width: int = 0
    height: int = 0
    uploaded_by_id: int | None = Field(default=None, foreign_key="resource.id")
    made_at: datetime | None = moment(optional=False)
    lease_until: datetime | None = moment()
    attempts: int = 0
    url: str | None = None
    not_before: datetime | None = moment()


class TextDocument(SQLModel, table=True):
    """A reusable text, managed under Settings > Documents.

    ``title_folded`` orders the list, ``searched`` is what a search looks through; ``revision`` is that of the last change.
    """

    __tablename__: ClassVar[Any] = "text_document"
    __table_args__: ClassVar[Any] = (Index("text_document_order", "title_folded", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    title: str = words()
    body: str = words()
    title_folded: str = words()
    searched: str = words()
    revision: int = 0
    changed_at: datetime | None = moment()
    changed_by_id: int | None = Field(default=None, foreign_key="resource.id")


class Draft(SQLModel, table=True):
    """What a resource has written in a thread and not sent yet; nobody else sees it.

    ``seen`` is the id of the newest message that stood before them when they began to write.
    """

    resource_id: int = Field(foreign_key="resource.id", primary_key=True)
    thread_id: int = Field(foreign_key="thread.id", primary_key=True, index=True)
    body: str = words()
    seen: int | None = None
    changed_at: datetime | None = moment(optional=False)


class Presence(SQLModel, table=True):
    """A page that has a thread open, until when unless its process says so again, and until when its person is typing."""

    page: str = Field(primary_key=True)
    process: str = Field(index=True)
    resource_id: int = Field(foreign_key="resource.id")
    thread_id: int = Field(foreign_key="thread.id")
    until: datetime | None = moment(optional=False)
    typing_until: datetime | None = moment()


class Alert(SQLModel, table=True):
    """Somebody you texted has answered: belongs to one resource until it is cleared, by the change ``cleared``."""

    __table_args__: ClassVar[Any] = (
        Index("alert_once", "message_id", "resource_id", unique=True),
        Index(
            "alert_open",
            "resource_id",
            "id",
            sqlite_where=text("cleared IS NULL"),
            postgresql_where=text("cleared IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    resource_id: int = Field(foreign_key="resource.id")
    thread_id: int = Field(foreign_key="thread.id", index=True)
    message_id: int = Field(foreign_key="message.id")
    at: datetime | None = moment(optional=False)
    cleared_at: datetime | None = moment()
    cleared: int | None = None


class LoggedChange(SQLModel, table=True):
    """The change log: one row per action, named by its revision."""

    __tablename__: ClassVar[Any] = "change"
    __table_args__: ClassVar[Any] = (
        Index("change_action", "action", "revision"),
        Index("change_by", "by_id", "action", "revision"),
    )
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    action: str
    by_id: int | None = Field(default=None, foreign_key="resource.id")
    at: datetime | None = moment(optional=False)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, default=dict))


class ChangeSubject(SQLModel, table=True):
    """A thread that a change touched, with what it was before; ``kind`` is None for a thread that it made."""

    __tablename__: ClassVar[Any] = "change_subject"
    __table_args__: ClassVar[Any] = (Index("change_subject_thread", "thread_id", "revision"),)
    revision: int = Field(foreign_key="change.revision", primary_key=True)
    thread_id: int = Field(foreign_key="thread.id", primary_key=True)
    kind: str | None = None
    received: bool = False
    sent: bool = False
    removed: bool = False
    unread: int = 0
    unopened: bool = False


def _table(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


# The same tables for SQL expressions: building those from the classes' attributes costs five times as much.
THREAD = _table(Thread)
MESSAGE = _table(Message)
CLOCK = _table(Clock)
LIFE = _table(Life)
TALLY = _table(Tally)
CHANGE = _table(LoggedChange)
SUBJECT = _table(ChangeSubject)
ACCOUNTS = _table(Account)
RESOURCES = _table(Resource)
CONTACT = _table(Contact)
OUR_NUMBER = _table(OurNumber)
OUTAGE = _table(Outage)
CONSENT = _table(Consent)
PAYLOAD = _table(Payload)
ATTACHMENT = _table(Attachment)
ROLE = _table(Role)
ADD_ON = _table(AddOn)
SESSION = _table(LoginSession)
TRY = _table(LoginTry)
PREFERENCE = _table(Preference)
ALERT = _table(Alert)
DOCUMENT = _table(TextDocument)
DRAFT = _table(Draft)
PRESENCE = _table(Presence)
