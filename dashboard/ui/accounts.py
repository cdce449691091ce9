"""What a browser reports of people, each with what it means."""

from collections.abc import Callable
from typing import Any

from dashboard.live.screen import Screen

Message = dict[str, Any]


def steps(screen: Screen) -> dict[str, Callable[[Message], None]]:
    """The steps of a screen that have to do with accounts, resources and new conversations."""
    return {
        "people": lambda said: screen.look_up_people(str(said["query"]), int(said["limit"])),
        "accounts": lambda said: screen.look_up_accounts(str(said["query"]), int(said["limit"])),
        "converse": lambda said: screen.converse(str(said["to"])),
        "save": lambda said: _save(screen, said),
        "link": lambda said: screen.link(int(said["thread"]), int(said["account"])),
        "unlink": lambda said: screen.unlink(int(said["thread"])),
        "choose": lambda said: screen.choose_account(int(said["thread"]), int(said["account"])),
    }


def _save(screen: Screen, said: Message) -> None:
    fields = {str(key): str(value) for key, value in said["fields"].items()}
    screen.save(str(said["form"]), str(said["kind"]), _id(said["id"]), fields, int(said["seen"]), _id(said["thread"]))


def _id(value: Any) -> int | None:
    return None if value is None else int(value)
