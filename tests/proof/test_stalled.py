"""A viewer that stops reading: it costs little, the others notice nothing, its connection ends, and it catches up later.

Its texts go into the thread that it has open, and are as long as a text may be: the dearest updates that there are.
"""

import asyncio
import itertools
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.bench.measuring import memory
from tests.browser.product import Server as Demo
from tests.browser.product import a_hurried_demo
from tests.proof.scale import scaled
from tests.serving import SECRET, Server, a_server
from tests.viewers import Socket, Viewer, log_in

pytestmark = pytest.mark.proof
LONG = 60_000  # characters of each text
TEXTS = scaled(1_000)  # 60 MB
PROBES = 20  # short texts among them, whose way to another viewer is timed
COST = 10  # megabytes of the server's memory, at most
CUT = 30  # seconds until the connection of a viewer that takes nothing is ended
SENDER, PROBER = "+16035550142", "+16035550143"
ESTABLISHED = "01"  # include/net/tcp_states.h
NEVER = 600  # seconds after which a server that is not in a hurry would end a connection by itself
NOISE = 0.25  # seconds that a machine with two cores, which does much else, may take from anybody
_numbers = itertools.count(1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server("demo", "--quiet", "--no-browser", log=tmp_path / "log") as server:
        yield server
    assert "Traceback" not in (tmp_path / "log").read_text()


def text(server: Server, sender: str, body: str) -> int:
    """Somebody texts us; the thread."""
    said = {"id": f"stalled-{next(_numbers)}", "from": sender, "to": None, "body": body}
    headers = {"Content-Type": "application/json", "X-Secret": SECRET}
    door = urllib.request.Request(f"{server.url}hooks/simulated/inbound", json.dumps(said).encode(), headers)
    with urllib.request.urlopen(door, timeout=60) as answer:
        return int(json.load(answer)["thread"])


async def burst(server: Server, other: Viewer) -> float:
    """60 MB of texts; the seconds, at the median, that a text among them takes to another viewer's list."""
    took = []
    for number in range(TEXTS):
        await asyncio.to_thread(text, server, SENDER, f"{number} " + "x" * LONG)
        if number % max(1, TEXTS // PROBES) == 0:
            took.append(await reaches(server, other))
    return median(took)


async def reaches(server: Server, viewer: Viewer) -> float:
    """The seconds that a text takes to a viewer's list."""
    word, began = f"probe {next(_numbers)}", time.monotonic()
    await asyncio.to_thread(text, server, PROBER, word)
    await viewer.until(lambda: any(row["text"] == word for row in viewer.told.list["rows"].values()))
    return time.monotonic() - began


async def opened(server: Server | Demo, cookie: str, thread: int) -> Viewer:
    """A viewer with the thread open."""
    viewer = await Viewer(server.port, cookie).live()
    viewer.say("threads", op="open", thread=thread, opening=1)
    await viewer.until(lambda: (viewer.told.conversation.get("thread") or {}).get("id") == thread)
    return viewer


def is_connected(server: Server | Demo, wire: Socket) -> bool:
    """Whether the server's end of a connection is still there: a line of Linux's table of connections."""
    ends = [f"0100007F:{port:04X}" for port in (server.port, wire.port)]
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
    return any(line[1:4] == [*ends, ESTABLISHED] for line in lines)


def test_a_viewer_that_does_not_read_costs_little_is_cut_and_catches_up_while_others_notice_nothing(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside, cost, cut, shown = asyncio.run(stall(server))
    with capsys.disabled():
        print(
            f"\na text reaches another viewer in {alone * 1000:.0f} ms, beside a stalled one in {beside * 1000:.0f} ms; "
            f"the stalled one costs {cost:.1f} MB, and is cut after {cut:.0f} s",
            end="",
        )
    assert cost <= COST
    assert cut <= CUT
    assert shown == f"{TEXTS - 1} "
    assert beside <= 3 * alone + NOISE


async def stall(server: Server) -> tuple[float, float, float, float, str]:
    cookie = log_in(server.port)
    other = await Viewer(server.port, cookie).live()
    thread = text(server, SENDER, "Hello")
    await burst(server, other)  # what the server takes once for so many texts
    alone = await burst(server, other)
    stalled = await opened(server, cookie, thread)
    before = await settled(server)
    await stalled.stop_reading()
    watch = asyncio.create_task(watched(server, stalled))
    beside = await burst(server, other)
    cut, held = await watch
    await stalled.cut()
    await stalled.live()
    await stalled.until(lambda: newest(stalled).startswith(f"{TEXTS - 1} "))
    await asyncio.gather(stalled.cut(), other.cut())
    return alone, beside, held - before, cut, newest(stalled)[: len(f"{TEXTS - 1} ")]


def newest(viewer: Viewer) -> str:
    """The last text of the open conversation."""
    shown = viewer.told.conversation
    return shown["messages"][shown["order"][-1]]["body"] if shown["order"] else ""


async def settled(server: Server) -> float:
    """The server's memory when nothing is asked of it."""
    await asyncio.sleep(2)
    return memory(server.process)


async def watched(server: Server, viewer: Viewer) -> tuple[float, float]:
    """Seconds until a viewer's connection has ended, and the memory, at the median, that the server had until then."""
    began, held = time.monotonic(), []
    while is_connected(server, viewer.socket) and time.monotonic() < began + 3 * CUT:
        held.append(memory(server.process))
        await asyncio.sleep(0.2)
    return time.monotonic() - began, median(held)


def test_a_page_that_connects_again_does_not_wait_for_its_connection_before_that_takes_nothing(tmp_path: Path) -> None:
    with a_hurried_demo(tmp_path, f"PING={NEVER}") as demo:
        asyncio.run(come_again(demo))


async def come_again(demo: Demo) -> None:
    cookie = log_in(demo.port)
    thread = demo.text(SENDER, "Hello").thread
    viewer = await opened(demo, cookie, thread)
    await viewer.stop_reading()
    dead = viewer.socket
    for number in range(20):  # more than the kernel takes for a page that does not read
        await asyncio.to_thread(demo.text, SENDER, f"{number} " + "x" * LONG)
    await asyncio.sleep(2)
    assert is_connected(demo, dead), "its connection is still there, or this proves nothing"
    await viewer.live()
    await viewer.until(lambda: newest(viewer).startswith("19 "))
    assert not is_connected(demo, dead)
    dead.cut()
    await viewer.cut()
