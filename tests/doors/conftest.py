"""A real server on a free port, in a thread of this process, and real requests over TCP."""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.conftest import a_folder
from tests.factories import a_url, how_many

SECRET = "open sesame"
KEY = "only-for-tests-" * 4


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def fields(self) -> dict[str, object]:
        return json.loads(self.text)


@dataclass
class Server:
    """A running message center and its address; ``secret`` is sent along with every post."""

    application: object
    port: int
    secret: str | None = None
    host: str = field(default="127.0.0.1")

    @property
    def store(self):
        return self.application.store

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own; header names are written with underscores."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        assert "Traceback" not in text
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Post JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = {"Content_Type": "application/json"} | ({"X_Secret": self.secret} if self.secret else {})
        return self.ask("POST", path, data, **(known | headers))

    def stored(self) -> list[object]:
        """Everything that a refused request could have left behind."""
        tables = [how_many(self.store, table) for table in ("thread", "message", "attachment", "payload", "change")]
        folder = self.store.media_folder
        files = sorted(str(path) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
        return [*tables, self.store.revision(), files]


def running(made: object) -> threading.Thread:
    thread = threading.Thread(target=made.io_loop.start, name="test server", daemon=True)
    made.start()
    thread.start()
    return thread


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[Server, Server]]:
    """The real thing with a secret, and the demo's server, on one database; ended together."""
    from dashboard import app, settings
    from dashboard.actions.people import add_people
    from dashboard.demo import words
    from dashboard.providers.simulated import Behaviour

    with a_folder() as folder:
        chosen = settings.load(
            {}, database=a_url(folder), port=0, provider="simulated", hook_secret=SECRET, secret_key=KEY
        )
        application = app.assemble(chosen)
        application.store.media_folder = folder / "media"
        application.provider.behaviour = Behaviour(delay=3600)  # tests report for themselves
        add_people(application.store, tuple(words.staff()))
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        made = [app.server(application), app.server(application, demo=True)]
        thread = running(made[0])
        made[1].io_loop.add_callback(made[1].start)
        yield Server(application, made[0].port, SECRET), Server(application, made[1].port)
        for server in made:
            server.io_loop.add_callback(server.stop, wait=False)
        made[0].io_loop.add_callback(made[0].io_loop.stop)
        thread.join(5)
        application.stop()


@pytest.fixture
def server(servers) -> Server:
    """The server as ``serve`` runs it: the simulated provider's doors ask for a secret."""
    return servers[0]


@pytest.fixture
def demo(servers) -> Server:
    """The server as ``demo`` runs it."""
    return servers[1]
