"""1,000 cuts at random moments, of viewers who read, act and send: each comes back and ends with the database's state."""

import asyncio
import itertools
import json
import random
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.actions.people import add_people
from dashboard.core.values import Person
from dashboard.demo import words
from dashboard.live.screen import Screen
from dashboard.store.database import Store
from dashboard.store.people import person
from dashboard.ui.patches import conversation_patch, list_patch
from tests.factories import asked, let_log_in
from tests.proof.scale import scaled
from tests.serving import SECRET, Server, a_server
from tests.told import Told
from tests.viewers import Socket, Viewer, log_in, open_page

pytestmark = pytest.mark.proof
VIEWERS = 10
ROUNDS = scaled(100)  # in each of which every viewer is cut once
SENDERS = 90  # so many that no conversation outgrows what is shown of it when it is opened
TEXTS = 4  # in each round
WHILE = 0.3  # seconds at most that a viewer looks before it is cut, and stays away
ACTS = ("mark_read", "mark_unopened", "remove")
OWN = ("opening", "turn")  # what a page is told that is about itself
PATIENCE = 60
Way = Callable[["Guest"], Awaitable[None]]
_numbers = itertools.count(1)


class Guest:
    """A viewer whose network is bad. What it sends it sends again until it is told that it was taken, as a page does."""

    def __init__(self, port: int, person: int, chance: random.Random) -> None:
        self.person = person
        self.viewer = Viewer(port, log_in(port, person))
        self.chance = chance
        self.sent: dict[str, int] = {}  # everything, with the thread it was for
        self.taken: set[str] = set()
        self.abandoned: list[Socket] = []

    async def live(self) -> None:
        await self.viewer.live()
        for key in self.sent.keys() - self.taken:
            self._say_send(key)

    def do_something(self) -> None:
        """What a person does who cannot know that the network is about to go."""
        threads = self.viewer.told.list["order"]  # none in Sent, before anything was sent or when all was removed
        thread = self.chance.choice(threads) if threads else None
        kind = self.chance.choice(("open", "close", "send", "act", "tab")) if threads else "tab"
        if kind == "open":
            self.viewer.say("threads", op="open", thread=thread, opening=next(_numbers))
        elif kind == "close":
            self.viewer.say("frame", op="close")
        elif kind == "send":
            self.sent[f"key-{next(_numbers)}"] = thread
            self._say_send(list(self.sent)[-1])
        elif kind == "act":
            self.viewer.say("threads", op="act", act=self.chance.choice(ACTS), threads=[thread])
        else:
            self.viewer.say("threads", op="tab", tab=self.chance.choice(("received", "sent", "received")))

    def _say_send(self, key: str) -> None:
        self.viewer.say("conversation", op="send", key=key, thread=self.sent[key], body=key)

    def note_what_was_taken(self) -> None:
        told = (patch["sent"] for patch in self.viewer.heard if "sent" in patch)
        self.taken |= {sent["key"] for sent in told if sent["error"] is None}
        self.viewer.heard.clear()


async def by_reset(guest: Guest) -> None:
    await guest.viewer.cut()


async def by_half(guest: Guest) -> None:
    """The server is told that nothing more comes, and ends it."""
    guest.viewer.socket.end_half()
    await guest.viewer.until(lambda: not guest.viewer.connected)
    await guest.viewer.cut()


async def inside_a_frame(guest: Guest) -> None:
    await guest.viewer.stop_reading()
    guest.viewer.socket.cut_inside_a_frame(json.dumps({"msgid": "half", "msgtype": "PATCH-DOC"}))
    await asyncio.sleep(0.02)


async def inside_a_message(guest: Guest) -> None:
    """The first of a message's frames arrives, the others never do."""
    await guest.viewer.stop_reading()
    guest.viewer.socket.write(json.dumps({"msgid": "half", "msgtype": "PATCH-DOC"}))
    guest.viewer.socket.cut_later()
    await asyncio.sleep(0.02)


async def while_connecting(guest: Guest) -> None:
    """Cut, and cut again at the handshake of the next try."""
    await guest.viewer.cut()
    (await Socket.connect(guest.viewer.port, guest.viewer.token, guest.viewer.cookie)).cut()


async def before_anything_is_shown(guest: Guest) -> None:
    await guest.viewer.cut()
    await guest.viewer.connect()
    await guest.viewer.cut()


async def without_a_word(guest: Guest) -> None:
    """Neither side is told: the server still has the old connection when the new one comes."""
    await guest.viewer.stop_reading()
    guest.abandoned.append(guest.viewer.socket)


async def by_reload(guest: Guest) -> None:
    """The page is loaded again, as it does by itself when it could not come back."""
    await guest.viewer.cut()
    guest.viewer.token = await asyncio.to_thread(open_page, guest.viewer.port, guest.viewer.cookie)


WAYS: tuple[Way, ...] = (
    by_reset, by_half, inside_a_frame, inside_a_message, while_connecting, before_anything_is_shown, without_a_word,
    by_reload,
)  # fmt: skip


def test_after_1_000_random_cuts_each_viewer_shows_what_a_screen_opened_now_shows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    log = tmp_path / "log"
    with a_server("serve", "--database", url, log=log, secret=SECRET) as server:
        store = Store(url)
        add_people(store, tuple(words.staff()))
        let_log_in(store)
        guests = asyncio.run(cut_and_come_back(server, store))
        check_that_each_went_once(store, guests)
        store.close()
    assert "Traceback" not in log.read_text()


async def cut_and_come_back(server: Server, store: Store) -> list[Guest]:
    chance = random.Random(11)
    for number in range(SENDERS):
        await asyncio.to_thread(text, server, number)
    guests = [Guest(server.port, 1 + number % 2, chance) for number in range(VIEWERS)]
    for number in range(ROUNDS):
        await asyncio.gather(texts(server, chance), *(cut_once(guest, number) for guest in guests))
        for guest in guests:
            await agrees(guest, store)
    for guest in guests:
        await guest.viewer.until(lambda guest=guest: guest.note_what_was_taken() or guest.taken >= guest.sent.keys())
        await guest.viewer.cut()
        for socket in guest.abandoned:
            socket.cut()
    return guests


async def cut_once(guest: Guest, number: int) -> None:
    if not guest.viewer.connected:
        await guest.live()
    for _ in range(3):
        await asyncio.sleep(guest.chance.uniform(0, WHILE / 3))
        guest.do_something()
    await asyncio.sleep(guest.chance.choice((0, 0, guest.chance.uniform(0, 0.03))))
    guest.note_what_was_taken()
    await guest.chance.choice(WAYS)(guest)
    await asyncio.sleep(guest.chance.choice((0, guest.chance.uniform(0, WHILE))))
    await guest.live()


async def agrees(guest: Guest, store: Store) -> None:
    """Wait until the viewer shows what a screen opened now would; the phone company may still be reporting."""
    told = guest.viewer.told
    with store.reading() as connection:
        user = person(connection, guest.person)
    await guest.viewer.until(lambda: _covers(told.shown(), opened_now(store, told, user)))


def opened_now(store: Store, told: Told, user: Person | None) -> list[dict[str, Any]]:
    """What a screen would be told that is opened now, at the viewer's place."""
    view = told.list["view"]
    where = {"tab": view["tab"], "filter": view["filter"], "query": view["query"], "thread": _thread(told)}
    screen = Screen(store, user=user, **where)
    screen.catch_up()
    fresh = Told()
    fresh.hear_list(json.loads(json.dumps(list_patch(None, screen.snapshot))))
    fresh.hear_conversation(json.loads(json.dumps(conversation_patch(None, screen.snapshot))))
    return fresh.shown()


def _thread(told: Told) -> int | None:
    return (told.conversation.get("thread") or {}).get("id")


def _covers(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    """Whether everything is as expected but for the numbers of the opening and of the turn, which are the viewer's own."""
    pairs = zip(found, expected, strict=True)
    return all(part.get(key) == value for part, whole in pairs for key, value in whole.items() if key not in OWN)


async def texts(server: Server, chance: random.Random) -> None:
    for _ in range(TEXTS):
        await asyncio.sleep(chance.uniform(0, WHILE))
        await asyncio.to_thread(text, server, chance.randrange(SENDERS))


def text(server: Server, sender: int) -> None:
    number = next(_numbers)
    said = {"id": f"cuts-{number}", "from": f"+1603555{sender:04}", "to": None, "body": f"Text {number}"}
    headers = {"Content-Type": "application/json", "X-Secret": SECRET}
    door = urllib.request.Request(f"{server.url}hooks/simulated/inbound", json.dumps(said).encode(), headers)
    with urllib.request.urlopen(door, timeout=PATIENCE) as answer:
        answer.read()


def check_that_each_went_once(store: Store, guests: list[Guest]) -> None:
    """What was sent under cuts was sent once, whatever was heard of it."""
    stored = dict(asked(store, "SELECT body, count(*) FROM message WHERE direction = 'outbound' GROUP BY body"))
    sent = {key for guest in guests for key in guest.sent}
    assert sent
    assert stored == dict.fromkeys(sent, 1)
