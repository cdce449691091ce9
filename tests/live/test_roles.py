"""The screen of Settings > User Role & Rights: what a person does there, and what stands on every screen then."""

import random

import pytest

from dashboard.actions.add_ons import switch_add_on
from dashboard.actions.people import add_people
from dashboard.core.errors import Forbidden
from dashboard.core.people import PersonRow
from dashboard.core.rights import REMOVE, RIGHTS, ROLES, SEND, TEXTING, VIEW
from dashboard.live.roles import SHOWN, RolesScreen
from dashboard.ui.roles import roles_patch
from tests.factories import a_person, a_screen, a_text, by_hand, dana, marcus
from tests.live.pages import Face

ADMINISTRATORS, DISPATCHERS = 1, 2


def a_roles_screen(store, user=dana):
    screen = RolesScreen(store, user and user(store))
    screen.face = Face(roles_patch)
    screen.catch_up()
    return screen


@pytest.fixture
def screen(store):
    return a_roles_screen(store)


def row(screen, role=DISPATCHERS):
    screen.catch_up()
    return next(row for row in screen.snapshot.rows if row.id == role)


def save(screen, keys, role=DISPATCHERS):
    screen.save("k", role, frozenset(keys), row(screen, role).revision)
    assert screen.face.saved["error"] is None


def test_a2_the_page_has_every_box_under_its_tab_and_column(screen):
    grid = screen.face.page["grid"]
    assert [box["key"] for box in grid] == list(RIGHTS)
    texts = [box["label"] for box in grid if (box["tab"], box["column"]) == ("CRM", "Text Messages")]
    assert texts == ["View Message Center", "Remove Text Message Feed", "Send Text Messages"]
    assert all(box["sentence"] for box in grid)


def test_a2_what_one_makes_changes_and_deletes_everybody_sees(store, screen):
    screen.give("k", ADMINISTRATORS, 2)
    his = a_roles_screen(store, marcus)
    screen.add("k", "Night")
    made = screen.face.saved["role"]
    assert (row(his, made).name, screen.place.role) == ("Night", made)
    his.rename("k", made, "Night watch", row(his, made).revision)
    save(his, {VIEW}, made)
    screen.catch_up()
    assert (screen.snapshot.role.name, screen.snapshot.role.changed_by) == ("Night watch", "Marcus Bell")
    screen.delete("k", made, row(screen, made).revision)
    his.catch_up()
    assert [row.id for row in his.snapshot.rows] == [ADMINISTRATORS, DISPATCHERS]
    assert his.face.page == a_roles_screen(store, marcus).face.page


def test_a_copy_is_opened_with_the_same_boxes(store, screen):
    screen.copy("k", DISPATCHERS, "Night")
    screen.catch_up()
    assert (screen.snapshot.role.name, screen.snapshot.role.rights) == ("Night", row(screen).rights)


def test_what_somebody_else_has_changed_is_said_with_what_is_to_be_seen(store, screen):
    seen = row(screen).revision
    screen.give("k", ADMINISTRATORS, 2)
    save(a_roles_screen(store, marcus), {VIEW})
    screen.save("k", DISPATCHERS, frozenset({SEND}), seen)
    assert screen.face.saved["error"].startswith("Marcus Bell has changed")
    assert screen.face.saved["seen"] == row(screen).revision
    assert row(screen).rights == {VIEW}


def test_what_cannot_be_is_said_and_leaves_what_is_there(store, screen):
    screen.add("k", " ")
    assert "name" in screen.face.saved["error"]
    screen.take("k", ADMINISTRATORS, 1)
    assert screen.face.saved["error"].startswith("Nobody could edit roles any more")
    assert row(screen, ADMINISTRATORS).people == 1


def test_those_who_have_a_role_are_shown_fifty_at_a_time(store, screen):
    crew = (PersonRow(f"Crew {number:02}", f"+1603555{300 + number:04}", "resource") for number in range(SHOWN))
    add_people(store, tuple(crew))
    by_hand(store, "UPDATE resource SET role_id = ? WHERE id > 2", DISPATCHERS)
    screen.open(DISPATCHERS)
    screen.catch_up()
    assert (len(screen.snapshot.holders), screen.snapshot.role.people) == (SHOWN, SHOWN + 1)
    screen.more()
    screen.catch_up()
    assert len(screen.face.page["holders"]) == SHOWN + 1


def test_type_ahead_offers_who_does_not_have_the_open_role(store, screen):
    a_person(store, "Cody Marsh", kind="resource")
    screen.find("a", 20)
    assert screen.face.told == []  # no role is open
    screen.open(DISPATCHERS)
    screen.find("a", 1)
    people = screen.face.told[-1]["people"]
    assert (people["query"], people["more"]) == ("a", True)
    assert people["rows"] == [{"id": 3, "name": "Cody Marsh", "kind": None, "number": "No role yet"}]


def test_a4_a_ticked_box_opens_an_inbox_and_an_unticked_one_closes_it(store, screen):
    inbox = a_screen(store, user=marcus(store))
    before = row(screen).rights
    save(screen, before - {VIEW})
    inbox.catch_up()
    assert (inbox.snapshot, "“View Message Center”" in inbox.closed) == (None, True)
    save(screen, before)
    inbox.catch_up()
    assert (inbox.closed, inbox.snapshot.rights) == (None, before)


def test_a5_without_remove_the_inbox_does_not_offer_it_and_the_act_refuses(store, screen):
    thread, inbox = a_text(store).thread, a_screen(store, user=marcus(store))
    save(screen, row(screen).rights - {REMOVE})
    inbox.catch_up()
    assert REMOVE not in inbox.snapshot.rights
    with_face = inbox.face = Face(lambda before, after: {})
    inbox.act("remove", these=frozenset({thread}))
    assert "“Remove Text Message Feed”" in with_face.told[-1]["notice"]["text"]
    inbox.catch_up()
    assert [row.id for row in inbox.snapshot.rows] == [thread]


def test_a1_boxes_that_an_add_on_voids_are_named_while_it_is_off(store, screen):
    assert screen.face.page["off"] == {}
    switch_add_on(store, TEXTING, False, by=1)
    screen.catch_up()
    assert screen.face.page["off"] == {VIEW: "Two Way Texting"}


def test_who_loses_the_right_is_shown_nothing_more_and_told_nothing(store, screen):
    screen.give("k", ADMINISTRATORS, 2)
    his = a_roles_screen(store, marcus)
    his.open(DISPATCHERS)
    screen.take("k", ADMINISTRATORS, 2)
    his.catch_up()
    assert (his.snapshot, "“Edit Roles”" in his.closed) == (None, True)
    with pytest.raises(Forbidden):
        his.find("a", 20)


def test_a_dispatcher_is_not_shown_the_page_at_all(store):
    his = a_roles_screen(store, marcus)
    assert (his.snapshot, his.face.page, "“Edit Roles”" in his.closed) == (None, {"rows": {}}, True)


def test_a_screen_that_lived_through_it_equals_one_opened_now(store):
    """The law, for this page: also where the screen was closed and opened again in between."""
    chance = random.Random(7)
    hers, his, closed = a_roles_screen(store), a_roles_screen(store, marcus), set()
    for number in range(60):
        step(chance, store, hers, number)
        for screen, user in ((hers, dana), (his, marcus)):
            screen.open(chance.choice([None, ADMINISTRATORS, DISPATCHERS, 3]))
            screen.catch_up()
            opened = RolesScreen(store, user(store))
            opened.place, opened.face = screen.place, Face(roles_patch)
            opened.catch_up()
            assert (screen.snapshot, screen.closed) == (opened.snapshot, opened.closed)
            assert screen.face.page == opened.face.page
        closed.add(his.closed is None)
    assert closed == {True, False}, "it opened and closed, or this proves nothing of closed screens"


def step(chance, store, screen, number):
    """Somebody who may everything does one thing."""
    role = chance.choice([ADMINISTRATORS, DISPATCHERS, 3, 4])
    seen = store.revision() - chance.choice([0, 0, 0, 50])
    chance.choice(
        [
            lambda: screen.add("k", f"Role {chance.randrange(5)}"),
            lambda: screen.copy("k", role, f"Copy {chance.randrange(5)}"),
            lambda: screen.rename("k", role, f"Name {number}", seen),
            lambda: screen.save("k", role, frozenset(chance.sample(sorted(RIGHTS), 6)) | {ROLES}, seen),
            lambda: screen.delete("k", role, seen),
            lambda: screen.give("k", role, 2),
            lambda: screen.take("k", role, 2),
            lambda: a_text(store),
        ]
    )()
