"""A JupyterLab of its own, in its own folders, and a notebook in it as a person uses one: in a browser."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.serving import a_free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds that JupyterLab or a kernel may take on a busy machine
SETTINGS = {
    # All cells stay in the page; nobody asks for news from elsewhere.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
}
RAN = re.compile(r"^\[\d+\]:$")
PRESSES = 3


@dataclass
class Lab:
    """A running JupyterLab; ``temporary`` is where its kernels put what is temporary."""

    url: str
    folder: Path
    temporary: Path


@contextmanager
def a_lab(folder: Path) -> Iterator[Lab]:
    """JupyterLab on a free port of 127.0.0.1, answering; ended at the end."""
    lab = Lab(f"http://127.0.0.1:{a_free_port()}/", folder / "notebooks", folder / "tmp")
    log = folder / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(_command(lab), stdout=output, stderr=output, env=_environment(folder), cwd=folder)
        try:
            _wait_for(lab, process, log)
            yield lab
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _command(lab: Lab) -> list[str]:
    lab.folder.mkdir()
    port = urlsplit(lab.url).port
    options = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": port, "ServerApp.port_retries": 0,
        "ServerApp.root_dir": lab.folder, "ServerApp.allow_root": True, "IdentityProvider.token": "",
        "LabApp.news_url": "None", "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }  # fmt: skip
    return [sys.executable, "-m", "jupyterlab", "--no-browser", *(f"--{key}={value}" for key, value in options.items())]


def kernel_environment(folder: Path) -> dict[str, str]:
    """Jupyter's own folders and the temporary one below ``folder``, for a kernel that imports the product from here."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    own = {name: str(folder / name.lower()) for name in names}
    return own | {"TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}


def _environment(folder: Path) -> dict[str, str]:
    settings = folder / "settings"
    for name, values in SETTINGS.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "MESSAGE_CENTER"))}
    own = {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    return kept | kernel_environment(folder) | own


def _wait_for(lab: Lab, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, f"JupyterLab ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(f"{lab.url}api/status", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not answer within {PATIENCE} s: {log.read_text()}")


class Notebook:
    """An open notebook. ``strays`` are the requests that left the machine."""

    def __init__(self, browser: Browser, lab: Lab, name: str) -> None:
        self.file = lab.folder / f"{name}.ipynb"
        self.file.write_text(json.dumps(_empty()))
        self.strays: list[str] = []
        self.errors: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1400, "height": 1600})
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("request", self._requests)
        self.page.on("websocket", lambda socket: self._went(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{lab.url}doc/tree/{self.file.name}")
        expect(self.page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute(
            "data-status", "idle", timeout=PATIENCE * 1000
        )

    def _requests(self, request: Request) -> None:
        self._went(request.url)

    def _went(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).hostname != "127.0.0.1":
            self.strays.append(url)

    def run(self, code: str) -> Locator:
        """Write the code into the last cell, run it, wait until it has; its output."""
        cells = self.page.locator(".jp-CodeCell")
        cell = cells.nth(cells.count() - 1)
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(code)
        self._start(cell)
        expect(cell.locator(".jp-InputPrompt")).to_have_text(RAN, timeout=PATIENCE * 1000)
        output = cell.locator(".jp-Cell-outputArea")
        assert not output.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), output.inner_text()
        assert "Traceback" not in output.inner_text(), output.inner_text()
        return output

    def _start(self, cell: Locator) -> None:
        """JupyterLab hears no key while it still builds a notebook that says it is idle: press until the cell waits or runs."""
        for _ in range(PRESSES):
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Shift+Enter")
            try:
                expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=5000)
            except AssertionError:
                continue
            return

    def value(self, code: str) -> str:
        """What the cell shows as its value."""
        return self.run(code).locator(".jp-OutputArea-executeResult pre").inner_text()

    def save(self) -> int:
        """Save the notebook with all its cells; its size in bytes."""
        wanted = self.page.locator(".jp-CodeCell").count()
        self.page.keyboard.press("Control+s")
        end = time.monotonic() + PATIENCE
        while self._saved_cells() < wanted or self.page.locator(".jp-mod-dirty").count():
            assert time.monotonic() < end, "the notebook was not saved"
            self.page.wait_for_timeout(50)
        return self.file.stat().st_size

    def _saved_cells(self) -> int:
        try:
            return len(json.loads(self.file.read_text())["cells"])
        except ValueError:  # it is being written
            return 0

    def restart(self) -> None:
        """The button of the toolbar, and yes to what it asks."""
        self.page.locator('[data-jp-item-name="restart"] jp-button, [data-jp-item-name="restart"] button').first.click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()

    def close(self) -> None:
        self.page.close()


def _empty() -> dict[str, object]:
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cell = {"cell_type": "code", "id": "first", "source": [], "metadata": {}, "outputs": [], "execution_count": None}
    return {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
