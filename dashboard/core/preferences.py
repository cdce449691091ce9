"""What each person chooses for their own screens: each entry knows its key, what it is at first, and its sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preference:
    """One choice, on or off; ``default`` holds until the person chooses."""

    key: str
    default: bool
    sentence: str


PREFERENCES = {
    entry.key: entry
    for entry in (
        Preference("overview", True, "Show the account overview above the thread"),
        Preference("sound", False, "Play a sound when somebody answers you"),
        Preference("desktop", False, "Show a desktop notification when somebody answers you"),
    )
}
