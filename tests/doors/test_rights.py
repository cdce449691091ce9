"""The doors and pages times every right, and that whoever may not view the inbox is sent no byte of a text."""

import asyncio
import contextlib
import json
import re

import pytest

from dashboard.core import rights
from dashboard.core.rights import EVERY, PAGES, RIGHTS, SEND, VIEW, effective, lacking
from dashboard.doors import hooks
from dashboard.providers import PROVIDERS
from dashboard.ui.page import MADE
from tests.doors.conftest import SECRET
from tests.factories import by_hand
from tests.viewers import Socket, Viewer

DANA, THEO = 1, 6
CANARY = "canary-7b1f"
ON = frozenset({rights.TEXTING})
# Every door there is: whether it needs nobody, a secret of its own, somebody who is logged in, or a right.
DOORS = {
    "/healthz": "nobody",
    "/login": "nobody",
    "/metrics": "machine",
    "/logout": "nobody",
    "/navigation": "anybody",
    "/hooks/simulated/inbound": "secret",
    "/hooks/simulated/status": "secret",
    "/hooks/kannel/mo": "secret",
    "/hooks/kannel/in": "secret",
    "/hooks/kannel/dlr": "secret",
    "/hooks/twilio/in": "signature",
    "/hooks/twilio/status": "signature",
    "/media/([1-9][0-9]{0,8})": VIEW,
    "/upload": SEND,
    "/share/([A-Za-z0-9_.-]+)": "token",
}


@pytest.fixture
def may(server):
    """Sets what Theo's role may do; afterwards it may what it could."""

    def set_rights(keys):
        by_hand(server.store, "UPDATE role SET rights = ? WHERE name = 'Bookkeeper'", json.dumps(sorted(keys)))

    yield set_rights
    set_rights(rights.BEGINNINGS["Bookkeeper"])


def upload(server, cookie):
    """What the upload door answers to something that is no picture."""
    page = server.ask("GET", "/upload", Cookie=cookie)
    token = page.headers["set-cookie"].split(";")[0]
    return server.ask("POST", "/upload?thread=1", b"x", Cookie=f"{cookie}; {token}", X_XSRFToken=page.fields["token"])


async def left(*viewers):
    """They go, and nothing of them is left open in this process."""
    for viewer in viewers:
        await viewer.cut()
    await asyncio.sleep(0.01)


async def ended(socket):
    """Waits until the server ends a connection, whatever it still says."""
    with contextlib.suppress(ConnectionError):
        while True:
            await socket.receive()
    socket.cut()
    await asyncio.sleep(0.01)


def receive(server, body):
    """A text comes in, through its door."""
    text = {"id": body, "from": "+16035550142", "to": None, "body": body}
    assert server.post("/hooks/simulated/inbound", text).status == 200


def test_there_is_a_rule_for_every_door(server):
    from dashboard.app import _doors, _media, _metrics
    from dashboard.doors.login import Identity

    application = server.application
    identity = Identity(application.live, "x", "x")
    made = _doors(application, identity, demo=False) + _media(application, identity, None)
    hooked = {hooks.path(key, hook) for key, provider in PROVIDERS.items() for hook in provider.hooks}
    made += _metrics(application, None)
    assert {pattern for pattern, *_ in made} | hooked == set(DOORS)


@pytest.mark.parametrize("rights_", [None, pytest.param(tuple(RIGHTS), marks=pytest.mark.proof)], ids=["few", "all"])
@pytest.mark.parametrize("address", MADE)
def test_a_page_and_its_connection_are_for_who_has_its_right(server, may, address, rights_):
    """The page's own right, that to view, and one that is neither; under "proof" all of them."""
    cookie = server.cookie(THEO)
    may(EVERY)
    token = re.search(r'"token":"([^"]+)"', server.ask("GET", address, Cookie=cookie).text)[1]
    own = PAGES[address].right
    for right in rights_ or {own, VIEW, next(right for right in RIGHTS if right not in (own, VIEW))}:
        may(EVERY - {right})
        allowed = own in effective(EVERY - {right}, ON)
        page = server.ask("GET", address, Cookie=cookie)
        connection = server.connect(token, path=f"{address.rstrip('/')}/ws", Cookie=cookie)
        assert (page.status, connection.status) == ((200, 101) if allowed else (403, 403)), right
        assert allowed or lacking(own) in page.text


def test_a_picture_and_an_upload_are_for_who_has_the_right(server, may):
    cookie = server.cookie(THEO)
    for right in RIGHTS:
        may(EVERY - {right})
        held = effective(EVERY - {right}, ON)
        assert server.ask("GET", "/media/99999999?size=thumb", Cookie=cookie).status == (404 if VIEW in held else 403)
        assert upload(server, cookie).status == (400 if SEND in held else 403), right


def test_the_hooks_take_no_login_for_their_secret(server):
    text = json.dumps({"id": "no secret", "from": "+16035550142", "body": "x"}).encode()
    for path in (path for path in DOORS if path.startswith("/hooks/simulated/")):
        answer = server.ask("POST", path, text, Cookie=server.cookie(DANA), Content_Type="application/json")
        assert answer.status == 403
    assert server.secret == SECRET


def test_a3_whoever_may_not_view_the_inbox_is_sent_no_byte_of_a_text(server, may):
    """All that a browser of theirs can ask for, over HTTP and on the connection of a page that they may open."""
    may({rights.DOCUMENTS})
    cookie = server.cookie(THEO)
    receive(server, CANARY)
    answers = [server.ask("GET", path, Cookie=cookie) for path in ("/", "/?q=canary", "/documents", "/navigation")]
    answers += [
        server.ask(method, path, b"", Cookie=cookie)
        for method in ("GET", "POST")
        for path in DOORS
        if path != "/logout"
    ]
    answers += [server.ask("GET", f"/media/{number}?size=shown", Cookie=cookie) for number in range(1, 9)]
    assert CANARY not in "".join(str(answer) for answer in answers)

    async def listen():
        viewer = await Viewer(server.port, cookie, path="/documents").connect()
        await viewer.until(lambda: viewer.heard)
        for op in ("open", "search", "acts", "gallery", "people", "mine", "why", "fill", "tab", "window", "older"):
            said = {"thread": 1, "query": "canary", "message": 1, "document": 1, "tab": "sent", "index": 0, "limit": 9}
            viewer.say("documents", op=op, **said)
        receive(server, CANARY + "-2")
        viewer.say("documents", op="ping", n=7)
        await viewer.until(lambda: any("pong" in patch for patch in viewer.heard))
        await left(viewer)
        return bytes(viewer.socket.taken)

    taken = asyncio.run(listen())
    assert len(taken) > 1000
    assert CANARY.encode() not in taken


def test_a4_with_the_right_gone_an_open_connection_is_closed_and_hears_nothing_more(server, may):
    may(EVERY)
    cookie = server.cookie(THEO)

    async def listen():
        viewer = await Viewer(server.port, cookie).live()
        may(EVERY - {VIEW})
        receive(server, CANARY + "-3")
        await viewer.until(lambda: not viewer.connected)
        await left(viewer)
        return viewer

    viewer = asyncio.run(listen())
    assert {"closed": lacking(VIEW)}.items() <= {k: v for patch in viewer.heard for k, v in patch.items()}.items()
    assert (CANARY + "-3").encode() not in viewer.socket.taken


def test_a_connection_that_says_nothing_is_closed_too(server, may):
    may(EVERY)
    cookie = server.cookie(THEO)

    async def listen():
        from tests.viewers import open_page

        silent = await Socket.connect(server.port, open_page(server.port, cookie), cookie)
        await silent.receive()
        may(EVERY - {VIEW})
        receive(server, CANARY + "-4")
        async with asyncio.timeout(10):
            await ended(silent)
        return bytes(silent.taken)

    assert CANARY.encode() not in asyncio.run(listen())


def test_logging_out_ends_the_pages_of_that_browser_and_no_other(server, may):
    may(EVERY)
    here, there = server.cookie(THEO), server.cookie(THEO)

    async def listen():
        mine, other = [await Viewer(server.port, cookie).live() for cookie in (here, there)]
        server.ask("POST", "/logout", b"", Cookie=here)
        await mine.until(lambda: not mine.connected)
        receive(server, CANARY + "-5")
        await other.until(lambda: (CANARY + "-5").encode() in other.socket.taken)
        alive = other.connected
        await left(mine, other)
        return alive, bytes(mine.socket.taken)

    alive, taken = asyncio.run(listen())
    assert alive
    assert (CANARY + "-5").encode() not in taken
