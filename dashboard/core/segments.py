"""How the phone network cuts a text into segments, each of which is paid for: GSM-7 or UCS-2, and why.

3GPP TS 23.038 (alphabets) and 23.040 (concatenation). Where a segment ends, a character that a person sees is not cut
in two, as in Twilio's own calculator.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

GSM7, UCS2 = "GSM-7", "UCS-2"
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # an escape and a letter: two units
ALONE = {GSM7: 160, UCS2: 70}  # units of a text that is one segment
TOGETHER = {GSM7: 153, UCS2: 67}  # units of each segment where there are several
CLUSTER = regex.compile(r"\r|\X")  # a grapheme cluster, but for CR LF, which are two characters here


@dataclass(frozen=True)
class Segments:
    """What a text is on the phone network.

    ``units`` are septets in GSM-7, 16-bit units in UCS-2; ``causes`` the characters, each once and in order, for which
    GSM-7 has no place; ``doubles`` those that count two in it.
    """

    encoding: str
    units: int
    count: int
    causes: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()


def segments(text: str) -> Segments:
    """The segments of a text; an empty one is one segment too."""
    characters = CLUSTER.findall(text)
    causes = _each_once(character for character in characters if not _is_gsm(character))
    encoding = UCS2 if causes else GSM7
    sizes = [_units(character, encoding) for character in characters]
    doubles = () if causes else _each_once(character for character in characters if character in EXTENSION)
    return Segments(encoding, sum(sizes), _count(sizes, encoding), causes, doubles)


def _is_gsm(character: str) -> bool:
    return character in BASIC or character in EXTENSION


def _each_once(characters: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(characters))


def _units(character: str, encoding: str) -> int:
    if encoding == GSM7:
        return 2 if character in EXTENSION else 1
    return sum(2 if code > "\uffff" else 1 for code in character)


def _count(sizes: list[int], encoding: str) -> int:
    if sum(sizes) <= ALONE[encoding]:
        return 1
    room, full = 0, TOGETHER[encoding]
    count = 0
    for size in sizes:
        if size > room:
            count, room = count + 1, full
        while size > room:  # no segment holds it whole: a heap of marks on one letter
            count, size = count + 1, size - room  # noqa: PLW2901 - what is left of it
            room = full
        room -= size
    return count
