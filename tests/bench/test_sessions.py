"""What a session costs the server to open, in CPU and memory, beside an empty Panel page in the same run."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.measuring import a_browser, a_floor, cpu, memory
from tests.serving import Server, a_server

pytestmark = pytest.mark.bench
SESSIONS = 30


def test_opening_a_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log"
    with a_browser() as browser, a_floor("empty", log) as floor:
        empty = _measure(browser, floor, login=False)
        with a_server("demo", "--quiet", "--no-browser", log=log) as server:
            ours = _measure(browser, server, login=True)
    with capsys.disabled():
        print(
            f"\na session: {ours[0] * 1000:.1f} ms of CPU and {ours[1]:.2f} MB; an empty Panel page "
            f"{empty[0] * 1000:.1f} ms and {empty[1]:.2f} MB; ratios {ours[0] / empty[0]:.1f} and {ours[1] / empty[1]:.1f}",
            end="",
        )
    assert ours[0] > 0


def _measure(browser: Browser, server: Server, login: bool) -> tuple[float, float]:
    """Seconds of CPU and megabytes for each session, after three that warm it up."""
    context = browser.new_context()
    _open(context.new_page(), server, login=login)
    for _ in range(2):
        _open(context.new_page(), server, login=False, live=login)
    before = cpu(server.process), memory(server.process)
    for _ in range(SESSIONS):
        _open(context.new_page(), server, login=False, live=login)
    after = cpu(server.process), memory(server.process)
    context.close()
    return (after[0] - before[0]) / SESSIONS, (after[1] - before[1]) / SESSIONS


def _open(page: object, server: Server, login: bool, live: bool | None = None) -> None:
    page.goto(server.url)  # type: ignore[attr-defined]
    if login:
        page.get_by_role("button", name="Continue as Dana").click()  # type: ignore[attr-defined]
    if login or live:
        page.get_by_role("status", name="Connection").get_by_text("Live").wait_for()  # type: ignore[attr-defined]
    else:
        page.get_by_text("empty").wait_for()  # type: ignore[attr-defined]
