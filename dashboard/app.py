"""The composition root: a database, its live half, the pages and the doors, as one server."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.server.auth_provider import AuthProvider
from panel.io.server import get_server
from tornado.ioloop import IOLoop

from dashboard.actions import numbers
from dashboard.core.errors import SettingError
from dashboard.core.rights import PAGES, VIEW
from dashboard.core.values import Visit
from dashboard.doors import guard, hooks
from dashboard.doors.door import Desk
from dashboard.doors.health import HealthDoor
from dashboard.doors.login import Identity, LoginDoor, LogoutDoor, NavigationDoor, cookie_name
from dashboard.doors.media import MediaDoor, ShareDoor, UploadDoor
from dashboard.doors.metrics import Meters, MetricsDoor
from dashboard.doors.rates import Rates
from dashboard.doors.shares import Shares
from dashboard.doors.simulated import InboundDoor, StatusDoor
from dashboard.doors.site import site
from dashboard.live.live import Live
from dashboard.providers import PROVIDERS, Here, Provider, Simulated
from dashboard.settings import PREFIX, Settings, signing_key
from dashboard.store import lives, rights, schema
from dashboard.store.database import Store
from dashboard.store.people import everybody
from dashboard.ui.component import mend_connections, source
from dashboard.ui.navigation import grouped
from dashboard.ui.page import MADE, STYLES, page
from dashboard.ui.session import Admission, WhoAsks

log = logging.getLogger(__name__)
TOKEN_LIFE = 7 * 24 * 3600  # seconds that a page may be open and still reconnect
PING = 10  # seconds between two looks whether a browser is there, and until it must have answered: cut within 30
DRAIN = 10  # seconds that running requests are given when the server ends


@dataclass
class Application:
    """A running message center: its store, live half and provider; ``stop`` ends it in order."""

    settings: Settings
    store: Store
    live: Live
    desk: Desk
    provider: Provider | None
    here: Here

    def stop(self) -> None:
        self.desk.workers.shutdown(wait=True)
        self.live.stop()
        self.store.close()


def assemble(settings: Settings) -> Application:
    """Open the database, make it ready, start the live half."""
    store = Store(settings.database, region=settings.region, zone=settings.wall)
    schema.ready(store)
    ours = settings.our_numbers()
    here = _here(settings, store)
    provider = PROVIDERS[settings.provider].made(settings.options, here) if settings.provider else None
    if ours:
        numbers.set_numbers(store, ours)
    else:
        numbers.set_first_number(store, numbers.FICTIONAL)
    numbers.set_provider(store, provider.key if provider else None)
    _check_fallback(store, settings.alert_fallback)
    live = Live(store, provider, settings.alert_fallback)
    live.start()
    return Application(settings, store, live, Desk(live), provider, here)


def _here(settings: Settings, store: Store) -> Here:
    """What the phone company is told of us."""
    shares = Shares(signing_key(settings, _sqlite_file(store)))
    origin = settings.origin
    with store.reading() as connection:
        life = lives.present(connection)
    return Here(
        origin, lambda file: f"{origin}/share/{shares.token(file)}", settings.our_numbers(), settings.region, life
    )


def _check_fallback(store: Store, names: tuple[str, ...]) -> None:
    """A misspelt name would be somebody who silently hears of nothing."""
    with store.reading() as connection:
        people = everybody(connection)
    for person in people:  # a right that is taken, or the add-on switched off, must not keep the server from starting
        if person.name in names and VIEW not in person.rights:
            log.warning(
                "%sALERT_FALLBACK: %s may not view the inbox just now, and hears of nothing", PREFIX, person.name
            )
    known = [person.name for person in people if person.role]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SettingError(
            f"{PREFIX}ALERT_FALLBACK: nobody with a role is called “{unknown[0]}”. "
            f"There is: {', '.join(known) or 'nobody yet; import them first'}."
        )


def server(application: Application, demo: bool = False) -> Any:
    """The Bokeh server, listening but not yet started. Raises SettingError for a port in use."""
    settings, live = application.settings, application.live
    mend_connections()
    pn.config.reconnect = True
    port = settings.port or _free_port(settings.host)
    key = signing_key(settings, _sqlite_file(application.store))
    ours = site(port, settings.url, settings.options.origins() if settings.options else ())
    cookie = cookie_name(port, settings.is_secure)
    identity = Identity(live, cookie, key)
    meters = Meters(live)
    doors = _doors(application, identity, demo) + _media(application, identity, Shares(key))
    doors += _metrics(application, meters)
    try:
        made = get_server(
            {address: page(live, address) for address in MADE},
            port=port,
            address=settings.host,
            websocket_origin=sorted(ours.hosts),
            location=False,
            title={address: PAGES[address].name for address in MADE},
            cookie_secret=key,
            secret_key=key.encode(),
            sign_sessions=True,
            auth_provider=_Login(identity),
            xsrf_cookies=True,
            include_cookies=[],
            include_headers=[],
            session_token_expiration=TOKEN_LIFE,
            keep_alive_milliseconds=0,
            websocket_ping_interval=PING,
            websocket_ping_timeout=PING,
            extra_patterns=doors,
            http_server_kwargs={"max_body_size": guard.FORM_LIMIT},
            use_index=False,
        )
    except OSError as error:
        raise SettingError(
            f"port {port} cannot be listened on ({error.strerror}): choose another with --port."
        ) from None
    for context in made._tornado._applications.values():
        context.application.add(WhoAsks(identity.of))
    rules = guard.Rules(
        site=ours,
        doors=frozenset(path for path, *_ in doors),
        pages=frozenset(MADE),
        admission=Admission(key, identity.of, partial(_require, live)),
        page=_standing("refusal.html").replace("WAITING", source("waiting.js")),
        around=partial(_around, identity),
        known=identity.of,
        rates=Rates(settings.rate_limit),
        trusted=settings.trusted(),
    )
    guard.put_before(made._tornado, rules)
    made.io_loop.add_callback(lambda: meters.watch(asyncio.get_running_loop()))
    made._tornado.settings |= _form_cookie(settings)
    return made


def run(application: Application, made: Any, started: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT or SIGTERM; then take nothing new, finish what runs, and end."""
    loop: IOLoop = made.io_loop

    last: list[float] = []

    def end(*_: Any) -> None:
        """The first signal begins the drain, a second one ends it."""
        loop.add_callback_from_signal(loop.stop if last else drain)
        last.append(loop.time() + DRAIN)

    async def drain() -> None:
        made.stop(wait=False)
        while application.desk.answering and loop.time() < last[0]:  # noqa: ASYNC110 - it ends once, and rarely waits
            await asyncio.sleep(0.05)
        loop.stop()

    made.start()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    started()
    try:
        loop.start()
    finally:
        application.stop()


class _Login(AuthProvider):
    """Sends whoever has no signed cookie to the login page; asked for every page and every websocket."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        super().__init__()

    @property
    def get_user(self) -> Any:
        return self._user

    @property
    def login_url(self) -> str:
        return "/login"

    get_user_async = get_login_url = login_handler = logout_url = logout_handler = None

    def _user(self, handler: Any) -> str | None:
        visit = self.identity.of(handler.request)
        return str(visit.person.id) if visit else None


def _require(live: Live, visit: Visit, right: str) -> None:
    with live.store.reading() as connection:
        rights.require(connection, visit.person.id, right)


def _around(identity: Identity, request: Any) -> dict[str, Any] | None:
    visit = identity.of(request)
    return {"person": visit.person.name, "groups": grouped(visit.person.rights)} if visit else None


def _doors(application: Application, identity: Identity, demo: bool) -> list[Any]:
    desk = {"desk": application.desk}
    known = desk | {"identity": identity, "secure": application.settings.is_secure}
    public = application.settings.url is not None
    doors = [
        ("/healthz", HealthDoor, desk),
        ("/login", LoginDoor, known | {"page": _standing("login.html"), "demo": demo, "public": public}),
        ("/logout", LogoutDoor, known),
        ("/navigation", NavigationDoor, {"identity": identity}),
    ]
    if isinstance(application.provider, Simulated):
        secret = application.settings.hook_secret
        if demo or secret:
            options = desk | {"secret": None if demo else secret and secret.get_secret_value()}
            doors += [
                ("/hooks/simulated/inbound", InboundDoor, options),
                ("/hooks/simulated/status", StatusDoor, options),
            ]
    if application.provider:
        doors += hooks.doors(application.desk, application.provider, application.here)
    return doors


def _metrics(application: Application, meters: Meters) -> list[Any]:
    settings = application.settings
    secret = settings.metrics_secret.get_secret_value() if settings.metrics_secret else None
    options = {"desk": application.desk, "meters": meters, "secret": secret, "public": settings.url is not None}
    return [("/metrics", MetricsDoor, options)]


def _media(application: Application, identity: Identity, shares: Shares) -> list[Any]:
    known = {"desk": application.desk, "identity": identity}
    return [
        ("/media/([1-9][0-9]{0,8})", MediaDoor, known),
        ("/upload", UploadDoor, known),
        ("/share/([A-Za-z0-9_.-]+)", ShareDoor, {"desk": application.desk, "shares": shares}),
    ]


def _form_cookie(settings: Settings) -> dict[str, Any]:
    """How Tornado keeps the token that our forms carry: no script reads it, and where people come by https no other
    site of the domain sets it."""
    kept = {"httponly": True, "samesite": "Lax", "secure": settings.is_secure}
    return {"xsrf_cookie_kwargs": kept, "xsrf_cookie_name": "__Host-xsrf" if settings.is_secure else "_xsrf"}


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as taken:
        return int(taken.getsockname()[1])


def _standing(name: str) -> str:
    """The template of a page that stands alone, in our look."""
    return source(name).replace("STYLES", STYLES)


def _sqlite_file(store: Store) -> Path | None:
    return Path(store.url.database) if store.is_sqlite and store.url.database else None
