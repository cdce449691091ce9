"""The law: a screen that lived through the changes equals a screen opened now; as a Hypothesis state machine.

Also held here, after every step: what a browser was told piece by piece equals what it would be told at once, and
everything that is kept agrees with what it is kept of.
"""

import itertools
import logging
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from dashboard.actions import add_ons, attachments, backups, messages, numbers, outbox, people, roles
from dashboard.actions.presence import say_who_is_here
from dashboard.actions.undo import undo
from dashboard.core import delivery, pictures, rights
from dashboard.core.errors import NotFound, Refused
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.people import PersonRow
from dashboard.core.pictures import FAILED, FILE, NoPicture
from dashboard.core.preferences import PREFERENCES
from dashboard.core.values import Delivery, Inbound, Outcome, PageHere, RemoteMedia, Selection
from dashboard.live.screen import BULK_ACTIONS, Screen
from dashboard.live.snapshot import Snapshot
from dashboard.store.attachments import gallery
from dashboard.store.changes import bulk_acts
from dashboard.store.outbox import questions
from dashboard.store.people import everybody
from dashboard.store.verify import faults
from dashboard.ui.patches import conversation_patch, frame_patch, list_patch
from tests.factories import Clock, a_file, a_picture, a_text_with, asked
from tests.machines import OnOneStore
from tests.told import Told

PHONES = ("+16035550141", "+16035550142", "+18025550143", "+34612345678", "72345", "SNOWALERT")
NAMES = ("Ana Díaz", "Zoë O'Brien-Ødegård", "Li", "Maple Hollow Condominium Association")
QUERIES = ("", "a", "ana", "DIAZ", "obrien", "603 555", "42", "snow", "!!")
BODIES = (
    "Hello",
    "",
    "STOP",
    "Start",
    "yes",
    "help",
    "please stop",
    "Stop by?",
    "👨‍👩‍👧‍👦 ok",
    "שלום",
    "a\r\nb",
    "x" * 300,
)
OUTCOMES = (a_picture(), NoPicture(FILE, ""), NoPicture(FAILED, "is damaged."))
ANSWERS = (
    Outcome(delivery.SENT),
    Outcome(delivery.FAILED, reason="Off", final=True),
    Outcome(delivery.FAILED, reason="Opted out", final=True, opted_out=True),
    Outcome(delivery.QUEUED, wait=3.0),
    Outcome(delivery.QUEUED, trouble=True),
    Outcome(delivery.UNKNOWN, trouble=True),
)
FIELDS = {
    "name": ("Ana Díaz", "Zoë Łukasz", "", " x "),
    "phones": ("", "603 555 0141", "603 555 0142\n603 555 0141", "72345; +34 612 345 678", "12"),
    "email": ("", "ana@example.com", "nobody"),
    "kind": ("client", "lead", "office"),
    "balance": ("0", "-25", "148.50"),
    "next_job": ("", "2026-12-01 Plow"),
    "notes": ("", "Dog"),
}
MARCUS_ROLE = 2
screens = st.integers(0, 2)
forms = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in FIELDS.items()})
picks = st.integers(0, 30)


class Heard(Told):
    """A page that is told of one snapshot after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Snapshot | None = None
        self.frame: dict[str, Any] = {}

    def hear(self, after: Snapshot) -> None:
        self.hear_list(list_patch(self.before, after))
        self.hear_conversation(conversation_patch(self.before, after))
        self.frame |= {key: value for key, value in frame_patch(self.before, after).items() if key != "announce"}
        self.before = after

    def shown(self) -> list[dict[str, Any]]:
        return [*super().shown(), self.frame]


class Stumbles(logging.Handler):
    """What the product logs as an error: an act that fails in a way that nobody expected is told to its viewer only."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Law(OnOneStore):
    """Three viewers, some correspondents, and everything that can happen to them."""

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        self.clock = Clock()
        self.store = type(self).fresh(self.clock)
        self.numbers = itertools.count(1)
        self.gone: set[int] = set()  # texts that may have gone
        with self.store.reading() as connection:
            dana, marcus = everybody(connection)[:2]
        self.screens = [Screen(self.store, user=user) for user in (dana, dana, marcus)]
        self.told = [Heard() for _ in self.screens]
        self.a_client_answers_what_somebody_wrote(0, 0)

        self.stumbled = Stumbles()
        logging.getLogger("dashboard").addHandler(self.stumbled)
        self.stack.callback(logging.getLogger("dashboard").removeHandler, self.stumbled)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(phone=st.sampled_from(PHONES), body=st.sampled_from(BODIES), late=st.sampled_from((0, 0, 1, 5, 3600)))
    def a_text_arrives(self, phone: str, body: str, late: int) -> None:
        at = self.clock.now - timedelta(seconds=late) if late else None
        name = f"in-{next(self.numbers)}"
        first = messages.receive(self.store, Inbound("simulated", name, phone, None, body, at=at))
        again = messages.receive(self.store, Inbound("simulated", name, phone, None, "another body"))
        assert (again.message, again.duplicate) == (first.message, True)

    @rule(phone=st.sampled_from(PHONES), count=st.integers(1, 3))
    def a_text_arrives_with_files(self, phone: str, count: int) -> None:
        files = tuple(a_file(type="image/jpeg" if number % 2 else "text/vcard") for number in range(count))
        a_text_with(self.store, *files, sender=phone, body="")

    @rule(outcome=st.sampled_from(OUTCOMES), taken=st.booleans())
    def a_file_is_looked_into(self, outcome: pictures.Outcome, taken: bool) -> None:
        job = attachments.claim(self.store)
        if job is not None and taken:
            attachments.record(self.store, job.attachment, outcome)
            attachments.record(self.store, job.attachment, OUTCOMES[0])

    @rule(phone=st.sampled_from(PHONES), type=st.sampled_from(("image/jpeg", "text/vcard", "")))
    def a_text_arrives_whose_file_is_still_at_the_phone_company(self, phone: str, type: str) -> None:
        away = RemoteMedia("https://api.twilio.com/x", type)
        name = f"in-{next(self.numbers)}"
        messages.receive(self.store, Inbound("simulated", name, phone, None, "", remote=(away,)))

    @rule(outcome=st.sampled_from(("fetched", "put off", "no room", "refused", "broke off")))
    def a_file_is_fetched(self, outcome: str) -> None:
        job = attachments.claim_away(self.store)
        if job is not None and outcome == "fetched":
            attachments.keep_fetched(self.store, job.attachment, a_file(type=job.type))
        elif job is not None and outcome == "put off":
            attachments.put_off(self.store, job.attachment, 2.0)
        elif job is not None and outcome == "no room":
            attachments.give_back(self.store, job.attachment)
        elif job is not None and outcome == "refused":
            attachments.record(self.store, job.attachment, NoPicture(FAILED, "was not fetched."))

    @rule(number=st.sampled_from(("+16035550177", "+16035550178")))
    def a_text_comes_to_a_number_that_nobody_named(self, number: str) -> None:
        numbers.take_number(self.store, number, "simulated")
        numbers.take_number(self.store, number, "simulated")
        messages.receive(self.store, Inbound("simulated", f"in-{next(self.numbers)}", PHONES[0], number, "Hello"))

    @rule(screen=screens, pick=picks)
    def somebody_tries_a_picture_again(self, screen: int, pick: int) -> None:
        known = asked(self.store, "SELECT id FROM attachment ORDER BY id")
        if known:
            self.screens[screen].look_again(known[pick % len(known)][0])

    @rule(screen=screens, pick=picks, body=st.sampled_from(BODIES))
    def pictures_are_sent(self, screen: int, pick: int, body: str) -> None:
        thread = self._a_thread(pick)
        if thread is None:
            return
        uploaded = attachments.upload(self.store, thread, a_file(), a_picture(), by=1)
        with self.store.reading() as connection:
            there = [row.id for row in gallery(connection, thread)]
        for _ in range(2):
            self.screens[screen].send(f"picture-{uploaded}", thread, body, attachments=(*there[:9], uploaded))

    @rule(seconds=st.sampled_from((0.0, 0.5, 30.0, 90.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_(seconds)

    @rule(
        name=st.sampled_from(NAMES), phone=st.sampled_from(PHONES), kind=st.sampled_from(("client", "lead", "resource"))
    )
    def somebody_is_recorded(self, name: str, phone: str, kind: str) -> None:
        people.add_people(self.store, (PersonRow(name, phone, kind),))

    @rule(screen=screens, pick=picks, fields=forms, stale=st.booleans())
    def an_account_or_a_resource_is_edited(self, screen: int, pick: int, fields: dict[str, str], stale: bool) -> None:
        kind = "account" if pick % 3 else "resource"
        person = self._one_of(kind, pick)
        if person is not None:
            revision = self.store.revision() - (5 if stale else 0)
            self.screens[screen].save("form", kind, person, fields, revision, None)

    @rule(screen=screens, fields=forms, kind=st.sampled_from(("account", "resource")), name=st.sampled_from(NAMES))
    def somebody_is_added_by_a_form(self, screen: int, fields: dict[str, str], kind: str, name: str) -> None:
        self.screens[screen].save("form", kind, None, {"name": name} | fields, 0, None)

    @rule(screen=screens, pick=picks, name=st.sampled_from(NAMES))
    def a_lead_is_made(self, screen: int, pick: int, name: str) -> None:
        thread = self._a_thread(pick)
        if thread is not None:
            self.screens[screen].save("form", "account", None, {"name": name}, 0, thread)

    @rule(screen=screens, pick=picks, act=st.sampled_from(("link", "choose_account", "unlink")), other=picks)
    def somebody_says_whose_a_number_is(self, screen: int, pick: int, act: str, other: int) -> None:
        thread, account = self._a_thread(pick), self._one_of("account", other)
        if thread is not None and account is not None:
            getattr(self.screens[screen], act)(*((thread,) if act == "unlink" else (thread, account)))

    @rule(screen=screens, to=st.sampled_from((*PHONES, "(603) 555-0147", "603 555 0100", "nobody")))
    def a_conversation_is_begun(self, screen: int, to: str) -> None:
        self.screens[screen].converse(to)

    @rule(screen=screens, pick=picks, body=st.sampled_from(BODIES))
    def a_reply_is_sent(self, screen: int, pick: int, body: str) -> None:
        thread = self._a_thread(pick)
        if thread is None:
            return
        key = f"out-{next(self.numbers)}"
        for _ in range(2):
            try:
                self.screens[screen].send(key, thread, body)
            except Refused:
                assert not body.strip()

    @rule(screen=screens, pick=picks, act=st.sampled_from(("opt_out", "opt_in", "keep_texting")))
    def somebody_decides_who_wants_texts(self, screen: int, pick: int, act: str) -> None:
        thread = self._a_thread(pick)
        if thread is not None:
            (doubt,) = asked(self.store, "SELECT doubt FROM thread WHERE id = ?", thread)[0]
            decided = (thread, doubt or 1) if act == "keep_texting" else (thread,)
            getattr(self.screens[screen], act)(*decided)

    @rule(answer=st.sampled_from(ANSWERS))
    def a_text_is_handed_over(self, answer: Outcome) -> None:
        """Never while an earlier one of its thread is in our hands, nor to whoever has stopped, nor twice."""
        sent = outbox.claim(self.store, "simulated", pace=2.0)
        if sent is None:
            return
        before = "thread_id = (SELECT thread_id FROM message WHERE id = ?) AND id < ? AND (status = 'queued'"
        earlier = f"SELECT id FROM message WHERE {before} OR status = 'sending' AND lease_until IS NOT NULL)"
        assert asked(self.store, earlier, sent.message, sent.message) == []
        stopped = "SELECT stopped_at FROM thread WHERE id = (SELECT thread_id FROM message WHERE id = ?)"
        assert asked(self.store, stopped, sent.message) == [(None,)]  # with another of our numbers they may have
        assert sent.message not in self.gone
        if answer.status not in ("queued", "failed"):
            self.gone.add(sent.message)
        outbox.record_outcome(
            self.store, sent.message, "simulated", sent.tries, replace(answer, provider_id=f"p-{sent.message}")
        )

    @rule(message=picks, answer=st.sampled_from((*ANSWERS, None)), reached=st.booleans())
    def the_phone_company_is_asked(self, message: int, answer: Outcome | None, reached: bool) -> None:
        with self.store.reading() as connection:
            due = questions(connection, "simulated", 9)
        if not due:
            return
        asking = due[message % len(due)]
        if reached:
            outbox.record_answer(self.store, asking.question.message, "simulated", asking.asked, answer)
        else:
            outbox.postpone_question(self.store, asking.question.message)

    @rule(begins=st.booleans())
    def an_outage_begins_or_ends(self, begins: bool) -> None:
        if begins:
            outbox.begin_outage(self.store, "simulated", "Down for maintenance")
        else:
            outbox.end_outage(self.store, "simulated")

    @rule(report=st.sampled_from((*delivery.REPORTS, "unknown")), pick=picks)
    def the_phone_company_tells(self, report: str, pick: int) -> None:
        sent = outbox.claim(self.store)
        if sent is None:
            return
        self.gone.add(sent.message)
        outcome = Outcome(delivery.UNKNOWN if report == "unknown" else delivery.SENT, f"p-{sent.message}")
        outbox.record_outcome(self.store, sent.message, "simulated", sent.tries, outcome)
        if report != "unknown":
            told = Delivery("simulated", report, message=1 + pick % sent.message, reason="because")
            try:
                messages.record_delivery(self.store, told)
            except NotFound:
                assert told.message != sent.message

    @rule(screen=screens, pick=st.integers(0, 1))
    def a_client_answers_what_somebody_wrote(self, screen: int, pick: int) -> None:
        people.add_people(self.store, (PersonRow(NAMES[pick], PHONES[pick], "client"),))
        text = Inbound("simulated", f"in-{next(self.numbers)}", PHONES[pick], None, "Hello")
        thread = messages.receive(self.store, text).thread
        self.screens[screen].send(f"out-{next(self.numbers)}", thread, "Yes?")
        messages.receive(self.store, replace(text, id=f"in-{next(self.numbers)}"))

    @rule(screen=screens, pick=picks, again=st.booleans())
    def somebody_deals_with_a_failed_text(self, screen: int, pick: int, again: bool) -> None:
        with self.store.reading() as connection:
            ours = "SELECT id FROM message WHERE direction = 'outbound' AND status IN ({}) ORDER BY id"
            failed, others = (
                connection.exec_driver_sql(ours.format(states)).scalars().all()
                for states in ("'failed', 'unknown'", "'queued', 'sending', 'sent'")
            )
        if not failed and others:
            messages.record_delivery(self.store, Delivery("simulated", "failed", message=others[pick % len(others)]))
        found = failed or others
        if not found:
            return
        message = found[pick % len(found)]
        if again:
            self.screens[screen].retry(f"again-{next(self.numbers)}", message)
        else:
            self.screens[screen].let_be(message)

    @rule(screen=screens, pick=picks, all_=st.booleans())
    def somebody_dismisses_alerts(self, screen: int, pick: int, all_: bool) -> None:
        here = self.screens[screen]
        if here.snapshot.alerts:
            alert = here.snapshot.alerts[pick % len(here.snapshot.alerts)].id
            here.dismiss(alert, None if all_ else alert)

    @rule()
    def leases_run_out(self) -> None:
        outbox.expire_leases(self.store)

    @rule()
    def the_inbox_is_put_back_from_a_backup(self) -> None:
        backups.resume(self.store, self.store.clock())

    @rule(screen=screens, pick=picks)
    def somebody_opens_a_thread(self, screen: int, pick: int) -> None:
        thread = self._a_thread(pick)
        if thread is not None:
            self.screens[screen].open(thread)

    @rule(screen=screens)
    def a_text_is_seen_in_the_open_thread(self, screen: int) -> None:
        here = self.screens[screen]
        unread = frozenset(message.id for message in here.snapshot.messages if message.unread)
        if here.place.thread is not None:
            here.seen(here.place.thread, unread)

    @rule(screen=screens, which=st.sets(picks, max_size=4), act=st.sampled_from(sorted(BULK_ACTIONS)))
    def a_bulk_act(self, screen: int, which: set[int], act: str) -> None:
        here = self.screens[screen]
        for pick in which:
            if (thread := self._a_thread(pick)) is not None:
                here.tick(thread, True)
        here.act(act)
        assert here.ticks == frozenset()

    @rule(screen=screens, act=st.sampled_from(sorted(BULK_ACTIONS)), stale=st.integers(0, 3))
    def an_act_on_all_that_match(self, screen: int, act: str, stale: int) -> None:
        seen = max(self.store.revision() - stale, 0)
        selection = Selection(seen, view=self.screens[screen].place.view)
        BULK_ACTIONS[act].body(self.store, selection, by=1)

    @rule(screen=screens, act=st.sampled_from(sorted(BULK_ACTIONS)), but=st.sets(picks, max_size=2))
    def everything_that_matches_is_ticked_but_some(self, screen: int, act: str, but: set[int]) -> None:
        here = self.screens[screen]
        here.tick_all(True)
        for pick in but:
            if (thread := self._a_thread(pick)) is not None:
                here.tick(thread, False)
        here.act(act)
        assert (here.everything, here.ticks) == (False, frozenset())

    @rule(screen=screens, back=st.integers(0, 5))
    def somebody_undoes_an_act(self, screen: int, back: int) -> None:
        with self.store.reading() as connection:
            acts = bulk_acts(connection, BULK_ACTIONS, 6)
        if acts:
            self.screens[screen].undo(acts[back % len(acts)].revision)

    @rule(screen=screens)
    def undoing_what_was_just_done_leaves_everything_as_it_was(self, screen: int) -> None:
        for action in BULK_ACTIONS.values():
            before = self._states()
            done = action.body(self.store, Selection(self.store.revision(), view=self.screens[screen].place.view), by=1)
            if done.revision is not None:
                assert undo(self.store, done.revision, by=2).done == done.done
                assert self._states() == before

    @rule(screen=screens, tab=st.sampled_from(sorted(TABS)), filter_=st.sampled_from(sorted(FILTERS)))
    def somebody_looks_elsewhere(self, screen: int, tab: str, filter_: str) -> None:
        self.screens[screen].show(tab=tab, filter=filter_)

    @rule(screen=screens, query=st.sampled_from(QUERIES))
    def somebody_searches(self, screen: int, query: str) -> None:
        self.screens[screen].show(query=query)

    @rule(screen=screens)
    def somebody_clicks_the_badge(self, screen: int) -> None:
        here = self.screens[screen]
        here.show_unread()
        here.catch_up()
        assert sum(row.unread for row in here.snapshot.rows) == here.snapshot.unread

    @rule(screen=screens, index=st.integers(0, 40))
    def somebody_scrolls(self, screen: int, index: int) -> None:
        self.screens[screen].scroll(30 + index)

    @rule(screen=screens)
    def somebody_reads_older_ones(self, screen: int) -> None:
        self.screens[screen].older()

    @rule(screen=screens, key=st.sampled_from(sorted(PREFERENCES)), on=st.booleans())
    def somebody_chooses_something_for_their_own_screens(self, screen: int, key: str, on: bool) -> None:
        self.screens[screen].prefer(key, on)

    @rule(screen=screens, pick=picks, stale=st.integers(0, 3))
    def a_written_reply_is_sent_or_stopped(self, screen: int, pick: int, stale: int) -> None:
        thread = self._a_thread(pick)
        if thread is not None:
            seen = max(0, self._newest(thread) - stale)
            key = f"out-{next(self.numbers)}"
            self.screens[screen].save_draft(1, thread, "Half", seen)
            self.screens[screen].send(key, thread, "Written", seen)

    @rule(resource=st.integers(1, 2), pages=st.lists(st.tuples(picks, st.booleans()), max_size=2))
    def people_come_and_go_and_type(self, resource: int, pages: list[tuple[int, bool]]) -> None:
        until = self.clock.now + timedelta(seconds=5)
        here = [
            PageHere(f"{resource}-{number}", resource, self._a_thread(pick) or 0, until if typing else None)
            for number, (pick, typing) in enumerate(pages)
        ]
        say_who_is_here(self.store, f"process {resource}", tuple(here))

    @rule(screen=screens)
    def somebody_closes_the_thread(self, screen: int) -> None:
        self.screens[screen].close()

    @rule(keys=st.frozensets(st.sampled_from(sorted(rights.EVERY))), off=st.booleans())
    def rights_are_taken_and_given(self, keys: frozenset[str], off: bool) -> None:
        """Marcus's screen may be closed in between, and all are while the add-on is off; afterwards everybody looks,
        and removes, as the other rules ask of them."""
        roles.set_rights(self.store, MARCUS_ROLE, keys, seen=self.store.revision(), by=1)
        add_ons.switch_add_on(self.store, rights.TEXTING, not off, by=1)
        self.the_law_holds()
        closed = [off or rights.VIEW not in keys if screen.user.id != 1 else off for screen in self.screens]
        assert [screen.closed is not None for screen in self.screens] == closed
        kept = keys | {rights.VIEW, rights.REMOVE}
        roles.set_rights(self.store, MARCUS_ROLE, kept, seen=self.store.revision(), by=1)
        add_ons.switch_add_on(self.store, rights.TEXTING, True, by=1)

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.stumbled.said == []
        for number, lived in enumerate(self.screens):
            lived.catch_up()
            opened = Screen(self.store, user=lived.user)
            opened.place = lived.place
            opened.catch_up()
            assert (lived.snapshot, lived.closed) == (opened.snapshot, opened.closed)
            if lived.snapshot is None:  # its page is gone, and one that comes back knows nothing
                self.told[number] = Heard()
                continue
            told = self.told[number]
            told.hear(lived.snapshot)
            at_once = Heard()
            at_once.hear(opened.snapshot)
            assert told.shown() == at_once.shown()
        with self.store.reading() as connection:
            assert faults(connection) == {}

    def _states(self) -> list[Any]:
        """What a bulk act can change, of every thread."""
        states = """SELECT thread.id, unread, unopened, removed, group_concat(message.id) FROM thread
            LEFT JOIN (SELECT * FROM message WHERE direction = 'inbound' AND read IS NULL ORDER BY id) AS message
                ON message.thread_id = thread.id GROUP BY thread.id ORDER BY thread.id"""
        if not self.store.is_sqlite:
            states = states.replace("group_concat(message.id)", "array_agg(message.id ORDER BY message.id)")
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(states)]

    def _newest(self, thread: int) -> int:
        with self.store.reading() as connection:
            return int(
                connection.exec_driver_sql(
                    f"SELECT coalesce(max(id), 0) FROM message WHERE thread_id = {thread}"
                ).scalar_one()
            )

    def _a_thread(self, pick: int) -> int | None:
        return self._one_of("thread", pick)

    def _one_of(self, table: str, pick: int) -> int | None:
        with self.store.reading() as connection:
            found = connection.exec_driver_sql(f"SELECT id FROM {table} ORDER BY id").scalars().all()
        return found[pick % len(found)] if found else None
