"""Texts as they are stored, searched and previewed."""

import re
import unicodedata

SNIPPET_LIMIT = 200  # characters of a preview; the list shows one line of it
QUERY_LIMIT = 200  # characters of a query; what is longer is cut
SURROGATES = re.compile("[\ud800-\udfff]")
# Letters that Unicode does not decompose, and that people type without their stroke.
STROKES = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
DRAWN = ("Co", "Cn")  # of the others, what a font may draw, or shows a box for
INKLESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc") | set(
    map(chr, range(0xFE00, 0xFE10))
)  # fillers
APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´"))


def storable(text: str) -> str:
    """The text with what no database holds (NUL, lone surrogates) as U+FFFD; all else as it came."""
    return SURROGATES.sub("\ufffd", text).replace("\x00", "\ufffd")


def folded(text: str) -> str:
    """A name as it is searched: no case, accents or apostrophes, other punctuation as one space."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(STROKES).translate(APOSTROPHES)
    kept = (" " if unicodedata.category(c)[0] in "PZC" else c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def is_seen(text: str) -> bool:
    """Whether there is anything to see: not only spaces, controls and other characters that take no ink."""
    return any(
        unicodedata.category(c)[0] not in "ZC" or unicodedata.category(c) in DRAWN for c in text if c not in INKLESS
    )


def sought(query: str) -> str:
    """A query as names and texts are searched for it. Of a long one the start: each word of it is one more condition."""
    return folded(storable(query[:QUERY_LIMIT]))


def snippet(body: str, attachments: int = 0) -> str:
    """One line that stands for a message in the list; never blank."""
    line = " ".join(body.split())
    if line:
        return line[:SNIPPET_LIMIT]
    return f"{attachments} attachments" if attachments > 1 else "Attachment" if attachments else "(empty text)"
