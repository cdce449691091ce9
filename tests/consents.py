"""Nothing is ever sent after a STOP until a START; as a Hypothesis state machine.

Texts, opt-outs, and what is handed over, in any order, told twice, told late; beside them a model that knows only whom
nothing may reach.
"""

import itertools
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from dashboard.actions import consent, failures, messages, outbox
from dashboard.actions.change import MACHINE, Change, action
from dashboard.core.consent import OPTED_OUT
from dashboard.core.errors import Refused
from dashboard.core.values import Inbound, Outcome
from tests.factories import Clock, a_text, above, asked, how_many, sound
from tests.machines import OnOneStore

PHONES = ("+16035550142", "+16035550143")
MEANS = {"STOP": "stop", "stop!": "stop", "Unsubscribe": "stop", "START": "start", "yes": "start"}


@action(MACHINE)
def refuse(change: Change, thread: int, message: int, *, by: int | None = None) -> None:
    """As the outbox does it, among what else it stores."""
    change.touch_one(thread)
    consent.refused(change, thread, message)


class Consents(OnOneStore):
    """Texts, opt-outs and what is handed over, in any order; beside them a model that knows only whom nothing may
    reach: since their STOP, until their START."""

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.store = type(self).fresh(self.clock)
        self.count = itertools.count(1)
        self.threads = {phone: a_text(self.store, phone).thread for phone in PHONES}
        # Of each thread what was said of consent: when, in which order it came, whether it was a person's, and what.
        self.said: dict[int, list[tuple[datetime, int, bool, bool]]] = {thread: [] for thread in self.threads.values()}
        self.claimed: list[tuple[int, int]] = []

    def may_not(self, thread: int) -> bool:
        """Read as a person would: theirs and ours are two locks, and their START opens both."""
        ours, theirs = False, list[tuple[datetime, int]]()
        for moment, number, by_person, stop in sorted(self.said[thread]):
            if stop and by_person:
                ours = True
            elif stop:
                theirs.append((moment, number))
            else:
                # A STOP that came after this START, and is hardly older, stands: who knows which clock is right.
                crossed = [one for one in theirs if one[1] > number and moment - one[0] <= timedelta(minutes=2)]
                ours, theirs = False, theirs if by_person else crossed
        return bool(theirs) or ours

    def note(self, thread: int, when_: datetime, by_person: bool, stop: bool) -> None:
        self.said[thread].append((when_, next(self.count), by_person, stop))

    @rule(
        phone=st.sampled_from(PHONES),
        body=st.sampled_from(("STOP", "stop!", "Unsubscribe", "START", "yes", "Hello", "please stop", "Stop by?")),
        late=st.sampled_from((0, 0, 0, 5, 90, 3600)),
        word=st.sampled_from((None, None, None, "stop", "start")),
        times=st.integers(1, 2),
    )
    def a_text_comes(self, phone: str, body: str, late: int, word: str | None, times: int) -> None:
        moment = self.clock.now - timedelta(seconds=late)
        text = Inbound("simulated", f"in-{next(self.count)}", phone, None, body, at=moment if late else None, word=word)
        for _ in range(times):
            messages.receive(self.store, text)
        means = word or MEANS.get(body)
        if means:
            self.note(self.threads[phone], moment, by_person=False, stop=means == "stop")

    @rule(phone=st.sampled_from(PHONES), automatic=st.booleans(), retry=st.booleans())
    def somebody_writes(self, phone: str, automatic: bool, retry: bool) -> None:
        thread = self.threads[phone]
        failed = asked(
            self.store,
            "SELECT id FROM message WHERE status = 'failed' AND NOT final AND thread_id = ? AND handled IS NULL",
            thread,
        )
        key, stopped_, before = f"out-{next(self.count)}", self.may_not(thread), how_many(self.store, "message")
        with pytest.raises(Refused, match=OPTED_OUT) if stopped_ else nullcontext():
            if retry and failed:
                failures.retry(self.store, failed[0][0], by=1, key=key)
            else:
                by = None if automatic else 1
                messages.send(self.store, thread, "Hi", by=by, key=key, automatic=automatic)
        assert how_many(self.store, "message") == before + (not stopped_)

    @rule(phone=st.sampled_from(PHONES), body=st.sampled_from(("STOP", "START", "Hello")))
    def a_text_comes_before_ours_has_its_turn(self, phone: str, body: str) -> None:
        """What a random order seldom brings about: something waits, nothing is in our hands, and they text."""
        self.time_passes(90.0)
        if not self.may_not(self.threads[phone]):
            self.somebody_writes(phone, automatic=False, retry=False)
        self.a_text_comes(phone, body, late=0, word=None, times=1)
        for _ in PHONES:
            self.the_outbox_takes_one()

    @rule()
    def the_outbox_takes_one(self) -> None:
        taken = outbox.claim(self.store)
        if taken is not None:
            thread = self.threads[taken.to]
            assert not self.may_not(thread), "nothing is handed over after a STOP"
            self.claimed.append((thread, taken.message))

    @rule(pick=st.integers(0, 30), status=st.sampled_from(("sent", "failed", "unknown")))
    def the_phone_company_answers(self, pick: int, status: str) -> None:
        if self.claimed:
            _, message = self.claimed[pick % len(self.claimed)]
            outbox.record_outcome(self.store, message, "simulated", 1, Outcome(status, f"p-{message}"))

    @rule(pick=st.integers(0, 30))
    def the_phone_company_refuses(self, pick: int) -> None:
        if not self.claimed:
            return
        thread, message = self.claimed[pick % len(self.claimed)]
        known = asked(self.store, "SELECT 1 FROM consent WHERE source = 'refusal' AND message_id = ?", message)
        refuse(self.store, thread, message)
        if not known:
            self.note(thread, self.clock.now, by_person=False, stop=True)

    @rule(phone=st.sampled_from(PHONES), act=st.sampled_from(("opt_out", "opt_in", "keep_texting")))
    def somebody_here_decides(self, phone: str, act: str) -> None:
        thread, was = self.threads[phone], self.may_not(self.threads[phone])
        doubt = above(self.store, thread).doubt
        try:
            if act == "keep_texting":
                consent.keep_texting(self.store, thread, doubt.message if doubt else 1, by=1)
            else:
                getattr(consent, act)(self.store, thread, by=1)
        except Refused:
            assert act == "opt_in"
            assert was
            return
        if act == "opt_out" and not was:
            self.note(thread, self.clock.now, by_person=True, stop=True)
        if act == "opt_in" and was:
            self.note(thread, self.clock.now, by_person=True, stop=False)

    @rule(seconds=st.sampled_from((1.0, 60.0, 90.0)))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_(seconds)
        outbox.expire_leases(self.store)

    @invariant()
    def what_is_shown_is_what_was_said(self) -> None:
        if hasattr(self, "said"):
            for thread in self.said:
                assert bool(above(self.store, thread).stops) == self.may_not(thread)
            assert sound(self.store)
