"""After a restore nothing is sent that may have gone, nobody is logged in, and the log says why."""

from dashboard.actions import backups, logins
from dashboard.core.delivery import UNKNOWN
from dashboard.store.outbox import lanes
from tests.factories import a_reply, a_screen, a_text, asked, logged, sound, spoken


def test_a_text_that_waited_is_not_sent_by_itself_and_can_be_tried_again(store):
    thread = a_text(store).thread
    message = a_reply(store, thread)
    assert backups.resume(store, store.clock()) == 1
    last = spoken(store, thread)[-1]
    assert (last.status, last.reason.startswith(backups.MAY_HAVE_GONE)) == (UNKNOWN, True)
    with store.reading() as connection:
        assert lanes(connection, store.clock()) == ()
    screen = a_screen(store, thread=thread)
    screen.retry("again", message)
    assert [row.status for row in spoken(store, thread)[1:]] == [UNKNOWN, "queued"]
    assert sound(store)


def test_what_had_gone_is_left_as_it_is(store):
    a_text(store)
    assert backups.resume(store, store.clock()) == 0
    assert logged(store)[-1] == ("resume", None)
    assert sound(store)


def test_everybody_logs_in_again(store):
    logins.log_in(store, "0" * 64, by=1)
    backups.resume(store, store.clock())
    assert asked(store, "SELECT count(*) FROM login_session WHERE ended_at IS NULL") == [(0,)]
