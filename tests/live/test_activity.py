"""The screen of Settings > Activity: what is looked for, what appears, and what is counted while one reads further down."""

import random
from dataclasses import replace

import pytest

from dashboard.actions import accounts, documents, threads
from dashboard.actions.undo import undo
from dashboard.core.activity import MACHINE, Sought
from dashboard.core.errors import Refused
from dashboard.live.activity import SHOWN, ActivityScreen
from dashboard.live.screen import BULK_ACTIONS
from dashboard.store.changes import bulk_acts
from dashboard.ui.activity import activity_patch, sought
from tests.factories import a_document, a_person, a_reply, a_text, asked, by_hand, chosen, dana, marcus, pass_a_minute


class Face:
    """Keeps what a page would know after its patches."""

    def __init__(self):
        self.before, self.told, self.closed, self.page, self.shown = None, [], None, {"rows": {}}, 0

    def show(self, snapshot):
        patch = activity_patch(self.before, snapshot)
        rows = self.page["rows"] | {row["id"]: row for row in patch.pop("rows", [])}
        self.page = self.page | patch
        self.page["rows"] = {id_: rows[id_] for id_ in self.page["order"]}
        self.before, self.shown = snapshot, self.shown + 1

    def tell(self, news):
        self.told.append(news)

    def close(self, words):
        self.before, self.closed = None, words


def a_screen(store, user=dana):
    screen = ActivityScreen(store, user(store))
    screen.face = Face()
    screen.catch_up()
    return screen


@pytest.fixture
def screen(store):
    return a_screen(store)


def sentences(screen):
    screen.catch_up()
    return [entry.sentence for entry in screen.snapshot.entries]


def test_b20_what_somebody_does_appears_at_the_top(store, screen):
    thread = a_text(store, a_person(store)).thread
    before = len(sentences(screen))
    threads.remove(store, chosen(store, thread), by=2)
    assert (sentences(screen)[0], len(sentences(screen))) == ("Marcus Bell removed Ana Díaz", before + 1)
    assert screen.snapshot.entries[0].thread == thread


def test_further_down_the_list_stands_still_and_counts_what_comes(store, screen):
    thread = a_text(store).thread
    before = sentences(screen)
    screen.hold(screen.snapshot.entries[0].revision)
    for _ in range(3):
        a_reply(store, thread)
    assert (sentences(screen), screen.snapshot.news, screen.face.page["news"]) == (before, 3, "3")
    screen.follow()
    assert (len(sentences(screen)), screen.snapshot.news, screen.face.page["news"]) == (len(before) + 3, 0, "")


def test_a_long_log_is_shown_fifty_by_fifty(store, screen):
    thread = a_text(store).thread
    for _ in range(2 * SHOWN):
        a_reply(store, thread)
    assert (len(sentences(screen)), screen.snapshot.more) == (SHOWN, True)
    screen.more()
    screen.more()
    assert len(sentences(screen)) == 2 * SHOWN
    screen.more()
    assert sentences(screen)[-1] == "Our numbers were set"
    assert screen.snapshot.more is False


def test_what_is_looked_for_is_shown_from_the_newest_on(store, screen):
    thread = a_text(store, a_person(store)).thread
    a_reply(store, thread, by=2)
    a_document(store, "Snow")
    screen.hold(1)
    screen.seek(Sought(person=2))
    assert sentences(screen) == ["Marcus Bell wrote a text to Ana Díaz"]
    screen.seek(Sought(group="documents"))
    assert sentences(screen) == ["Dana Whitcomb wrote the text document “Snow”"]
    screen.seek(Sought(query="ana"))
    assert sentences(screen) == ["Marcus Bell wrote a text to Ana Díaz", "Ana Díaz texted us"]
    with pytest.raises(Refused, match="no kind"):
        screen.seek(Sought(group="gossip"))


def test_what_a_page_asks_for_is_read_or_refused():
    day = sought({"op": "seek", "person": 0, "group": "texts", "query": "x" * 500, "since": 0, "until": None})
    assert (day.person, day.group, len(day.query), day.since.year, day.until) == (MACHINE, "texts", 100, 1970, None)
    for nonsense in ({"person": "me"}, {"since": "today"}, {"since": 10**30}):
        with pytest.raises((ValueError, OverflowError)):
            sought(nonsense)


def test_a_renamed_person_is_renamed_in_what_stands_there(store, screen):
    account = accounts.add_account(store, {"name": "Ana", "phones": "+16035550142"}, by=1)
    a_text(store)
    sentences(screen)
    accounts.edit_account(store, account, {"name": "Zoë"}, store.revision(), by=1)
    assert "Zoë texted us" in sentences(screen)
    assert "Ana texted us" not in sentences(screen)


def test_a_screen_closes_when_the_right_is_taken(store, screen):
    by_hand(store, "UPDATE role SET rights = '[\"view\"]' WHERE name = 'Administrator'")
    screen.catch_up()
    assert "View Activity" in screen.face.closed
    assert screen.snapshot is None


def test_who_has_no_right_to_it_never_sees_any(store):
    assert "View Activity" in a_screen(store, marcus).face.closed


def test_what_says_nothing_to_a_person_draws_nothing(store, screen):
    a_text(store)
    sentences(screen)
    drawn = screen.face.shown
    by_hand(store, "UPDATE clock SET revision = revision + 1")
    screen.catch_up()
    assert screen.face.shown == drawn


def _one_act(dice, store, screen, step):
    act = dice.choice(("text", "text", "bulk", "undo", "document", "rename", "reply", "hold", "follow", "more", "seek"))
    known = [row[0] for row in asked(store, "SELECT id FROM thread ORDER BY id")]
    if act == "text" or not known:
        a_text(store, dice.choice(("+16035550142", "+16035550143", "72345")))
    elif act == "bulk":
        name = dice.choice(sorted(BULK_ACTIONS))
        BULK_ACTIONS[name].body(store, chosen(store, *dice.sample(known, dice.randint(1, len(known)))), by=1)
    elif act == "undo":
        with store.reading() as connection:
            done = bulk_acts(connection, BULK_ACTIONS, 3)
        if done:
            undo(store, dice.choice(done).revision, by=2)
    elif act == "document":
        documents.add_document(store, f"Title {step}", "x", by=1)
    elif act == "rename":
        _rename(dice, store, step)
    elif act == "reply":
        a_reply(store, known[0], by=dice.choice((1, 2, None)))
    elif act == "hold":
        screen.hold(store.revision() - dice.randint(0, 3))
    elif act == "seek":
        asking = (Sought(), Sought(), Sought(person=1), Sought(group="threads"), Sought(query="name"), Sought(person=0))
        screen.seek(dice.choice(asking))
    else:
        getattr(screen, act)()


def _rename(dice, store, step):
    people = asked(store, "SELECT id, revision FROM account ORDER BY id")
    if people and dice.random() < 0.7:
        accounts.edit_account(store, people[0][0], {"name": f"Name {step}"}, people[0][1], by=1)
    elif len(people) < 3:
        phone = ("+16035550142", "+16035550143", "+16035550199")[len(people)]
        accounts.add_account(store, {"name": f"Name {step}", "phones": phone, "balance": "5"}, by=2)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 9))])
def test_the_law_holds_for_activity_too(store, seed):
    """A screen that lived through random acts equals one opened now, and so does what its page was told."""
    dice = random.Random(seed)
    lived = [a_screen(store), a_screen(store)]
    for step in range(70):
        pass_a_minute(store)
        screen = dice.choice(lived)
        _one_act(dice, store, screen, step)
        screen.place = replace(screen.place, shown=dice.choice((3, 6, screen.place.shown)))
        for one in lived:
            one.catch_up()
            now = ActivityScreen(store, dana(store))
            now.place, now.face = one.place, Face()
            now.catch_up()
            assert now.snapshot == replace(one.snapshot, changed=now.snapshot.changed)
            assert now.face.page == one.face.page
