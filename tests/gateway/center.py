"""A message center that serves with Kannel as its phone company, and that can be killed and started again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dashboard.actions.people import add_people
from dashboard.providers.kannel import Gateway as Options
from dashboard.providers.kannel import Kannel
from dashboard.providers.provider import Here
from dashboard.store.database import Store
from tests.factories import OURS, a_user
from tests.fake_kannel import PASSWORD, SECRET, USER
from tests.gateway.kannel import Gateway
from tests.gateway.wire import Wire
from tests.serving import Server, a_free_port, a_server


def options(gateway: Gateway, callback: str) -> Options:
    """What our provider needs to know of a gateway."""
    given = {"url": gateway.url, "username": USER, "password": PASSWORD, "secret": SECRET, "callback": callback}
    return Options(**given, pace=0)


def services(kannel: Kannel) -> str:
    """The lines of ``check``, as somebody puts them into kannel.conf."""
    lines = kannel.guide()[0].partition("\n")[2]
    lines = lines.replace("port = 13099", f"port = {a_free_port()}")
    return lines.replace("SECRET", SECRET).replace("PASSWORD", PASSWORD).replace("THEIR-ID", "FAKE")


class Center:
    """``serve`` in a process of its own, on an SQLite file."""

    def __init__(self, folder: Path, gateway: Gateway, losing: int = 0) -> None:
        self.url = f"sqlite:///{folder / 'inbox.db'}"
        self.log = folder / "log"
        self.port = a_free_port()
        self.wire = Wire(self.port, losing)
        self.kannel = Kannel(options(gateway, self.wire.url), Here(self.wire.url, str, (OURS,)))
        self.settings = {
            f"kannel_{name}": value for name, value in options(gateway, self.wire.url).model_dump().items()
        } | {"kannel_password": PASSWORD, "kannel_secret": SECRET, "provider": "kannel", "numbers": OURS}
        self._stack = ExitStack()

    def start(self) -> Server:
        settings = {name: str(value) for name, value in self.settings.items()}
        serving = a_server("serve", "--database", self.url, log=self.log, port=self.port, **settings)
        self.server = self._stack.enter_context(serving)
        return self.server

    def crash(self) -> None:
        """Kill it in the middle of whatever it does, and start it again."""
        self.server.process.kill()
        self.server.process.wait()
        self.start()

    def stop(self) -> None:
        self._stack.close()


@contextmanager
def connected(folder: Path, losing: int = 0) -> Iterator[tuple[Gateway, Center, Store]]:
    """A gateway and a message center that know each other, and the center's store."""
    gateway = Gateway()
    center = Center(folder, gateway, losing)
    gateway.set_up(services(center.kannel))
    with center.wire, gateway:
        center.start()
        store = Store(center.url)
        add_people(store, (a_user("Dana Whitcomb", 101, "Administrator"),))
        try:
            yield gateway, center, store
        finally:
            store.close()
            center.stop()
