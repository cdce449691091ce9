"""Restarting the kernel leaves nothing behind: no process, no folder, no connection, no lock; and a demo is alive until then."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.demo.folder import PREFIX
from tests.factories import Clock, a_store, a_text, a_url, an_outsider, eventually
from tests.notebook.display import SOON, Display
from tests.notebook.lab import PATIENCE, Notebook

pytestmark = pytest.mark.notebook


@pytest.fixture
def url(lab):
    url = a_url(lab.temporary)
    with a_store(url, Clock()) as store:
        a_text(store, body="Do you plow on Sundays?")
    return url


@pytest.fixture
def notebook(browser, lab):
    notebook = Notebook(browser, lab, "restarted")
    notebook.run("import os\nimport panel as pn\nfrom dashboard import MessageCenter\n\npn.extension(inline=True)")
    yield notebook
    notebook.close()
    assert notebook.strays == []


def folders(lab):
    return list(lab.temporary.glob(f"{PREFIX}*"))


def family(kernel):
    """The kernel's process and those that it started."""
    import psutil

    return [psutil.Process(kernel), *psutil.Process(kernel).children(recursive=True)]


def holders(url):
    """The processes that have the database open."""
    file = Path(url.removeprefix("sqlite:///"))
    return [int(process.name) for process in Path("/proc").glob("[0-9]*") if file in opened_by(process)]


def opened_by(process):
    try:
        return [opened.readlink() for opened in (process / "fd").iterdir()]
    except OSError:  # it has ended meanwhile, or is somebody else's
        return []


def test_restarting_the_kernel_leaves_nothing_behind(notebook, lab, url):
    display = Display(notebook.run("demo = MessageCenter.demo(threads=60)\ndemo")).is_live()
    expect(display.output.get_by_role("listitem").first).to_be_visible(timeout=SOON)
    notebook.run(f'inbox = MessageCenter("{url}", user="Dana Whitcomb", deliver=True)')
    kernel = int(notebook.value("os.getpid()"))
    assert len(folders(lab)) == 1
    assert holders(url) == [kernel]
    processes = family(kernel)
    notebook.restart()
    assert eventually(lambda: not any(process.is_running() for process in processes), PATIENCE)
    assert folders(lab) == []
    assert holders(url) == []
    assert not Path(f"{url}-wal".removeprefix("sqlite:///")).exists()
    database = an_outsider(url)
    database.execute("BEGIN EXCLUSIVE")
    database.rollback()
    database.close()
    assert int(notebook.value("import os; os.getpid()")) != kernel


def test_a_demo_is_alive_and_what_is_sent_is_delivered(notebook):
    display = Display(notebook.run("demo = MessageCenter.demo()\ndemo")).is_live()
    rows = display.output.get_by_role("list", name="Threads").get_by_role("listitem")
    rows.filter(has_text="Peg Delahunty").first.get_by_role("button").click()
    # In a demo a few texts fail, or are not answered, as in life: one in ten.
    assert any(_is_delivered(display, f"Thank you, number {number}!") for number in range(1, 7))


def _is_delivered(display: Display, words: str) -> bool:
    display.composer.fill(words)
    display.output.get_by_role("button", name="Send", exact=True).click()
    sent = display.log.get_by_role("article").filter(has_text=words).last
    expect(sent).to_have_attribute("data-status", re.compile("^(delivered|failed|unknown)$"), timeout=SOON)
    return sent.get_attribute("data-status") == "delivered"
