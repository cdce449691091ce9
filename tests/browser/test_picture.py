"""The README's picture is what the product looks like, or this says how to take it anew."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Browser

from tests.browser.picture import FILE, difference, small, take
from tests.browser.product import a_demo

pytestmark = pytest.mark.browser
LARGEST = 250_000  # bytes of a picture that everybody who reads the README loads
ALIKE = 0.15  # of the places may differ: another font for everything makes 0.10, the dark look 0.88
STALE = "the picture is stale: look at the product, then run python -m tests.browser.picture"


@pytest.fixture(scope="module")
def kept() -> Image.Image:
    with Image.open(FILE) as picture:
        picture.load()
        return picture


def test_the_readmes_picture_is_what_there_is_to_see(browser: Browser, tmp_path: Path, kept: Image.Image):
    with a_demo(tmp_path) as server:
        now = take(browser, server)
    assert kept.size == now.size, STALE
    assert kept.info["furniture"].splitlines() == now.info["furniture"].splitlines(), STALE
    assert difference(kept, now) <= ALIKE, STALE
    assert len(small(now)) <= LARGEST


def test_it_is_small_enough_for_a_readme(kept: Image.Image):
    assert FILE.stat().st_size <= LARGEST


def test_another_look_would_be_noticed(kept: Image.Image):
    plain = kept.convert("RGB")
    assert difference(plain, plain) == 0
    for other in (ImageOps.invert(plain), ImageOps.mirror(plain), ImageChops.offset(plain, 0, 60)):
        assert difference(plain, other) > ALIKE
