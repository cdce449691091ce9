"""A screen without a face: what a person does there, and what stands on it then."""

import pytest

from dashboard.actions import messages, resources
from dashboard.core.errors import NotFound, Refused
from dashboard.core.values import DocumentKey
from dashboard.live.screen import BULK_ACTIONS, LONG, Screen
from dashboard.live.snapshot import MESSAGES
from dashboard.live.writing import DOCUMENTS
from dashboard.store.drafts import draft
from dashboard.store.people import everybody
from tests.factories import (
    a_document,
    a_failure,
    a_person,
    a_reply,
    a_screen,
    a_text,
    a_town,
    badge,
    dana,
    how_many,
    many_threads,
    marcus,
    spoken,
)


class Face:
    """Draws nothing; keeps what it was given."""

    def __init__(self):
        self.shown, self.told = [], []

    def show(self, snapshot):
        self.shown.append(snapshot)

    def tell(self, news):
        self.told.append(news)

    def close(self, words):
        self.shown.append(words)

    @property
    def notices(self):
        return [news["notice"]["text"] for news in self.told if "notice" in news]

    @property
    def undo(self):
        """What the last notice offers to undo."""
        return next(news["notice"]["undo"] for news in reversed(self.told) if "notice" in news)

    @property
    def trouble(self):
        """What was last told of the database; None where nothing is wrong."""
        return next((news["trouble"] for news in reversed(self.told) if "trouble" in news), None)

    @property
    def acts(self):
        return next(news["acts"] for news in reversed(self.told) if "acts" in news)


@pytest.fixture
def town(store):
    return a_town(store)


@pytest.fixture
def screen(store, town):
    """Dana's screen on a town of four threads."""
    screen = a_screen(store)
    screen.face = Face()
    return screen


def names(screen):
    screen.catch_up()
    return [row.name for row in screen.snapshot.rows]


def shown_anew(screen):
    """What a screen shows that is opened now where this one looks."""
    fresh = Screen(screen.store, user=screen.user)
    fresh.place = screen.place
    fresh.catch_up()
    return fresh.snapshot


def test_a_text_that_comes_in_is_on_every_screen(store, town):  # A6
    one, other = a_screen(store), a_screen(store)
    a_text(store, "+16035550140", "News")
    assert names(one)[0] == names(other)[0] == "Ana Díaz"
    assert one.snapshot.rows[0].text == "News"


def test_a_text_that_somebody_sends_is_on_every_screen(store, town):  # A7
    one, other = a_screen(store, tab="sent"), a_screen(store, tab="sent")
    one.send("k", town["Ana Díaz"], "On our way")
    assert names(one) == names(other) == ["Ana Díaz"]


def test_read_by_one_is_read_for_all_and_removed_by_one_is_removed_for_all(store, town):  # A8, A9
    one, other = a_screen(store), a_screen(store)
    one.open(town["Ana Díaz"])
    other.catch_up()
    assert other.snapshot.unread == 3
    one.tick(town["Ben Ito"], on=True)
    one.act("remove")
    assert "Ben Ito" not in names(other)


def test_a_click_opens_a_thread_and_marks_it_read(screen, town):  # A18, A19
    screen.open(town["Ben Ito"])
    screen.catch_up()
    assert (screen.thread, screen.snapshot.head.name, screen.snapshot.unread) == (town["Ben Ito"], "Ben Ito", 3)
    screen.close()
    screen.catch_up()
    assert (screen.thread, screen.snapshot.head, screen.snapshot.messages) == (None, None, ())


def test_what_is_merely_set_marks_nothing_read(store, town):  # A18
    screen = a_screen(store, thread=town["Ana Díaz"])
    screen.thread = town["Ben Ito"]
    screen.tab, screen.filter, screen.query = "sent", "accounts", "ana"
    screen.catch_up()
    assert screen.snapshot.head.name == "Ben Ito"
    assert badge(store) == 4


def test_a_text_that_arrives_in_the_open_thread_waits_for_eyes(store, screen, town):  # A18
    thread = town["Ana Díaz"]
    screen.open(thread)
    message = a_text(store, "+16035550140").message
    screen.catch_up()
    assert screen.snapshot.unread == 4
    screen.seen(thread, frozenset({message}))
    assert badge(store) == 3


def test_what_is_seen_in_a_thread_that_is_not_open_is_not_seen(store, screen, town):
    message = a_text(store, "+16035550140").message
    screen.seen(town["Ana Díaz"], frozenset({message}))
    assert badge(store) == 5


@pytest.mark.parametrize("way", ["show", "set"])
def test_tab_filter_and_query_change_what_is_listed(store, screen, town, way):
    a_reply(store, town["Ben Ito"])

    def look(**changes):
        screen.show(**changes) if way == "show" else screen.param.update(**changes)
        return names(screen)

    assert look(filter="resources") == ["Cody Marsh"]
    assert look(filter="accounts", query="ana") == ["Ana Díaz"]
    assert look(tab="sent", query="") == ["Ben Ito"]
    assert (screen.tab, screen.filter, screen.query) == ("sent", "accounts", "")


@pytest.mark.parametrize("change", [{"tab": "inbox"}, {"filter": "friends"}])
def test_a_view_that_there_is_not_is_refused_and_nothing_changes(screen, change):
    with pytest.raises((Refused, ValueError)):
        screen.show(**change)
    with pytest.raises((Refused, ValueError)):
        screen.param.update(**change)
    assert len(names(screen)) == 4


def test_b1_the_failed_ones_turn_to_their_tab_and_back_to_where_they_were_chosen(store, screen, town):
    for home in ("received", "sent"):
        screen.show(tab=home)
        screen.show(filter="failed")
        screen.show(query="ana")
        assert (screen.tab, screen.filter) == ("sent", "failed")
        screen.show(filter="all", query="")
        assert (screen.tab, screen.filter) == (home, "all")
    screen.show(filter="failed")
    screen.show(tab="received")
    screen.show(tab="sent")
    screen.show(filter="all")
    assert screen.tab == "sent", "whoever has chosen a tab since stays there"
    screen.show(filter="failed")
    screen.show_unread()
    screen.show(filter="accounts")
    assert screen.tab == "received", "the unread view is left for itself"


def test_the_badge_opens_the_unread_and_rows_stay_until_the_view_is_left(store, screen, town):  # A16
    screen.open(town["Ana Díaz"])
    screen.show(filter="accounts", query="x")
    screen.show_unread()
    assert names(screen) == ["(603) 555-0143", "Cody Marsh", "Ben Ito"]
    assert (screen.tab, screen.filter, screen.query) == ("received", "all", "")
    screen.open(town["Ben Ito"])
    assert names(screen) == ["(603) 555-0143", "Cody Marsh", "Ben Ito"]
    screen.show(filter="all")
    screen.show_unread()
    assert names(screen) == ["(603) 555-0143", "Cody Marsh"]


def test_ticking_opens_nothing(screen, town):  # A27, A36
    screen.tick(town["Ana Díaz"], on=True)
    screen.catch_up()
    assert (screen.thread, screen.snapshot.unread, screen.ticks) == (None, 4, {town["Ana Díaz"]})
    screen.tick(town["Ana Díaz"], on=False)
    assert screen.ticks == frozenset()


def test_ticks_survive_scrolling_and_live_changes(store, screen, town):  # A28
    screen.tick(town["Ana Díaz"], on=True)
    a_text(store, "+16035550199")
    screen.catch_up()
    screen.scroll(2)
    screen.catch_up()
    assert screen.ticks == {town["Ana Díaz"]}


@pytest.mark.parametrize("change", [{"tab": "sent"}, {"filter": "accounts"}, {"query": "a"}])
def test_a_change_of_tab_filter_or_query_clears_the_ticks(screen, town, change):  # A28
    screen.tick(town["Ana Díaz"], on=True)
    screen.show(**change)
    assert screen.ticks == frozenset()


def test_a_view_that_is_chosen_again_keeps_the_ticks(screen, town):
    """A search that is cleared before it was made, for one: nothing changes on the screen."""
    turn = screen.place.turn
    screen.show(query="")
    screen.tick(town["Ana Díaz"], on=True, turn=turn)
    screen.show(tab="received")
    assert (screen.ticks, screen.place.turn) == ({town["Ana Díaz"]}, turn + 2)


def test_what_is_ticked_while_an_act_is_under_way_goes_with_it(screen, town):
    turn = screen.place.turn
    screen.tick(town["Ana Díaz"], on=True, turn=turn)
    screen.act("mark_read")
    screen.tick(town["Ben Ito"], on=True, turn=turn)
    assert screen.ticks == frozenset()
    screen.tick(town["Ben Ito"], on=True, turn=screen.place.turn)
    assert screen.ticks == {town["Ben Ito"]}


@pytest.mark.parametrize(
    "late",
    [
        lambda screen, thread, turn: screen.tick(thread, on=True, turn=turn),
        lambda screen, thread, turn: screen.tick_all(on=True, turn=turn),
    ],
)
def test_what_is_ticked_in_a_view_that_has_been_left_goes_with_it(screen, town, late):
    """Its rows are no longer those that the person saw who ticked, and all that match are others."""
    left = screen.place.turn
    screen.show(filter="accounts")
    told = len(screen.face.told)
    late(screen, town["Ana Díaz"], left)
    assert screen.face.told[told:] == [], "an answer could take back what was ticked since"
    assert (screen.everything, screen.ticks) == (False, frozenset())
    late(screen, town["Ana Díaz"], screen.place.turn)
    assert screen.everything or screen.ticks == {town["Ana Díaz"]}


@pytest.mark.parametrize(
    ("name", "badge_", "rows"), [("mark_read", 2, 4), ("mark_unopened", 4, 4), ("remove", 2, 2)]
)  # A29 to A31
def test_a_bulk_act_does_its_thing_clears_the_ticks_and_says_so(screen, town, name, badge_, rows):
    for thread in (town["Ana Díaz"], town["Ben Ito"]):
        screen.tick(thread, on=True)
    screen.act(name)
    assert len(names(screen)) == rows
    assert (screen.snapshot.unread, screen.ticks) == (badge_, frozenset())
    assert screen.face.notices == [f"2 threads {BULK_ACTIONS[name].done}."]


def test_all_that_match_can_be_ticked_but_some(screen, town):  # B19
    screen.tick_all(on=True)
    screen.tick(town["Ben Ito"], on=False)
    screen.act("remove")
    assert names(screen) == ["Ben Ito"]
    assert (screen.everything, screen.ticks) == (False, frozenset())


def test_a_row_that_was_an_exception_can_be_ticked_again(screen, town):  # B19
    screen.tick_all(on=True)
    for on in (False, True):
        screen.tick(town["Ben Ito"], on=on)
    screen.act("remove")
    assert names(screen) == []


def test_all_that_match_are_those_of_the_view_and_no_others(screen, town):  # B19
    screen.show(filter="accounts")
    screen.tick_all(on=True)
    screen.act("remove")
    screen.show(filter="all")
    assert names(screen) == ["(603) 555-0143", "Cody Marsh"]


@pytest.mark.parametrize("change", [{"tab": "sent"}, {"filter": "accounts"}, {"query": "a"}])
def test_a_change_of_view_unticks_all(screen, change):  # A28
    screen.tick_all(on=True)
    screen.show(**change)
    assert not screen.everything


def test_an_act_on_rows_that_are_named_leaves_the_ticks(screen, town):
    screen.tick(town["Ana Díaz"], on=True)
    screen.act("remove", these=frozenset({town["Ben Ito"]}))
    assert "Ben Ito" not in names(screen)
    assert screen.ticks == {town["Ana Díaz"]}


def test_a_bulk_act_is_undone_from_its_notice_and_says_so(screen, town):
    before = names(screen)
    screen.tick_all(on=True)
    screen.act("remove")
    assert names(screen) == []
    screen.undo(screen.face.undo)
    assert names(screen) == before
    assert screen.face.notices[-1] == "Undone for 4 threads."


def test_what_somebody_has_dealt_with_since_is_left_and_said(store, screen, town):
    screen.act("remove", these=frozenset(town.values()))
    a_text(store, "+16035550140", "Hello?")
    revision = screen.face.undo
    screen.undo(revision)
    assert screen.face.notices[-1] == (
        "Undone for 3 threads. 1 thread left as they are: somebody has dealt with them since."
    )
    screen.undo(revision)
    assert screen.face.notices[-1].startswith("There is nothing left to undo.")


def test_the_last_acts_are_told_with_who_and_whether_they_were_undone(screen, town):
    screen.act("remove", these=frozenset({town["Ben Ito"]}))
    screen.act("mark_read", these=frozenset(town.values()))
    screen.undo(screen.face.undo)
    screen.tell_acts()
    told = [(act["text"], act["by"], act["undone"], act["can_undo"]) for act in screen.face.acts]
    assert told == [
        ("4 threads marked as read", "Dana Whitcomb", "Dana Whitcomb", False),
        ("Ben Ito removed", "Dana Whitcomb", None, True),
    ]


def test_a_bulk_act_says_what_it_left_out(store, screen, town):
    screen.tick(town["Ana Díaz"], on=True)
    a_text(store, "+16035550140", "Wait!")
    screen.act("remove")
    assert screen.face.notices == [
        "0 threads removed. 1 thread left out: changed since you saw them, or nothing to do there."
    ]
    assert len(names(screen)) == 4


def test_an_act_that_finds_nothing_to_do_says_so(screen, town):
    screen.open(town["Ana Díaz"])
    screen.catch_up()
    screen.act("mark_read", these=frozenset({town["Ana Díaz"]}))
    assert screen.face.notices == ["There was nothing to do there."]


def test_an_act_that_there_is_not_is_refused(screen):
    with pytest.raises(Refused, match="mark_read, mark_unopened, remove"):
        screen.act("delete")


def test_who_is_not_known_may_look_and_not_act(store, town):
    screen = a_screen(store, user=None)
    screen.open(town["Ana Díaz"])
    screen.catch_up()
    assert screen.snapshot.head.name == "Ana Díaz"
    assert badge(store) == 4
    screen.face = Face()
    screen.send("k", town["Ana Díaz"], "x")
    assert "user=" in screen.face.told[-1]["sent"]["error"]
    with pytest.raises(Refused, match="user="):
        screen.act("remove")


def test_a_text_is_sent_once_however_often_it_is_asked_for(store, screen, town):  # B4
    for _ in range(3):
        screen.send("the click", town["Ana Díaz"], "Once")
    assert [message.body for message in spoken(store, town["Ana Díaz"])] == ["It's Ana Díaz", "Once"]
    assert screen.face.told == [{"sent": {"key": "the click", "error": None}}] * 3


def test_a_text_that_cannot_be_sent_says_why_where_it_was_written(screen, town):
    screen.send("k", town["Ana Díaz"], " ")
    assert screen.face.told == [{"sent": {"key": "k", "error": "There is nothing to send yet: write a text first."}}]


def test_an_act_that_breaks_is_told_in_words_and_logged(screen, town, monkeypatch, caplog):
    def breaks(*arguments, **options):
        raise RuntimeError("secret details")

    monkeypatch.setattr("dashboard.live.writing.messages.send", breaks)
    screen.send("k", town["Ana Díaz"], "x")
    assert "nothing was changed" in screen.face.told[0]["sent"]["error"]
    assert "secret details" not in str(screen.face.told)
    assert "secret details" in caplog.text


def test_opening_a_thread_that_there_is_not_opens_none(screen):
    screen.open(999)
    screen.catch_up()
    assert (screen.thread, screen.snapshot.head) == (None, None)
    assert screen.face.notices == ["There is no thread 999."]


def test_older_messages_come_fifty_at_a_time(store):
    for number in range(2 * MESSAGES + 10):
        thread = a_text(store, body=str(number)).thread
    screen = a_screen(store, thread=thread)
    lengths = []
    for _ in range(4):
        lengths.append((len(screen.snapshot.messages), screen.snapshot.older))
        screen.older()
        screen.catch_up()
    assert lengths == [(50, True), (100, True), (110, False), (110, False)]


def test_a_conversation_that_has_grown_long_begins_again_at_its_end_for_a_page_that_comes_back(store):
    thread = a_text(store).thread
    screen = a_screen(store)
    screen.open(thread)
    screen.catch_up()
    for _ in range(LONG - 2):
        a_text(store)
    for length in (LONG - 1, MESSAGES):
        screen.come_back()
        screen.catch_up()
        assert len(screen.snapshot.messages) == length
        a_text(store)
    assert screen.snapshot.older


def test_scrolling_holds_a_window_around_the_row(store):
    many_threads(store, 150)
    screen = a_screen(store)
    screen.scroll(100)
    screen.catch_up()
    assert (screen.snapshot.above, len(screen.snapshot.rows)) == (70, 80)
    screen.scroll(0)
    screen.catch_up()
    assert screen.snapshot.above == 0


def test_a_screen_is_drawn_only_when_something_changed(store, screen):
    screen.catch_up()
    shown = len(screen.face.shown)
    screen.catch_up()
    assert len(screen.face.shown) == shown
    a_text(store)
    screen.catch_up()
    assert len(screen.face.shown) == shown + 1


def test_a_screen_that_lived_through_it_equals_one_opened_now(store, screen, town):
    steps = (
        lambda: a_text(store, "+16035550140"),
        lambda: screen.open(town["Ana Díaz"]),
        lambda: a_reply(store, town["Ben Ito"]),
        lambda: screen.show(tab="sent"),
        lambda: screen.send("k", town["Ana Díaz"], "Hi"),
        lambda: a_person(store, "Newly Named", "+16035550143"),
        screen.show_unread,
        lambda: screen.tick(town["Ben Ito"], on=True),
        lambda: screen.act("mark_unopened"),
        lambda: screen.show(query="ana"),
    )
    for step in steps:
        step()
        screen.catch_up()
        assert screen.snapshot == shown_anew(screen)


def test_while_nobody_is_recorded_anybody_may_act(tmp_path):
    from dashboard.actions import numbers
    from dashboard.store import schema
    from dashboard.store.database import Store
    from tests.factories import OURS

    store = Store(f"sqlite:///{tmp_path / 'new.db'}")
    schema.ready(store)
    numbers.set_numbers(store, (OURS,))
    numbers.set_provider(store, "simulated")
    thread = a_text(store).thread
    Screen(store).send("k", thread, "Hello")
    assert how_many(store, "message") == 2
    store.close()


def test_dana_is_the_one_who_acts(store, screen, town):
    screen.send("k", town["Ana Díaz"], "Hi")
    assert spoken(store, town["Ana Díaz"])[-1].by == dana(store).name


def test_a_choice_shows_on_all_of_a_persons_screens_and_on_no_others(store):
    danas, hers, somebodys = Screen(store, user=dana(store)), Screen(store, user=dana(store)), Screen(store)
    danas.prefer("overview", False)
    for screen in (hers, somebodys):
        screen.catch_up()
    assert (hers.snapshot.preferences["overview"], somebodys.snapshot.preferences["overview"]) == (False, True)


def test_the_bell_is_the_viewers_own(store):  # A10, A11
    a_reply(store, a_text(store, a_person(store)).thread, by=2)
    text = a_text(store)
    with store.reading() as connection:
        marcus = everybody(connection)[1]
    here, there = a_screen(store), a_screen(store, user=marcus)
    assert (here.snapshot.alert_count, [alert.message for alert in there.snapshot.alerts]) == (0, [text.message])
    there.open(text.thread)
    there.catch_up()
    assert there.snapshot.alerts == ()


def test_setting_the_thread_from_code_clears_no_alert(store):  # A18
    a_reply(store, a_text(store, a_person(store)).thread)
    text = a_text(store)
    here = a_screen(store)
    here.thread = text.thread
    here.catch_up()
    assert here.snapshot.alert_count == 1


def test_a_text_seen_that_is_read_already_asks_for_no_write_unless_it_stands_in_the_bell(store):
    thread = a_text(store, a_person(store)).thread
    a_reply(store, thread)
    text = a_text(store)
    here = a_screen(store)
    here.thread = thread
    here.catch_up()
    asked = []
    here.perform = lambda work, done: (asked.append(work), done(work()))
    for count in (1, 1):
        here.seen(thread, frozenset({text.message}))
        here.catch_up()
        assert len(asked) == count
    assert here.snapshot.alert_count == 0


def test_alerts_are_dismissed_from_the_bell(store):
    a_reply(store, a_text(store, a_person(store)).thread)
    a_text(store), a_text(store)
    here = a_screen(store)
    newest, oldest = here.snapshot.alerts
    here.dismiss(newest.id, only=oldest.id)
    here.catch_up()
    assert here.snapshot.alerts == (newest,)
    here.dismiss(newest.id)
    here.catch_up()
    assert here.snapshot.alert_count == 0


def test_a_failed_text_is_tried_again_or_let_be_and_what_is_not_failed_is_told_in_words(store):  # B1
    thread = a_text(store).thread
    one, other = a_failure(store, thread), a_failure(store, thread)
    here = a_screen(store, filter="failed", tab="sent")
    assert here.snapshot.total == 1
    here.face = Face()
    here.retry("again", one)
    here.let_be(other)
    here.catch_up()
    assert (here.snapshot.total, here.face.notices) == (0, [])
    here.retry("once more", spoken(store, thread)[-1].id)
    assert "has not failed: it is queued now" in here.face.notices[0]


def test_who_may_only_look_tries_nothing_again(store):
    message = a_failure(store, a_text(store).thread)
    for act in (lambda screen: screen.retry("k", message), lambda screen: screen.let_be(message)):
        screen = a_screen(store, user=None)
        screen.face = Face()
        act(screen)
        assert "only looked at" in screen.face.told[-1]["notice"]["text"]


def test_why_a_text_alerted_nobody_is_told_on_demand(store):  # C6
    here = a_screen(store)
    here.face = Face()
    here.tell_why(a_text(store).message)
    assert here.face.told[-1]["why"].sentence == "Only a text from a client or lead alerts somebody."
    with pytest.raises(NotFound, match="no inbound message 999"):
        here.tell_why(999)


def test_b3_a_send_into_a_thread_that_has_moved_is_stopped_and_told_with_what_came(store, screen, town):
    ana = town["Ana Díaz"]
    seen = spoken(store, ana)[-1].id
    news = a_text(store, "+16035550140", "Wait").message
    screen.send("k", ana, "Hello", seen)
    said = screen.face.told[-1]["sent"]
    assert said["moved"] == {"seen": news, "news": [news]}
    assert "a text has come" in said["error"]
    screen.send("k", ana, "Hello", said["moved"]["seen"])
    assert screen.face.told[-1] == {"sent": {"key": "k", "error": None}}


def test_b17_a_draft_is_told_when_its_thread_is_opened_on_any_screen(store, screen, town):
    screen.save_draft(1, town["Ana Díaz"], "Half a thought", 7)
    elsewhere, his = a_screen(store), a_screen(store, user=marcus(store))
    for other in (elsewhere, his):
        other.face = Face()
        other.open(town["Ana Díaz"])
        other.catch_up()
    assert elsewhere.face.told[-1] == {"draft": {"thread": town["Ana Díaz"], "body": "Half a thought", "seen": 7}}
    assert his.face.told[-1] == {"draft": {"thread": town["Ana Díaz"], "body": "", "seen": None}}


def test_b17_what_another_window_wrote_is_told_to_the_window_that_takes_its_place(store, screen, town):
    here, there, thread = screen, a_screen(store), town["Ana Díaz"]
    there.face = Face()
    here.save_draft(1, thread, "On our way", None)
    there.save_draft(7, thread, "On our way, Ana", None)
    assert there.face.told[-1] == {"kept": {"n": 7, "thread": thread}}, "what goes on with it loses nothing"
    there.save_draft(8, thread, "At ten", None)
    assert there.face.told[-1] == {"kept": {"n": 8, "thread": thread, "replaced": "On our way, Ana"}}
    there.send("key", thread, "At eleven")
    assert there.face.told[-1] == {"sent": {"key": "key", "error": None, "replaced": "At ten"}}
    here.save_draft(2, thread, "See you then", None)
    there.send("key", thread, "At eleven")
    assert there.face.told[-1] == {"sent": {"key": "key", "error": None}}, "it is no other text, and takes no place"


def test_b17_what_another_window_saves_while_a_text_is_on_its_way_stays(store, screen, town, monkeypatch):
    here, there, thread = screen, a_screen(store), town["Ana Díaz"]
    there.face = Face()
    send = messages.send

    def late(*about, **more):
        there.save_draft(1, thread, "From the other window", None)
        return send(*about, **more)

    monkeypatch.setattr(messages, "send", late)
    for key, before in (("k1", ""), ("k2", "At eleven, Ana")):
        here.save_draft(1, thread, before, None)
        here.send(key, thread, "At eleven")
        assert here.face.told[-1] == {"sent": {"key": key, "error": None}}
        with store.reading() as connection:
            assert draft(connection, 1, thread).body == "From the other window"


def test_a45_documents_are_told_a_page_at_a_time(store, screen):
    for number in range(DOCUMENTS + 5):
        a_document(store, f"Document {number:02}", "Text")
    screen.list_documents(1, "")
    first = screen.face.told[-1]["documents"]
    assert (first["n"], len(first["items"])) == (1, DOCUMENTS)
    screen.list_documents(2, "", DocumentKey(*first["following"]))
    rest = screen.face.told[-1]["documents"]
    assert (next(item["title"] for item in rest["items"]), rest["following"]) == (f"Document {DOCUMENTS}", None)


def test_a46_a_document_is_filled_for_its_thread_and_whoever_writes(store, screen, town):
    made = a_document(store, "Visit", "Hi {first_name}, {next_visit}. {user_first_name}")
    screen.fill_document(made, town["Ben Ito"])
    assert screen.face.told[-1]["filled"] == {
        "thread": town["Ben Ito"],
        "text": "Hi Ben, {next_visit}. Dana",
        "missing": ["next_visit"],
    }
    with pytest.raises(Refused, match="deleted"):
        screen.fill_document(999, town["Ben Ito"])


def test_a_colleague_who_is_renamed_is_renamed_where_they_wrote_on_every_open_screen(store, town):
    a_reply(store, town["Ana Díaz"], by=1)
    here = a_screen(store)
    here.open(town["Ana Díaz"])
    here.catch_up()
    resources.edit_resource(store, 1, {"name": "Dana Whitcomb-Bell"}, store.revision(), by=2)
    here.catch_up()
    assert here.snapshot.messages[-1].by == "Dana Whitcomb-Bell"
