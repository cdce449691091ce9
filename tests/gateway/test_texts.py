"""Texts that have broken gateways, there and back through a real one, to the letter; and what it makes of odd ones."""

from collections import defaultdict
from functools import partial
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest

from dashboard.core import delivery
from dashboard.core.segments import UCS2, segments
from dashboard.core.text import storable
from dashboard.core.values import Outbound
from dashboard.store.database import Store
from tests.factories import OURS, asked, eventually
from tests.gateway.center import Center, connected
from tests.gateway.kannel import Gateway, read

pytestmark = pytest.mark.gateway
ANA = "+16035550142"
PATIENCE = 60
TOTAL, PART = 4, 5  # where a part's header says how many there are, and which it is, 3GPP TS 23.040
TEXTS = (
    "Hello", "it's \"quoted\"", "{on our way} €5 [ok] ~ \\ ^ |", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "!\"#¤%&'()*+,-./:;<=>?¡",
    "ÄÖÑÜ§¿äöñüà", "  spaces  at ends  ", "100% & more + less; #1", "%00%41%zz", "?text=x&secret=y", "$(touch x) `id` | ; &&",
    "'; DROP TABLE message;--", "<script>alert(1)</script>", "%s%n%d %I %b %%", "Grüße ☔ – naïve", "😀", "👨‍👩‍👧‍👦 family",
    "🇺🇸 flag 🏳️‍🌈", "雨どいが詰まっています", "שלום עולם", "مرحبا بالعالم", "हिन्दी में संदेश", "e\u0301 e\u0308 combining", "zero\u200bwidth\ufeff",
    "two\nlines ☔", "tab\tand\r\nCRLF ☔", "gutter " * 60, "雨どい" * 100, "😀" * 400, "x" * 160, "x" * 161,
)  # fmt: skip
ON_ONE_LINE = tuple(text for text in TEXTS if segments(text).encoding == UCS2 or not set("\r\n") & set(text))
ODD = (
    (b"ucs2 %00A%00%00%00B", "A\ufffdB"),
    (b"ucs2 %D8%3D%00A", "\ufffdA"),
    (b"text ", ""),
    (b"text \xc3\x28", "\ufffd("),
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory):
    with connected(tmp_path_factory.mktemp("texts")) as both:
        yield both


def came_in(store: Store) -> list[str]:
    return [str(body) for (body,) in asked(store, "SELECT body FROM message WHERE direction = 'inbound' ORDER BY id")]


def line(text: str) -> bytes:
    """A text as fakesmsc takes it: as it is where it stands on a line and is of the phone's own alphabet, else in UCS-2."""
    if segments(text).encoding == UCS2 or set("\r\n") & set(text):
        return b"ucs2 " + quote_from_bytes(text.encode("utf-16-be")).encode()
    return b"text " + text.encode()


def test_each_text_comes_in_to_the_letter(both: tuple[Gateway, Center, Store]) -> None:
    gateway, _, store = both
    for number, text in enumerate(TEXTS, len(came_in(store)) + 1):
        gateway.text([b"+16035550142 16035550100 " + line(text)], 1)
        assert eventually(lambda number=number: len(came_in(store)) == number, PATIENCE), text
        assert came_in(store)[-1] == text
    assert {address for (address,) in asked(store, "SELECT address FROM thread")} == {ANA}


@pytest.mark.parametrize(("said", "body"), ODD)
def test_what_no_database_holds_is_kept_as_far_as_it_can_be(both: tuple[Gateway, Center, Store], said, body) -> None:
    gateway, _, store = both
    before = len(came_in(store))
    gateway.text([b"+16035550142 16035550100 " + said], 1)
    assert eventually(lambda: len(came_in(store)) == before + 1, PATIENCE)
    assert came_in(store)[-1] == storable(body)


def test_a_text_in_parts_comes_in_whole_and_a_binary_one_as_a_file(both: tuple[Gateway, Center, Store]) -> None:
    gateway, _, store = both
    before = len(came_in(store))
    for part in (b"udh %05%00%03%0A%02%02 %03%04", b"udh %05%00%03%0A%02%01 %01%02"):
        gateway.text([b"+16035550142 16035550100 " + part], 1)
    assert eventually(lambda: len(came_in(store)) == before + 1, PATIENCE)
    found = asked(store, "SELECT sha256 FROM attachment ORDER BY id DESC LIMIT 1")
    files = [file.read_bytes() for file in store.media_folder.rglob(str(found[0][0]))]
    assert files == [b"\x01\x02\x03\x04"]


def test_each_text_goes_out_to_the_letter(both: tuple[Gateway, Center, Store]) -> None:
    gateway, center, _ = both
    gateway.listen()
    for number, text in enumerate(ON_ONE_LINE, 1):
        before = len(gateway.phones_got())
        assert center.kannel.send(Outbound(100_000 + number, OURS, ANA, text)).status == delivery.SENT
        came = partial(whole, gateway, before, segments(text).encoding)
        assert eventually(lambda came=came, text=text: came() == text, PATIENCE), (text, came())


def whole(gateway: Gateway, start: int, encoding: str) -> str:
    """What the phones got since then, put together as a phone does it."""
    parts: defaultdict[bytes, bytes] = defaultdict(bytes)
    for sender, receiver, rest in gateway.phones_got()[start:]:
        assert (sender, receiver) == (OURS, ANA)
        if not rest.startswith(b"udh "):
            return read(rest)
        header, _, data = rest.removeprefix(b"udh ").partition(b" data ")
        parts[unquote_to_bytes(header)] += unquote_to_bytes(data.replace(b"+", b" "))
    if len(parts) < max((header[TOTAL] for header in parts), default=1):
        return ""
    data = b"".join(parts[header] for header in sorted(parts, key=lambda header: header[PART]))
    return data.decode("utf-16-be" if encoding == UCS2 else "utf-8")
