"""A face that is drawn on one thread while another wants the next snapshot shown: no difference is ever lost."""

from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

from dashboard.ui.face import InboxFace


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
    face = InboxFace(heard, heard, heard, addressed=False, storage="")  # type: ignore[arg-type]
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


def test_trouble_is_told_by_the_frame_alone() -> None:
    said: list[tuple[str, dict[str, Any]]] = []
    parts = [
        SimpleNamespace(loop=lambda: None, admit=lambda: None, say=lambda m, n=name: said.append((n, m)) or [])
        for name in "ftc"
    ]
    face = InboxFace(*parts, addressed=False, storage="")  # type: ignore[arg-type]
    for part in face.parts:
        face.ready(part)
    for words in ("The database does not answer.", None):
        face.tell({"trouble": words})
    assert said == [("f", {"trouble": "The database does not answer."}), ("f", {"trouble": None})]
