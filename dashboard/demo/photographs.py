"""What the town's people photograph: drawn when they send it, as a phone would save it, now and then broken on the way."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from dashboard.core.errors import SampleError
from dashboard.core.values import Media

Pen = ImageDraw.ImageDraw
WIDTH, HEIGHT = 1200, 900  # pixels
HORIZON = 520  # pixels from the top
ARRIVED = 0.6  # of the bytes of a picture that broke off
WHERE = {29: "2026:11:20", 1: "N", 2: (43.0, 42.0, 35.0), 3: "W", 4: (72.0, 17.0, 14.0)}  # GPS, as phones put it in


def photograph(scene: str) -> Media:
    """A picture by the name of what is on it; ``broken`` is one that broke off. Raises SampleError for another name."""
    if scene == "broken":
        whole = photograph("driveway").data
        return Media(whole[: int(ARRIVED * len(whole))], "image/jpeg", "IMG_0413.jpg")
    if scene == "estimate":
        return Media(b"%PDF-1.4\n% an estimate of the neighbour's\n", "application/pdf", "estimate.pdf")
    if scene not in SCENES:
        raise SampleError(f"data: there is no photograph “{scene}”: choose one of {', '.join((*SCENES, *SPECIAL))}.")
    image = Image.new("RGB", (WIDTH, HEIGHT), "#b9c7d6")
    SCENES[scene](ImageDraw.Draw(image), random.Random(scene))
    return Media(_saved(image), "image/jpeg", f"{scene}.jpg")


def _saved(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif.get_ifd(0x8825).update(WHERE)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80, exif=exif)
    return file.getvalue()


def _pine(pen: Pen, chance: random.Random) -> None:
    """Leaning, behind the house."""
    _snow(pen, chance)
    pen.rectangle((80, 400, 480, 700), fill="#8a5a44")
    pen.polygon(((50, 400), (280, 240), (510, 400)), fill="#4b4f57")
    pen.polygon(((700, 760), (735, 760), (870, 150), (850, 150)), fill="#5d4330")
    for step in range(6):
        x, y, wide = 735 + 22 * step, 560 - 80 * step, 200 - 24 * step
        pen.polygon(((x - wide, y + 90), (x + wide, y + 90), (x + 24, y - 80)), fill="#2f5d45")


def _thumb(pen: Pen, chance: random.Random) -> None:
    """Mostly."""
    _pine(pen, chance)
    pen.ellipse((420, 260, 1500, 1300), fill="#d9a48a")
    pen.ellipse((640, 340, 1100, 760), fill="#e9c3b0")


def _gutter(pen: Pen, chance: random.Random) -> None:
    """Hanging from one nail, with ice on it."""
    pen.rectangle((0, 330, WIDTH, HEIGHT), fill="#a4483c")
    pen.polygon(((0, 330), (0, 120), (WIDTH, 40), (WIDTH, 330)), fill="#4b4f57")
    pen.polygon(((0, 330), (WIDTH, 470), (WIDTH, 520), (0, 380)), fill="#e8ecef")
    for x in range(30, WIDTH, 46):
        top = 380 + x * 140 // WIDTH
        pen.polygon(((x, top), (x + 26, top), (x + 13, top + chance.randint(50, 190))), fill="#d7e9f5")


def _driveway(pen: Pen, chance: random.Random) -> None:
    """What the plow left at the end of it."""
    _snow(pen, chance)
    pen.polygon(((430, HORIZON), (770, HORIZON), (1100, HEIGHT), (100, HEIGHT)), fill="#565b61")
    for _ in range(160):
        x, y, size = chance.randint(60, 1100), chance.randint(690, 800), chance.randint(20, 80)
        pen.ellipse((x, y - size, x + 2 * size, y + size), fill=chance.choice(("#f4f8fb", "#dfe8ef", "#cbd8e2")))


def _yard(pen: Pen, chance: random.Random) -> None:
    """Leaves, all of them."""
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill="#6d7d4a")
    for _ in range(1500):
        x, y = chance.randint(0, WIDTH), chance.randint(HORIZON, HEIGHT)
        pen.ellipse((x, y, x + 22, y + 12), fill=chance.choice(("#b5651d", "#c98a2b", "#8c3b1f", "#d9b44a")))


def _snow(pen: Pen, chance: random.Random) -> None:
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill="#eef3f7")
    for x in range(0, WIDTH, 70):
        pen.polygon(((x - 60, HORIZON), (x + 60, HORIZON), (x, HORIZON - chance.randint(60, 160))), fill="#55705f")


SCENES: dict[str, Callable[[Pen, random.Random], None]] = {
    "pine": _pine, "thumb": _thumb, "gutter": _gutter, "driveway": _driveway, "yard": _yard,
}  # fmt: skip
SPECIAL = ("broken", "estimate")
