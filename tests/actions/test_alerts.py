"""Alerts: who gets one, over all that can come before; who clears it; and what the log says of it."""

from itertools import permutations

import pytest

from dashboard.actions import accounts, messages, numbers, people, threads
from dashboard.actions.alerts import dismiss_alerts
from dashboard.actions.undo import undo
from dashboard.core.values import Inbound
from dashboard.store.changes import why_alerted
from tests.factories import (
    OURS,
    a_person,
    a_reply,
    a_text,
    a_user,
    alerted,
    bell,
    by_hand,
    chosen,
    pass_a_minute,
    plan,
    sound,
)

ANA, HER_OFFICE, OURS_TOO = "+16035550142", "+16035550143", "+16035550177"
WRITERS = ("Dana", "Marcus", "Luis")  # by id, from 1


@pytest.fixture
def office(store):
    """Ana with two numbers, each of which has texted each of two numbers of ours; and a third colleague."""
    people.add_people(store, (a_user("Luis Ortega", 103, "Dispatcher"),))
    numbers.set_numbers(store, (OURS, OURS_TOO))
    numbers.set_provider(store, "simulated")
    accounts.add_account(store, {"name": "Ana Díaz", "phones": f"{ANA}\n{HER_OFFICE}"}, by=1)
    here = [a_text(store, sender, to=ours).thread for sender in (ANA, HER_OFFICE) for ours in (OURS, OURS_TOO)]
    assert alerted(store) == []
    return here


def automatic(store, thread, number):
    messages.send(store, thread, "We are closed", by=None, key=f"auto-{number}", automatic=True)


# Each a sequence of three people who write and two texts that come in, in every order there is.
ORDERS = sorted(set(permutations((1, 2, 3, "in", "in"))), key=str)


def orders():
    """Every third of them here, with automatic texts others than without; the rest under "proof"."""
    for number, order in enumerate(ORDERS):
        for machine in (False, True):
            marks = () if number % 3 == machine else pytest.mark.proof
            words = "-".join(map(str, order)) + (" with automatic texts" if machine else "")
            yield pytest.param(order, machine, marks=marks, id=words)


@pytest.mark.parametrize(("order", "machine"), list(orders()))
def test_a10_to_a13_a_text_alerts_whoever_wrote_last_at_any_number_and_nobody_else(store, office, order, machine):
    assert len(ORDERS) == 60
    expected, last = [], None
    for step, what in enumerate(order):
        if machine:
            automatic(store, office[(step + 2) % 4], step)
        if what == "in":
            text = a_text(store, (ANA, HER_OFFICE)[step % 2], to=(OURS, OURS_TOO)[step // 2 % 2])
            expected += [(last, text.message)] if last else []
        else:
            a_reply(store, office[(step * 3 + what) % 4], by=what)
            last = what
    assert alerted(store) == expected
    assert sound(store)


@pytest.mark.parametrize("kind", ["resource", "unknown"])
def test_a10_a_text_from_a_colleague_or_an_unknown_number_alerts_nobody(store, kind):
    if kind == "resource":
        a_person(store, "Cody Marsh", ANA, "resource")
    a_reply(store, a_text(store).thread)
    assert (why(store, a_text(store).message), alerted(store)) == (
        ("Only a text from a client or lead alerts somebody.", []),
        [],
    )


def why(store, message):
    """Why a message alerted whom it did, with whose alerts it made."""
    with store.reading() as connection:
        reason = why_alerted(connection, message)
    return reason.sentence, [alert.owner for alert in reason.alerts]


def test_a10_the_log_says_who_was_alerted_and_why_nobody_was(store):
    a_person(store)
    first = a_text(store)
    a_reply(store, first.thread, by=2)
    second = a_text(store)
    by_hand(store, "UPDATE resource SET active = FALSE WHERE id = 2")
    third = a_text(store)
    by_hand(store, "UPDATE resource SET active = TRUE, role_id = NULL WHERE id = 2")
    fourth = a_text(store)
    assert [why(store, text.message) for text in (first, second, third, fourth)] == [
        ("Nobody here had written to them yet.", []),
        ("Marcus Bell was the last of us to write to them.", ["Marcus Bell"]),
        ("Marcus Bell was the last of us to write to them, and is disabled.", []),
        ("Marcus Bell was the last of us to write to them, and may not view the Message Center.", []),
    ]
    assert alerted(store) == [(2, second.message)]


def test_a10_a_disabled_owner_is_not_replaced_by_who_wrote_before(store):
    a_person(store)
    thread = a_text(store).thread
    a_reply(store, thread, by=1)
    a_reply(store, thread, by=2)
    by_hand(store, "UPDATE resource SET active = FALSE WHERE id = 2")
    a_text(store)
    assert alerted(store) == []


@pytest.mark.parametrize(
    ("fallback", "owners"), [((), []), (("Dana Whitcomb",), [1]), (("Marcus Bell", "Dana Whitcomb", "Zoe"), [1, 2])]
)
def test_a13_where_nobody_wrote_those_of_the_fallback_list_are_alerted_and_it_is_empty_at_first(
    store, fallback, owners
):
    a_person(store)
    text = messages.receive(store, Inbound("simulated", "first", ANA, None, "Hello"), (), fallback)
    assert alerted(store) == [(owner, text.message) for owner in owners]
    a_reply(store, text.thread, by=2)
    later = messages.receive(store, Inbound("simulated", "second", ANA, None, "Hello"), (), fallback)
    assert alerted(store)[len(owners) :] == [(2, later.message)]


def test_a_duplicate_makes_no_second_alert(store):  # B4
    a_person(store)
    a_reply(store, a_text(store).thread)
    text = a_text(store, id="the same")
    for _ in range(10):
        a_text(store, id="the same")
    assert alerted(store) == [(1, text.message)]


def test_a_late_text_alerts_whoever_wrote_last_when_it_came(store):
    """Not who had when it was written: the alert is about what there is to do now."""
    a_person(store)
    thread = a_text(store).thread
    a_reply(store, thread, by=1)
    sent_at = store.clock()
    pass_a_minute(store)
    a_reply(store, thread, by=2)
    text = a_text(store, at=sent_at)
    assert alerted(store) == [(2, text.message)]


def test_who_wrote_last_is_right_after_a_thread_was_linked_to_another_account(store):
    a_person(store)
    a_reply(store, a_text(store).thread, by=1)
    pass_a_minute(store)
    other = a_text(store, HER_OFFICE).thread
    a_reply(store, other, by=2)
    before = a_text(store)
    by_hand(store, "UPDATE thread SET account_id = 1, kind = 'client' WHERE id = ?", other)
    after = a_text(store)
    assert alerted(store) == [(1, before.message), (2, after.message)]


@pytest.fixture
def answered(store):
    """Dana wrote to Ana, who answered twice; and to Ben, who answered once: their threads."""
    here = []
    for name, phone, texts in (("Ana Díaz", ANA, 2), ("Ben Ito", HER_OFFICE, 1)):
        thread = a_text(store, a_person(store, name, phone)).thread
        a_reply(store, thread)
        for _ in range(texts):
            a_text(store, phone)
        here.append(thread)
    assert [alert.thread for alert in bell(store)] == [here[1], here[0], here[0]]
    return here


def test_a10_opening_a_thread_clears_its_owners_alerts_there_and_only_the_owners_own_opening(store, answered):
    threads.open_thread(store, answered[0], by=2)
    assert len(bell(store)) == 3
    threads.open_thread(store, answered[0], by=1)
    assert [alert.thread for alert in bell(store)] == [answered[1]]
    before = store.revision()
    threads.open_thread(store, answered[0], by=1)
    assert store.revision() == before
    assert sound(store)


def test_a10_what_cleared_an_alert_is_in_the_log(store, answered):
    message = bell(store)[-1].message
    threads.open_thread(store, answered[0], by=1)
    with store.reading() as connection:
        (alert,) = why_alerted(connection, message).alerts
    assert (alert.owner, alert.cleared_by, alert.cleared_at) == ("Dana Whitcomb", "open_thread", store.clock())


def test_a_text_under_its_owners_eyes_in_the_open_thread_leaves_no_alert(store, answered):
    """Also where a colleague's eyes were quicker and it is read already."""
    texts = frozenset(alert.message for alert in bell(store))
    threads.mark_seen(store, answered[0], texts, by=2)
    assert len(bell(store)) == 3
    threads.mark_seen(store, answered[0], texts, by=1)
    assert [alert.thread for alert in bell(store)] == [answered[1]]
    assert sound(store)


def test_a_thread_marked_unopened_keeps_its_alerts_until_it_is_opened(store, answered):
    threads.mark_unopened(store, chosen(store, answered[1]), by=1)
    threads.mark_seen(store, answered[1], frozenset(alert.message for alert in bell(store)), by=1)
    assert len(bell(store)) == 3
    threads.open_thread(store, answered[1], by=1)
    assert len(bell(store)) == 2


@pytest.mark.parametrize("act", [threads.mark_read, threads.mark_unopened, threads.remove])
def test_bulk_acts_and_their_undoing_leave_alerts_as_they_are(store, answered, act):
    before = bell(store)
    done = act(store, chosen(store, *answered), by=1)
    undo(store, done.revision, by=1)
    assert bell(store) == before


def test_an_owner_clears_one_alert_or_all_that_they_saw_and_nobody_elses(store, answered):
    newest, middle, oldest = (alert.id for alert in bell(store))
    dismiss_alerts(store, newest, by=2)
    assert len(bell(store)) == 3
    dismiss_alerts(store, newest, middle, by=1)
    assert [alert.id for alert in bell(store)] == [newest, oldest]
    dismiss_alerts(store, oldest, by=1)
    assert [alert.id for alert in bell(store)] == [newest]
    before = store.revision()
    dismiss_alerts(store, oldest, by=1)
    assert store.revision() == before
    assert sound(store)


@pytest.mark.sqlite
def test_who_wrote_last_is_found_by_indexes_alone(store, answered):
    from dashboard.actions.alerts import WRITER

    steps = plan(store, lambda connection: connection.execute(WRITER, {"account": 1}).all())
    assert "INDEX message_written (thread_id=?)" in steps
    assert "SCAN message" not in steps


def test_c6_while_the_add_on_is_off_that_is_the_reason(store):
    a_person(store)
    a_reply(store, a_text(store).thread, by=2)
    by_hand(store, "DELETE FROM add_on")
    message = a_text(store).message
    with store.reading() as connection:
        assert "switched off" in why_alerted(connection, message).sentence
