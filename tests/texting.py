"""Random texts for whatever counts their segments: in all alphabets, many of them near a boundary."""

import random
from collections.abc import Iterator

from dashboard.core.segments import BASIC, EXTENSION

PARTS = {
    "plain": sorted(BASIC - {"\n", "\r"}),
    "double": sorted(EXTENSION),
    "emoji": ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇺🇸", "❤️", "☃", "1️⃣", "🧑🏿‍🚒", "👩‍❤️‍💋‍👨"],
    "accents": ["e\u0301", "n\u0303", "ű", "ç", "ő"],
    "scripts": ["你", "好", "한", "각", "กำ", "שׁ", "م", "கி", "नि", "я"],
    "ends": ["\r\n", "\n", "\r", " ", "\t"],
}
MIXES = (
    ("plain",),
    ("plain", "double", "ends"),
    ("plain", "emoji"),
    ("scripts", "ends"),
    ("plain", "double", "emoji", "accents", "scripts", "ends"),
)


def some_texts(count: int, seed: int) -> Iterator[str]:
    """So many random texts."""
    dice = random.Random(seed)
    for number in range(count):
        pool = [part for name in MIXES[number % len(MIXES)] for part in PARTS[name]]
        length = dice.choice((dice.randint(0, 30), dice.randint(60, 80), dice.randint(125, 170), dice.randint(0, 400)))
        yield "".join(dice.choices(pool, k=length))
