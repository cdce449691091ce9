"""The screen of Settings > Add-ons: the switch, and what everybody sees of it."""

from dashboard.core.rights import OFF, TEXTING, VIEW
from dashboard.live.add_ons import AddOnsScreen
from dashboard.ui.add_ons import add_ons_patch
from tests.factories import a_screen, a_text, dana, marcus
from tests.live.pages import Face


def an_add_ons_screen(store, user=dana):
    screen = AddOnsScreen(store, user(store))
    screen.face = Face(add_ons_patch)
    screen.catch_up()
    return screen


def shown(screen):
    screen.catch_up()
    (switch,) = screen.face.page["switches"]
    return switch["on"], switch["by"], switch["people"]


def test_a1_a_switch_closes_every_inbox_and_opens_it_again_with_what_came_meanwhile(store):
    screen, inbox = an_add_ons_screen(store), a_screen(store, user=marcus(store))
    assert shown(screen) == (True, None, 2)
    screen.switch("k", TEXTING, False)
    inbox.catch_up()
    assert (inbox.snapshot, inbox.closed) == (None, OFF)
    a_text(store, body="Meanwhile")
    screen.switch("k", TEXTING, True)
    inbox.catch_up()
    assert (inbox.closed, inbox.snapshot.rows[0].text) == (None, "Meanwhile")


def test_a1_whoever_switches_keeps_this_page_and_everybody_sees_who_it_was(store):
    screen, other = an_add_ons_screen(store), an_add_ons_screen(store)
    screen.switch("k", TEXTING, False)
    assert (screen.face.saved, shown(other)) == ({"key": "k", "error": None}, (False, "Dana Whitcomb", 2))
    assert VIEW not in other.snapshot.rights
    assert other.face.page == an_add_ons_screen(store).face.page


def test_a_text_that_comes_in_is_no_change_of_this_page(store):
    screen = an_add_ons_screen(store)
    before = screen.snapshot
    a_text(store)
    screen.catch_up()
    assert screen.snapshot is before


def test_a_dispatcher_is_shown_nothing_and_switches_nothing(store):
    his, hers = an_add_ons_screen(store, marcus), an_add_ons_screen(store)
    his.switch("k", TEXTING, False)
    assert (his.snapshot, "“Switch Add-ons”" in his.face.saved["error"], shown(hers)[0]) == (None, True, True)


def test_an_add_on_that_there_is_not_is_said(store):
    screen = an_add_ons_screen(store)
    screen.switch("k", "fax", True)
    assert "no add-on “fax”" in screen.face.saved["error"]
