"""Attachments as they are read: the gallery of an account, and what is handed out."""

import pytest

from dashboard.actions import attachments as actions
from dashboard.actions import messages
from dashboard.core.pictures import FAILED, FILE, NoPicture
from dashboard.store import attachments
from tests.factories import a_file, a_person, a_picture, a_text, a_text_with, developed, plan


def gallery(store, thread, **more):
    with store.reading() as connection:
        return [row.id for row in attachments.gallery(connection, thread, **more)]


def served(store, attachment, size):
    with store.reading() as connection:
        return attachments.served(connection, attachment, size)


def test_a43_the_gallery_shows_the_accounts_pictures_of_all_its_threads_the_newest_first(store):
    a_person(store, "Ana Díaz", "+16035550142")
    a_person(store, "Ana Díaz's mother", "+16035550143")
    thread = a_text_with(store, a_file(), a_file()).thread
    a_text_with(store, a_file(), sender="+16035550143")
    developed(store)
    assert gallery(store, thread) == [2, 1]


def test_without_an_account_it_shows_the_threads_own(store):
    thread = a_text_with(store, a_file()).thread
    other = a_text_with(store, a_file(), sender="+16035550143").thread
    developed(store)
    assert (gallery(store, thread), gallery(store, other)) == ([1], [2])


def test_what_is_no_picture_or_was_never_sent_is_not_in_it(store):
    thread = a_text_with(store, a_file(), a_file(), a_file()).thread
    developed(store, NoPicture(FILE, ""), NoPicture(FAILED, "is damaged."), a_picture())
    actions.upload(store, thread, a_file(), a_picture(), by=1)
    assert gallery(store, thread) == [3]


def test_a_picture_that_was_sent_often_is_in_it_once(store):
    thread = a_text(store).thread
    upload = actions.upload(store, thread, a_file(), a_picture(), by=1)
    for number in range(3):
        messages.send(store, thread, "", by=1, key=f"key {number}", attachments=(upload,))
    assert len(gallery(store, thread)) == 1


def test_it_is_read_by_pages(store):
    thread = a_text_with(store, *(a_file() for _ in range(7))).thread
    developed(store)
    first = gallery(store, thread, count=3)
    second = gallery(store, thread, before=first[-1], count=3)
    assert (first, second, gallery(store, thread, before=second[-1], count=3)) == ([7, 6, 5], [4, 3, 2], [1])


@pytest.mark.sqlite
@pytest.mark.parametrize("known", [True, False])
def test_a_page_is_one_range_of_an_index(store, known):
    if known:
        a_person(store)
    thread = a_text_with(store, a_file()).thread
    steps = plan(store, lambda connection: attachments.gallery(connection, thread, before=9))
    assert f"attachment USING INDEX attachment_{'account' if known else 'thread'}" in steps
    assert "earlier USING INDEX attachment_file" in steps
    assert "SCAN" not in steps
    assert "TEMP B-TREE" not in steps


SIZES = (attachments.THUMBNAIL, attachments.SHOWN, attachments.WHOLE)


@pytest.mark.sqlite
def test_whether_anything_waits_is_asked_of_an_index(store):
    assert "USING INDEX attachment_waiting" in plan(
        store, lambda connection: attachments.has_work(connection, store.clock())
    )


@pytest.mark.parametrize(
    ("outcome", "handed_out"),
    [
        (a_picture(), ["7" * 64, "5" * 64, None]),
        (NoPicture(FILE, ""), [None, None, "a" * 64]),
        (NoPicture(FAILED, "is damaged."), [None, None, "a" * 64]),
        (None, [None, None, None]),
    ],
)
def test_a_picture_is_handed_out_as_it_was_made_and_all_else_as_a_download(store, outcome, handed_out):
    a_text_with(store, a_file(sha256="a" * 64))
    if outcome:
        developed(store, outcome)
    found = [served(store, 1, size) for size in SIZES]
    assert [one and one.sha256 for one in found] == handed_out
    assert [one.type for one in found if one] == [
        type_ for type_, sha in zip(("image/jpeg", "image/jpeg", None), handed_out, strict=True) if sha
    ]


def test_of_what_there_is_not_nothing_is_handed_out(store):
    assert served(store, 99, attachments.SHOWN) is None
