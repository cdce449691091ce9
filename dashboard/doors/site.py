"""The site: the names under which people reach this server, and by which their browsers say where a page is from."""

from dataclasses import dataclass
from urllib.parse import urlsplit

HERE = ("127.0.0.1", "localhost")
HOOKS = "/hooks/"
PORTS = {"http": 80, "https": 443}  # that browsers leave out


@dataclass(frozen=True)
class Site:
    """What a request may name: ``hosts`` in Host, ``origins`` in Origin; ``is_secure`` where people come by https.

    ``machines`` are further names in Host, at the hooks only.
    """

    hosts: frozenset[str]
    origins: frozenset[str]
    is_secure: bool = False
    machines: frozenset[str] = frozenset()

    def answers_to(self, host: str, path: str) -> bool:
        """Whether a request may name this host, in lower case."""
        return host in self.hosts or (path.startswith(HOOKS) and host in self.machines)

    def sockets(self, host: str) -> str:
        """Where a page that was asked for under a name may open a connection; empty for a stranger's name."""
        host = host.lower()
        return f"ws://{host} wss://{host}" if host in self.hosts else ""


def site(port: int, url: str | None = None, callers: tuple[str, ...] = ()) -> Site:
    """The site of a server on a port of this machine, and behind a proxy at ``url``, an origin as browsers write it.

    ``callers`` are further addresses under which a phone company's machines ask at the hooks.
    """
    origins = [f"http://{name}:{port}" for name in HERE] + ([url] if url else [])
    usual = [_without_port(origin) for origin in origins]
    hosts = {urlsplit(origin).netloc for origin in (*origins, *usual)} | ({_with_port(url)} if url else set())
    machines = {name for caller in callers for name in (urlsplit(caller).netloc.lower(), _with_port(caller))}
    return Site(frozenset(hosts), frozenset((*origins, *usual)), (url or "").startswith("https:"), frozenset(machines))


def _without_port(origin: str) -> str:
    """As browsers write it: without the port that the scheme has anyway."""
    return origin.removesuffix(f":{PORTS[urlsplit(origin).scheme]}")


def _with_port(url: str) -> str:
    """The host as some proxies hand it on, always with its port."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"
