"""A16: the badge equals what a click on it shows, whatever several people do."""

import random
from pathlib import Path

from dashboard.live.screen import BULK_ACTIONS, Screen
from dashboard.store.database import Store
from tests.factories import a_reply, a_store, a_text, a_url, dana

PEOPLE = 40


def act_at_random(folder: Path, acts: int, seed: int = 7) -> int:
    """Let three users act at random; how often the badge was above zero, so that a test knows it proved something."""
    chance = random.Random(seed)
    with a_store(a_url(folder)) as store:
        screens = [Screen(store, user=dana(store)) for _ in range(3)]
        return sum(_act(chance, store, screens) for _ in range(acts))


def _act(chance: random.Random, store: Store, screens: list[Screen]) -> bool:
    screen = chance.choice(screens)
    screen.catch_up()
    _something(chance, store, screen)
    for each in screens:
        each.catch_up()
    watcher = chance.choice(screens)
    badge = watcher.snapshot.unread
    watcher.show_unread()
    watcher.catch_up()
    assert (watcher.place.view.filter, watcher.place.view.query) == ("all", "")
    assert all(row.unread for row in watcher.snapshot.rows)
    assert sum(row.unread for row in watcher.snapshot.rows) == badge == watcher.snapshot.unread
    watcher.show(tab=chance.choice(("received", "sent")), filter=chance.choice(("all", "unknown")), query="")
    return badge > 0


def _something(chance: random.Random, store: Store, screen: Screen) -> None:
    rows = screen.snapshot.rows
    kind = chance.choice(("text", "text", "open", "reply", "bulk", "search"))
    if kind == "text" or not rows:
        a_text(store, f"+1603555{chance.randrange(PEOPLE):04}")
    elif kind == "open":
        screen.open(chance.choice(rows).id)
    elif kind == "reply":
        a_reply(store, chance.choice(rows).id)
    elif kind == "search":
        screen.show(query=chance.choice(("603", "55", "")))
    else:
        for row in chance.sample(rows, min(len(rows), 3)):
            screen.tick(row.id, on=True)
        screen.act(chance.choice(sorted(BULK_ACTIONS)))
