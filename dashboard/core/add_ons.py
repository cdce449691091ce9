"""Add-ons: the parts of the product that are switched on and off, each with its sentences."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.core.rights import TEXTING


@dataclass(frozen=True)
class AddOn:
    """One add-on: what it gives while it is on, and what switching it off does."""

    key: str
    name: str
    sentence: str
    off: str


ADD_ONS = {
    entry.key: entry
    for entry in (
        AddOn(
            TEXTING,
            "Two Way Texting",
            "The Message Center: one inbox in which everybody whose role has the right reads and answers text messages.",
            "The Message Center leaves the navigation, and every open inbox closes. Nothing is lost: texts that come in "
            "are kept, and stand in the inbox when it is switched on again. Nobody can send one until then.",
        ),
    )
}


@dataclass(frozen=True)
class Switched:
    """An add-on as it stands: on or off, who switched it and when, None where nobody ever did; ``people`` is how many
    active people's roles have a right to it."""

    key: str
    on: bool
    at: datetime | None
    by: str | None
    people: int
