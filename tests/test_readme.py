"""The README and the map: short, and true where a machine can tell."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAP = (ROOT / "dashboard" / "README.md").read_text(encoding="utf-8")
LONGEST = 150  # lines of a README that somebody reads to its end


def test_the_readme_can_be_read_to_its_end():
    assert len(README.splitlines()) <= LONGEST


def test_the_readme_shows_the_picture_that_a_test_keeps_true():
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).is_file()
    assert Path(picture).name in (ROOT / "tests/browser/picture.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|dashboard|notebooks|data)/[\w./-]*)`", README))))
def test_what_the_readme_names_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:[a-z]+/)[a-z_]+\.(?:py|js|css|html))", MAP))))
def test_what_the_map_names_is_there(path):
    assert (ROOT / "dashboard" / path).exists()


def folders():
    return [here.name for here in sorted((ROOT / "dashboard").iterdir()) if (here / "__init__.py").exists()]


@pytest.mark.parametrize("folder", folders())
def test_the_map_has_every_folder(folder):
    assert f"| `{folder}/` |" in MAP
