"""Attachments: jobs that are done once, retries, uploads, and pictures that go out again without being copied."""

import pytest

from dashboard.actions import attachments, messages, outbox
from dashboard.core.errors import NotFound, Refused
from dashboard.core.pictures import FAILED, NoPicture
from tests.factories import (
    a_file,
    a_person,
    a_picture,
    a_text,
    a_text_with,
    asked,
    developed,
    how_many,
    listed,
    logged,
    sound,
    spoken,
)  # fmt: skip

DAMAGED = NoPicture(FAILED, "is damaged.")


def states(store, thread):
    return [file.state for message in spoken(store, thread) for file in message.attachments]


def an_upload(store, thread):
    return attachments.upload(store, thread, a_file("roof.jpg"), a_picture(), by=1)


def sent(store, thread, *ids, body="", key="key"):
    return messages.send(store, thread, body, by=1, key=key, attachments=ids)


def test_b13_a_text_shows_at_once_and_its_pictures_when_they_are_made(store):
    thread = a_text_with(store, a_file(), a_file("card.vcf", "text/vcard"), a_file("b.png", "image/png")).thread
    assert states(store, thread) == ["waiting", "file", "waiting"]
    developed(store, a_picture(300, 200), DAMAGED)
    ready, card, failed = spoken(store, thread)[0].attachments
    assert (ready.state, ready.width, ready.height) == ("ready", 300, 200)
    assert (card.state, failed.state, failed.reason) == ("file", "failed", "is damaged.")
    assert sound(store)


def test_a_job_is_taken_once_and_again_when_whoever_took_it_has_vanished(store, clock):
    a_text_with(store, a_file())
    job = attachments.claim(store)
    assert (job.attachment, attachments.claim(store)) == (1, None)
    clock.pass_(61)
    assert attachments.claim(store) == job
    attachments.record(store, 1, a_picture())
    clock.pass_(61)
    assert attachments.claim(store) is None


def test_a_picture_that_ends_every_process_is_given_up_until_somebody_tries_again(store, clock):
    thread = a_text_with(store, a_file()).thread
    for _ in range(3):
        assert attachments.claim(store)
        clock.pass_(61)
    assert attachments.claim(store) is None
    assert states(store, thread) == ["failed"]
    attachments.look_again(store, 1, by=1)
    assert attachments.claim(store).attachment == 1


def test_an_outcome_that_comes_late_changes_nothing(store):
    thread = a_text_with(store, a_file()).thread
    developed(store)
    revision = store.revision()
    attachments.record(store, 1, DAMAGED)
    assert (states(store, thread), store.revision()) == (["ready"], revision)


def test_only_what_failed_is_tried_again(store):
    thread = a_text_with(store, a_file(), a_file()).thread
    developed(store, a_picture(), DAMAGED)
    for attachment in (1, 2):
        attachments.look_again(store, attachment, by=2)
    assert states(store, thread) == ["ready", "waiting"]
    assert logged(store)[-1] == ("look_again", 2)
    with pytest.raises(NotFound, match="There is no attachment 99"):
        attachments.look_again(store, 99, by=1)


def test_a42_an_upload_is_on_no_screen_until_it_is_sent(store):
    thread = a_text(store).thread
    upload = an_upload(store, thread)
    assert states(store, thread) == []
    message = sent(store, thread, upload)
    (_, shown) = spoken(store, thread)
    assert (shown.id, [file.name for file in shown.attachments]) == (message, ["roof.jpg"])
    assert listed(store, tab="sent")[0].text == "Attachment"
    assert sound(store)


def test_a_picture_cannot_be_uploaded_for_a_thread_that_there_is_not(store):
    with pytest.raises(NotFound, match="There is no thread 99"):
        an_upload(store, 99)


def test_a43_a_picture_of_the_account_goes_out_again_as_the_same_file(store):
    a_person(store)
    first = a_text_with(store, a_file()).thread
    developed(store)
    again = sent(store, first, 1, body="This one?")
    files = asked(store, "SELECT sha256, shown, thumbnail, account_id FROM attachment ORDER BY id")
    assert files[0] == files[1]
    assert outbox.claim(store).media == (attachments.OutboundFile("5" * 64, "image/jpeg", 900),)
    assert again == spoken(store, first)[-1].id


def test_the_same_key_again_attaches_nothing_more(store):
    thread = a_text(store).thread
    upload = an_upload(store, thread)
    assert sent(store, thread, upload) == sent(store, thread, upload)
    assert how_many(store, "attachment") == 2


@pytest.mark.parametrize("case", ["another account's", "not ready", "unknown", "eleven"])
def test_what_may_not_be_attached_is_refused_and_nothing_is_sent(store, case):
    a_person(store, "Ana Díaz", "+16035550142")
    a_person(store, "Ben Ito", "+16035550143")
    theirs = a_text_with(store, a_file(), sender="+16035550143").thread
    developed(store)
    thread = a_text_with(store, a_file()).thread
    chosen = {"another account's": (1,), "not ready": (2,), "unknown": (77,), "eleven": (2,) * 11}[case]
    before = store.revision()
    with pytest.raises(Refused):
        sent(store, thread, *chosen)
    assert (store.revision(), len(spoken(store, theirs))) == (before, 1)


def test_a_text_without_words_needs_a_picture(store):
    thread = a_text(store).thread
    with pytest.raises(Refused, match="nothing to send"):
        sent(store, thread)
    assert sent(store, thread, an_upload(store, thread))


def test_what_an_unknown_number_sent_passes_to_the_account_when_it_is_recorded(store):
    a_text_with(store, a_file())
    assert asked(store, "SELECT account_id FROM attachment") == [(None,)]
    a_person(store)
    assert asked(store, "SELECT account_id FROM attachment") == [(1,)]
    assert sound(store)
