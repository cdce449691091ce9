"""While nothing can be stored all screens say so, whoever acts is told, and when there is room again it goes by itself."""

import shutil
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy.exc import InternalError, OperationalError

from dashboard.core.errors import StoreError
from dashboard.core.values import Inbound, Media
from dashboard.live.acting import NOT_STORED
from dashboard.live.live import Live
from dashboard.live.storing import TRY_EVERY, WORDS, Storekeeper
from dashboard.store.storing import DATABASE, MEDIA
from tests.factories import a_text, asked, by_hand, eventually, how_many, sound
from tests.live.test_feed import watching


@pytest.fixture
def here(store, tmp_path):
    """A process whose store is its own: it is filled."""
    live = Live(store)
    live.start()
    yield live
    live.stop()


def troubles(screen):
    """What the screen was told of trouble, in turn."""
    return [news["trouble"] for news in screen.face.told if "trouble" in news]


def sents(screen):
    """What became of each text that was sent here."""
    return [news["sent"] for news in screen.face.told if "sent" in news]


def says(screen, words):
    return lambda: troubles(screen)[-1:] == [words]


def fill(store):
    pages = asked(store, "PRAGMA page_count")[0][0]
    by_hand(store, f"PRAGMA max_page_count = {pages}")


def free(store):
    store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000"))


def with_a_picture(name):
    return Inbound("simulated", name, "+16035550142", None, "Look", (Media(b"x" * 100_000, "image/jpeg", ""),))


def until_refused(store):
    """Texts come in until one finds no room; how many were stored."""
    for number in range(500):
        try:
            a_text(store, body="x" * 3000)
        except StoreError:
            return number
    raise AssertionError("there was room for all")


class SaidError(Exception):
    """What PostgreSQL's driver raises: a canceled statement, say, for which there are no words of ours."""

    def __init__(self, sqlstate):
        super().__init__("it did not work")
        self.sqlstate = sqlstate


@pytest.mark.sqlite
def test_every_screen_says_that_nothing_can_be_stored_also_one_that_comes_later_until_it_can_again(here):
    screen = watching(here)
    fill(here.store)
    until_refused(here.store)
    assert eventually(says(screen, WORDS[DATABASE]))
    later = watching(here)
    assert eventually(says(later, WORDS[DATABASE]))
    free(here.store)
    assert eventually(says(screen, None))
    assert eventually(says(later, None))


@pytest.mark.sqlite
def test_what_was_acknowledged_is_there_and_reading_goes_on(here):
    screen = watching(here)
    fill(here.store)
    stored = until_refused(here.store)
    assert how_many(here.store, "message") == stored
    assert eventually(lambda: screen.snapshot.unread == stored)
    assert sound(here.store)
    free(here.store)
    a_text(here.store)
    assert eventually(lambda: screen.snapshot.unread == stored + 1)


@pytest.mark.sqlite
def test_whoever_acts_meanwhile_is_told_that_it_was_not_done(here):
    thread = a_text(here.store).thread
    screen = watching(here)
    fill(here.store)
    until_refused(here.store)
    for number in range(50):  # a little may still fit
        here.do(screen, lambda number=number: screen.send(f"k{number}", thread, "y" * 1000))
    assert eventually(lambda: len(sents(screen)) == 50)
    refused = [sent for sent in sents(screen) if sent["error"] is not None]
    assert {sent["error"] for sent in refused} == {NOT_STORED}
    assert asked(here.store, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [(50 - len(refused),)]


def test_pictures_that_cannot_be_stored_are_told_apart_and_texts_still_come_in(here, tmp_path):
    folder = here.store.media_folder = here.darkroom.pictures.folder = tmp_path / "pictures"
    folder.write_text("in the way: no folder can be made here")
    screen = watching(here)
    with pytest.raises(StoreError, match=r"The media folder .* takes no file \(.*\): make room on its disk"):
        here.receive(with_a_picture("one"))
    assert how_many(here.store, "message") == 0
    assert eventually(says(screen, WORDS[MEDIA]))
    a_text(here.store)
    folder.unlink()
    assert eventually(says(screen, None))
    here.receive(with_a_picture("one"))
    assert how_many(here.store, "message") == 2


def test_the_darkroom_rests_meanwhile_so_that_no_picture_is_given_up(here, tmp_path):
    here.store.storing.failing[MEDIA] = "full"
    shutil.rmtree(here.store.media_folder, ignore_errors=True)
    attempts = "SELECT attempts, state FROM attachment"
    here.receive(with_a_picture("one"))
    assert asked(here.store, attempts) == [(0, "waiting")]
    assert eventually(lambda: asked(here.store, attempts)[0][1] != "waiting"), "and goes on once there is room"


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (OperationalError("UPDATE", {}, SaidError("57014")), 0),
        (InternalError("UPDATE", {}, SaidError("25006")), 0),
        (RuntimeError("no"), 1),
    ],
)
def test_the_storekeeper_goes_on_trying_whatever_its_try_has_ended_in(store, monkeypatch, caplog, error, logged):
    tries = []
    acts = ThreadPoolExecutor(1)
    keeper = Storekeeper(store, tries.append, lambda work: wait([acts.submit(work)]))

    def fails(work):
        tries.append(error)
        raise error

    store.storing.failing[DATABASE] = "full"
    with monkeypatch.context() as broken:
        broken.setattr(store._writing, "run", fails)
        for _ in range(3 * TRY_EVERY):
            keeper.tick()
    assert tries == [WORDS[DATABASE], error, error, error]
    assert caplog.text.count("could not be tried") == logged
    for _ in range(TRY_EVERY + 1):
        keeper.tick()
    assert store.storing.failing == {}
    assert tries[-1] is None, "and the screens are told"
    acts.shutdown()


def test_a_database_that_has_become_a_standby_is_said_in_words(here, monkeypatch):
    def fails(work):
        raise InternalError("UPDATE", {}, SaidError("25006"))

    with monkeypatch.context() as broken:
        broken.setattr(here.store._writing, "run", fails)
        with pytest.raises(StoreError, match="is it a standby, or set to be read-only"):
            a_text(here.store)
    assert eventually(lambda: not here.store.storing.failing), "and is tried until it takes something again"
