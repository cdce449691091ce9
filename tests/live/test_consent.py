"""What a screen shows and does of consent: for everybody at once, and in each viewer's zone."""

from datetime import UTC, datetime

import pytest

from dashboard.actions.accounts import add_account
from dashboard.core.accounts import ACCOUNT_LINES, seen_with
from dashboard.core.rights import VIEW
from dashboard.store.accounts import overview
from dashboard.ui.patches import conversation_patch, list_patch, milliseconds
from tests.factories import a_failure, a_person, a_screen, a_text, by_hand, marcus
from tests.live.pages import Told


@pytest.fixture
def screens(store):
    """Dana's and Marcus's, both with the same thread open."""
    thread = a_text(store, a_person(store)).thread
    both = a_screen(store), a_screen(store, user=marcus(store))
    for screen in both:
        screen.open(thread)
        screen.catch_up()
    return both


def told(screen):
    """What a page is told when it is brought up to date."""
    before = screen.snapshot
    screen.catch_up()
    return conversation_patch(before, screen.snapshot)["thread"], list_patch(before, screen.snapshot)


def test_b2_an_opt_out_locks_every_screen_with_its_reason_and_its_moment(store, screens):
    a_text(store, body="STOP", at=datetime(2026, 11, 20, 6, 12, tzinfo=UTC))
    for screen in screens:
        thread, threads = told(screen)
        assert thread["locked"] == [
            "Ana Díaz opted out on ",
            milliseconds(datetime(2026, 11, 20, 6, 12, tzinfo=UTC)),
            " by writing STOP. Nothing can be sent until they write START.",
        ]
        assert (thread["stopped"], thread["ours"], threads["rows"][0]["stopped"]) == (True, False, True)


def test_a_doubt_is_shown_to_all_until_one_has_decided(store, screens):
    message = a_text(store, body="Stop texting me").message
    shown = [told(screen)[0]["doubt"] for screen in screens]
    assert shown == [{"message": message, "text": "Stop texting me"}] * 2
    screens[1].keep_texting(screens[1].thread, message)
    assert [told(screen)[0]["doubt"] for screen in screens] == [None, None]


def test_what_one_person_notes_locks_for_all_and_another_takes_it_back(store, screens):
    dana, other = screens
    dana.opt_out(dana.thread)
    thread, _ = told(other)
    assert (thread["locked"][0], thread["ours"]) == ("Dana Whitcomb noted on ", True)
    assert told(dana)[0] == thread
    other.opt_in(other.thread)
    assert told(dana)[0]["locked"] is None


def test_what_is_refused_is_said(store, screens):
    failed = a_failure(store, screens[0].thread)
    a_text(store, body="STOP")
    said = []
    screens[0].face = type("Face", (), {"tell": said.append, "show": lambda _: None})
    screens[0].opt_in(screens[0].thread)
    screens[0].retry("again", failed)
    assert ["START" in news["notice"]["text"] for news in said] == [True, True]


def test_whoever_may_not_send_is_told_that_and_not_whose_word_it_is(store, screens):
    by_hand(store, "UPDATE role SET rights = '[\"view\"]' WHERE name = 'Dispatcher'")
    a_text(store, body="STOP")
    (words,) = told(screens[1])[0]["locked"]
    assert "Send Text Messages" in words


def phones(screen):
    """The numbers of the overview, and since when each has opted out."""
    lines = conversation_patch(None, screen.snapshot)["overview"]["lines"]
    return [(phone["number"], phone["stopped"]) for line in lines if line["key"] == "phones" for phone in line["value"]]


def test_b2_every_number_of_the_account_that_opted_out_is_marked_whichever_is_open(store):
    add_account(store, {"name": "Ana Díaz", "phones": "603 555 0142\n802 555 0143\n802 555 0144"}, by=1)
    screen = a_screen(store)
    screen.open(a_text(store, "+16035550142").thread)
    screen.catch_up()
    at = datetime(2026, 11, 20, 6, 12, tzinfo=UTC)
    a_text(store, "+18025550143", "STOP", at=at)
    head = screen.snapshot.head
    screen.catch_up()
    assert screen.snapshot.head == head, "nothing else has touched the open thread, or this proves nothing"
    theirs = [("(603) 555-0142", None), ("(802) 555-0143", milliseconds(at)), ("(802) 555-0144", None)]
    assert phones(screen) == theirs
    a_text(store, "+18025550143", "START")
    screen.catch_up()
    assert phones(screen) == [(number, None) for number, _ in theirs]


def test_b2_type_ahead_marks_the_numbers_that_opted_out_of_accounts_and_of_resources(store):
    screen = a_screen(store)
    screen.face = Told()
    for name, phone, kind in (("Ana Díaz", "+16035550142", "client"), ("Anatole Reed", "+16035550143", "resource")):
        a_text(store, a_person(store, name, phone, kind), "STOP", at=datetime(2026, 11, 20, 6, 12, tzinfo=UTC))
    a_person(store, "Anabel Costa", "+16035550144")
    screen.look_up_people("ana", 10)
    rows = screen.face.news["people"]["rows"]
    stopped = milliseconds(datetime(2026, 11, 20, 6, 12, tzinfo=UTC))
    assert {row["name"]: row["stopped"] for row in rows if row["to"].startswith("+1603555014")} == {
        "Ana Díaz": stopped, "Anatole Reed": stopped, "Anabel Costa": None,
    }  # fmt: skip


def test_a41_whoever_may_not_view_contacts_is_told_of_no_number_s_opt_out(store):
    thread = a_text(store, a_person(store), "STOP").thread
    with store.reading() as connection:
        card = overview(connection, thread)
    assert card.stopped != ()
    assert seen_with(card, ACCOUNT_LINES, frozenset({VIEW})).stopped == ()
