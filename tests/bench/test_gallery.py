"""A gallery of 2,000 attachments, opened beside one of 5: the read, and what travels to the page."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median

import pytest

from dashboard.store.attachments import PAGE, gallery
from dashboard.store.database import Store
from tests.factories import a_file, a_person, a_store, a_text_with, a_url, by_hand, sound

pytestmark = pytest.mark.bench
MANY, FEW = 2_000, 5
READY = "UPDATE attachment SET state = 'ready', shown = sha256, thumbnail = sha256, shown_type = 'image/jpeg', width = 9, height = 9"
ROUNDS = 200
CEILING = 4.0  # a page has up to 24 pictures, five times as many as the small gallery has


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(a_url(tmp_path)) as store:
        yield store


def _thread(store: Store, phone: str, count: int) -> int:
    """An account's thread with so many pictures, ten to a text."""
    a_person(store, f"Has {count}", phone)
    texts = [
        a_text_with(store, *(a_file() for _ in range(min(10, count - n))), sender=phone) for n in range(0, count, 10)
    ]
    by_hand(store, READY)
    return texts[0].thread


def _opened(store: Store, thread: int) -> float:
    """Milliseconds until the first page is read and ready to travel."""
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with store.reading() as connection:
            json.dumps([asdict(row) for row in gallery(connection, thread)])
        took.append(time.perf_counter() - started)
    return median(took) * 1000


def test_a_gallery_of_2000_opens_as_fast_as_one_of_5(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    few, many = _thread(store, "+16035550142", FEW), _thread(store, "+16035550143", MANY)
    with store.reading() as connection:
        assert (len(gallery(connection, few)), len(gallery(connection, many))) == (FEW, PAGE)
    assert sound(store)
    small, large = _opened(store, few), _opened(store, many)
    with capsys.disabled():
        print(f"\ngallery of {MANY:,}: {large:.2f} ms, of {FEW}: {small:.2f} ms, ratio {large / small:.2f}")
    assert large / small < CEILING
