"""History: whole conversations brought in at once, so that they stand as if they had been lived through."""

from datetime import timedelta

from dashboard.actions.history import add_history
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.core.views import View
from dashboard.store import threads
from tests.factories import OURS, a_file, a_person, a_reply, a_text, asked, badge, how_many, listed, sound, spoken

SHOWN = """SELECT inbound_at, inbound_message, inbound_text, outbound_at, outbound_message, outbound_text, latest_at,
    awaiting_since, unread, kind, name, digits FROM thread"""


def told(store, *lines, address="+16035550142"):
    """A thread of lines such as "<Hello" and ">Hi", a minute apart; "*<Hello" is unread, "~Hi" automatic."""
    start = store.clock()
    messages = []
    for minute, line in enumerate(lines):
        inbound = "<" in line[:2]
        at = start + timedelta(minutes=minute)
        by = 1 if line.startswith(">") else None
        messages.append(
            HistoricMessage(
                "inbound" if inbound else "outbound", line.lstrip("*<>~"), at, by, line[0] == "~", line[0] == "*"
            )
        )
    return HistoricThread(OURS, address, tuple(messages))


def test_a_conversation_stands_as_if_it_had_been_lived_through(store, tmp_path, databases):
    """The same texts, brought in and lived through: all that the list shows is the same."""
    from dashboard.store.database import Store
    from tests.factories import Clock, pass_a_minute

    a_person(store)
    add_history(store, (told(store, "*<first", "~closed", ">hi", "*<last"),))
    lived = Store(databases.ready(tmp_path), clock=Clock())
    a_person(lived)
    thread = a_text(lived, body="first").thread
    pass_a_minute(lived)
    a_reply(lived, thread, "closed")
    pass_a_minute(lived)
    a_reply(lived, thread, "hi")
    pass_a_minute(lived)
    a_text(lived, body="last")
    assert asked(store, SHOWN) == asked(lived, SHOWN)
    lived.close()


def test_many_threads_come_in_one_change_and_agree_with_what_is_counted(store):
    before = store.revision()
    history = tuple(told(store, "*<a", ">b", "*<c", address=f"+1201200{number:04}") for number in range(50))
    assert add_history(store, history) == 50
    assert store.revision() == before + 1
    assert (badge(store), how_many(store, "message"), len(listed(store))) == (100, 150, 50)
    assert sound(store)


def test_messages_are_put_in_the_order_of_their_time(store):
    thread = told(store, "<one", ">two", "<three")
    add_history(store, (HistoricThread(OURS, thread.address, thread.messages[::-1]),))
    assert [message.body for message in spoken(store, 1)] == ["one", "two", "three"]


def test_a_thread_that_is_there_already_is_left_as_it_is(store):
    a_text(store, body="mine")
    assert add_history(store, (told(store, "<theirs"), told(store, "<other", address="+16035550199"))) == 1
    assert [message.body for message in spoken(store, 1)] == ["mine"]
    before = store.revision()
    assert add_history(store, (told(store, "<theirs"),)) == 0
    assert store.revision() == before


def test_an_automatic_text_answers_nobody(store):
    add_history(store, (told(store, "<help", "~closed"), told(store, "<help", ">coming", address="+16035550199")))
    assert [since is not None for (since,) in asked(store, "SELECT awaiting_since FROM thread ORDER BY id")] == [
        True,
        False,
    ]


def test_history_that_is_read_does_not_come_into_an_unread_view(store):  # A16
    view = View().unread(store.revision())
    add_history(store, (told(store, "<read long ago"), told(store, "*<unread", address="+16035550199")))
    with store.reading() as connection:
        assert [row.text for row in threads.rows(connection, view, None, 9)] == ["unread"]


def test_what_no_database_holds_is_replaced_in_history_too(store):
    add_history(store, (told(store, "<a\x00b\ud800"),))
    assert spoken(store, 1)[0].body == "a\ufffdb\ufffd"


def test_texts_go_on_where_history_ends(store):
    add_history(store, (told(store, "<old"),))
    store.clock.pass_(3600)
    received = a_text(store, body="new")
    assert [message.body for message in spoken(store, received.thread)] == ["old", "new"]
    assert sound(store)


def test_a_picture_at_the_end_of_a_conversation_is_what_the_list_says(store):
    picture = HistoricMessage("inbound", "", store.clock(), media=(a_file(),))
    add_history(store, (HistoricThread(OURS, "+16035550142", (picture,)),))
    assert asked(store, "SELECT inbound_text FROM thread") == [("Attachment",)]
