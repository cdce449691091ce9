"""The Message Center as an object: shows itself in a page, in a notebook cell and in any Panel app."""

import hashlib
import logging
import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import param
from panel.viewable import Child

from dashboard.core.errors import MessageCenterError, Refused, SettingError
from dashboard.core.filters import FILTERS, TABS
from dashboard.core.rights import SEND
from dashboard.core.values import DocumentKey, Person
from dashboard.demo.town import living_town
from dashboard.demo.words import staff as town_staff
from dashboard.live import shared
from dashboard.live.acting import LAST_ID, for_page
from dashboard.live.live import Live
from dashboard.live.screen import Screen
from dashboard.store import lives
from dashboard.store.people import everybody
from dashboard.ui import accounts
from dashboard.ui.component import Component, source
from dashboard.ui.conversation import Conversation
from dashboard.ui.face import InboxFace, Part
from dashboard.ui.patches import address
from dashboard.ui.pictures import Pictures
from dashboard.ui.thread_list import ThreadList

log = logging.getLogger(__name__)
SCRIPTS = (
    "dom.js",
    "navigation.js",
    "connection.js",
    "news.js",
    "alerts.js",
    "keys.js",
    "unsent.js",
    "banners.js",
    "message_center.js",
)
SHOWN = ("tab", "filter", "query", "thread")
Message = dict[str, Any]


class MessageCenter(Component):
    """A live inbox.

    Parameters
    ----------
    database
        An SQLAlchemy URL, or a Live that runs already.
    user
        The name of the resource who acts, or a Person; None only looks, once there are users.
    addressed
        Whether the view stands in the page's address; for a served page.
    deliver
        Whether this process hands what is sent to the phone company; without it what is sent is queued until a
        server, or an object with ``deliver=True``, delivers it. One outbox per process and database, whoever asks.
    provider
        With ``deliver``: a key of PROVIDERS; None takes the one that the database's numbers send through already.
    session
        The id of the session in which ``user`` is logged in; when that ends, nothing is shown any more. For a served page.

    Raises
    ------
    SettingError, StoreError
        when the database cannot be used, or nothing can be delivered; Refused when nobody is called ``user``.
    """

    tab: Any = param.Selector(default="received", objects=list(TABS), doc="The tab: received or sent. Two-way.")
    filter: Any = param.Selector(
        default="all", objects=list(FILTERS), doc="The key of the filter, one of FILTERS. Two-way."
    )
    query = param.String(default="", doc="What is searched for: any part of a name or number. Two-way.")
    thread = param.Integer(
        default=None,
        bounds=(1, LAST_ID),
        allow_None=True,
        doc="The id of the open thread, or None; set from code it marks nothing as read, and an id that no thread has "
        "becomes None. Two-way.",
    )
    thread_list = Child(doc="The left side; made by this object.")
    conversation = Child(doc="The right side; made by this object.")

    _esm = "".join(map(source, SCRIPTS))
    _stylesheets: ClassVar[list[str]] = [source("tokens.css"), source("message_center.css"), source("alerts.css")]
    _rename: ClassVar[dict[str, str | None]] = dict.fromkeys(SHOWN)

    def __init__(
        self,
        database: str | Live,
        user: str | Person | None = None,
        addressed: bool = False,
        deliver: bool = False,
        provider: str | None = None,
        session: int | None = None,
        **params: Any,
    ) -> None:
        self.live = database if isinstance(database, Live) else shared.shared_live(database)
        person = _person(self.live, user)
        if deliver:
            shared.deliver(self.live, provider)
        elif provider is not None:
            raise SettingError("provider: it is used with deliver=True only; add that, or leave provider out.")
        super().__init__(
            **{"sizing_mode": "stretch_width", "height": None if "sizing_mode" in params else 640} | params
        )
        self.screen: Screen = self.live.screen(
            user=person, session=session, **{name: getattr(self, name) for name in SHOWN}
        )
        self.thread_list = ThreadList(
            lambda message: self._hear(self.face.threads, message), sizing_mode="stretch_both"
        )
        self.conversation = Conversation(
            lambda message: self._hear(self.face.conversation, message), sizing_mode="stretch_both"
        )
        kept = _storage(self.live, person)
        self.face = InboxFace(self, self.thread_list, self.conversation, addressed, *kept)
        self.screen.face = self.face
        self.screen.is_idle = self.face.is_idle
        self.face.missed = partial(self.live.feed.call, self._catch_up)
        self.pictures = Pictures(self.live, self.face.tell)
        # A page names its person in the navigation bar already.
        shown = {"name": person.name, "role": person.role} if person and not addressed else None
        self.face.tell({"user": shown})
        self._attached = False
        self._placed = False
        self._page = uuid.uuid4().hex
        self.face.closing = partial(self.live.presence.leave, self._page)
        self.screen.param.watch(self._screen_moved, list(SHOWN))
        self.param.watch(self._was_set, list(SHOWN))

    @classmethod
    def demo(cls, threads: int = 200, quiet: bool = False, user: str | None = None, **params: Any) -> "MessageCenter":
        """A living inbox on sample data: a town of its own in a fresh SQLite file, gone when the interpreter ends.

        Parameters
        ----------
        threads
            How many threads, from 1 to 100,000; at least the town's own.
        quiet
            Whether nobody texts or answers by itself.
        user
            Who acts, by name; None is the first of the town's staff.

        Raises
        ------
        SettingError
            for a number of threads that cannot be; Refused when nobody in town is called ``user``.
        """
        return cls(living_town(threads, quiet), user=user or town_staff()[0].name, **params)

    def gone(self) -> None:
        """Nobody looks at this object any more."""
        self._attached = False
        self.live.presence.leave(self._page)
        self.live.detach(self.screen)
        self.live.feed.call(self.pictures.close)

    def hear(self, data: Any) -> None:
        self._hear(self.face.frame, data)

    def _hear(self, part: Part, message: Any) -> None:
        """A browser reports something; it is done on the live thread, in order."""
        self.live.do(self.screen, partial(self._do, part, message))

    def _do(self, part: Part, message: Any) -> None:
        try:
            if message["op"] == "ready":
                self._ready(part, message)
            else:
                self._steps()[message["op"]](message)
            self._be_here(message["op"])
        except MessageCenterError as error:
            self.face.tell({"notice": {"text": for_page(error), "kind": "error"}})
        except (
            LookupError,
            TypeError,
            ValueError,
            ArithmeticError,
            AttributeError,
        ) as error:  # not from our own script: refuse, and log
            log.warning("a browser said something that makes no sense: %s", type(error).__name__)

    def _catch_up(self) -> None:
        """The browser takes again what it is shown, or was cut off, and will come back."""
        if self._attached and not self.face.is_idle():
            self.live.feed.refresh(self.screen)

    def _be_here(self, op: str) -> None:
        """Whatever a page says, it says that it is there, and with which thread; but for its last word."""
        person = self.screen.user
        if op != "away" and self.screen.closed is None:
            self.live.presence.beat(self._page, person.id if person else None, self.screen.place.thread)

    def _ready(self, part: Part, said: Message) -> None:
        if not self._attached:
            self._attached = True
            self.live.feed.add(self.screen)
        self.face.hold(part)
        try:
            if part is self.face.threads:
                self.screen.tell_ticks()
            self.screen.come_back()
            self._return(part, said)
            if part is self.face.conversation:
                self.screen.tell_draft()
        finally:  # a database that is away now must not leave a part of the page dead for ever
            self.face.ready(part)

    def _return(self, part: Part, said: Message) -> None:
        """After a reconnect to a new session the page still knows where it was: in its address. One that this session
        wrote is older than what the session heard since; one to which somebody went without a connection is not."""
        if part is not self.face.frame or not self.face.addressed:
            return
        is_new, self._placed = not self._placed, True
        search = said.get("search")
        here = address(self.screen.place.view, self.screen.place.thread)
        if search is not None and (is_new or said.get("moved")) and not _same(search, here):
            self.look(search)
            self.screen.catch_up()  # what is drawn first is this: the address of another view would stand in its place

    def _steps(self) -> dict[str, Callable[[Message], None]]:
        """What a browser can report, each with what it means."""
        screen = self.screen
        return {
            "tab": lambda said: screen.show(tab=str(said["tab"])),
            "filter": lambda said: screen.show(filter=str(said["filter"])),
            "search": lambda said: screen.show(query=str(said["query"])),
            "unread": lambda _: screen.show_unread(),
            "window": lambda said: screen.scroll(int(said["index"])),
            "tick": self._tick,
            "tick_all": self._tick_all,
            "act": self._act,
            "undo": lambda said: screen.undo(int(said["revision"])),
            "acts": lambda _: screen.tell_acts(),
            "open": self._open,
            "close": lambda _: screen.close(),
            "older": lambda _: screen.older(),
            "seen": lambda said: screen.seen(int(said["thread"]), frozenset(map(int, said["messages"]))),
            "send": self._send,
            "retry": lambda said: screen.retry(str(said["key"]), int(said["message"])),
            "let_be": lambda said: screen.let_be(int(said["message"])),
            "opt_out": lambda said: screen.opt_out(int(said["thread"])),
            "opt_in": lambda said: screen.opt_in(int(said["thread"])),
            "keep_texting": lambda said: screen.keep_texting(int(said["thread"]), int(said["message"])),
            "why": lambda said: screen.tell_why(int(said["message"])),
            "history": lambda said: screen.tell_history(
                int(said["thread"]), said.get("before") and int(said["before"])
            ),
            "dismiss": lambda said: screen.dismiss(
                int(said["upto"]), None if said["only"] is None else int(said["only"])
            ),
            "piece": self._piece,
            "picture": self._picture,
            "gallery": self._gallery,
            "look_again": lambda said: screen.look_again(int(said["attachment"])),
            "draft": self._save_draft,
            "mine": lambda _: screen.tell_draft(),
            "typing": lambda said: self.live.presence.type(self._page, bool(said["on"])),
            "documents": self._list_documents,
            "fill": lambda said: screen.fill_document(int(said["document"]), int(said["thread"])),
            "away": lambda _: self.live.presence.leave(self._page),
            "prefer": lambda said: screen.prefer(str(said["key"]), bool(said["on"])),
            "ping": lambda said: self.face.tell({"pong": {"n": said["n"], "revision": self.live.feed.revision}}),
            "address": lambda said: self.look(said["search"]),
            **accounts.steps(screen),
        }

    def _tick(self, said: Message) -> None:
        self.screen.tick(int(said["thread"]), bool(said["on"]), int(said["turn"]))
        self._show_ticks()

    def _tick_all(self, said: Message) -> None:
        self.screen.tick_all(bool(said["on"]), int(said["turn"]))
        self._show_ticks()

    def _show_ticks(self) -> None:
        """The page that ticks knows; its next click may be on its way, and would be taken back by an answer."""
        if len(self.documents()) > 1:  # another display of this object has not seen the click
            self.screen.tell_ticks()

    def _open(self, said: Message) -> None:
        opening = said.get("opening")
        self.screen.open(int(said["thread"]), None if opening is None else int(opening))

    def _act(self, said: Message) -> None:
        these = said.get("threads")
        self.screen.act(
            str(said["act"]),
            None if said.get("seen") is None else int(said["seen"]),
            None if these is None else frozenset(map(int, these)),
        )

    def _send(self, said: Message) -> None:
        try:
            files = tuple(map(int, said.get("attachments") or ()))
            seen = _id(said.get("seen"))
            self.screen.send(str(said["key"]), int(said["thread"]), str(said["body"]), seen, files)
        except Refused as error:
            self.face.tell({"sent": {"key": said["key"], "error": str(error)}})

    def _piece(self, said: Message) -> None:
        try:
            self.screen.check_may(SEND)
        except MessageCenterError as error:
            self.face.tell({"upload": {"key": said["key"], "error": for_page(error)}})
        else:
            self.pictures.take(said, self.screen.user.id if self.screen.user else None)

    def _picture(self, said: Message) -> None:
        self.screen.check_may_look()
        self.pictures.show(int(said["id"]), str(said["size"]))

    def _gallery(self, said: Message) -> None:
        self.screen.tell_gallery(int(said["thread"]), _id(said.get("before")))

    def _save_draft(self, said: Message) -> None:
        body, seen = str(said["body"]), _id(said.get("seen"))
        self.screen.save_draft(int(said["n"]), int(said["thread"]), body, seen)

    def _list_documents(self, said: Message) -> None:
        after = said.get("after")
        place = None if after is None else DocumentKey(int(after[0]), str(after[1]), int(after[2]))
        self.screen.list_documents(int(said["n"]), str(said["query"]), place)

    def look(self, search: dict[str, Any]) -> None:
        """Go where an address points; what makes no sense in it is left out, and nothing is marked as read."""
        tab = search.get("tab") if search.get("tab") in TABS else "received"
        filter = search.get("filter") if search.get("filter") in FILTERS else "all"
        self.screen.show(tab=tab, filter=filter, query=search.get("q") or "")
        if search.get("unread") == "1":
            self.screen.show_unread()
        thread = str(search.get("thread") or "")
        self.screen.thread = int(thread) if re.fullmatch(r"[1-9][0-9]{0,8}", thread) else None

    def _screen_moved(self, *events: param.parameterized.Event) -> None:
        self.param.update(**{event.name: event.new for event in events})

    def _was_set(self, *events: param.parameterized.Event) -> None:
        changed = {event.name: event.new for event in events if getattr(self.screen, event.name) != event.new}
        if changed:
            self.live.do(self.screen, partial(self.screen.param.update, **changed))


def _storage(live: Live, person: Person | None) -> tuple[str, str]:
    """What one person's drafts of this database are kept under in the browser; and up to which alert they were told, which
    ends with its life: the next one gives out the ids again."""
    with live.store.reading() as connection:
        life = lives.present(connection)
    url, who = str(live.store.url), f":{person.id if person else 0}:"
    drafts, told = (hashlib.sha256(name.encode()).hexdigest()[:12] + who for name in (url, url + life))
    return drafts, told


def _id(said: Any) -> int | None:
    """An id as a page says it, within what a column holds; None for none."""
    return None if said is None else max(0, min(int(said), LAST_ID))


def _same(search: dict[str, Any], here: dict[str, Any]) -> bool:
    defaults = {"tab": "received", "filter": "all"}
    return all(str(search.get(key) or defaults.get(key, "")) == str(value or "") for key, value in here.items())


def _person(live: Live, user: str | Person | None) -> Person | None:
    if user is None or isinstance(user, Person):
        return user
    with live.store.reading() as connection:
        people = everybody(connection)
    found = [person for person in people if person.name == user]
    if not found:
        names = ", ".join(person.name for person in people if person.role) or "nobody is recorded yet"
        raise Refused(f"user: nobody here is called “{user}”. There is: {names}.")
    return found[0]
