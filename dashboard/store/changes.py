"""The change log as people read it: who did which bulk act, whether it was undone, and why a text alerted whom it did."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from dashboard.core.addresses import shown
from dashboard.core.alerts import REASONS
from dashboard.core.tables import CHANGE, MESSAGE, RESOURCES, SUBJECT, THREAD
from dashboard.core.values import AlertReason, LoggedAct
from dashboard.store import alerts
from dashboard.store.database import region

UNDO = "undo"
UNTOLD = "It came in before alerts were kept, or was brought in from elsewhere: nobody was alerted."


def bulk_acts(connection: Connection, actions: Iterable[str], limit: int) -> tuple[LoggedAct, ...]:
    """The last bulk acts, ``limit`` at most, the newest first; ``actions`` are the names that count as such."""
    named = (CHANGE.c.revision, CHANGE.c.action, RESOURCES.c.name.label("by"), CHANGE.c.at, CHANGE.c.details)
    logged = select(*named).outerjoin(RESOURCES, RESOURCES.c.id == CHANGE.c.by_id)
    wanted = logged.where(CHANGE.c.action.in_(tuple(actions)))
    acts = connection.execute(wanted.order_by(CHANGE.c.revision.desc()).limit(limit)).all()
    if not acts:
        return ()
    undoing = logged.where(CHANGE.c.action == UNDO, CHANGE.c.revision > acts[-1].revision)
    undone = {change.details["undid"]: change.by for change in connection.execute(undoing)}
    names = _names(connection, [act.revision for act in acts if act.details["done"] == 1])
    return tuple(_act(act, names, undone) for act in acts)


def why_alerted(connection: Connection, message: int) -> AlertReason | None:
    """Why a text that came in alerted whom it did, or nobody, as the log has it; None where no such text came in."""
    logged = select(CHANGE.c.details).join(MESSAGE, MESSAGE.c.arrived == CHANGE.c.revision)
    found = connection.execute(logged.where(MESSAGE.c.id == message, MESSAGE.c.direction == "inbound")).first()
    if found is None:
        return None
    ruled = found.details.get("alert")
    sentence = UNTOLD if ruled is None else _sentence(connection, ruled["reason"], ruled["about"])
    return AlertReason(message, sentence, alerts.of_message(connection, message))


def _sentence(connection: Connection, reason: str, about: list[int]) -> str:
    named = select(RESOURCES.c.name).where(RESOURCES.c.id.in_(about)).order_by(RESOURCES.c.id)
    return REASONS[reason].sentence.format(who=" and ".join(connection.execute(named).scalars()))


def _names(connection: Connection, revisions: list[int]) -> dict[int, str]:
    """The correspondents of acts on one thread each."""
    named = select(SUBJECT.c.revision, THREAD.c.name, THREAD.c.address)
    found = connection.execute(
        named.join(THREAD, THREAD.c.id == SUBJECT.c.thread_id).where(SUBJECT.c.revision.in_(revisions))
    )
    home = region(connection)
    return {revision: name or shown(address, home) for revision, name, address in found}


def _act(act: Any, names: dict[int, str], undone: dict[int, str | None]) -> LoggedAct:
    return LoggedAct(
        revision=act.revision,
        action=act.action,
        by=act.by,
        at=act.at,
        done=act.details["done"],
        name=names.get(act.revision),
        undone=act.revision in undone,
        undone_by=undone.get(act.revision),
    )
