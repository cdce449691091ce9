"""A phone company that posts a stream of texts, whatever becomes of the server: what is refused is sent again."""

import hashlib
import http.client
import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from dashboard.store import verify
from dashboard.store.database import Store
from tests.factories import asked, sound
from tests.fake_twilio import a_text as a_form
from tests.fake_twilio import signed
from tests.serving import SECRET

PUBLIC = "https://texts.example.com"  # the address that Twilio was given
PAUSE = 0.01  # seconds between two texts
PATIENCE = 30  # seconds that the company waits for an answer
BROKEN = 0  # what stands for a connection that broke before an answer came


@dataclass(frozen=True)
class Post:
    """A request that brings a text with the provider's ``id``."""

    id: str
    path: str
    body: str
    headers: dict[str, str]


Door = Callable[[str, str], Post]  # how a text with a name, from a number, is posted


def simulated(name: str, sender: str) -> Post:
    """A text at the simulated provider's door, with its secret."""
    body = json.dumps({"id": name, "from": sender, "to": None, "body": name})
    return Post(name, "/hooks/simulated/inbound", body, {"Content-Type": "application/json", "X-Secret": SECRET})


def twilio(name: str, sender: str) -> Post:
    """A text at Twilio's door, with its signature."""
    sid = "SM" + hashlib.md5(name.encode()).hexdigest()
    form = a_form(MessageSid=sid, From=sender, Body=name)
    path, kind = "/hooks/twilio/in", "application/x-www-form-urlencoded"
    headers = {"Content-Type": kind, "X-Twilio-Signature": signed(PUBLIC + path, form), "Host": urlsplit(PUBLIC).netloc}
    return Post(sid, path, urlencode(form), headers)


class Stream:
    """Posts texts at a door, from several lines at once, for as long as it is entered; ``stored`` are the ids that
    were answered 200, ``answers`` how often each status came."""

    def __init__(self, port: int, lines: int = 4, door: Door = simulated) -> None:
        self.port = port
        self.door = door
        self.stored: set[str] = set()
        self.answers: Counter[int] = Counter()
        self._over = Event()
        self._lines = [Thread(target=self._post_all, args=(line,)) for line in range(lines)]

    def __enter__(self) -> Self:
        for line in self._lines:
            line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for line in self._lines:
            line.join()

    def _post_all(self, line: int) -> None:
        number = 0
        while not self._over.is_set():
            name = f"text-{line}-{number}"
            post = self.door(name, f"+1603555{number % 50:04}")
            status = self._post(post)
            self.answers[status] += 1
            if status == http.client.OK:
                self.stored.add(post.id)
                number += 1  # and otherwise the same again
            time.sleep(PAUSE)

    def _post(self, post: Post) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("POST", post.path, post.body, post.headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return BROKEN
        return answer.status

    def check(self, store: Store) -> None:
        """Everything that was acknowledged is stored, once; what is stored beyond that was never answered."""
        found = asked(store, "SELECT provider_id FROM message WHERE direction = 'inbound'")
        names = [str(name) for (name,) in found]
        assert len(names) == len(set(names))
        assert self.stored <= set(names)
        assert len(set(names) - self.stored) <= len(self._lines), "at most the last text of each line"
        with store.reading() as connection:
            assert verify.damage(connection) == ()
        assert sound(store)
