"""What a screen shows and does of consent: for everybody at once, and in each viewer's zone."""

from datetime import UTC, datetime

import pytest

from dashboard.ui.patches import conversation_patch, list_patch, milliseconds
from tests.factories import a_failure, a_person, a_screen, a_text, by_hand, marcus


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
