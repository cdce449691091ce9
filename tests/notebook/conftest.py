"""One browser and one JupyterLab for all tests; a notebook for each way in which a kernel and a page talk."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.product import chromium
from tests.conftest import a_folder
from tests.factories import Clock, a_store, a_town, a_url
from tests.notebook.display import Display
from tests.notebook.lab import ROOT, Lab, Notebook, a_lab

# Panel's own comms, and the widgets of VS Code, Colab and pn.ipywidget.
WAYS = {"panel": "pn.extension(inline=True)", "widgets": 'pn.extension(inline=True, comms="vscode")'}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    with a_folder() as folder, a_lab(folder) as lab:
        yield lab


@dataclass
class Desk:
    """An analyst's notebook with an inbox on a database of its own, displayed twice."""

    notebook: Notebook
    url: str
    town: dict[str, int]
    shown: list[Display] = field(default_factory=list)

    def display(self) -> Display:
        display = Display(self.notebook.run("inbox")).is_live()
        self.shown.append(display)
        return display


@contextmanager
def a_desk(browser: Browser, lab: Lab, way: str) -> Iterator[Desk]:
    url = a_url(lab.temporary)
    with a_store(url, Clock()) as store:
        town = a_town(store)
    desk = Desk(Notebook(browser, lab, way), url, town)
    desk.notebook.run(f"import panel as pn\nfrom dashboard import MessageCenter\n\n{WAYS[way]}")
    desk.notebook.run(f'inbox = MessageCenter("{url}", user="Dana Whitcomb")')
    desk.display().shows(*town.values())
    desk.display().shows(*town.values())
    yield desk
    desk.notebook.close()
    assert desk.notebook.strays == [], "a request left the machine"
    assert desk.notebook.errors == []


@pytest.fixture(scope="module", params=WAYS)
def desk(request: pytest.FixtureRequest, browser: Browser, lab: Lab) -> Iterator[Desk]:
    with a_desk(browser, lab, request.param) as desk:
        yield desk


@pytest.fixture
def one(desk: Desk) -> Display:
    """The first display, back at the plain inbox."""
    desk.notebook.run('inbox.param.update(tab="received", filter="all", query="", thread=None)')
    return desk.shown[0].shows(*desk.town.values())


@pytest.fixture
def other(desk: Desk, one: Display) -> Display:
    return desk.shown[1].shows(*desk.town.values())


@contextmanager
def a_neighbour(url: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that texts into the database."""
    program = [sys.executable, str(Path(__file__).with_name("neighbour.py")), url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(program, env={"PYTHONPATH": str(ROOT)}, **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.close()
