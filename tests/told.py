"""What a browser knows after the patches it was told, as its scripts keep it."""

from typing import Any


class Told:
    """The list and the conversation of one page; empty before the first patch."""

    def __init__(self) -> None:
        self.list: dict[str, Any] = {}
        self.conversation: dict[str, Any] = {}

    def hear_list(self, patch: dict[str, Any]) -> None:
        _apply(self.list, patch, "rows")

    def hear_conversation(self, patch: dict[str, Any]) -> None:
        if patch.get("reset"):
            self.conversation = {}
        _apply(self.conversation, patch, "messages")

    def shown(self) -> list[dict[str, Any]]:
        return [_ordered(self.list, "rows"), _ordered(self.conversation, "messages")]


def _apply(known: dict[str, Any], patch: dict[str, Any], items: str) -> None:
    new = {item["id"]: item for item in patch.get(items, [])}
    known.update({key: value for key, value in patch.items() if key not in (items, "reset", "opened", "revision")})
    known[items] = known.get(items, {}) | new
    known[items] = {id_: known[items][id_] for id_ in known.get("order", [])}


def _ordered(known: dict[str, Any], items: str) -> dict[str, Any]:
    return {**known, items: [known[items][id_] for id_ in known.get("order", ())]}
