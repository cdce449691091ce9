"""A screen: everything one viewer sees and does, without a face. It runs headless; a face only draws it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import param

from dashboard.actions import alerts, preferences, threads, undo
from dashboard.actions.change import RULES
from dashboard.core.errors import NotFound, Refused
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.values import BulkResult, LoggedAct, Person, Selection
from dashboard.core.views import View
from dashboard.live.accounts import Accounts
from dashboard.live.acting import LAST_ID, Face, Perform, at_once
from dashboard.live.consent import Consenting
from dashboard.live.history import History
from dashboard.live.snapshot import MARGIN, MESSAGES, Place, Reads, Snapshot, taken
from dashboard.live.writing import Writing
from dashboard.store import changes, conversations, rights
from dashboard.store import threads as lists
from dashboard.store.database import Store

log = logging.getLogger(__name__)

ACTS = 50  # bulk acts of the log that a page is shown
LONG = 200  # messages above which a conversation is not shown whole again to a page that comes back
SLOW = 5_000  # threads from which on an act takes long enough to say that it is under way


@dataclass(frozen=True)
class BulkAction:
    """One entry of the bulk menu: what it is called, does, says while at it and afterwards, and says when undone.

    ``removed`` True: offered for removed threads only; False: for the others only; None: for all.
    """

    label: str
    body: Callable[..., BulkResult]
    doing: str
    done: str
    undone: str
    removed: bool | None = None


BULK_ACTIONS = {
    "mark_read": BulkAction("Mark as read", threads.mark_read, "Marking {} as read", "marked as read", "unread again"),
    "mark_unopened": BulkAction(
        "Mark as unopened", threads.mark_unopened, "Marking {} as unopened", "marked as unopened", "as before"
    ),
    "remove": BulkAction("Remove", threads.remove, "Removing {}", "removed", "brought back", removed=False),
    "restore": BulkAction("Bring back", threads.restore, "Bringing {} back", "brought back", "removed again", True),
}


class Screen(Accounts, Writing, Consenting, History, param.Parameterized):
    """One viewer's screen.

    Setting ``tab``, ``filter``, ``query`` or ``thread`` changes where it looks; ``catch_up`` is the only way what it
    shows changes. Nothing that is merely set marks a text as read: only ``open`` does.
    """

    tab: Any = param.Selector(default="received", objects=list(TABS), doc="The tab: received or sent.")
    filter: Any = param.Selector(default="all", objects=list(FILTERS), doc="The key of the filter, one of FILTERS.")
    query = param.String(default="", doc="What is searched for: any part of a name or number; empty for no search.")
    thread = param.Integer(
        default=None, bounds=(1, LAST_ID), allow_None=True, doc="The id of the open thread, or None."
    )
    ticks = param.ClassSelector(
        default=frozenset(),
        class_=frozenset,
        doc="Ids of the ticked threads; with ``everything``, of those that are not.",
    )
    everything = param.Boolean(default=False, doc="Whether all threads that match are ticked, but for ``ticks``.")
    snapshot = param.ClassSelector(
        default=None, class_=Snapshot, doc="What stands on the screen; None before the first."
    )
    user = param.ClassSelector(default=None, class_=Person, doc="Who looks and acts; None may only look.")
    session = param.Integer(
        default=None, allow_None=True, doc="The id of the session in which they are logged in; None in a notebook."
    )

    def __init__(self, store: Store, perform: Perform = at_once, **params: Any) -> None:
        super().__init__(**params)
        self.store = store
        self.perform = perform
        self.face: Face | None = None
        self._turned_from: str | None = None
        self._cleared = 0  # the turn that last took the ticks away
        self.closed: str | None = None
        self.is_idle: Callable[[], bool] = lambda: False
        viewer = self.user.id if self.user else None
        self.place = Place(View.checked(self.tab, self.filter, self.query), thread=self.thread, viewer=viewer)

    def catch_up(self, reads: Reads | None = None) -> None:
        """Show the newest state; ``reads`` shares its reading with other screens."""
        if reads is None:
            with self.store.reading() as connection:
                self.catch_up(Reads(connection))
            return
        if not self.check(reads):
            return
        before = self.snapshot
        after = taken(reads, self.place, before)
        if after is before:
            return
        self.place = after.place
        self.param.update(snapshot=after, thread=after.place.thread)
        if self.face is not None:
            self.face.show(after)
        if before is None or _opened(before) != _opened(after):
            self._tell_draft(reads.connection)

    def trouble(self, words: str | None) -> None:
        """Say why what stands here may be out of date; None: it is up to date again."""
        self._tell(trouble=words)

    @param.depends("tab", "filter", "query", watch=True)
    def _view_was_set(self) -> None:
        if (self.tab, self.filter, self.query) != self._view_key():
            self._look(self.place.view.with_(tab=self.tab, filter=self.filter, query=self.query))

    @param.depends("thread", watch=True)
    def _thread_was_set(self) -> None:
        if self.thread != self.place.thread:
            self.place = replace(self.place, thread=self.thread, messages_from=None, settled=False)

    def show(self, **changes: Any) -> None:
        """Change tab, filter or query; that leaves the unread view and clears the ticks.

        A filter that turned to its own tab is left for the tab from which it was chosen.
        """
        before, back = self.place.view, self._turned_from
        if back is not None and "filter" in changes and not _has_tab(changes["filter"]):
            changes = {"tab": back} | changes
        self._look(before.with_(**changes))
        if "filter" in changes or "tab" in changes:
            self._turned_from = before.tab if _has_tab(self.place.view.filter) and "tab" not in changes else None

    def show_unread(self) -> None:
        """A click on the badge: exactly the threads with unread messages; rows stay until this view is left."""
        self._turned_from = None
        with self._reading() as connection:
            self._look(self.place.view.unread(Reads(connection).revision))

    def scroll(self, index: int) -> None:
        """Hold the window of rows around the row at ``index``, counted from 0 at the top."""
        index = min(index, self.snapshot.total if self.snapshot else 0)
        with self._reading() as connection:
            start = lists.place(connection, self.place.view, index - MARGIN)
        self.place = replace(self.place, start=start)

    def older(self) -> None:
        """Show fifty older messages of the open thread."""
        thread, start = self.place.thread, self.place.messages_from
        if thread is None or start is None:
            return
        with self._reading() as connection:
            earlier = conversations.start_of_last(connection, thread, MESSAGES, before=start)
        self.place = replace(self.place, messages_from=earlier)

    def come_back(self) -> None:
        """The page begins from nothing: a conversation that has grown long is shown from its last messages on again."""
        thread, start = self.place.thread, self.place.messages_from
        if thread is None or not self.place.settled:
            return
        with self._reading() as connection:
            long = conversations.start_of_last(connection, thread, LONG)
        if long is not None and (start is None or start < long):
            self.place = replace(self.place, messages_from=None, settled=False)

    def open(self, thread: int, opening: int | None = None) -> None:
        """A person opens a thread: it is shown, and its messages are read, for everybody."""
        self.thread = thread
        number = self.place.opening + 1 if opening is None else opening
        self.place = replace(self.place, messages_from=None, settled=False, opening=number)
        if self._may_act():
            self._act(lambda: threads.open_thread(self.store, thread, by=self._by()))

    def close(self) -> None:
        """No thread is open any more."""
        self.thread = None

    def seen(self, thread: int, arrived: frozenset[int]) -> None:
        """Texts arrived in the open thread while the person had it in view."""
        if self._may_act() and thread == self.place.thread and self._matters(arrived):
            self._act(lambda: threads.mark_seen(self.store, thread, arrived, by=self._by()))

    def _matters(self, arrived: frozenset[int]) -> bool:
        """Whether one of these texts is unread, or stands in this person's bell."""
        if self.snapshot is None:
            return True
        unread = {message.id for message in self.snapshot.messages if message.unread}
        return not arrived.isdisjoint(unread | {alert.message for alert in self.snapshot.alerts})

    def tick(self, thread: int, on: bool, turn: int | None = None) -> None:
        """Tick or untick a row; that opens nothing. ``turn`` is that in which it was seen, if not now's: what was ticked in
        a view that has been left since, or before an act that has been begun since, went with it. The face was told
        so then, and is not answered: it may have ticked on since."""
        self._check_id(thread)
        if self._is_left(turn):
            return
        self.ticks = self.ticks | {thread} if on != self.everything else self.ticks - {thread}

    def tick_all(self, on: bool, turn: int | None = None) -> None:
        """Tick all threads that match the view, shown or not, now or when something is done to them; or untick all.
        ``turn`` is as in ``tick``: those that match another view are not meant."""
        if self._is_left(turn):
            return
        self.everything, self.ticks = on, frozenset()

    def _untick(self) -> None:
        """Nothing is ticked any more, and what was being ticked meanwhile is not either."""
        self._cleared = self.place.turn
        self.everything, self.ticks = False, frozenset()
        self.tell_ticks()

    def _is_left(self, turn: int | None) -> bool:
        return turn is not None and turn < self._cleared

    def tell_ticks(self) -> None:
        """Tell the face what is ticked, all of it, and the turn before which nothing can be ticked any more."""
        self._tell(ticks=sorted(self.ticks), all=self.everything, cleared=self._cleared)

    def act(self, name: str, seen: int | None = None, these: frozenset[int] | None = None) -> None:
        """Carry out a bulk action on the ticked threads, and clear the ticks; or on ``these``, whatever is ticked.

        ``seen`` is the revision that the page showed; this screen's own where it is not known.
        """
        if name not in BULK_ACTIONS:
            raise Refused(f"There is no bulk action “{name[:40]}”: choose one of {', '.join(BULK_ACTIONS)}.")
        self.check_may_act()
        for thread in these or ():
            self._check_id(thread)
        action, selection = BULK_ACTIONS[name], self._selection(seen, these)
        if these is None:
            self.place = replace(self.place, turn=self.place.turn + 1)
            self._untick()
        if selection.view is not None and self.snapshot and self.snapshot.total >= SLOW:
            self._tell(notice={"text": f"{action.doing.format(_threads(self.snapshot.total))}…", "kind": "busy"})
        self._act(
            lambda: action.body(self.store, selection, by=self._by()), lambda result: self._acted(action.done, result)
        )

    def undo(self, revision: int) -> None:
        """Put the threads of a bulk act back to what they were before it, but for those that have moved on since."""
        self._act(lambda: undo.undo(self.store, revision, by=self._by()), self._undone)

    def tell_acts(self) -> None:
        """Tell the face of the last bulk acts in the log, whoever did them."""
        with self._reading() as connection:
            acts = changes.bulk_acts(connection, BULK_ACTIONS, ACTS)
            mine = rights.held(connection, self._by())
        self._tell(acts=[_act_facts(act, mine) for act in acts])

    def prefer(self, key: str, on: bool) -> None:
        """Keep what the person chose for their own screens; nobody's choices are not kept."""
        if self.user is not None:
            user = self.user.id
            self._act(lambda: preferences.prefer(self.store, key, on, by=user))

    def dismiss(self, upto: int, only: int | None = None) -> None:
        """Clear the person's own alerts up to the newest that they saw, or one of them."""
        if self.user is not None:
            user = self.user.id
            self._act(lambda: alerts.dismiss_alerts(self.store, upto, only, by=user))

    def tell_why(self, message: int) -> None:
        """Tell the face whom a text alerted, and why, or why nobody."""
        with self._reading() as connection:
            reason = changes.why_alerted(connection, message)
        if reason is None:
            raise NotFound(f"There is no inbound message {message}.")
        self._tell(why=reason)

    def _look(self, view: View) -> None:
        is_same = view == self.place.view
        self.place = replace(self.place, view=view, start=None, turn=self.place.turn + 1)
        if not is_same:
            self._untick()
        self._tell(reset=True)
        self.param.update(tab=view.tab, filter=view.filter, query=view.query)

    def _view_key(self) -> tuple[str, str, str]:
        view = self.place.view
        return view.tab, view.filter, view.query

    def _acted(self, words: str, result: BulkResult) -> None:
        is_nothing = not (result.done or result.left_out)
        text = "There was nothing to do there." if is_nothing else f"{_threads(result.done)} {words}."
        if result.left_out:
            text += f" {_threads(result.left_out)} left out: changed since you saw them, or nothing to do there."
        kind = "done" if result.revision else "nothing"  # after which the act before may still be undone
        self._tell(notice={"text": text, "kind": kind, "undo": result.revision})

    def _undone(self, result: BulkResult) -> None:
        text = f"Undone for {_threads(result.done)}." if result.done else "There is nothing left to undo."
        if result.left_out:
            text += f" {_threads(result.left_out)} left as they are: somebody has dealt with them since."
        self._tell(notice={"text": text, "kind": "done", "undo": None})

    def _selection(self, seen: int | None, these: frozenset[int] | None) -> Selection:
        shown = self.snapshot.revision if self.snapshot else 0
        seen = shown if seen is None else min(seen, shown)
        if these is None and self.everything:
            return Selection(seen, view=self.place.view, but=self.ticks)
        return Selection(seen, self.ticks if these is None else these)


def _opened(snapshot: Snapshot) -> tuple[int | None, int]:
    return snapshot.place.thread, snapshot.place.opening


def _has_tab(filter: str) -> bool:
    return filter in FILTERS and FILTERS[filter].tab is not None


def _act_facts(act: LoggedAct, mine: frozenset[str]) -> dict[str, Any]:
    """An act as a page is told of it whose viewer has rights; ``at`` in milliseconds since 1970."""
    words = BULK_ACTIONS[act.action].done
    return {
        "revision": act.revision,
        "at": int(act.at.timestamp() * 1000),
        "by": act.by,
        "text": f"{act.name or _threads(act.done)} {words}",
        "undone": (act.undone_by or "the machine") if act.undone else None,
        "can_undo": not act.undone and RULES[act.action] in mine,
    }


def _threads(number: int) -> str:
    return "1 thread" if number == 1 else f"{number:,} threads"
