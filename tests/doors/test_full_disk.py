"""A server whose disk gets full, for real: 503 in words, nothing acknowledged is lost, it reads on, says so, and heals."""

import asyncio
import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.live.storing import WORDS
from dashboard.store import verify
from dashboard.store.database import Store
from dashboard.store.storing import DATABASE
from tests.disk import Limit, SmallDisk, a_small_disk
from tests.factories import a_store, asked, sound
from tests.serving import SECRET, Server, a_server
from tests.viewers import Viewer, log_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | Limit]:
    (folder := tmp_path / "disk").mkdir()
    with a_small_disk(folder) as disk:
        yield disk


def post(server: Server, name: str, picture: bytes = b"") -> tuple[int, str]:
    """What is answered to a text of three kilobytes, perhaps with a file."""
    text = {"id": name, "from": "+16035550142", "to": None, "body": "x" * 3000, "media": []}
    if picture:
        text["media"] = [{"data": base64.b64encode(picture).decode(), "type": "image/jpeg"}]
    headers = {"Content-Type": "application/json", "X-Secret": SECRET}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/hooks/simulated/inbound", json.dumps(text), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def until_refused(server: Server, known: set[str]) -> str:
    """Texts come in until one is refused; the words."""
    while True:
        name = f"text-{len(known)}"
        status, words = post(server, name)
        if status != http.client.OK:
            assert status == http.client.SERVICE_UNAVAILABLE
            return words
        known.add(name)


async def is_told(viewer: Viewer, words: str | None) -> None:
    await viewer.until(lambda: [patch["trouble"] for patch in viewer.heard if "trouble" in patch][-1:] == [words])


async def fill_and_free(server: Server, disk: SmallDisk | Limit, known: set[str]) -> None:
    cookie = await asyncio.to_thread(log_in, server.port)
    viewer = await Viewer(server.port, cookie).live()
    disk.fill(server.process.pid)
    assert "send this again later" in await asyncio.to_thread(until_refused, server, known)
    await is_told(viewer, WORDS[DATABASE])
    later = await Viewer(server.port, cookie).live()  # a page opens, and has everything that was acknowledged
    await is_told(later, WORDS[DATABASE])
    disk.free(server.process.pid)
    for page in (viewer, later):
        await is_told(page, None)
    for _ in range(20):
        name = f"text-{len(known)}"
        assert (await asyncio.to_thread(post, server, name))[0] == http.client.OK
        known.add(name)
    for page in (viewer, later):
        await page.cut()


def test_a_full_disk_is_told_to_the_phone_company_and_on_every_screen_until_there_is_room(
    tmp_path: Path, disk: SmallDisk | Limit
) -> None:
    url, known = f"sqlite:///{disk.folder / 'inbox.db'}", set()
    with a_store(url):
        pass
    with a_server("serve", "--database", url, log=tmp_path / "log", secret=SECRET) as server:
        asyncio.run(fill_and_free(server, disk, known))
    store = Store(url)
    assert {name for (name,) in asked(store, "SELECT provider_id FROM message")} == known
    with store.reading() as connection:
        assert verify.damage(connection) == ()
    assert sound(store)
    store.close()
    assert "Traceback" not in (tmp_path / "log").read_text()
