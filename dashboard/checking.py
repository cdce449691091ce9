"""The command ``check``: looks over a set-up before, or while, it serves, and says in words what is wrong with it."""

import errno
import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.actions.numbers import FICTIONAL
from dashboard.core.errors import MessageCenterError
from dashboard.providers import PROVIDERS, Here, Provider, Simulated
from dashboard.settings import LOOPBACK, PREFIX, BadSettings, Settings, key_file, load, secret_files, signing_key
from dashboard.store import schema, sqlite_build, verify
from dashboard.store.database import Store, media_folder, parsed

OK, WARNING, WRONG = "ok", "warning", "wrong"
OTHERS = stat.S_IRWXG | stat.S_IRWXO  # what anybody but a file's owner may do
LITTLE, TOO_LITTLE = 1024**3, 100 * 1024**2  # bytes that are free: soon, or now, no picture fits
GUESSABLE = 16  # characters of a secret below which it can be guessed


@dataclass(frozen=True)
class Finding:
    """What was found out about one item: ``state`` is ok, warning or wrong; ``words`` say what it is, or what to do; ``lines``
    are to be copied as they are."""

    item: str
    state: str
    words: str
    lines: tuple[str, ...] = ()


def check(environment: Mapping[str, str] = os.environ, online: bool = False, **given: Any) -> Iterator[Finding]:
    """Look at everything, in turn; with ``online`` the phone company is asked too. No finding has a secret in it."""
    try:
        settings = load(environment, **given)
    except BadSettings as error:
        yield from (Finding("settings", WRONG, line) for line in error.lines)
        return
    yield Finding("settings", OK, "every one that is set can be used")
    yield from _files(secret_files(environment))
    for look in LOOKS:
        yield from look(settings)
    if online:
        yield from _online(settings)


def _files(files: Mapping[str, str]) -> Iterator[Finding]:
    for name, path in files.items():
        if _is_open(Path(path)):
            words = f"{PREFIX}{name.upper()}_FILE: others on this machine can read {path}: chmod 600 {path}"
            yield Finding("secrets", WARNING, words)


def _address(settings: Settings) -> Iterator[Finding]:
    here = f"{settings.host}:{settings.port}"
    if settings.url is None:
        yield Finding("address", OK, f"this machine only, http://{here}/")
    elif settings.is_secure:
        yield Finding("address", OK, f"{settings.url}, through a proxy that asks {here}")
    else:
        words = f"{settings.url} is not https: passwords and texts can be read on their way, so use a certificate"
        yield Finding("address", WARNING, words)
    if settings.host not in LOOPBACK:
        words = f"{here} takes plain HTTP from every machine that reaches it: let the firewall pass the proxy only"
        yield Finding("address", WARNING, words)


def _port(settings: Settings) -> Iterator[Finding]:
    try:
        socket.create_server((settings.host, settings.port), family=_family(settings.host)).close()
        yield Finding("port", OK, f"{settings.port} is free")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"{settings.port} is taken, by a message center that runs or by another program"
            yield Finding("port", WARNING, words)
        else:
            words = f"{settings.host}:{settings.port} cannot be listened on ({error.strerror})"
            yield Finding("port", WRONG, f"{words}: set {PREFIX}HOST and {PREFIX}PORT to what this machine has")


def _proxies(settings: Settings) -> Iterator[Finding]:
    trusted = ", ".join(str(network) for network in settings.trusted())
    elsewhere = settings.host not in LOOPBACK and settings.proxies is None
    if settings.url and (elsewhere or not trusted):
        words = f"{PREFIX}PROXIES: name the proxy's address, or all people seem to come from there, and count as one"
        yield Finding("proxies", WARNING, words)
    else:
        yield Finding("proxies", OK, f"{trusted} may say who asks" if trusted else "none is believed")
    if settings.url and not settings.rate_limit:
        yield Finding("rate limit", WARNING, f"{PREFIX}RATE_LIMIT is 0: whoever guesses is never made to wait")


def _key(settings: Settings) -> Iterator[Finding]:
    file = _file(settings)
    kept = key_file(file) if file else None
    if kept and not settings.secret_key and not kept.exists():
        yield Finding("signing key", OK, f"is made at the first start, in {kept}")
        return
    try:
        signing_key(settings, file)
    except (MessageCenterError, OSError, UnicodeDecodeError) as error:
        yield Finding("signing key", WRONG, str(error) if isinstance(error, MessageCenterError) else f"{kept}: no key")
        return
    if kept and not settings.secret_key and _is_open(kept):
        words = f"others on this machine can read {kept}, and be anybody: chmod 600 {kept}"
        yield Finding("signing key", WARNING, words)
    else:
        yield Finding("signing key", OK, "is set" if settings.secret_key else f"is kept in {kept}")


def _zone(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC).astimezone(settings.wall)
    words = settings.zone or f"this machine’s own; set {PREFIX}ZONE where customers live by another clock"
    yield Finding("zone", OK, f"{now:%A %H:%M %Z}: {words}")


def _numbers(settings: Settings) -> Iterator[Finding]:
    ours = settings.our_numbers()
    if ours:
        yield Finding("numbers", OK, ", ".join(ours))
    else:
        words = f"{PREFIX}NUMBERS is not set: {FICTIONAL} stands in, which is nobody's"
        yield Finding("numbers", WARNING if settings.provider else OK, words)


def _provider(settings: Settings) -> Iterator[Finding]:
    secret = settings.hook_secret
    if settings.provider is None:
        yield Finding("provider", WARNING, f"{PREFIX}PROVIDER is not set: nothing is sent")
    elif settings.provider == Simulated.key and not secret:
        yield Finding("provider", WARNING, f"simulated; {PREFIX}HOOK_SECRET is not set, so no text comes in")
    elif settings.provider == Simulated.key and secret and len(secret) < GUESSABLE:
        words = f"simulated; {PREFIX}HOOK_SECRET can be guessed: give {GUESSABLE} random characters or more"
        yield Finding("provider", WARNING, words)
    else:
        yield from _company(settings)


def _company(settings: Settings) -> Iterator[Finding]:
    """What has to be entered at the phone company, or what is missing before it can be asked."""
    try:
        company = _made(settings)
    except MessageCenterError as error:
        yield Finding("provider", WRONG, str(error))
        return
    yield Finding("provider", OK, str(settings.provider))
    for words, *lines in map(str.splitlines, company.guide()):
        yield Finding(f"at {settings.provider}", OK, words, tuple(lines))


def _made(settings: Settings) -> Provider:
    here = Here(settings.origin, lambda _: "", settings.our_numbers())
    return PROVIDERS[settings.provider or ""].made(settings.options, here)


def _online(settings: Settings) -> Iterator[Finding]:
    if settings.provider is None:
        return
    try:
        yield Finding("online", OK, _made(settings).probe())
    except (MessageCenterError, OSError) as error:
        yield Finding("online", WRONG, str(error))


def _media(settings: Settings) -> Iterator[Finding]:
    folder = media_folder(parsed(settings.database))
    there = next(above for above in (folder, *folder.absolute().parents) if above.exists())
    if not _is_writable(there):
        words = f"{folder} cannot be written: give it to the user that the message center runs as"
        yield Finding("media folder", WRONG, words)
        return
    free = shutil.disk_usage(there).free
    state = OK if free >= LITTLE else WARNING if free >= TOO_LITTLE else WRONG
    words = f"{folder}, {free / 1024**3:,.1f} GB free"
    yield Finding("media folder", state, words if state == OK else f"{words}: make room on its disk")


def _sqlite(settings: Settings) -> Iterator[Finding]:
    if _file(settings):
        yield Finding("SQLite", OK if sqlite_build.is_sound() else WARNING, sqlite_build.described())


def _database(settings: Settings) -> Iterator[Finding]:
    file = _file(settings)
    name = parsed(settings.database).render_as_string()
    if file and not file.exists():
        yield _to_be_made(name, file.absolute().parent)
        return
    try:
        store = Store(settings.database, region=settings.region)
    except MessageCenterError as error:
        yield Finding("database", WRONG, str(error))
        return
    try:
        yield from _opened(store, name)
    except MessageCenterError as error:
        yield Finding("database", WRONG, str(error))
    finally:
        store.close()


def _to_be_made(name: str, folder: Path) -> Finding:
    if not folder.is_dir():
        return Finding("database", WRONG, f"{name}: the folder {folder} is not there: make it, or name another")
    if not _is_writable(folder):
        return Finding("database", WRONG, f"{name}: the folder {folder} cannot be written by this user")
    return Finding("database", OK, f"{name} is not there yet; the first start makes it")


def _opened(store: Store, name: str) -> Iterator[Finding]:
    at, head = schema.present(store), schema.head()
    yield Finding("database", OK, f"{name} opens")
    if at == head:
        yield Finding("schema", OK, f"is at {head}")
    elif at is None or store.is_sqlite:
        words = "is empty" if at is None else f"is at {at}, and this program needs {head}"
        yield Finding("schema", WARNING, f"{words}: run message-center migrate, or start it, which does the same")
    else:
        yield Finding("schema", WRONG, f"is at {at}, and this program needs {head}: run message-center migrate")
    with store.reading() as connection:
        damage = verify.damage(connection)
        faults = verify.faults(connection) if at == head else {}
    yield from (Finding("integrity", WRONG, f"{words}: restore a backup") for words in damage)
    yield from (Finding("counts", WRONG, f"{words}: {number}; please report this") for words, number in faults.items())
    if not damage and not faults:
        yield Finding(
            "integrity", OK, "nothing is damaged, and every count agrees" if at == head else "nothing is damaged"
        )


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _address, _port, _proxies, _key, _zone, _numbers, _provider, _media, _sqlite, _database,
)  # fmt: skip


def _file(settings: Settings) -> Path | None:
    """The file of an SQLite database."""
    url = parsed(settings.database)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _is_open(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & OTHERS)


def _is_writable(folder: Path) -> bool:
    """Whether a file can be made there, which is what counts."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
