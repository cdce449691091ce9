"""The product in a hurry: what lives for days or seconds by itself lives as long as the environment says.

Run as a module in the product's place: HURRY="TOKEN_LIFE=20 PING=1 UNUSED=500" python -m tests.browser.hurried demo
"""

import os
from dataclasses import replace
from functools import partial

from dashboard import __main__, app
from dashboard.providers.simulated import TEST_NUMBERS

UNUSED = "UNUSED"  # milliseconds that the server keeps a session without a viewer
TOO_MANY = "TOO_MANY"  # seconds until a text that was too much at once comes again; all else is a constant of app's


def hurry(lives: dict[str, int]) -> None:
    """Let things live only so long."""
    if UNUSED in lives:
        unused = lives.pop(UNUSED)
        soon = {"unused_session_lifetime_milliseconds": unused, "check_unused_sessions_milliseconds": unused}
        app.get_server = partial(app.get_server, **soon)
    if TOO_MANY in lives:
        wait = float(lives.pop(TOO_MANY))
        TEST_NUMBERS.update({to: replace(way, wait=wait) for to, way in TEST_NUMBERS.items() if way.wait is not None})
    for name, life in lives.items():
        assert isinstance(getattr(app, name), int), name
        setattr(app, name, life)


if __name__ == "__main__":
    words = (word.split("=") for word in os.environ.get("HURRY", "").split())
    hurry({name: int(life) for name, life in words})
    __main__.main()
