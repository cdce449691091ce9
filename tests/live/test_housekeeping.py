"""The housekeeping of a process: logins end when their time is over, and what was never sent is cleared, files and all."""

import os
import time
from contextlib import closing
from datetime import timedelta

import pytest

from dashboard.actions import attachments, logins, messages
from dashboard.actions.drafts import save_draft
from dashboard.core.rights import LOGGED_OUT
from dashboard.core.values import Media
from dashboard.live.housekeeping import LOOK_EVERY, Housekeeper
from dashboard.live.live import Live
from dashboard.store import media
from dashboard.store.database import Store
from tests.factories import a_picture, a_text, by_hand, eventually, how_many, marcus, sound

OLD = timedelta(days=8).total_seconds()
HOUR = 3600


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """On PostgreSQL pictures lie in the working folder, which all tests would share."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def keeper(store):
    """A housekeeper that does at once what there is to do."""
    return Housekeeper(store, lambda work: work())


def an_upload(store, thread, words=b"roof", by=1):
    """A picture that lies in the media folder, and its id."""
    file = media.keep(store.media_folder, Media(words, "image/jpeg", "roof.jpg"))
    for made in (a_picture().shown, a_picture().thumbnail):
        _write(store, made)
    age(store)
    return attachments.upload(store, thread, file, a_picture(), by=by), file.sha256


def _write(store, sha256):
    target = media.path(store.media_folder, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"made of it")


def age(store):
    """All files were last wanted long ago."""
    for file in media.kept(store.media_folder):
        os.utime(file, (time.time() - OLD, time.time() - OLD))


def lies(store, sha256):
    return media.path(store.media_folder, sha256).exists()


def test_a_page_that_stays_open_is_ended_with_its_login_like_by_a_log_out(store):
    live = Live(store)
    live.start()
    try:
        session = logins.log_in(store, "t1", by=2)
        screen, other = (
            live.screen(user=marcus(store), session=one) for one in (session, logins.log_in(store, "t2", by=2))
        )
        for one in (screen, other):
            live.attach(one)
        assert eventually(lambda: screen.snapshot and other.snapshot)
        by_hand(store, "UPDATE login_session SET made_at = '2020-01-01' WHERE id = ?", session)
        assert eventually(lambda: screen.closed is not None, seconds=30)
        assert (screen.closed, screen.snapshot) == (LOGGED_OUT, None)
        assert (other.closed, other.snapshot is None) == (None, False)
    finally:
        live.stop()


def test_a_picture_that_was_never_sent_is_cleared_after_a_week_and_its_files_an_hour_later(store, clock, keeper):
    _, file = an_upload(store, a_text(store).thread)
    clock.pass_(OLD - 2 * 24 * HOUR)
    keeper.clear_uploads()
    assert how_many(store, "attachment") == 1, "not yet"
    clock.pass_(2 * 24 * HOUR)
    keeper.clear_uploads()
    assert (how_many(store, "attachment"), lies(store, file)) == (0, True)
    clock.pass_(HOUR + 1)
    keeper.clear_uploads()
    assert media.kept(store.media_folder) == ()
    keeper.clear_uploads()
    assert sound(store)


def test_what_a_text_or_a_draft_has_stays(store, clock, keeper):
    here, there = a_text(store).thread, a_text(store, "+16035550199").thread
    sent, file = an_upload(store, here)
    messages.send(store, here, "", by=1, key="key", attachments=(sent,))
    drafted, _ = an_upload(store, there, b"gutter")
    others, gone = an_upload(store, there, b"nobody's", by=2)
    save_draft(store, there, "Look at this", by=1)
    clock.pass_(OLD)
    keeper.clear_uploads()
    clock.pass_(HOUR + 1)
    keeper.clear_uploads()
    assert (lies(store, file), lies(store, a_picture().shown), lies(store, gone)) == (True, True, False)
    assert messages.send(store, there, "Look at this", by=1, key="other", attachments=(drafted,))
    assert others != drafted


def test_what_somebody_has_uploaded_again_meanwhile_keeps_its_file(store, clock, keeper):
    thread = a_text(store).thread
    _, file = an_upload(store, thread)
    clock.pass_(OLD)
    keeper.clear_uploads()
    clock.pass_(HOUR + 1)
    # Another process has kept the same picture, and its row is yet to come.
    kept = media.keep(store.media_folder, Media(b"roof", "image/jpeg", "again.jpg"))
    keeper.clear_uploads()
    assert kept.sha256 == file
    assert lies(store, file)


def test_two_processes_may_keep_the_same_house(store, clock, keeper, url):
    _, file = an_upload(store, a_text(store).thread)
    clock.pass_(OLD)
    with closing(Store(url, clock=clock)) as other:
        both = (keeper, Housekeeper(other, lambda work: work()))
        for one in both:
            one.clear_uploads()
        clock.pass_(HOUR + 1)
        for one in both:
            one.clear_uploads()
    assert not lies(store, file)


def test_a_house_that_cannot_be_kept_is_logged_once_and_tried_again(store, monkeypatch, caplog):
    keeper, looks = Housekeeper(store, lambda work: work()), []

    def fails():
        looks.append(1)
        raise RuntimeError("no")

    monkeypatch.setattr(keeper, "end_sessions", fails)
    for _ in range(3 * LOOK_EVERY):
        keeper.tick()
    assert (len(looks), caplog.text.count("the house could not be kept")) == (3, 1)
