"""The process that opens pictures: a program of its own, so that what goes wrong in a picture goes wrong here only.

It imports nothing of ours. It reads one request a line, as JSON, and answers with a line of JSON and the bytes that it
speaks of: what is shown, and the thumbnail. It has as much processor time per picture, and memory, as it is told; one
that needs more ends it.
"""

import io
import json
import resource
import signal
import sys
import warnings
from typing import IO, Any

from PIL import Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
BEGINNINGS = (b"\x89PNG", b"GIF8", b"RIFF", *(b"\xff\xd8\xff" + bytes([marker]) for marker in range(0xC0, 0xFF)))
QUALITY = 85  # of a JPEG, 1 to 95
DRAWN = 1024**2  # bytes up to which a picture that came as PNG or GIF stays a PNG: drawings are, photographs are not
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
ORIENTATION = 0x0112  # the EXIF tag whose values these are
OPAQUE = (255, 255)  # the least and the most of an alpha channel
FITTING = ((2048, 80), (1600, 75), (1280, 70), (1024, 60), (800, 50), (640, 40), (480, 30))  # longer side, quality

Answer = tuple[dict[str, Any], list[bytes]]


def main() -> None:
    """Answer requests until there are no more."""
    limits = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")  # such as of EXIF data that make no sense: they are left out anyway
    for line in sys.stdin.buffer:
        signal.setitimer(signal.ITIMER_PROF, limits["cpu"])  # SIGPROF ends the process
        facts, files = answered(json.loads(line))
        signal.setitimer(signal.ITIMER_PROF, 0)
        _write(sys.stdout.buffer, facts, files)


def answered(request: dict[str, Any]) -> Answer:
    """What became of one file: a picture, or in one word why not."""
    try:
        with open(request["path"], "rb") as file:  # noqa: PTH123 - as light as it can be
            return (_fitted if "fit" in request else _made)(file, request)
    except FileNotFoundError:
        return {"error": "missing"}, []
    except UnidentifiedImageError:
        return {"error": "damaged" if _begins_well(request["path"]) else "unknown"}, []
    except MemoryError:
        return {"error": "dear"}, []
    except Image.DecompressionBombError:
        return {"error": "pixels"}, []
    except Exception as error:  # whatever a picture's decoder says of a picture is about that picture
        return {"error": "damaged", "why": f"{type(error).__name__}: {error}"[:200]}, []


def _begins_well(path: str) -> bool:
    """Whether a file begins like a picture, of which the rest is missing or spoilt."""
    with open(path, "rb") as file:  # noqa: PTH123 - as light as it can be
        return file.read(4) in BEGINNINGS


def _made(file: IO[bytes], request: dict[str, Any]) -> Answer:
    shown, drawn = opened(file, request["pixels"], request["side"])
    data, type_ = _encoded(shown, drawn)
    small = shown.copy()
    small.thumbnail((request["thumbnail"],) * 2, reducing_gap=2.0)
    thumbnail = _saved(small, "PNG") if type_ == "image/png" else _saved(_flat(small), "JPEG", 80)
    facts = {"type": type_, "width": shown.width, "height": shown.height}
    return facts, [data, thumbnail]


def _fitted(file: IO[bytes], request: dict[str, Any]) -> Answer:
    """The largest JPEG that has at most so many bytes."""
    picture, _ = opened(file, request["pixels"], FITTING[0][0])
    picture = _flat(picture)
    for side, quality in FITTING:
        picture.thumbnail((side, side), reducing_gap=2.0)
        data = _saved(picture, "JPEG", quality)
        if len(data) <= request["fit"]:
            break
    return {"type": "image/jpeg"}, [data]


def opened(file: IO[bytes], pixels: int, side: int) -> tuple[Image.Image, bool]:
    """The first frame, upright, at most ``side`` pixels long, in RGB or RGBA, with nothing beside its pixels; whether
    it came in a format for drawings."""
    image = Image.open(file, formats=FORMATS)
    if image.width * image.height > pixels:
        raise Image.DecompressionBombError
    drawn = image.format in {"PNG", "GIF"}
    image.draft("RGB", (side, side))  # a JPEG is decoded no larger than it is needed
    turn = _turn(image)
    image.load()
    small = _plain(image)
    small.thumbnail((side, side), reducing_gap=2.0)
    upright = small.transpose(turn) if turn is not None else small
    # A new picture of the same pixels: nothing that stood beside them, in whatever corner, comes along.
    return Image.frombytes(upright.mode, upright.size, upright.tobytes()), drawn


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How the picture has to be turned to stand upright."""
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # EXIF data that cannot be read turn nothing
        return None


def _plain(image: Image.Image) -> Image.Image:
    """In RGB, or RGBA where anything of it is transparent."""
    if image.mode.startswith("I"):  # 16 bits of grey: its upper eight
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    transparent = image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info
    if not transparent:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image if image.mode == "RGBA" else image.convert("RGBA")
    return image.convert("RGB") if image.getchannel("A").getextrema() == OPAQUE else image


def _encoded(image: Image.Image, drawn: bool) -> tuple[bytes, str]:
    if drawn or image.mode == "RGBA":
        data = _saved(image, "PNG")
        if len(data) <= DRAWN:
            return data, "image/png"
    return _saved(_flat(image), "JPEG", QUALITY), "image/jpeg"


def _flat(image: Image.Image) -> Image.Image:
    """On white where it was transparent."""
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _saved(image: Image.Image, format_: str, quality: int = 0) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **({"quality": quality} if quality else {"compress_level": 6}))
    return file.getvalue()


def _write(out: IO[bytes], facts: dict[str, Any], files: list[bytes]) -> None:
    out.write(json.dumps(facts | {"sizes": [len(data) for data in files]}).encode() + b"\n")
    for data in files:
        out.write(data)
    out.flush()


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # counted above, by ourselves
    main()
