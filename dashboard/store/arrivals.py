"""What has come in from a phone company, as far as it is known here."""

from datetime import datetime

from sqlalchemy import Connection, select

from dashboard.core.tables import MESSAGE


def is_known(connection: Connection, provider: str, id: str) -> bool:
    """Whether the text that a provider calls so is stored."""
    here = (MESSAGE.c.provider == provider, MESSAGE.c.direction == "inbound", MESSAGE.c.provider_id == id)
    return connection.execute(select(MESSAGE.c.id).where(*here)).first() is not None


def latest(connection: Connection, provider: str) -> datetime | None:
    """The time of the text of a provider's that came in last; None where none ever did."""
    theirs = (MESSAGE.c.provider == provider, MESSAGE.c.direction == "inbound")
    return connection.execute(select(MESSAGE.c.at).where(*theirs).order_by(MESSAGE.c.id.desc()).limit(1)).scalar()
