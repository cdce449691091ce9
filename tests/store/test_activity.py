"""The audit trail as it is read: of a thread, of a text document, and of everything, with what one may know."""

from datetime import timedelta

import pytest

from dashboard.actions import accounts, documents, logins, outbox, threads
from dashboard.actions.undo import undo
from dashboard.core.activity import MACHINE, Sought
from dashboard.core.rights import ACTIVITY, BALANCE, EVERY, VIEW
from dashboard.core.values import Outcome
from dashboard.store import activity
from tests.factories import (
    a_document,
    a_person,
    a_reply,
    a_text,
    a_town,
    asked,
    by_hand,
    chosen,
    fails,
    many_threads,
    pass_a_minute,
    plan,
)


def history(store, thread, rights=EVERY, **more):
    with store.reading() as connection:
        return activity.of_thread(connection, thread, rights, **more)


def done_here(store, thread, **more):
    """The sentences of a thread's History, the newest first."""
    return [entry.sentence for entry in history(store, thread, **more).entries]


def found(store, rights=EVERY, limit=50, **sought):
    """The sentences that Settings > Activity has of what is sought."""
    with store.reading() as connection:
        return [entry.sentence for entry in activity.page(connection, Sought(**sought), rights, limit).entries]


def test_b20_a_thread_says_who_did_what_with_it_the_newest_first(store):
    thread = a_text(store, a_person(store)).thread
    threads.open_thread(store, thread, by=2)
    a_reply(store, thread, by=1)
    threads.mark_unopened(store, chosen(store, thread), by=2)
    threads.remove(store, chosen(store, thread), by=1)
    assert done_here(store, thread) == [
        "Dana Whitcomb removed this",
        "Marcus Bell marked this as unopened",
        "Dana Whitcomb wrote a text",
        "Marcus Bell opened this",
        "A text came in",
    ]


def test_b20_what_was_undone_says_by_whom_only_where_it_was_put_back(store):
    town = a_town(store)
    ana, ben = town["Ana Díaz"], town["Ben Ito"]
    removed = threads.remove(store, chosen(store, ana, ben), by=1)
    a_text(store, "+16035550141")
    undo(store, removed.revision, by=2)
    entries = history(store, ana).entries
    assert (entries[0].sentence, entries[1].notes) == ("Marcus Bell undid the removal", ("Undone by Marcus Bell",))
    assert history(store, ben).entries[1].notes == ()


def test_b20_a_thread_says_what_became_of_a_text_and_who_was_alerted(store):
    thread = a_text(store, a_person(store)).thread
    sent = a_reply(store, thread, by=2)
    outbox.claim(store)
    outbox.record_outcome(store, sent, "simulated", 1, Outcome("sent", "p-1"))
    fails(store, sent)
    a_text(store)
    entries = history(store, thread).entries
    assert [entry.sentence for entry in entries] == [
        "A text came in",
        "A text failed",
        "A text was sent",
        "Marcus Bell wrote a text",
        "A text came in",
    ]
    assert entries[0].notes == ("Alerted Marcus Bell",)


def test_a41_a_changed_line_is_named_and_its_value_is_for_whoever_may_see_it(store):
    account = accounts.add_account(store, {"name": "Ana Díaz", "phones": "+16035550142", "balance": "148.50"}, by=1)
    thread = a_text(store).thread
    accounts.edit_account(store, account, {"balance": "0"}, store.revision(), by=1)
    assert done_here(store, thread)[0] == "Dana Whitcomb changed the balance"
    assert history(store, thread).entries[0].notes == ("Before: Balance $148.50",)
    assert "148.50" not in repr(history(store, thread, EVERY - {BALANCE}))
    assert found(store)[0] == "Dana Whitcomb changed the balance of Ana Díaz"


def test_b7_linking_and_unlinking_name_the_account(store):
    thread = a_text(store).thread
    account = accounts.add_account(store, {"name": "Ana Díaz"}, by=1)
    accounts.link(store, thread, account, by=1)
    accounts.unlink(store, thread, by=2)
    assert done_here(store, thread)[:2] == ["Marcus Bell took it off Ana Díaz", "Dana Whitcomb linked it to Ana Díaz"]
    assert found(store)[:2] == ["Marcus Bell took a number off Ana Díaz", "Dana Whitcomb linked a number to Ana Díaz"]


def test_a_history_is_told_a_page_at_a_time(store):
    thread = a_text(store).thread
    for _ in range(5):
        a_reply(store, thread)
    first = history(store, thread, limit=4)
    rest = history(store, thread, limit=4, before=first.entries[-1].revision)
    assert (len(first.entries), first.more, len(rest.entries), rest.more) == (4, True, 2, False)
    assert rest.entries[-1].sentence == "A text came in"


def test_b20_the_page_has_everything_with_whom_it_was_about(store):
    town = a_town(store)
    ana = town["Ana Díaz"]
    threads.remove(store, chosen(store, ana), by=1)
    threads.remove(store, chosen(store, *town.values()), by=2)
    a_document(store, "Snow")
    logins.log_in(store, "token", by=2)
    assert found(store)[:5] == [
        "Marcus Bell logged in",
        "Dana Whitcomb wrote the text document “Snow”",
        "Marcus Bell removed 3 threads",
        "Dana Whitcomb removed Ana Díaz",
        "(603) 555-0143 texted us",
    ]
    with store.reading() as connection:
        entries = activity.page(connection, Sought(), EVERY, 5).entries
    assert [entry.thread for entry in entries][1:4] == [None, None, ana]


def test_b20_a_person_a_kind_a_day_and_words_narrow_it(store, clock):
    town = a_town(store)
    threads.remove(store, chosen(store, town["Ana Díaz"]), by=1)
    a_document(store, "Étude in snow")
    pass_a_minute(store)
    later = clock.now
    threads.remove(store, chosen(store, town["Ben Ito"]), by=2)
    assert found(store, person=2) == ["Marcus Bell removed Ben Ito"]
    assert found(store, person=1, group="threads") == ["Dana Whitcomb removed Ana Díaz"]
    assert found(store, group="threads") == ["Marcus Bell removed Ben Ito", "Dana Whitcomb removed Ana Díaz"]
    assert len(found(store, person=MACHINE, group="texts")) == 4
    assert found(store, query="diaz") == ["Dana Whitcomb removed Ana Díaz", "Ana Díaz texted us", *people_came(store)]
    assert found(store, query="etude") == ["Dana Whitcomb wrote the text document “Étude in snow”"]
    assert found(store, query="0141", person=2) == ["Marcus Bell removed Ben Ito"]
    assert found(store, since=later) == ["Marcus Bell removed Ben Ito"]
    assert found(store, until=later, group="threads") == ["Dana Whitcomb removed Ana Díaz"]
    assert found(store, since=later + timedelta(days=1)) == []


def people_came(store):
    """A list of people touches only threads that there are already."""
    assert asked(store, "SELECT count(*) FROM change WHERE action = 'add_people'")[0][0] == 4
    return []


@pytest.mark.parametrize("query", ["%", "_", '"', "'; DROP TABLE", "\\", "!!", "a", "é"])
def test_a_search_takes_every_character_for_itself(store, query):
    a_document(store, "Plain")
    assert len(found(store, query=query)) <= 1


def test_a3_who_may_not_view_the_inbox_is_not_told_whom_an_act_was_about(store):
    account = accounts.add_account(store, {"name": "Ana Díaz", "phones": "+16035550142", "notes": "Dog"}, by=1)
    thread = a_text(store).thread
    accounts.edit_account(store, account, {"notes": "Cat", "name": "Zoë"}, store.revision(), by=1)
    threads.remove(store, chosen(store, thread), by=1)
    with store.reading() as connection:
        told = activity.page(connection, Sought(), frozenset({ACTIVITY}), 50)
    assert told.entries[0].sentence == "Dana Whitcomb removed somebody"
    assert not any(secret in repr(told) for secret in ("Ana", "5550142", "555-0142", "Dog"))
    assert {entry.thread for entry in told.entries} == {None}
    assert found(store, frozenset({ACTIVITY}), query="zoe") == []
    assert found(store, frozenset({ACTIVITY, VIEW}), query="zoe") != []


def test_bodies_and_passwords_are_not_told(store):
    thread = a_text(store, body="my secret").thread
    a_reply(store, thread, "our secret")
    logins.add_login(store, "Priya Nair", "priya", "hash-secret", "Dispatcher", by=None)
    documents.add_document(store, "Snow", "written secret", by=1)
    with store.reading() as connection:
        told = activity.page(connection, Sought(), EVERY, 50)
    assert "secret" not in repr(told)
    (login,) = [entry for entry in told.entries if entry.group == "logins"]
    assert (login.sentence, login.notes) == ("The machine gave Priya Nair a login", ("Role: Dispatcher",))


def test_a48_a_text_document_says_who_changed_it_and_what_it_was(store):
    made = a_document(store, "Snow", "It snows")
    other = a_document(store, "Other")
    documents.edit_document(store, made, "Rain", "It rains", seen=store.revision(), by=None)
    documents.edit_document(store, other, "Another", "x", seen=store.revision(), by=1)
    with store.reading() as connection:
        told = activity.of_document(connection, made)
    assert [(entry.sentence, entry.notes) for entry in told] == [
        ("The machine changed the text document “Rain”", ("Title before: Snow", "Text before: It snows")),
        ("Dana Whitcomb wrote the text document “Snow”", ()),
    ]


def test_a_role_says_who_changed_it(store):
    by_hand(store, "UPDATE clock SET revision = revision + 1")
    by_hand(
        store,
        "INSERT INTO change (revision, action, by_id, at, details) VALUES (?, 'set_rights', 1, ?, '{\"role\": 2}')",
        store.revision(),
        "2026-11-20 12:00:00",
    )
    with store.reading() as connection:
        told = [activity.of_role(connection, role) for role in (1, 2)]
    assert told[0] == ()
    assert told[1][0].sentence == "Dana Whitcomb changed the rights of the role “Dispatcher”"


def test_what_has_come_since_is_counted_up_to_a_limit(store):
    thread = a_text(store).thread
    seen = store.revision()
    for _ in range(4):
        a_reply(store, thread)
    with store.reading() as connection:
        counts = [activity.count(connection, Sought(), EVERY, seen, limit) for limit in (3, 9)]
        nobody = activity.count(connection, Sought(person=2), EVERY, seen, 9)
    assert (counts, nobody) == ([3, 4], 0)


def test_those_who_have_done_something_are_listed_whether_they_still_work_here_or_not(store):
    thread = a_text(store).thread
    a_reply(store, thread, by=2)
    by_hand(store, "UPDATE resource SET active = FALSE WHERE id = 2")
    with store.reading() as connection:
        assert [actor.name for actor in activity.actors(connection)] == ["Marcus Bell"]


@pytest.mark.sqlite
def test_every_list_is_walked_by_an_index(store):
    many_threads(store, 5)
    reads = {
        "a thread": lambda connection: activity.of_thread(connection, 1, EVERY),
        "the page": lambda connection: activity.page(connection, Sought(), EVERY, 50),
        "a person": lambda connection: activity.page(connection, Sought(person=1), EVERY, 50),
        "the machine": lambda connection: activity.page(connection, Sought(person=MACHINE, group="texts"), EVERY, 50),
        "a name": lambda connection: activity.page(connection, Sought(query="201"), EVERY, 50),
    }
    whole = {f"SCAN {table}" for table in ("change", "change_subject", "thread", "account", "resource")}
    for name, read in reads.items():
        steps = plan(store, read).split("; ")
        # The threads that moved last of those that match: the index is left as soon as there are enough.
        walked = [step for step in steps if step != "SCAN thread USING COVERING INDEX ix_thread_revision"]
        assert not [step for step in walked if step.split(" USING")[0] in whole], (name, steps)
    assert "change_subject_thread (thread_id=?" in plan(store, reads["a thread"])
    assert "change_by (by_id=? AND action=? AND revision>? AND revision<?)" in plan(store, reads["the machine"])
