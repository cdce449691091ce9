"""The outbox: what is queued is handed over once, and what may have gone is never sent again by itself."""

from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError

from dashboard.actions import outbox
from dashboard.core.errors import MessageCenterError, Refused, StoreError
from dashboard.core.values import Outcome
from dashboard.live.live import Live
from dashboard.live.outbox import NOT_STORED, TOO_LATE
from dashboard.providers import Simulated
from dashboard.providers.simulated import TOO_MANY, Behaviour
from dashboard.store import outbox as outbox_reads
from dashboard.store.outbox import unsent
from tests.factories import a_reply, a_store, a_text, asked, by_hand, eventually

ANA = "+16035550142"


@pytest.fixture
def company(clock):
    return Simulated(Behaviour(delay=0), clock=clock)


@pytest.fixture
def live(store, company):
    live = Live(store, company)
    live.start()
    yield live
    live.stop()


def states(store):
    return [state for (state,) in asked(store, "SELECT status FROM message WHERE direction = 'outbound' ORDER BY id")]


def settled(store, *wanted):
    return eventually(lambda: states(store) == list(wanted)) or states(store)


def test_a_text_goes_from_queued_to_delivered(live, company):  # B1
    message = a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, "delivered") is True
    assert company.sent == {message: 1}
    # The report may come before what the company answered is stored.
    found, answered = "SELECT provider, provider_id FROM message WHERE id = ?", ("simulated", f"simulated-{message}")
    assert eventually(lambda: asked(live.store, found, message) == [answered])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Refused("too large together"), "failed", "too large together"),
        (OSError("no such file"), "queued", "Its pictures cannot be read just now"),
        (StoreError("disk full"), "queued", "Its pictures cannot be read just now"),
    ],
)
def test_what_fails_before_the_company_is_asked_is_not_unknown_and_no_outage(live, company, error, status, words):
    live.outbox.fitted = lambda media: (_ for _ in ()).throw(error)
    for number in range(6):
        a_reply(live.store, a_text(live.store, f"+1603555015{number}").thread)
    told = "SELECT count(*) FROM message WHERE direction = 'outbound' AND status = ? AND reason LIKE ?"
    assert eventually(lambda: asked(live.store, told, status, f"{words}%") == [(6,)])
    assert (company.sent, asked(live.store, "SELECT count(*) FROM outage")) == ({}, [(0,)])


@pytest.mark.parametrize("what", ["the lease is nearly over", "they opted out"])
def test_a_text_that_took_long_to_make_ready_is_not_handed_over_when_it_may_not_go_any_more(live, company, clock, what):
    """Somebody may have tried it again by then, and the company would have it twice."""
    thread = a_text(live.store, ANA).thread
    seen = []

    def slow(media):
        if not seen and what == "they opted out":
            a_text(live.store, ANA, body="STOP")
        elif not seen:
            clock.pass_(outbox.LEASE.total_seconds() * 0.6)
        seen.append(media)
        return media

    live.outbox.fitted = slow
    message = a_reply(live.store, thread)
    opted_out = what == "they opted out"
    assert eventually(lambda: seen and states(live.store) == ["queued"])
    assert company.sent == {}
    clock.pass_(5)
    assert settled(live.store, "failed" if opted_out else "delivered") is True
    assert (len(seen), company.sent) == ((1, {}) if opted_out else (2, {message: 1}))


@pytest.mark.parametrize("error", [OperationalError("SELECT", None, Exception("gone")), StoreError("away")])
def test_a_text_of_which_cannot_be_read_whether_it_may_go_has_not_gone_and_goes_later(
    live, company, clock, monkeypatch, caplog, error
):
    ask, troubles = outbox_reads.may_go, iter([error])

    def may_go(*arguments):
        for trouble in troubles:
            raise trouble
        return ask(*arguments)

    monkeypatch.setattr(outbox_reads, "may_go", may_go)
    message = a_reply(live.store, a_text(live.store).thread)
    told = "SELECT status, reason, lease_until FROM message WHERE id = ?"
    assert eventually(lambda: asked(live.store, told, message) == [("queued", TOO_LATE, None)])
    assert (company.sent, "may still go cannot be read" in caplog.text) == ({}, True)
    clock.pass_(5)
    assert settled(live.store, "delivered") is True
    assert company.sent == {message: 1}


@pytest.mark.parametrize("count", [15, pytest.param(45, marks=pytest.mark.proof)])
def test_many_texts_go_once_each_in_the_order_they_were_written(live, company, count):
    order = []
    company.accepted = lambda outbound: order.append(outbound.message)
    thread = a_text(live.store).thread
    sent = [a_reply(live.store, thread, str(number)) for number in range(count)]
    assert settled(live.store, *["delivered"] * count) is True
    assert order == sent


@pytest.mark.parametrize(
    ("behaviour", "state", "reason"),
    [
        (Behaviour(refuse="Blocked"), "failed", "Blocked"),
        (Behaviour(delay=0, fail="Number is off"), "failed", "Number is off"),
        (Behaviour(lose=True), "unknown", "The simulated company did not answer."),
    ],
)
def test_what_goes_wrong_is_stored_with_the_reason_and_not_sent_again(live, company, behaviour, state, reason):  # B1
    company.behaviour = behaviour
    message = a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, state) is True
    live.outbox.wake()
    assert asked(live.store, "SELECT reason FROM message WHERE id = ?", message) == [(reason,)]
    assert company.sent == {message: 1}


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        (MessageCenterError("No credit left"), "failed", "No credit left"),
        (OSError("reset"), "unknown", "nobody can say"),
    ],
)
def test_a_provider_that_raises_harms_one_text_and_no_other(live, company, monkeypatch, error, state, words):
    take = company.send

    def send(outbound):
        if outbound.body == "bad":
            raise error
        return take(outbound)

    monkeypatch.setattr(company, "send", send)
    thread = a_text(live.store).thread
    for body in ("first", "bad", "last"):
        a_reply(live.store, thread, body)
    assert settled(live.store, "delivered", state, "delivered") is True
    assert words in asked(live.store, "SELECT reason FROM message WHERE body = 'bad'")[0][0]


def test_what_was_queued_before_the_start_is_sent(store, company):
    a_reply(store, a_text(store).thread)
    live = Live(store, company)
    live.start()
    assert settled(store, "delivered") is True
    live.stop()


def test_what_was_interrupted_before_the_start_is_not_sent_again(store, company, clock):
    a_reply(store, a_text(store).thread)
    outbox.claim(store)
    clock.pass_(61)
    live = Live(store, company)
    live.start()
    assert settled(store, "unknown") is True
    live.stop()
    assert company.sent == {}


def test_what_another_process_queued_is_sent(live, url):
    with a_store(url) as other:
        a_reply(other, a_text(other).thread)
        assert settled(other, "delivered") is True


def test_two_processes_with_an_outbox_send_once(live, company, url, clock):
    with a_store(url, clock) as other:
        twin = Live(other, company)
        twin.start()
        thread = a_text(live.store).thread
        sent = [a_reply(store, thread) for _ in range(6) for store in (live.store, other)]
        assert settled(live.store, *["delivered"] * 12) is True
        twin.stop()
    assert company.sent == dict.fromkeys(sent, 1)


def test_a_database_that_is_away_for_a_moment_delays_a_text_and_loses_none(live, company, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    take, troubles = outbox.claim, iter([OSError("away"), OSError("away")])

    def claim(*arguments):
        for trouble in troubles:
            raise trouble
        return take(*arguments)

    monkeypatch.setattr(outbox, "claim", claim)
    a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, "delivered") is True
    assert caplog.text.count("outbox could not go on") == 2


@pytest.mark.parametrize("words", ["database is locked", "database or disk is full"])
def test_an_answer_is_kept_until_the_database_takes_it(live, company, monkeypatch, caplog, words):
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    company.behaviour = Behaviour(delay=3600)
    take, troubles = outbox.record_outcome, iter([OperationalError("UPDATE", None, Exception(words))] * 3)

    def record_outcome(*arguments):
        for trouble in troubles:
            raise trouble
        return take(*arguments)

    monkeypatch.setattr(outbox, "record_outcome", record_outcome)
    message = a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, "sent") is True
    assert (company.sent, caplog.text.count("cannot be stored; trying again")) == ({message: 1}, 3)


def test_an_answer_that_no_table_takes_is_one_that_nobody_knows_and_holds_up_no_other(
    live, url, company, monkeypatch, caplog, clock
):
    """Here an id that another message has; nothing is handed over twice, and the company is not asked without end."""
    company.behaviour = Behaviour(delay=3600)
    by_hand(live.store, "CREATE UNIQUE INDEX of_one ON message (provider_id)")
    first = a_text(live.store)
    taken = f"simulated-{first.message + 2}"
    a_text(live.store, "+16035550143", id=taken)
    questions = []
    monkeypatch.setattr(company, "settle", lambda question: questions.append(question) or Outcome("sent", taken))
    message = a_reply(live.store, first.thread)
    assert settled(live.store, "unknown") is True
    after = a_reply(live.store, first.thread)
    assert settled(live.store, "unknown", "sent") is True
    said = asked(live.store, "SELECT reason, lease_until FROM message WHERE id = ?", message)
    assert (said, company.sent) == ([(NOT_STORED, None)], {message: 1, after: 1})
    assert "can never be stored" in caplog.text
    clock.pass_(6)
    assert eventually(lambda: "asking again later" in caplog.text)
    assert [question.message for question in questions] == [message]
    assert states(live.store) == ["unknown", "sent"]


def test_an_answer_that_cannot_be_stored_at_once_does_not_send_twice(live, company, monkeypatch, caplog, clock):
    """The provider took it, the database was away: it may have gone, so it is not sent again."""
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    company.behaviour = Behaviour(delay=3600)
    store_it, troubles = outbox.record_outcome, iter([OSError("away")])

    def record_outcome(*arguments):
        for trouble in troubles:
            raise trouble
        return store_it(*arguments)

    monkeypatch.setattr(outbox, "record_outcome", record_outcome)
    thread = a_text(live.store).thread
    message = a_reply(live.store, thread)
    assert eventually(lambda: "away" in caplog.text)
    clock.pass_(61)
    later = a_reply(live.store, thread)
    assert settled(live.store, "unknown", "sent") is True
    assert company.sent == {message: 1, later: 1}


def test_an_answer_that_was_stored_unheard_is_not_stored_over_what_another_hand_does(live, company, monkeypatch, clock):
    """Nobody is told of the commit, as the connection broke; meanwhile the text is being handed over again."""
    monkeypatch.setattr("dashboard.live.worker.PAUSE", 0.02)
    store_it, take, sends, stored, answered = outbox.record_outcome, company.send, [], [], Event()

    def send(outbound):
        sends.append(outbound.tries)
        if len(sends) == 1:
            return Outcome("queued", wait=30.0)
        assert answered.wait(10)
        return take(outbound)

    def record_outcome(*arguments):
        store_it(*arguments)
        stored.append(arguments)
        if len(stored) == 1:
            clock.pass_(40)
            assert eventually(lambda: len(sends) == 2)
            raise OperationalError("COMMIT", None, Exception("server closed the connection unexpectedly"))

    monkeypatch.setattr(company, "send", send)
    monkeypatch.setattr(outbox, "record_outcome", record_outcome)
    message = a_reply(live.store, a_text(live.store).thread)
    assert eventually(lambda: len(stored) == 2)
    during = states(live.store)
    answered.set()
    assert settled(live.store, "delivered") is True
    assert (during, sends, company.sent) == (["sending"], [1, 2], {message: 1})


def test_a_stop_finishes_the_text_that_is_being_handed_over(store, company):
    live = Live(store, company)
    live.start()
    a_reply(store, a_text(store).thread)
    assert eventually(lambda: company.sent)
    live.stop()
    assert states(store) != ["sending"]


def test_an_outcome_names_a_message_that_was_sent(store):
    from dashboard.core.errors import NotFound

    with pytest.raises(NotFound, match="no outbound message 999"):
        outbox.record_outcome(store, 999, "simulated", 1, Outcome("sent"))


def told(store):
    with store.reading() as connection:
        return unsent(connection)


def some_threads(store, count):
    return [a_text(store, f"+160355501{number:02}").thread for number in range(count)]


def passing(clock, store, *wanted, seconds=1.0):
    """Whether these states come about while time passes."""

    def holds():
        clock.pass_(seconds)
        return states(store) == list(wanted)

    return eventually(holds, 15) or states(store)


def test_one_text_that_takes_long_does_not_hold_up_those_of_other_threads(live, company, monkeypatch):
    take, answered = company.send, Event()

    def send(outbound):
        assert outbound.body != "slow" or answered.wait(10)
        return take(outbound)

    monkeypatch.setattr(company, "send", send)
    slow, other = some_threads(live.store, 2)
    a_reply(live.store, slow, "slow")
    a_reply(live.store, slow, "behind it")
    for number in range(3):
        a_reply(live.store, other, str(number))
    assert settled(live.store, "sending", "queued", *["delivered"] * 3) is True
    answered.set()
    assert settled(live.store, *["delivered"] * 5) is True


def test_a_stop_waits_for_the_texts_in_flight_and_stores_what_came_of_them(store, company, monkeypatch):
    company.behaviour = Behaviour(delay=3600)
    take, begun, answered = company.send, Event(), Event()

    def send(outbound):
        begun.set()
        assert answered.wait(10)
        return take(outbound)

    monkeypatch.setattr(company, "send", send)
    live = Live(store, company)
    live.start()
    a_reply(store, a_text(store).thread)
    assert begun.wait(5)
    stopping = Thread(target=live.stop)
    stopping.start()
    assert states(store) == ["sending"]
    answered.set()
    stopping.join()
    assert states(store) == ["sent"]


def test_a_text_that_was_too_much_at_once_goes_later_and_once(live, company, clock):
    company.special[ANA] = Behaviour(delay=0, wait=5.0, alternating=True)
    message = a_reply(live.store, a_text(live.store, ANA).thread)
    assert settled(live.store, "queued") is True
    assert eventually(lambda: asked(live.store, "SELECT reason FROM message WHERE id = ?", message) == [(TOO_MANY,)])
    assert passing(clock, live.store, "delivered") is True
    assert company.sent == {message: 1}


def test_five_troubles_are_an_outage_in_which_texts_wait_and_after_which_they_go_by_themselves(live, company, clock):
    company.behaviour = Behaviour(trouble="Down for maintenance")
    threads = some_threads(live.store, 7)
    sent = [a_reply(live.store, thread) for thread in threads]
    assert eventually(lambda: told(live.store).outages)
    assert told(live.store).outages[0].reason == "Down for maintenance"
    assert eventually(lambda: told(live.store).waiting == 7)  # none of them is in anybody's hands any more
    company.behaviour = Behaviour(delay=0)
    assert passing(clock, live.store, *["delivered"] * 7, seconds=0.2) is True
    assert (told(live.store).outages, company.sent) == ((), dict.fromkeys(sent, 1))


def test_an_outage_of_which_nothing_that_waits_can_tell_is_over_by_itself(live, clock):
    outbox.begin_outage(live.store, "simulated", "Down")

    def is_over():
        clock.pass_(1)
        return not told(live.store).outages

    assert eventually(is_over)


def test_a_lost_answer_is_settled_by_asking_and_the_text_is_not_sent_again(live, company, clock):
    company.behaviour = Behaviour(delay=0, lose=True, found=True)
    message = a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, "unknown") is True
    assert passing(clock, live.store, "delivered") is True
    assert company.sent == {message: 1}


@pytest.mark.parametrize("trouble", [OSError("no way there"), MessageCenterError("not now"), ValueError("garbage")])
def test_a_company_that_cannot_be_asked_is_asked_again(live, company, clock, monkeypatch, trouble):
    company.behaviour = Behaviour(delay=0, lose=True, found=True)
    find, troubles = company.settle, iter([trouble, trouble])

    def settle(question):
        for one in troubles:
            raise one
        return find(question)

    monkeypatch.setattr(company, "settle", settle)
    message = a_reply(live.store, a_text(live.store).thread)
    assert settled(live.store, "unknown") is True
    assert passing(clock, live.store, "delivered", seconds=10) is True
    assert company.sent == {message: 1}


def test_a_number_keeps_the_pace_of_its_company(live, company, clock):
    company.pace = 0.5
    for thread in some_threads(live.store, 3):
        a_reply(live.store, thread)
    assert settled(live.store, "delivered", "queued", "queued") is True
    clock.pass_(1.9)
    assert states(live.store)[1:] == ["queued", "queued"]
    clock.pass_(0.1)
    assert settled(live.store, "delivered", "delivered", "queued") is True
