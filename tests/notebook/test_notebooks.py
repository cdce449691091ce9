"""The notebooks run from top to bottom, as they stand in git."""

from pathlib import Path

import pytest

from tests.notebook.lab import ROOT, kernel_environment
from tests.test_notebooks import NOTEBOOKS

pytestmark = pytest.mark.notebook
CELL_LIMIT = 60  # seconds


def run(file: Path):
    """The notebook with its outputs. Raises CellExecutionError for a cell that fails."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=CELL_LIMIT, resources={"metadata": {"path": str(ROOT)}}).execute()
    return notebook


def complaints(notebook):
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.fixture
def own_folders(tmp_path, monkeypatch):
    """Jupyter's folders, and what is temporary, in a folder of the test's own."""
    for name, folder in kernel_environment(tmp_path).items():
        monkeypatch.setenv(name, folder)
    return tmp_path


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_a_notebook_runs_from_top_to_bottom_and_leaves_nothing(file, own_folders):
    assert complaints(run(file)) == []
    assert list((own_folders / "tmp").glob("message-center-*")) == []
