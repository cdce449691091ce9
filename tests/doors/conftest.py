"""A real server on a free port, in a thread of this process, and real requests over TCP."""

import asyncio
import hashlib
import http.client
import json
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from tornado.web import create_signed_value

from dashboard.actions import logins
from dashboard.core import passwords
from dashboard.doors.login import cookie_name
from tests.conftest import a_folder
from tests.factories import HASH, a_url, asked, eventually, how_many, let_log_in

# A password takes 50 ms to try, on purpose; where that is not what is tested, the least there is.
DEAR = {"HASHER": passwords.HASHER, "NOBODYS": passwords.NOBODYS}
CHEAP = {"HASHER": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), "NOBODYS": HASH}
SECRET = "open sesame"
KEY = "only-for-tests-" * 4
LIMIT = 20
PUBLIC = {
    "url": "https://texts.example.com", "port": 0, "provider": "simulated", "hook_secret": SECRET, "secret_key": KEY,
    "rate_limit": LIMIT,
}  # fmt: skip


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
    made: object
    secret: str | None = None
    host: str = field(default="127.0.0.1")

    @property
    def port(self) -> int:
        return self.made.port

    @property
    def store(self):
        return self.application.store

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own; header names are written with underscores."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "surrogateescape")
        connection.close()
        assert "Traceback" not in text
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Post JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = {"Content_Type": "application/json"} | ({"X_Secret": self.secret} if self.secret else {})
        return self.ask("POST", path, data, **(known | headers))

    def log_in(self, form: dict[str, object], **headers: str) -> Answer:
        """What the login page answers to a form."""
        page = self.ask("GET", "/login")
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text)[1]
        known = {
            "Cookie": re.search(r"[\w-]*xsrf=[^;]+", page.headers["set-cookie"])[0],
            "Content_Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        return self.ask("POST", "/login", urlencode({"_xsrf": token} | form).encode(), **known | headers)

    def choose(self, person: object, **headers: str) -> Answer:
        """What the demo's login page answers to a choice."""
        return self.log_in({"person": person}, **headers)

    def cookie(self, person: int) -> str:
        """What the browser of a person has who is logged in; made here, as no password is checked in a hurry."""
        token = secrets.token_urlsafe(32)
        logins.log_in(self.store, hashlib.sha256(token.encode()).hexdigest(), by=person)
        name = cookie_name(self.port, self.application.settings.is_secure)
        return f"{name}={create_signed_value(KEY, name, token).decode()}"

    def token(self, cookie: str) -> str:
        """The session token in the inbox of whoever has the cookie."""
        return re.search(r'"token":"([^"]+)"', self.ask("GET", "/", Cookie=cookie).text)[1]

    def raw(self, *lines: str) -> int:
        """The status that is answered to a request as it stands here; 0 where the connection is closed without one."""
        with socket.create_connection((self.host, self.port), timeout=60) as connection:
            connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        return int(answer.split(maxsplit=2)[1]) if answer else 0

    def connect(self, token: str, path: str = "/ws", **headers: str) -> Answer:
        """The handshake of a page's websocket."""
        handshake = {
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
            "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec_WebSocket_Protocol": f"bokeh, {token}",
        }  # fmt: skip
        return self.ask("GET", path, **handshake | headers)

    def stored(self) -> list[object]:
        """Everything that a refused request could have left behind, once what came before it is looked into."""
        assert eventually(lambda: not asked(self.store, "SELECT 1 FROM attachment WHERE state = 'waiting'"))
        tables = [how_many(self.store, table) for table in ("thread", "message", "attachment", "payload")]
        folder = self.store.media_folder
        files = sorted(str(path) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
        last = asked(self.store, "SELECT max(revision) FROM change WHERE action <> 'log_in'")
        return [*tables, last, files]


def running(made: object) -> threading.Thread:
    thread = threading.Thread(target=made.io_loop.start, name="test server", daemon=True)
    made.start()
    thread.start()
    return thread


@dataclass
class Servers:
    """The real thing with a secret, the demo's server, and two with all that Panel can open besides: one of these
    behind our guard, and one without it. And one behind a proxy that gives it a certificate, with a low limit."""

    plain: Server
    demo: Server
    wide: Server
    unguarded: Server
    public: Server


def made_wide(application: object, guarded: bool) -> object:
    """A server with Panel's optional doors open."""
    import panel as pn

    from dashboard import app
    from dashboard.doors import guard

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "get_server", partial(app.get_server, liveness=True, session_history=10))
        if not guarded:
            patch.setattr(guard, "put_before", lambda *_: None)
        made = app.server(application, demo=True)
    pn.config.session_history = 0
    return made


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """All servers, on one database and one loop; ended together."""
    from dashboard import app, settings
    from dashboard.actions.people import add_people
    from dashboard.demo import words
    from dashboard.providers.simulated import Behaviour

    with a_folder() as folder, pytest.MonkeyPatch.context() as patch:
        for name, cheap in CHEAP.items():
            patch.setattr(passwords, name, cheap)
        chosen = settings.load(
            {}, database=a_url(folder), port=0, provider="simulated", hook_secret=SECRET, secret_key=KEY, rate_limit=0
        )
        application = app.assemble(chosen)
        application.store.media_folder = application.live.darkroom.pictures.folder = folder / "media"
        application.provider.behaviour = Behaviour(delay=3600)  # tests report for themselves
        add_people(application.store, tuple(words.staff()))
        let_log_in(application.store)
        asyncio.set_event_loop(asyncio.new_event_loop())
        plain, *others = made = [
            app.server(application),
            app.server(application, demo=True),
            made_wide(application, guarded=True),
            made_wide(application, guarded=False),
            app.server(public := replace(application, settings=settings.load({}, **PUBLIC))),
        ]
        thread = running(plain)
        for other in others:
            other.io_loop.add_callback(other.start)
        yield Servers(
            Server(application, plain, SECRET),
            *(Server(application, other) for other in others[:-1]),
            Server(public, others[-1]),
        )
        for server in made:
            server.io_loop.add_callback(server.stop, wait=False)
        plain.io_loop.add_callback(plain.io_loop.stop)
        thread.join(5)
        application.stop()


@pytest.fixture
def server(servers) -> Server:
    """The server as ``serve`` runs it: the simulated provider's doors ask for a secret."""
    return servers.plain


@pytest.fixture
def demo(servers) -> Server:
    """The server as ``demo`` runs it."""
    return servers.demo
