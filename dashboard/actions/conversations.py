"""Beginning a conversation with somebody who may never have texted."""

from sqlalchemy import select

from dashboard.actions.change import Change, action, nothing
from dashboard.actions.correspondents import thread_with
from dashboard.actions.messages import our_number
from dashboard.core import rights
from dashboard.core.addresses import can_be_answered, normalise, shown
from dashboard.core.errors import Refused
from dashboard.core.tables import OUR_NUMBER, THREAD


@action(rights.SEND)
def begin_conversation(change: Change, number: str, *, by: int | None) -> int:
    """The thread with a number, as a person typed it; one without texts is made where there is none.

    Over several of our numbers it is the thread that moved last. A thread without texts is on no tab until the first
    is sent. Raises AddressError for what is no number, Refused for one that cannot be texted.
    """
    address = normalise(number, change.region)
    if not can_be_answered(address):
        raise Refused(f"“{address}” is a name, and takes no texts: give a phone number.")
    if change.connection.execute(select(OUR_NUMBER.c.id).where(OUR_NUMBER.c.address == address)).first():
        raise Refused(f"{shown(address, change.region)} is our own number: give somebody else’s.")
    latest = (THREAD.c.latest_at.is_not(None).desc(), THREAD.c.latest_at.desc(), THREAD.c.id)
    known = select(THREAD.c.id).where(THREAD.c.address == address).order_by(*latest).limit(1)
    thread = change.connection.execute(known).scalar()
    if thread is not None:
        nothing(int(thread))
    return thread_with(change, our_number(change.connection, None, change.region).address, address).id
