"""Files that lie at the phone company: the text is there at once, its files when they can be had, and no job is lost."""

import errno
import os

import pytest

from dashboard.actions import attachments, messages
from dashboard.core import pictures
from dashboard.core.errors import NotFound, Refused, StoreError
from dashboard.core.values import Inbound, Media, RemoteMedia
from dashboard.live.fetching import FIRST, Fetcher
from dashboard.live.live import Live
from dashboard.providers import Simulated
from dashboard.providers.simulated import Behaviour
from dashboard.store.storing import MEDIA
from tests.canary import jpeg
from tests.factories import asked, eventually, sound, spoken

URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"


class Company(Simulated):
    """One whose texts name their files, and that hands them out as it is told: bytes, or an error, in turn."""

    def __init__(self, *answers, clock):
        super().__init__(Behaviour(delay=0), clock=clock)
        self.answers, self.asked = list(answers), []

    def fetch(self, file):
        self.asked.append(file)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Media(answer, file.type)


@pytest.fixture
def running(store, clock, tmp_path):
    """Starts a live half with such a company."""
    store.media_folder = tmp_path / "media"
    started = []

    def run(*answers):
        live = Live(store, Company(*answers, clock=clock))
        live.start()
        started.append(live)
        return live

    yield run
    for live in started:
        live.stop()


def receive(store, *types, body="Look", name="1"):
    files = tuple(RemoteMedia(f"{URL}{n}", type_) for n, type_ in enumerate(types))
    return messages.receive(store, Inbound("simulated", name, "+16035550142", None, body, remote=files))


def states(store):
    return [row[0] for row in asked(store, "SELECT state FROM attachment ORDER BY id")]


def no_room(handle):
    raise OSError(errno.ENOSPC, "No space left on device")


def shown(store, thread=1):
    return [file for message in spoken(store, thread) for file in message.attachments]


def test_a_text_is_there_before_its_file_and_the_picture_follows(running):
    live = running(jpeg())
    receive(live.store, "image/jpeg")
    assert eventually(lambda: states(live.store) == ["ready"])
    (file,) = shown(live.store)
    assert (file.away, file.width > 0, file.size) == (False, True, len(jpeg()))
    assert sound(live.store)


def test_a_file_that_is_not_there_yet_is_on_its_way_and_is_asked_for_again(running, clock):
    live = running(NotFound("is not there yet."), OSError("timed out"), jpeg())
    receive(live.store, "image/jpeg")
    assert eventually(lambda: len(live.provider.asked) == 1)
    assert eventually(lambda: asked(live.store, "SELECT 1 FROM attachment WHERE lease_until IS NULL"))
    assert [(file.state, file.away) for file in shown(live.store)] == [("waiting", True)]
    for attempt, seconds in ((2, FIRST), (3, 4 * FIRST)):
        clock.pass_(seconds)
        live.fetcher.wake()
        assert eventually(lambda n=attempt: len(live.provider.asked) == n)
        assert eventually(lambda: asked(live.store, "SELECT 1 FROM attachment WHERE lease_until IS NULL"))
    assert eventually(lambda: states(live.store) == ["ready"])
    assert len(live.provider.asked) == 3


def test_what_is_no_picture_is_a_download(running):
    live = running(b"BEGIN:VCARD")
    receive(live.store, "text/vcard", body="")
    assert eventually(lambda: states(live.store) == ["file"])
    assert sound(live.store)


def test_what_is_never_there_is_given_up_in_words_and_tried_again_when_somebody_asks(running, clock):
    live = running(NotFound("is not there yet."))
    receive(live.store, "image/jpeg")
    for attempt in range(1, pictures.FETCHES + 1):
        assert eventually(lambda n=attempt: len(live.provider.asked) == n), attempt
        assert eventually(lambda: asked(live.store, "SELECT 1 FROM attachment WHERE lease_until IS NULL"))
        clock.pass_(3601)
        live.fetcher.wake()
    assert eventually(lambda: states(live.store) == ["failed"])
    (file,) = shown(live.store)
    assert (file.away, file.reason) == (True, "could not be loaded from the phone company.")
    live.provider.answers = [jpeg()]
    attachments.look_again(live.store, file.id, by=1)
    assert eventually(lambda: states(live.store) == ["ready"])


def test_what_may_not_be_fetched_is_given_up_at_once(running, caplog):
    live = running(Refused("was not fetched: its address is none of the phone company's."))
    receive(live.store, "image/jpeg")
    assert eventually(lambda: states(live.store) == ["failed"])
    assert (len(live.provider.asked), "none of the phone company's" in caplog.text) == (1, True)


def test_what_a_process_died_of_is_taken_up_and_given_up_in_the_end(store):
    receive(store, "image/jpeg")
    for _ in range(pictures.FETCHES):
        assert attachments.claim_away(store)
        assert attachments.claim_away(store) is None, "it is in somebody's hands"
        store.clock.pass_(61)
    assert attachments.claim_away(store) is None
    assert states(store) == ["failed"]


def test_a_file_that_came_twice_is_kept_once(store):
    receive(store, "image/jpeg")
    from tests.factories import a_file

    job = attachments.claim_away(store)
    attachments.keep_fetched(store, job.attachment, a_file("a.jpg"))
    before = store.revision()
    attachments.keep_fetched(store, job.attachment, a_file("b.jpg"))
    attachments.put_off(store, job.attachment, 5.0)
    assert store.revision() == before
    assert asked(store, "SELECT state, url FROM attachment") == [("waiting", None)]


def test_the_darkroom_leaves_what_is_not_here_alone(store):
    receive(store, "image/jpeg")
    assert attachments.claim(store) is None
    assert states(store) == ["waiting"]


def test_a_failure_of_the_database_delays_a_file_and_loses_none(running, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    keep, troubles = attachments.keep_fetched, iter([OSError("away")])

    def kept(*about):
        for trouble in troubles:
            raise trouble
        return keep(*about)

    monkeypatch.setattr(attachments, "keep_fetched", kept)
    live = running(jpeg())
    receive(live.store, "image/jpeg")
    assert eventually(lambda: "fetching could not go on" in caplog.text)
    live.store.clock.pass_(61)
    live.fetcher.wake()
    assert eventually(lambda: states(live.store) == ["ready"])


def test_a_disk_without_room_for_it_uses_up_none_of_a_files_tries(store, tmp_path, monkeypatch):
    """A megabyte still fits, so the storekeeper finds that there is room again and again."""
    store.media_folder, fetched = tmp_path / "media", []
    fetcher = Fetcher(store, lambda file: fetched.append(file) or Media(jpeg(), file.type))
    receive(store, "image/jpeg")
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        for attempt in range(1, pictures.FETCHES + 3):
            with pytest.raises(StoreError, match="takes no file"):
                fetcher._fetch_all()
            store.storing.works(MEDIA)
            fetcher._fetch_all()
            assert len(fetched) == attempt, "and it is not fetched again and again meanwhile"
            store.clock.pass_(61)
    assert asked(store, "SELECT state, attempts FROM attachment") == [("waiting", 0)]
    fetcher._fetch_all()
    assert asked(store, "SELECT size FROM attachment WHERE url IS NULL") == [(len(jpeg()),)]


def test_it_looks_by_itself_once_a_second(store):
    fetcher = Fetcher(store, lambda _: None)
    looks = []
    fetcher.wake = lambda: looks.append(1)
    for _ in range(45):
        fetcher.tick()
    assert len(looks) == 2
