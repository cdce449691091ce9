"""The log as people read it: the last bulk acts, by whom, on what, and who undid them."""

from dashboard.actions import threads
from dashboard.actions.undo import undo
from dashboard.live.screen import BULK_ACTIONS
from dashboard.store.changes import UNTOLD, bulk_acts, why_alerted
from tests.factories import a_person, a_reply, a_text, a_town, chosen, many_threads, pass_a_minute


def acts(store, limit=10):
    with store.reading() as connection:
        return bulk_acts(connection, BULK_ACTIONS, limit)


def test_nothing_was_done_yet(store):
    a_text(store)
    assert acts(store) == ()


def test_the_newest_act_comes_first_with_who_did_it_and_when(store):
    town = list(a_town(store).values())
    threads.mark_read(store, chosen(store, *town[:2]), by=1)
    pass_a_minute(store)
    threads.remove(store, chosen(store, *town[:3]), by=2)
    told = [(act.action, act.by, act.done) for act in acts(store)]
    assert told == [("remove", "Marcus Bell", 3), ("mark_read", "Dana Whitcomb", 2)]
    assert acts(store)[0].at == store.clock()


def test_an_act_on_one_thread_names_its_correspondent(store):
    town = a_town(store)
    for name in ("Ana Díaz", "(603) 555-0143"):
        threads.remove(store, chosen(store, town[name]), by=1)
    assert [act.name for act in acts(store)] == ["(603) 555-0143", "Ana Díaz"]


def test_an_act_that_was_undone_says_by_whom(store):
    thread = a_text(store).thread
    done = threads.remove(store, chosen(store, thread), by=1)
    undo(store, done.revision, by=2)
    (act,) = acts(store)
    assert (act.undone, act.undone_by) == (True, "Marcus Bell")


def test_only_the_last_ones_are_told(store):
    thread = a_text(store).thread
    for _ in range(3):
        threads.remove(store, chosen(store, thread), by=1)
        threads.restore(store, chosen(store, thread), by=1)
    assert [act.action for act in acts(store, 3)] == ["restore", "remove", "restore"]


def test_why_a_text_alerted_somebody_can_be_read_from_the_log(store):  # C6
    thread = a_text(store, a_person(store)).thread
    a_reply(store, thread, by=2)
    text = a_text(store)
    threads.open_thread(store, thread, by=2)
    with store.reading() as connection:
        reason = why_alerted(connection, text.message)
    assert reason.sentence == "Marcus Bell was the last of us to write to them."
    assert [(alert.owner, alert.cleared_by) for alert in reason.alerts] == [("Marcus Bell", "open_thread")]


def test_a_text_that_came_with_a_history_says_that_nobody_was_alerted(store):  # C6
    many_threads(store, 1)
    with store.reading() as connection:
        assert why_alerted(connection, 1).sentence == UNTOLD


def test_what_was_sent_or_never_was_has_no_such_reason(store):
    sent = a_reply(store, a_text(store).thread)
    with store.reading() as connection:
        assert [why_alerted(connection, message) for message in (sent, 999)] == [None, None]
