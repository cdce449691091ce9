"""What the measurements share: servers of the floors, pages that note when a text shows, and a process's CPU and memory."""

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import Server, a_free_port, wait_for

_numbers = itertools.count(1)
WATCH = """token => new Promise((done, failed) => {
  const roots = function* (root) {
    yield root;
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) yield* roots(element.shadowRoot);
  };
  const found = () => [...roots(document)].some(root =>
    (root === document ? document.getElementById('list') : root)?.textContent?.includes(token));
  const check = () => { if (found()) { observers.forEach(o => o.disconnect()); done(performance.timeOrigin + performance.now()); } };
  const observers = [...roots(document)].map(root => {
    const observer = new MutationObserver(check);
    observer.observe(root, {childList: true, characterData: true, subtree: true, attributes: true});
    return observer;
  });
  setTimeout(() => failed(new Error(`${token} did not show within 20 s`)), 20000);
})"""


@contextmanager
def a_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@contextmanager
def a_floor(kind: str, log: Path) -> Iterator[Server]:
    port = a_free_port()
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.floors", kind, str(port)], stdout=output, stderr=output, text=True
        )
        server = Server(f"http://127.0.0.1:{port}/", process, None)
        try:
            wait_for(server, log)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def post(server: Server, body: str) -> float:
    """Post a text; the moment before, in milliseconds since the epoch."""
    text = {"id": body, "from": "+16035550142", "to": None, "body": body}
    door = urllib.request.Request(
        f"{server.url}hooks/simulated/inbound", json.dumps(text).encode(), {"Content-Type": "application/json"}
    )
    before = time.time() * 1000
    with urllib.request.urlopen(door, timeout=30) as answer:
        answer.read()
    return before


def shown_after(server: Server, pages: list[Page], rounds: int) -> tuple[float, float]:
    """Milliseconds from the POST to the text being on a page: the median over all, and of the last page each time."""
    every: list[float] = []
    last: list[float] = []
    for _ in range(rounds):
        token = f"bench-{os.getpid()}-{next(_numbers)}-"
        for page in pages:
            page.evaluate(f"window.seen = ({WATCH})({token!r}); 0")
        time.sleep(0.3)
        before = post(server, token)
        times = [float(page.evaluate("window.seen")) - before for page in pages]
        every += times
        last.append(max(times))
    return median(every), median(last)


def cpu(process: subprocess.Popen[str]) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: subprocess.Popen[str]) -> float:
    """Megabytes of resident memory of a process."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
