"""The media folder: a file is there whole or not at all, and once however often it comes."""

import hashlib

import pytest

from dashboard.core.errors import StoreError
from dashboard.core.values import Media
from dashboard.store import media

PICTURE = Media(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image/png", "gutter.png")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_byte_for_byte_under_its_hash(tmp_path):
    stored = media.keep(tmp_path / "media", PICTURE)
    assert stored.sha256 == hashlib.sha256(PICTURE.data).hexdigest()
    assert (stored.type, stored.name, stored.size) == ("image/png", "gutter.png", len(PICTURE.data))
    assert media.path(tmp_path / "media", stored.sha256).read_bytes() == PICTURE.data


def test_the_same_file_twice_is_kept_once(tmp_path):
    once = media.keep(tmp_path, PICTURE)
    again = media.keep(tmp_path, Media(PICTURE.data, "image/png", "another name.png"))
    assert again.sha256 == once.sha256
    assert len(files(tmp_path)) == 1


def test_no_name_from_outside_becomes_a_path(tmp_path):
    media.keep(tmp_path / "media", Media(b"x", "text/plain", "../../etc/passwd"))
    (file,) = files(tmp_path)
    assert file.parent.parent == tmp_path / "media"


def test_a_write_that_is_cut_off_leaves_no_file_under_the_hash(tmp_path, monkeypatch):
    def fails(handle):
        raise OSError("No space left on device")

    monkeypatch.setattr(media.os, "fsync", fails)
    with pytest.raises(StoreError, match="No space"):
        media.keep(tmp_path, PICTURE)
    assert not media.path(tmp_path, hashlib.sha256(PICTURE.data).hexdigest()).exists()
    monkeypatch.undo()
    assert media.path(tmp_path, media.keep(tmp_path, PICTURE).sha256).read_bytes() == PICTURE.data
