"""Files that people and their phones send, and that attackers do: each made here, with a canary in its metadata."""

import io
import struct
import zlib
from functools import cache

from PIL import Image, ImageDraw, PngImagePlugin

CANARY = b"CANARY-51.4778,-0.0015"


def drawn(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture with something on it."""
    image = Image.new("RGB", (width, height), "slategray")
    pen = ImageDraw.Draw(image)
    for x in range(0, width, 40):
        pen.line((x, 0, width - x, height), fill="white", width=3)
    return image.convert(mode)


def saved(image: Image.Image, format_: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A photograph as a phone sends it: with GPS and a comment."""
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()
    known = {"exif": exif, "comment": b"<script>" + CANARY} | options
    return saved(drawn(width, height, options.pop("mode", "RGB")), "JPEG", **known)


def turned(orientation: int) -> bytes:
    """Red at the top as it is to be seen, stored as a camera held in that way stores it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = CANARY.decode()
    upright = Image.new("RGB", (400, 300), "blue")
    upright.paste("red", (0, 0, 400, 150))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = upright.transpose(undo[orientation]) if orientation in undo else upright
    return saved(image, "JPEG", exif=exif)


def png(mode: str = "RGB", width: int = 640, height: int = 480) -> bytes:
    """A PNG with text chunks."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY.decode())
    notes.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return saved(drawn(width, height).convert(mode), "PNG", pnginfo=notes, compress_level=1)


def sixteen_bits() -> bytes:
    """Grey with 16 bits a pixel, black on the left and white on the right."""
    ramp = b"".join(struct.pack("<H", x * 65535 // 255) for x in range(256)) * 64
    return saved(Image.frombytes("I;16", (256, 64), ramp), "PNG")


def animated(format_: str) -> bytes:
    """Three frames: red, green, blue."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    extra = {"comment": CANARY} if format_ == "GIF" else {"exif": b"Exif\0\0" + CANARY}
    return saved(frames[0], format_, save_all=True, append_images=frames[1:], duration=100, **extra)


def bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """100 million pixels in some kilobytes."""
    rows = zlib.compress(bytes(1 + (width + 7) // 8) * height, 9)
    chunks = (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def text_bomb() -> bytes:
    """A small PNG whose compressed note unpacks to a gigabyte."""
    note = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    chunk = struct.pack(">I", len(note)) + b"zTXt" + note + struct.pack(">I", zlib.crc32(b"zTXt" + note))
    whole = png()
    return whole[:33] + chunk + whole[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>' + CANARY + b"</text></svg>"
HTML = b"<!doctype html><script>alert('" + CANARY + b"')</script>"


@cache
def hard(name: str) -> tuple[str, bytes, str]:
    """A hard case: the type that its sender claims, the file, and the state that it is to end in."""
    type_, make, state = HARD[name]
    return type_, make(), state


# Every hard case: what its sender calls it, the file, and what is to become of it.
HARD = {
    "photograph": ("image/jpeg", jpeg, "ready"),
    "progressive": ("image/jpeg", lambda: jpeg(progressive=True), "ready"),
    "cmyk": ("image/jpeg", lambda: jpeg(mode="CMYK"), "ready"),
    "grey": ("image/jpeg", lambda: jpeg(mode="L"), "ready"),
    "rotated": ("image/jpeg", lambda: turned(6), "ready"),
    "broken EXIF": ("image/jpeg", lambda: jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + CANARY), "ready"),
    "40 megapixels": ("image/jpeg", lambda: jpeg(8000, 5000), "ready"),
    "40 megapixels, PNG": ("image/png", lambda: png("RGB", 8000, 5000), "ready"),
    "transparent": ("image/png", lambda: png("RGBA"), "ready"),
    "palette": ("image/png", lambda: png("P"), "ready"),
    "one bit": ("image/png", lambda: png("1"), "ready"),
    "16 bits": ("image/png", sixteen_bits, "ready"),
    "one pixel": ("image/png", lambda: png(width=1, height=1), "ready"),
    "a line": ("image/png", lambda: png(width=20_000, height=1), "ready"),
    "animated GIF": ("image/gif", lambda: animated("GIF"), "ready"),
    "animated WebP": ("image/webp", lambda: animated("WEBP"), "ready"),
    "animated PNG": ("image/png", lambda: saved(drawn(), "PNG", save_all=True, append_images=[drawn(mode="L").convert("RGB")]), "ready"),
    "another name": ("image/gif", jpeg, "ready"),
    "JPEG and HTML": ("image/jpeg", lambda: jpeg() + HTML, "ready"),
    "GIF and script": ("image/gif", lambda: animated("GIF") + b"/*" + HTML, "ready"),
    "JPEG and ZIP": ("image/jpeg", lambda: jpeg() + b"PK\x03\x04" + CANARY, "ready"),
    "truncated JPEG": ("image/jpeg", lambda: jpeg()[:-4000], "failed"),
    "truncated PNG": ("image/png", lambda: png()[:-1000], "failed"),
    "only a header": ("image/png", lambda: png()[:40], "failed"),
    "no bytes": ("image/jpeg", lambda: b"", "failed"),
    "text bomb": ("image/png", text_bomb, "failed"),
    "bomb": ("image/png", bomb, "file"),
    "bomb, GIF": ("image/gif", lambda: b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0" + animated("GIF")[13:], "file"),
    "SVG": ("image/png", lambda: SVG, "file"),
    "HTML": ("image/png", lambda: HTML, "file"),
    "noise": ("image/jpeg", lambda: b"\x00\x01" * 5000, "file"),
    "TIFF": ("image/tiff", lambda: saved(drawn(), "TIFF"), "file"),
}  # fmt: skip
