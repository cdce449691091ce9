"""The notebooks as they stand in git: valid, and without outputs."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
KEYS = {"markdown": {"cell_type", "id", "metadata", "source"}}
KEYS["code"] = KEYS["markdown"] | {"execution_count", "outputs"}


def cells(file):
    return json.loads(file.read_text(encoding="utf-8"))["cells"]


def test_there_is_a_tour():
    assert "01_tour.ipynb" in [file.name for file in NOTEBOOKS]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_a_notebook_has_the_format_that_it_says(file):
    notebook = json.loads(file.read_text(encoding="utf-8"))
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert [cell["id"] for cell in notebook["cells"] if set(cell) != KEYS[cell["cell_type"]]] == []
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_no_output_stands_in_git(file):
    code = [cell for cell in cells(file) if cell["cell_type"] == "code"]
    assert code
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_every_cell_of_code_is_python_and_short(file):
    for cell in cells(file):
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))
            assert len(cell["source"]) <= 12, cell["id"]
