"""The darkroom: what waits is made once, by whichever process lives; uploads are taken or refused in words."""

import os

import pytest
from PIL import Image

from dashboard.actions import attachments, messages
from dashboard.core import pictures
from dashboard.core.errors import NotFound, Refused, StoreError, TooLarge
from dashboard.core.values import Inbound, Media, OutboundFile, StoredMedia
from dashboard.live.live import Live
from dashboard.live.pictures import Darkroom
from dashboard.providers import Simulated
from dashboard.providers.simulated import Behaviour
from dashboard.store import media
from dashboard.store.storing import MEDIA
from tests.canary import CANARY, HARD, hard, jpeg, png, saved
from tests.factories import a_store, a_text, asked, eventually, sound

BIG = 5000  # bytes: what is shown of a large picture has more, of a small one less


@pytest.fixture
def live(store, clock, tmp_path):
    store.media_folder = tmp_path / "media"
    live = Live(store, Simulated(Behaviour(delay=0), clock=clock))
    live.start()
    yield live
    live.stop()


def a_text_of(*files):
    sent = tuple(Media(data, type_, f"file {number}") for number, (type_, data) in enumerate(files))
    return Inbound("simulated", f"id {len(files)} {hash(files)}", "+16035550142", None, "Look", sent)


def states(store):
    return [state for (state,) in asked(store, "SELECT state FROM attachment WHERE message_id IS NOT NULL ORDER BY id")]


def an_upload(live, data, thread=1, name="roof.jpg"):
    file = media.incoming(live.store.media_folder)
    file.write_bytes(data)
    try:
        return live.darkroom.take(thread, file, name, 1)[0]
    finally:
        file.unlink(missing_ok=True)


def files_of(store):
    return [path for path in store.media_folder.rglob("*") if path.is_file()]


def test_b13_ten_files_on_one_text_all_come_to_their_end(live):
    names = [name for name in HARD if "40" not in name and "text bomb" not in name][:10]
    live.receive(a_text_of(*((hard(name)[0], hard(name)[1]) for name in names)))
    wanted = [hard(name)[2] for name in names]
    assert eventually(lambda: states(live.store) == wanted), states(live.store)
    assert sound(live.store)


def test_what_waited_before_the_start_is_made(store):
    file = media.keep(store.media_folder, Media(jpeg(), "image/jpeg", "a.jpg"))
    messages.receive(store, Inbound("simulated", "1", "+16035550142", None, ""), (file,))
    attachments.claim(store)
    store.clock.pass_(61)  # whoever had begun it is gone
    live = Live(store)
    live.start()
    assert eventually(lambda: states(store) == ["ready"])
    live.stop()


def test_what_another_process_received_is_made(live, url, clock):
    with a_store(url, clock) as other:
        other.media_folder = live.store.media_folder
        file = media.keep(other.media_folder, Media(jpeg(), "image/jpeg", "a.jpg"))
        messages.receive(other, Inbound("simulated", "1", "+16035550142", None, ""), (file,))
        assert eventually(lambda: states(other) == ["ready"])


def test_a_file_that_was_away_is_made_when_somebody_tries_again(live):
    file = StoredMedia("a" * 64, "image/jpeg", "a.jpg", 9)
    messages.receive(live.store, Inbound("simulated", "1", "+16035550142", None, ""), (file,))
    assert eventually(lambda: states(live.store) == ["failed"])
    there = media.path(live.store.media_folder, "a" * 64)
    there.parent.mkdir(parents=True)
    there.write_bytes(jpeg())
    attachments.look_again(live.store, 1, by=1)
    assert eventually(lambda: states(live.store) == ["ready"])


def test_a_failure_of_the_database_delays_a_picture_and_loses_none(live, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    claim, troubles = attachments.claim, iter([OSError("away")])

    def claimed(store):
        for trouble in troubles:
            raise trouble
        return claim(store)

    monkeypatch.setattr(attachments, "claim", claimed)
    live.receive(a_text_of(("image/jpeg", jpeg())))
    assert eventually(lambda: states(live.store) == ["ready"])
    assert "darkroom could not go on" in caplog.text


def test_a_disk_without_room_for_it_uses_up_none_of_a_pictures_tries(store, tmp_path, monkeypatch):
    store.media_folder = tmp_path / "media"
    for number, side in enumerate((1600, 32)):
        file = media.keep(store.media_folder, Media(jpeg(side, side), "image/jpeg", "a.jpg"))
        messages.receive(store, Inbound("simulated", f"{number}", "+16035550142", None, ""), (file,))
    darkroom, keep = Darkroom(store), media.keep

    def full(folder, made):
        if len(made.data) > BIG:
            raise StoreError("The media folder takes no file: make room on its disk.")
        return keep(folder, made)

    with monkeypatch.context() as nearly:
        nearly.setattr(media, "keep", full)
        for _ in range(pictures.ATTEMPTS + 2):
            with pytest.raises(StoreError):
                darkroom._make_all()
            store.storing.works(MEDIA)
            darkroom._make_all()
            assert states(store) == ["waiting", "ready"], "who needs less has their turn"
            store.clock.pass_(61)
    assert asked(store, "SELECT attempts FROM attachment ORDER BY id LIMIT 1") == [(0,)]
    darkroom._make_all()
    darkroom.uploads.shutdown()
    darkroom.pictures.close()
    assert states(store) == ["ready", "ready"]


def test_a42_an_upload_is_a_picture_when_it_is_answered_and_the_phone_company_gets_no_metadata(live, monkeypatch):
    given = []
    monkeypatch.setattr(live.provider, "accepted", given.append)
    thread = a_text(live.store).thread
    upload = an_upload(live, jpeg(), thread)
    messages.send(live.store, thread, "", by=1, key="key", attachments=(upload,))
    assert eventually(lambda: given)
    (file,) = given[0].media
    assert CANARY not in media.path(live.store.media_folder, file.sha256).read_bytes()


@pytest.mark.parametrize("name", ["SVG", "HTML", "bomb", "truncated JPEG", "no bytes", "noise"])
def test_an_upload_that_is_no_safe_picture_is_refused_in_words_and_leaves_nothing(live, name):
    a_text(live.store)
    with pytest.raises(Refused, match=r"“roof\.jpg” (is|has) "):
        an_upload(live, hard(name)[1])
    assert (files_of(live.store), asked(live.store, "SELECT id FROM attachment")) == ([], [])


def test_a44_an_upload_above_the_limit_is_refused(live):
    a_text(live.store)
    padded = jpeg() + bytes(pictures.IMAGE_LIMIT)
    assert an_upload(live, padded[: pictures.IMAGE_LIMIT])
    with pytest.raises(TooLarge, match="5 MB"):
        an_upload(live, padded[: pictures.IMAGE_LIMIT + 1])


def test_an_upload_for_a_thread_that_there_is_not_is_refused(live):
    with pytest.raises(NotFound):
        an_upload(live, png(), thread=99)


def test_pictures_that_are_too_much_for_one_text_together_go_out_smaller(live):
    thread = a_text(live.store).thread
    big = [
        saved(Image.frombytes("RGB", (1900, 1900), os.urandom(1900 * 1900 * 3)), "JPEG", quality=75) for _ in range(3)
    ]
    ids = [an_upload(live, data, thread) for data in big]
    messages.send(live.store, thread, "", by=1, key="key", attachments=tuple(ids))
    files = [
        OutboundFile(*row)
        for row in asked(live.store, "SELECT shown, shown_type, shown_size FROM attachment WHERE message_id IS NULL")
    ]
    assert sum(file.size for file in files) > pictures.IMAGE_LIMIT, "they fit anyway, or this proves nothing"
    fitted = live.darkroom.fitted(tuple(files))
    assert (len(fitted), sum(file.size for file in fitted) <= pictures.IMAGE_LIMIT) == (3, True)
    assert all(media.path(live.store.media_folder, file.sha256).stat().st_size == file.size for file in fitted)
