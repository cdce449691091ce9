"""Pictures and other files on messages: their limits, the states they go through, and the words for each."""

from dataclasses import dataclass

from dashboard.core.errors import Refused, TooLarge

IMAGE_LIMIT = 5 * 1024 * 1024  # bytes of one picture, and of all on one text: Twilio, accepted MIME types for MMS
FILES_LIMIT = 10  # files on one text, Twilio
PIXEL_LIMIT = 40_000_000  # pixels of a picture that is opened: a camera's 40 megapixels; more is a bomb
SHOWN_SIDE = 2048  # pixels of the longer side of what is shown and sent
THUMBNAIL_SIDE = 320  # pixels of the longer side of a thumbnail
CPU_LIMIT = 2.0  # seconds of processor time for one picture
MEMORY_LIMIT = 1024**3  # bytes of address space for one picture
ATTEMPTS = 3  # to make a picture before it is left until somebody asks again
FETCHES = 9  # to fetch a file from the phone company, over two hours, before it is left until somebody asks again
NO_ROOM = 60.0  # seconds that a file waits for which the disk had no room, so that smaller ones have their turn
NAME_LIMIT = 200  # characters of a file's name that are kept

WAITING = "waiting"  # stored, not looked into yet
READY = "ready"  # a safe picture, with a thumbnail
FAILED = "failed"  # meant to be a picture, and none could be made; may be tried again
FILE = "file"  # anything else: a download

MEGABYTES = f"{IMAGE_LIMIT // 1024**2} MB ({IMAGE_LIMIT:,} bytes)"
TOO_LARGE = f"is larger than {MEGABYTES}, the most that one picture may have: choose a smaller one, or save it smaller."
TOO_MANY = f"A text takes at most {FILES_LIMIT} pictures: remove some, or send them with the next one."
NO_PICTURE = "is no picture that can be sent: choose a JPEG, PNG, GIF or WebP file."
NOT_SHOWN = "is no picture of a kind that is shown here: JPEG, PNG, GIF or WebP."
DAMAGED = "is damaged: its picture cannot be read to the end."
EMPTY = "is empty: it has not a single byte."
TOO_DEAR = "takes more time or memory to open than a picture may."
TOO_MANY_PIXELS = f"has more than {PIXEL_LIMIT // 1_000_000} million pixels, the most that is opened here."
AWAY = "could not be loaded from the phone company"
MISSING = "is not in the media folder of this machine."


@dataclass(frozen=True)
class Picture:
    """What was made of a picture, kept in the media folder: SHA-256 of what is shown and of the thumbnail.

    ``width`` and ``height`` in pixels, of what is shown; ``type`` is ``image/jpeg`` or ``image/png``; ``size`` the bytes of
    what is shown.
    """

    shown: str
    thumbnail: str
    type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class NoPicture:
    """Why no picture was made: ``state`` FILE or FAILED, and the reason, which goes on after the file's name."""

    state: str
    reason: str


Outcome = Picture | NoPicture


@dataclass(frozen=True)
class Job:
    """A stored file that is to be looked into."""

    attachment: int
    sha256: str
    type: str


@dataclass(frozen=True)
class Away:
    """A file that is to be fetched from the phone company, and how often that was tried, this time included."""

    attachment: int
    url: str
    type: str
    attempts: int


@dataclass(frozen=True)
class GalleryRow:
    """One of the pictures that an account has; width and height in pixels, size in bytes of the file as it came."""

    id: int
    name: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Served:
    """A file of the media folder as it may be handed out: a picture's type, or None for what is only a download."""

    thread: int
    sha256: str
    type: str | None
    name: str


def may_be_picture(type: str) -> bool:
    """Whether a file is looked into, by the type that its sender claims; some name none."""
    return type.lower().startswith("image/") or type.lower() in {"", "application/octet-stream"}


def check_size(name: str, size: int) -> None:
    """Refuse a picture above the limit, in words that name it. Raises TooLarge."""
    if size > IMAGE_LIMIT:
        raise TooLarge(f"{called(name)} {TOO_LARGE}")


def check_count(count: int) -> None:
    """Refuse more pictures than a text takes. Raises Refused."""
    if count > FILES_LIMIT:
        raise Refused(TOO_MANY)


def called(name: str) -> str:
    """A file in a sentence."""
    return f"“{name[:80]}”" if name.strip() else "This file"
