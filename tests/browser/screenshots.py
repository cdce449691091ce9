"""Pictures of every state of the product: ``python -m tests.browser.screenshots FOLDER``.

Each is taken light and dark, on a desk (1440x900) and on a phone (390x844).
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.cable import Cable
from tests.browser.conftest import QUIET
from tests.browser.product import Server, a_demo, a_number, a_service, chromium
from tests.browser.window import Window

SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
TALK = (
    ("Good morning! Is somebody coming to look at the big maple today?", 26),
    ("It leans over the driveway since the storm 😬", 26),
    ("مرحبا، هل يمكنكم القدوم صباحا؟", 3),
    ("Here is the address: 12 Quarry Road, see https://maps.example.com/?q=12+Quarry+Road&z=17", 2),
)


@dataclass(frozen=True)
class Stage:
    """Where pictures are taken: a browser, the servers, and a cable that can be cut."""

    browser: Browser
    demo: Server
    empty: Server
    cable: Cable
    talk: int
    long: int


Scene = Callable[[Stage, Window, bool], None]


def inbox(stage: Stage, window: Window, narrow: bool) -> None:
    """The inbox as it opens."""


def thread(stage: Stage, window: Window, narrow: bool) -> None:
    """An open conversation, with a reply half written."""
    _open(window, stage.talk)
    window.composer.fill("Yes, Luis is on his way. He will ring before he")


def long_thread(stage: Stage, window: Window, narrow: bool) -> None:
    """A long conversation, scrolled up, with a new text below."""
    _open(window, stage.long)
    window.log.evaluate("log => { log.scrollTop = log.scrollHeight - log.clientHeight - 700; }")


def searching(stage: Stage, window: Window, narrow: bool) -> None:
    """A search with hits on both tabs."""
    window.search("ma").page.wait_for_url("**q=ma**")


def no_match(stage: Stage, window: Window, narrow: bool) -> None:
    """A search within a filter that finds nothing."""
    window.choose("Resources").search("Nobody by that name")
    expect(window.page.get_by_role("heading", name="Nothing matches")).to_be_visible()


def unread(stage: Stage, window: Window, narrow: bool) -> None:
    """What a click on the badge shows."""
    window.badge.click()
    window.page.wait_for_url("**unread=1**")


def ticked(stage: Stage, window: Window, narrow: bool) -> None:
    """Ticked rows and the open menu."""
    window.tick(*window.order()[1:4])
    window.bulk.click()
    expect(window.page.get_by_role("menuitem").first).to_be_visible()


def noticed(stage: Stage, window: Window, narrow: bool) -> None:
    """What was done is said below the list."""
    window.tick(window.order()[0]).act("Mark as unopened")
    expect(window.page.get_by_role("status", name="Result")).to_contain_text("marked as unopened")


def recent(stage: Stage, window: Window, narrow: bool) -> None:
    """The list of recent acts, with a thread removed and brought back."""
    thread = window.order()[2]
    window.tick(thread).act("Remove")
    window.lacks(thread).undo_button.click()
    window.shows(thread).recent.click()
    expect(window.acts).to_contain_text("undone by")


def removed(stage: Stage, window: Window, narrow: bool) -> None:
    """What was removed, one of them open, and the offer to undo it."""
    threads = window.order()[3:6]
    window.tick(*threads).act("Remove")
    window.lacks(*threads).show_removed(*threads)
    _open(window, threads[0])


def keys(stage: Stage, window: Window, narrow: bool) -> None:
    """The help sheet."""
    window.press("?")
    expect(window.sheet).to_be_visible()


def bell(stage: Stage, window: Window, narrow: bool) -> None:
    """The bell, opened, with what answers the last reply."""
    window.page.get_by_role("button", name=re.compile("^Alerts")).click()
    expect(window.page.get_by_role("dialog", name="Alerts")).to_be_visible()


def failed(stage: Stage, window: Window, narrow: bool) -> None:
    """The Failed view, with a text that did not arrive."""
    thread = stage.demo.text("+15005550001", "Will you plow tonight?").thread
    _open(window, thread)
    window.send("Yes, at ten")
    expect(window.saying("Yes, at ten").last).to_have_attribute("data-status", "failed")
    if not narrow:
        window.choose("Failed")


def disconnected(stage: Stage, window: Window, narrow: bool) -> None:
    """The connection is lost in the middle of a reply."""
    _open(window, stage.talk)
    window.composer.fill("Half a thought")
    stage.cable.cut()
    expect(window.connection).to_have_text("Reconnecting")


SCENES: tuple[Scene, ...] = (
    inbox, thread, long_thread, searching, no_match, unread, ticked, noticed, recent, removed, keys, bell, failed,
    disconnected,
)  # fmt: skip


def take(folder: Path) -> list[Path]:
    """Take all the pictures; where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with _stage() as stage:
        for scheme in SCHEMES:
            for size, viewport in SIZES.items():
                options = {"color_scheme": scheme, "viewport": viewport}
                if size == "narrow":
                    options |= {"has_touch": True, "is_mobile": True}
                for name, window in _pictures(stage, size == "narrow", options):
                    file = folder / f"{name}-{scheme}-{size}.png"
                    window.page.screenshot(path=file)
                    taken.append(file)
    return taken


def _pictures(stage: Stage, narrow: bool, options: dict[str, object]) -> Iterator[tuple[str, Window]]:
    with _window(stage.browser, stage.demo.url, options) as window:
        window.page.goto(window.url)
        yield "login", window
    with _window(stage.browser, stage.empty.url, options) as window:
        window.log_in("Dana")
        yield "empty", window
    for scene in SCENES:
        with _window(stage.browser, stage.cable.url, options) as window:
            window.log_in("Dana")
            scene(stage, window, narrow)
            yield scene.__name__, window
        stage.cable.mend()


@contextmanager
def _window(browser: Browser, url: str, options: dict[str, object]) -> Iterator[Window]:
    context = browser.new_context(**options)
    try:
        yield Window(context, url)
    finally:
        context.close()


@contextmanager
def _stage() -> Iterator[Stage]:
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        a_demo(Path(one)) as demo,
        a_service(Path(two)) as empty,
        Cable(demo.port) as cable,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        talk = [demo.text("(603) 555-0107", body, at=_ago(hours)) for body, hours in TALK][-1]
        sender = a_number()
        many = [demo.text(sender, f"Text number {number}: is there any news?") for number in range(70)]
        try:
            yield Stage(browser, demo, empty, cable, talk.thread, many[0].thread)
        finally:
            browser.close()


def _open(window: Window, thread: int) -> None:
    window.opener(thread).click()
    expect(window.articles.last).to_be_visible()


def _ago(hours: float) -> str:
    return (datetime.now().astimezone() - timedelta(hours=hours)).isoformat()


if __name__ == "__main__":
    for picture in take(Path(sys.argv[1])):
        print(picture)
