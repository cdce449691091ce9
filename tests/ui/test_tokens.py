"""The colours: what stands on a filled button can be read, also under the pointer, in light and in dark."""

import re

import pytest

from dashboard.ui.component import source

READABLE = 4.5  # WCAG 2.2, 1.4.3
COLOUR = r"#[0-9a-f]{6}"
TOKEN = re.compile(rf"--mc-([\w-]+): (?:({COLOUR})|light-dark\(({COLOUR}), ({COLOUR})\));")
COLOURS = {name: (one or light, one or dark) for name, one, light, dark in TOKEN.findall(source("tokens.css"))}
FILLS = [name for name in COLOURS if "-fill" in name]


def light(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_black_on_white_is_as_far_as_colours_can_be_apart() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_fill_has_one_for_the_pointer() -> None:
    assert sorted(FILLS) == ["green-fill", "green-fill-hover", "red-fill", "red-fill-hover"]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("fill", FILLS)
def test_b24_what_stands_on_a_fill_can_be_read(fill: str, scheme: int) -> None:
    on = COLOURS[f"on-{fill.partition('-')[0]}"][scheme]
    assert contrast(on, COLOURS[fill][scheme]) >= READABLE
