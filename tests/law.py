"""The law: a screen that lived through the changes equals a screen opened now; as a Hypothesis state machine.

Also held here, after every step: what a browser was told piece by piece equals what it would be told at once, and
everything that is kept agrees with what it is kept of.
"""

import itertools
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dashboard.actions import messages, people
from dashboard.actions.undo import undo
from dashboard.core import delivery
from dashboard.core.errors import NotFound, Refused
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.people import PersonRow
from dashboard.core.preferences import PREFERENCES
from dashboard.core.values import Delivery, Inbound, Outcome, Selection
from dashboard.live.screen import BULK_ACTIONS, Screen
from dashboard.live.snapshot import Snapshot
from dashboard.store.changes import bulk_acts
from dashboard.store.database import Store
from dashboard.store.verify import faults
from dashboard.ui.patches import conversation_patch, list_patch
from tests.factories import Clock, a_store, a_url, dana
from tests.told import Told

PHONES = ("+16035550141", "+16035550142", "+18025550143", "+34612345678", "72345", "SNOWALERT")
NAMES = ("Ana Díaz", "Zoë O'Brien-Ødegård", "Li", "Maple Hollow Condominium Association")
QUERIES = ("", "a", "ana", "DIAZ", "obrien", "603 555", "42", "snow", "!!")
BODIES = ("Hello", "", "👨‍👩‍👧‍👦 ok", "שלום", "a\r\nb", "x" * 300)
screens = st.integers(0, 2)
picks = st.integers(0, 30)


class Heard(Told):
    """A page that is told of one snapshot after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Snapshot | None = None

    def hear(self, after: Snapshot) -> None:
        self.hear_list(list_patch(self.before, after))
        self.hear_conversation(conversation_patch(self.before, after))
        self.before = after


class Law(RuleBasedStateMachine):
    """Three viewers, some correspondents, and everything that can happen to them."""

    make_url: Callable[[Path], str] = staticmethod(a_url)

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.clock = Clock()
        self.store: Store = self.stack.enter_context(a_store(type(self).make_url(folder), self.clock))
        self.numbers = itertools.count(1)
        self.screens = [Screen(self.store, user=dana(self.store)) for _ in range(3)]
        self.told = [Heard() for _ in self.screens]

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(phone=st.sampled_from(PHONES), body=st.sampled_from(BODIES), late=st.sampled_from((0, 0, 1, 5, 3600)))
    def a_text_arrives(self, phone: str, body: str, late: int) -> None:
        from datetime import timedelta

        at = self.clock.now - timedelta(seconds=late) if late else None
        name = f"in-{next(self.numbers)}"
        first = messages.receive(self.store, Inbound("simulated", name, phone, None, body, at=at))
        again = messages.receive(self.store, Inbound("simulated", name, phone, None, "another body"))
        assert (again.message, again.duplicate) == (first.message, True)

    @rule(seconds=st.sampled_from((0.0, 0.5, 30.0, 90.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_(seconds)

    @rule(
        name=st.sampled_from(NAMES), phone=st.sampled_from(PHONES), kind=st.sampled_from(("client", "lead", "resource"))
    )
    def somebody_is_recorded(self, name: str, phone: str, kind: str) -> None:
        people.add_people(self.store, (PersonRow(name, phone, kind),), by=1)

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

    @rule(report=st.sampled_from((*delivery.REPORTS, "unknown")), pick=picks)
    def the_phone_company_tells(self, report: str, pick: int) -> None:
        sent = messages.claim(self.store)
        if sent is None:
            return
        outcome = Outcome(delivery.UNKNOWN if report == "unknown" else delivery.SENT, f"p-{sent.message}")
        messages.record_outcome(self.store, sent.message, "simulated", outcome)
        if report != "unknown":
            told = Delivery("simulated", report, message=1 + pick % sent.message, reason="because")
            try:
                messages.record_delivery(self.store, told)
            except NotFound:
                assert told.message != sent.message

    @rule()
    def leases_run_out(self) -> None:
        messages.expire_leases(self.store)

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

    @rule(screen=screens)
    def somebody_closes_the_thread(self, screen: int) -> None:
        self.screens[screen].close()

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "store"):
            return
        for lived, told in zip(self.screens, self.told, strict=True):
            lived.catch_up()
            told.hear(lived.snapshot)
            opened = Screen(self.store)
            opened.place = lived.place
            opened.catch_up()
            assert lived.snapshot == opened.snapshot
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

    def _a_thread(self, pick: int) -> int | None:
        with self.store.reading() as connection:
            found = connection.exec_driver_sql("SELECT id FROM thread ORDER BY id").scalars().all()
        return found[pick % len(found)] if found else None


def hold(examples: int, steps: int, law: type[Law] = Law) -> None:
    """Hold the law over so many examples of so many random steps each."""
    run_state_machine_as_test(
        law,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
