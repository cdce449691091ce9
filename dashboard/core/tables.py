"""The tables, as SQLModel classes. Times are UTC; addresses are stored normalised; money is in cents."""

from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import JSON, Column, Dialect, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint, text
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


class Clock(SQLModel, table=True):
    """One row: the revision of the last change. Every change bumps it first, which puts all writers in one order."""

    id: int = Field(default=1, primary_key=True)
    revision: int = 0


class Tally(SQLModel, table=True):
    """Per kind of correspondent, what the lists count, kept and not counted; removed threads apart from the others."""

    kind: str = Field(primary_key=True)
    received: int = 0
    sent: int = 0
    unread: int = 0
    removed_received: int = 0
    removed_sent: int = 0


class Role(SQLModel, table=True):
    """A role: a name and the keys of the rights it gives."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    rights: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, default=list))


class Account(SQLModel, table=True):
    """A customer record, client or lead: the same record at two stages."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str = words()
    email: str = words()
    address: str = words()
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, default=list))
    balance: int = 0
    notes: str = words()


class Resource(SQLModel, table=True):
    """A person who works here: office, crew or vendor; one with a role can act."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = "crew"
    name: str = words()
    email: str = words()
    notes: str = words()
    role_id: int | None = Field(default=None, foreign_key="role.id")
    active: bool = True


class Preference(SQLModel, table=True):
    """What a resource has chosen for its own screens; what it never touched has no row."""

    resource_id: int = Field(foreign_key="resource.id", primary_key=True)
    key: str = Field(primary_key=True)
    chosen: bool


class Contact(SQLModel, table=True):
    """An address of an account or of a resource; the same address may belong to several."""

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("address", "account_id"),
        UniqueConstraint("address", "resource_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    address: str
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    resource_id: int | None = Field(default=None, foreign_key="resource.id", index=True)


class OurNumber(SQLModel, table=True):
    """One of our numbers, in the order they were given; without a provider it receives and cannot send."""

    __tablename__: ClassVar[Any] = "our_number"
    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    position: int = 0
    provider: str | None = None


class Thread(SQLModel, table=True):
    """The whole conversation with one address over one of our numbers, with all that the list shows of it.

    ``inbound_at`` and ``inbound_message`` are of the text that arrived last and order the list; ``inbound_text`` and
    ``inbound_placed_at`` preview the one that stands last in the thread, which after a late arrival is another.
    ``arrival`` is the revision of the last arrival, ``settled`` the one at which the thread last ceased to be unread.
    ``removed_at`` and ``removed_by_id`` say since when it is removed, and by whom.
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
        Index("thread_unread", "inbound_at", sqlite_where=text("unread > 0"), postgresql_where=text("unread > 0")),
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
    revision: int = Field(default=0, index=True)


class Message(SQLModel, table=True):
    """One text in a thread. ``placed_at`` orders it within the thread; ``at`` is the time shown.

    ``arrived`` is the revision that brought it, ``revision`` that of its last change; ``read`` the revision at which
    an inbound text was read, None while it is unread.
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
        Index(
            "message_open",
            "status",
            "id",
            sqlite_where=text("status IN ('queued', 'sending')"),
            postgresql_where=text("status IN ('queued', 'sending')"),
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
    arrived: int
    read: int | None = None
    revision: int


class Payload(SQLModel, table=True):
    """The raw payload of an inbound text that had to be altered to be stored."""

    message_id: int = Field(sa_column=Column(ForeignKey("message.id"), primary_key=True, autoincrement=False))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Attachment(SQLModel, table=True):
    """A file on a message, kept with the account too; its bytes lie in the media folder under their SHA-256."""

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    sha256: str
    type: str
    name: str = words()
    size: int


class TextDocument(SQLModel, table=True):
    """A reusable text, managed under Settings > Documents."""

    __tablename__: ClassVar[Any] = "text_document"
    id: int | None = Field(default=None, primary_key=True)
    title: str = words()
    body: str = words()


class Alert(SQLModel, table=True):
    """Somebody you texted has answered: belongs to one resource until it is cleared."""

    id: int | None = Field(default=None, primary_key=True)
    resource_id: int = Field(foreign_key="resource.id", index=True)
    thread_id: int = Field(foreign_key="thread.id", index=True)
    message_id: int = Field(foreign_key="message.id")
    at: datetime | None = moment(optional=False)
    cleared_at: datetime | None = moment()


class LoggedChange(SQLModel, table=True):
    """The change log: one row per action, named by its revision."""

    __tablename__: ClassVar[Any] = "change"
    __table_args__: ClassVar[Any] = (Index("change_action", "action", "revision"),)
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    action: str
    by_id: int | None = Field(default=None, foreign_key="resource.id")
    at: datetime | None = moment(optional=False)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, default=dict))


class ChangeSubject(SQLModel, table=True):
    """A thread that a change touched, with what it was before; ``kind`` is None for a thread that it made."""

    __tablename__: ClassVar[Any] = "change_subject"
    revision: int = Field(foreign_key="change.revision", primary_key=True)
    thread_id: int = Field(foreign_key="thread.id", primary_key=True, index=True)
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
TALLY = _table(Tally)
CHANGE = _table(LoggedChange)
SUBJECT = _table(ChangeSubject)
ACCOUNTS = _table(Account)
RESOURCES = _table(Resource)
CONTACT = _table(Contact)
OUR_NUMBER = _table(OurNumber)
PAYLOAD = _table(Payload)
ATTACHMENT = _table(Attachment)
ROLE = _table(Role)
PREFERENCE = _table(Preference)
