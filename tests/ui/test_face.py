"""A face that is drawn on one thread while another wants the next snapshot shown: no difference is ever lost."""

import asyncio
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

from dashboard.ui.face import STALLED, InboxFace


class Heard:
    """A component that keeps what it was told; there is no server, so that drawing is done at once."""

    def __init__(self) -> None:
        self.rows: set[int] = set()

    def loop(self) -> None:
        return None

    def admit(self) -> None:
        pass

    def say(self, message: dict[str, Any]) -> list[Any]:
        self.rows |= set(message.get("new", ()))
        return []


def difference(before: Any, after: Any) -> dict[str, Any]:
    return {"new": list(range(before.upto if before else 0, after.upto))}


def test_what_is_wanted_while_a_face_is_being_drawn_is_drawn_too() -> None:
    heard = Heard()
    face = InboxFace(heard, heard, heard, addressed=False)  # type: ignore[arg-type]
    face.parts = (face.threads,)
    face.threads.patch = difference
    face.ready(face.threads)
    stop = Event()

    def draw() -> None:
        while not stop.is_set():
            face.draw()

    drawer = Thread(target=draw)
    drawer.start()
    for upto in range(1, 3_000):
        face.show(SimpleNamespace(upto=upto))  # type: ignore[arg-type]
    stop.set()
    drawer.join()
    face.draw()
    assert heard.rows == set(range(2_999))


def test_trouble_is_told_by_the_frame_alone_and_every_part_hears_that_it_is_over() -> None:
    said: list[tuple[str, dict[str, Any]]] = []
    parts = [
        SimpleNamespace(loop=lambda: None, admit=lambda: None, say=lambda m, n=name: said.append((n, m)) or [])
        for name in "ftc"
    ]
    face = InboxFace(*parts, addressed=False)  # type: ignore[arg-type]
    for part in face.parts:
        face.ready(part)
    for words in ("The database does not answer.", None):
        face.tell({"trouble": words})
    assert said[0] == ("f", {"trouble": "The database does not answer."})
    assert sorted(said[1:]) == [(part, {"trouble": None}) for part in "cft"]


class Slow(Heard):
    """A component of a browser that takes what it is told when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = asyncio.Event()

    def say(self, message: dict[str, Any]) -> list[Any]:
        super().say(message)
        return [self.taken.wait()]

    def is_deserted(self) -> bool:
        return False


def test_a_browser_that_does_not_take_what_it_was_sent_is_left_alone_until_it_has() -> None:
    asked: list[str] = []

    async def stall() -> None:
        slow = Slow()
        face = InboxFace(slow, slow, slow, addressed=False)  # type: ignore[arg-type]
        face.parts, face.threads.patch = (face.threads,), difference
        face.missed = lambda: asked.append("again")
        face.ready(face.threads)
        face.show(SimpleNamespace(upto=1))  # type: ignore[arg-type]
        assert not face.is_idle(), "it may be on its way"
        await asyncio.sleep(STALLED * 1.5)
        assert face.is_idle()
        face.show(SimpleNamespace(upto=9))  # type: ignore[arg-type]
        assert slow.rows == {0}, "nothing more is sent, and nothing is queued"
        slow.taken.set()
        await asyncio.sleep(0.1)
        assert not face.is_idle()
        assert slow.rows == set(range(9)), "it is shown the newest state"

    asyncio.run(stall())
    assert asked == ["again"]


def test_what_is_drawn_before_a_script_is_ready_is_not_for_its_new_connection() -> None:
    order: list[str] = []
    component = SimpleNamespace(loop=lambda: None, admit=lambda: order.append("admitted"))
    component.say = lambda message: order.append(f"told {message['new']}") or []
    face = InboxFace(component, component, component, addressed=False)  # type: ignore[arg-type]
    face.parts, face.threads.patch = (face.threads,), difference
    for upto in (1, 2):
        face.ready(face.threads)
        face.show(SimpleNamespace(upto=upto))  # type: ignore[arg-type]
    face.ready(face.threads)
    assert order == ["admitted", "told [0]", "admitted", "told [0]", "told [1]", "admitted", "told [0, 1]"]


def test_what_is_told_while_a_page_comes_back_is_said_with_what_it_is_shown() -> None:
    heard = Heard()
    said: list[dict[str, Any]] = []
    heard.say = lambda message: said.append(message) or []  # type: ignore[method-assign, func-returns-value]
    face = InboxFace(heard, heard, heard, addressed=False)  # type: ignore[arg-type]
    face.parts = (face.threads,)
    face.threads.patch = difference
    face.ready(face.threads)
    face.show(SimpleNamespace(upto=2))
    said.clear()
    face.hold(face.threads)
    face.tell({"ticks": [7]})
    assert said == []
    face.ready(face.threads)
    assert said == [{"new": [0, 1], "ticks": [7]}]
