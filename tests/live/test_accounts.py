"""What a viewer does with people, as a face is told of it, and as it stands on other screens."""

import pytest

from dashboard.core.errors import Refused
from dashboard.store.accounts import look_up
from tests.factories import a_person, a_screen, a_text
from tests.live.pages import Told


@pytest.fixture
def screen(store):
    screen = a_screen(store)
    screen.face = Told()
    return screen


def told(screen, key):
    return screen.face.news.pop(key)


def saved(screen, id=None, kind="account", seen=0, thread=None, **fields):
    screen.save("form-1", kind, id, fields, seen, thread)
    return told(screen, "saved")


def test_people_are_looked_up_with_a_line_for_each_number(store, screen):
    saved(screen, name="Ana Díaz", phones="603 555 0142; 802 555 0143; SNOWALERT")
    screen.look_up_people("ana di", 10)
    found = told(screen, "people")
    assert [(row["name"], row["to"], row["number"]) for row in found["rows"]] == [
        ("Ana Díaz", "+16035550142", "(603) 555-0142"), ("Ana Díaz", "+18025550143", "(802) 555-0143"),
    ]  # fmt: skip
    assert (found["query"], found["more"], found["number"]) == ("ana di", False, None)


def test_what_is_typed_may_be_a_number_that_nobody_has(screen):
    screen.look_up_people("802.555.0199", 10)
    found = told(screen, "people")
    assert (found["rows"], found["number"]) == ([], {"to": "+18025550199", "number": "(802) 555-0199"})


def test_accounts_are_looked_up_alone(store, screen):
    a_person(store, "Dana Client")
    screen.look_up_accounts("dana", 10)
    assert [(row["name"], row["number"]) for row in told(screen, "accounts")["rows"]] == [
        ("Dana Client", "(603) 555-0142")
    ]


def test_a_conversation_that_is_begun_is_open(store, screen):
    screen.converse("603 555 0142")
    screen.catch_up()
    assert told(screen, "begun") == {"thread": screen.thread, "error": None}
    assert (screen.snapshot.head.number, screen.snapshot.messages) == ("(603) 555-0142", ())
    screen.converse("12")
    assert "no phone number" in told(screen, "begun")["error"]


def test_a_thread_that_is_joined_is_read(store, screen):
    a_text(store)
    screen.converse("603 555 0142")
    screen.catch_up()
    assert screen.snapshot.unread == 0


def test_a_form_is_saved_and_stands_on_every_screen(store, screen):
    thread = a_text(store, a_person(store)).thread
    other = a_screen(store, thread=thread)
    seen = other.snapshot.overview.revision
    assert saved(screen, 1, seen=seen, name="Ana María", balance="7") == {
        "form": "form-1", "error": None, "fields": {}, "seen": None,
    }  # fmt: skip
    other.catch_up()
    assert (other.snapshot.overview.name, other.snapshot.head.name, other.snapshot.overview.balance) == (
        "Ana María", "Ana María", 700,
    )  # fmt: skip


def test_what_cannot_be_saved_is_told_at_each_line(store, screen):
    result = saved(screen, name="", email="x")
    assert (set(result["fields"]), result["seen"]) == ({"name", "email"}, None)
    a_person(store)
    saved(screen, 1, seen=store.revision(), notes="First")
    result = saved(screen, 1, seen=1, notes="Second")
    assert (result["fields"], result["seen"]) == ({"notes": "First"}, store.revision())
    assert "Dana Whitcomb changed the notes" in result["error"]
    assert "no account 99" in saved(screen, 99, name="x")["error"]


def test_a_lead_is_made_linked_chosen_and_unlinked(store, screen):
    first, second = a_text(store).thread, a_text(store, "+16035550143").thread
    assert saved(screen, thread=first, name="Ana")["error"] is None
    screen.link(second, 1)
    screen.open(second)
    screen.catch_up()
    assert (screen.snapshot.overview.name, screen.snapshot.overview.kind) == ("Ana", "lead")
    a_person(store, "Luis", "+16035550143")
    screen.choose_account(second, 2)
    screen.catch_up()
    assert (screen.snapshot.overview.name, screen.snapshot.overview.chosen) == ("Luis", True)
    screen.unlink(second)
    screen.catch_up()
    assert (screen.snapshot.overview.name, screen.snapshot.overview.candidates) == ("Ana", ())


def test_a_resource_is_added_and_is_a_colleague_above_its_thread(store, screen):
    assert saved(screen, kind="resource", name="Cody", phones="603 555 0142")["error"] is None
    screen.open(a_text(store).thread)
    screen.catch_up()
    assert (screen.snapshot.overview, screen.snapshot.colleague.name) == (None, "Cody")


def test_who_may_only_look_changes_nothing_and_is_told_so(store):
    a_person(store)
    thread = a_text(store, "+16035550143").thread
    before = store.revision()
    screen = a_screen(store, user=None)
    screen.face = Told()
    assert "only looked at" in saved(screen, name="Bo")["error"]
    screen.converse("603 555 0177")
    assert "only looked at" in told(screen, "begun")["error"]
    for act in (
        lambda: screen.link(thread, 1),
        lambda: screen.unlink(thread),
        lambda: screen.choose_account(thread, 1),
    ):
        act()
        assert "only looked at" in told(screen, "notice")["text"]
    assert store.revision() == before
    with store.reading() as connection:
        assert look_up(connection, "Bo", 5) == ((), False)


def test_there_are_only_the_forms_there_are(screen):
    with pytest.raises(Refused, match="no form “role”"):
        screen.save("form-1", "role", None, {}, 0, None)
