"""Pictures without a server's doors: uploads in pieces, bounded, and the bytes of what is shown."""

import base64
import errno
from pathlib import Path

import pytest

from dashboard.core import pictures
from dashboard.live.acting import FAILED, NOT_STORED
from dashboard.live.live import Live
from dashboard.store.storing import MEDIA
from dashboard.ui.pictures import PIECE_LIMIT, Pictures
from tests.canary import CANARY, SVG, jpeg
from tests.factories import a_text, asked, eventually
from tests.ui.test_message_center import WHERE, away

PIECE = 196_608


@pytest.fixture
def live(store, tmp_path):
    store.media_folder = tmp_path / "media"
    live = Live(store)
    live.start()
    yield live
    live.stop()


class Page:
    """What a page says and hears, a piece at a time."""

    def __init__(self, live):
        self.heard = []
        self.pictures = Pictures(live, self.heard.append)

    def piece(self, data, at=0, last=True, key="key", thread=1):
        said = {"key": key, "thread": thread, "name": "roof.jpg", "at": at, "last": last}
        self.pictures.take(said | {"data": base64.b64encode(data).decode()}, 1)

    def upload(self, data):
        for at in range(0, max(1, len(data)), PIECE):
            self.piece(data[at : at + PIECE], at, last=at + PIECE >= len(data))
            if "error" in self.heard[-1]["upload"] if self.heard else False:
                break
        assert eventually(lambda: self.heard and {"id", "error"} & set(self.heard[-1]["upload"]))
        return self.heard[-1]["upload"]


@pytest.fixture
def page(live):
    a_text(live.store)
    return Page(live)


def left(live):
    return list(live.store.media_folder.glob("incoming-*"))


def test_a_picture_in_pieces_is_kept_whole_and_shown_without_metadata(page, live):
    data = jpeg() + bytes(3 * PIECE)
    said = page.upload(data)
    assert (said["width"], said["size"]) == (640, len(data))
    assert [heard["upload"].get("taken") for heard in page.heard[:2]] == [PIECE, 2 * PIECE]
    page.pictures.show(said["id"], "thumb")
    picture = page.heard[-1]["picture"]
    assert (picture["type"], CANARY in base64.b64decode(picture["data"])) == ("image/jpeg", False)
    assert left(live) == []


def test_a44_the_limit_holds_to_the_byte(page, live):
    padded = jpeg() + bytes(pictures.IMAGE_LIMIT)
    assert "id" in page.upload(padded[: pictures.IMAGE_LIMIT])
    page.heard.clear()
    assert "larger than 5 MB (5,242,880 bytes)" in page.upload(padded[: pictures.IMAGE_LIMIT + 1])["error"]
    assert left(live) == []


@pytest.mark.parametrize("data", [SVG, b""])
def test_what_is_no_picture_is_refused_in_words(page, live, data):
    assert page.upload(data)["error"].startswith("“roof.jpg” is ")
    assert (left(live), asked(live.store, "SELECT id FROM attachment")) == ([], [])


def test_a_piece_that_is_missing_too_long_or_nonsense_ends_the_upload(page, live):
    page.piece(b"abc", last=False)
    page.piece(b"def", at=99, last=False)
    assert "did not arrive whole" in page.heard[-1]["upload"]["error"]
    page.piece(bytes(PIECE_LIMIT), last=False)
    assert "no base64" in page.heard[-1]["upload"]["error"]
    assert left(live) == []


def test_no_more_than_ten_are_begun_and_what_was_begun_goes_with_the_page(page, live):
    for number in range(11):
        page.piece(b"abc", last=False, key=f"key {number}")
    assert "at most 10" in page.heard[-1]["upload"]["error"]
    assert len(left(live)) == 10
    page.pictures.close()
    assert left(live) == []


def test_of_what_there_is_not_nothing_is_shown(page):
    page.pictures.show(99, "shown")
    assert page.heard == [{"picture": {"id": 99, "size": "shown", "type": None, "data": None}}]


def test_a_page_is_not_told_where_a_database_is_that_is_away_but_the_log_is(page, live, monkeypatch, caplog):
    monkeypatch.setattr(live.darkroom, "take", away)
    assert page.upload(jpeg()) == {"key": "key", "error": NOT_STORED}
    assert WHERE in caplog.text


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_is_told_and_noted_and_the_page_need_not_wait(page, live, monkeypatch, caplog):
    page.piece(b"abc", last=False)
    with monkeypatch.context() as patched:
        patched.setattr(live.store.storing, "works", lambda what: None)  # it is tried again every second
        patched.setattr(Path, "open", full)
        page.piece(b"def", at=3, last=False)
        assert MEDIA in live.store.storing.failing
    assert page.heard[-1] == {"upload": {"key": "key", "error": NOT_STORED}}
    assert "No space left on device" in caplog.text
    assert left(live) == []


def test_a_page_is_answered_also_where_what_came_cannot_be_taken_away(page, live, monkeypatch, caplog):
    page.piece(b"abc", last=False)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", full)
        with pytest.raises(OSError, match="No space"):
            page.piece(b"def", at=99, last=False)
        assert "did not arrive whole" in page.heard[-1]["upload"]["error"]
        page.heard.clear()
        assert page.upload(SVG) == {"key": "key", "error": FAILED}
    assert "an upload could not be kept" in caplog.text
