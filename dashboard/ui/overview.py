"""What the page is told of whom the open thread is with: the lines to show, and the fields of their form."""

from collections.abc import Mapping
from typing import Any

from dashboard.core.accounts import ACCOUNT_LINES, RESOURCE_LINES, Job, Line, written
from dashboard.core.values import AccountCard, ResourceCard
from dashboard.live.snapshot import Snapshot


def overview(snapshot: Snapshot) -> dict[str, Any] | None:
    """The account's or the resource's lines, as plain JSON; None where the number is nobody's.

    Both go by the same lines: what the viewer's role may not see is left out, and is neither shown nor in the form.
    """
    if snapshot.overview is not None:
        card = snapshot.overview
        candidates = [{"id": one.id, "name": one.name, "kind": one.kind} for one in card.candidates]
        return _card("account", card, ACCOUNT_LINES) | {"candidates": candidates, "chosen": card.chosen}
    if snapshot.colleague is not None:
        return _card("resource", snapshot.colleague, RESOURCE_LINES)
    return None


def forms(rights: frozenset[str]) -> dict[str, list[dict[str, str]]]:
    """The lines of a new account's or resource's form, for somebody with these rights."""
    lines = {"account": ACCOUNT_LINES, "resource": RESOURCE_LINES}
    return {
        kind: [{"key": key, "label": line.label} for key, line in its.items() if line.right in {None, *rights}]
        for kind, its in lines.items()
    }


def _card(kind: str, card: AccountCard | ResourceCard, lines: Mapping[str, Line]) -> dict[str, Any]:
    """``lines`` in their order, each with its label, what it is, and how its field in the form has it."""
    drawn = [
        {"key": key, "label": line.label, "value": _value(key, card), "field": _field(key, card)}
        for key, line in lines.items()
        if key not in card.hidden
    ]
    return {"kind": kind, "id": card.id, "revision": card.revision, "lines": drawn}


def _value(key: str, card: AccountCard | ResourceCard) -> Any:
    """Money in cents, times in milliseconds since 1970; each phone with since when it has opted out, None for not."""
    if key == "phones":
        since = card.stopped if isinstance(card, AccountCard) else (None,) * len(card.numbers)
        pairs = zip(card.numbers, since, strict=True)
        return [{"number": number, "stopped": at and int(at.timestamp() * 1000)} for number, at in pairs]
    value = getattr(card, key)
    if isinstance(value, Job):
        return {"at": int(value.at.timestamp() * 1000), "words": value.words}
    return list(value) if isinstance(value, tuple) else value


def _field(key: str, card: AccountCard | ResourceCard) -> str:
    return "\n".join(card.numbers) if key == "phones" else written(key, getattr(card, key), "")
