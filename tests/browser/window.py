"""One person's browser window, with the words in which tests speak of it."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Locator, Page, Request, expect

from tests.factories import PASSWORD

PEOPLE = {
    "Dana": "Continue as Dana, Administrator",
    "Marcus": "Continue as Marcus, Dispatcher",
    "Priya": "Continue as Priya, Dispatcher",
}
LOGINS = {"Dana": "Dana Whitcomb", "Marcus": "Marcus Bell", "Priya": "Priya Raman"}
SOON = 30_000  # milliseconds; what is live is there long before, and a busy machine is no bug
NETWORK = ("WebSocket", "net::ERR_", "[bokeh", "Failed to load resource")  # how a broken connection is complained of
FOCUS = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const name = at.getAttribute('aria-label') || at.placeholder || at.textContent.trim().slice(0, 60);
    return at === document.body ? 'body' : `${at.role || at.localName} ${name}`.trim();
}"""
LOSE = """op => {
    const manager = Bokeh.documents[0].event_manager, send = manager.send_event;
    manager.send_event = event => {
        if (event.data?.op !== op) return send.call(manager, event);
        manager.send_event = send;
        window.lost = op;
    };
}"""
BADGE = re.compile(r"^Show [\d,]+ unread$")


class Window:
    """A person's page. ``troubles`` collects what must not happen on any page; a ``forgiving`` one lets the browser
    and Bokeh say in the console that they cannot connect."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.troubles: list[str] = []
        self.forgiving = False
        self.requested: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(SOON)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("dialog", self._asked)
        page.on("request", self._requests)
        page.on("websocket", lambda socket: self._went(socket.url))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not (self.forgiving and any(words in message.text for words in NETWORK)):
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requests(self, request: Request) -> None:
        self._went(request.url)

    def _went(self, url: str) -> None:
        self.requested.append(url)
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).hostname != "127.0.0.1":
            self.troubles.append(f"a request left the machine: {url}")

    def log_in(self, name: str, search: str = "") -> "Window":
        """Open the inbox, choosing a person where the login page asks, and wait until it is live."""
        self.page.goto(self.url + search)
        if "/login" in self.page.url:
            self.pass_login(name)
        return self.is_live()

    def pass_login(self, name: str) -> None:
        """Log in: in the demo by a click, else with name and password."""
        if (box := self.page.get_by_label("Name")).count():
            box.fill(LOGINS[name])
            self.page.get_by_label("Password").fill(PASSWORD)
            self.page.get_by_role("button", name="Log in").click()
        else:
            self.page.get_by_role("button", name=PEOPLE[name]).click()

    def start_over(self) -> "Window":
        """Back to the plain inbox, by the address, as the back button goes; nothing is loaded again."""
        self.troubles.clear()
        self.page.mouse.move(0, 0)
        # In one turn of the page: what the last test left under way may write the address, too.
        self.page.evaluate(
            "document.activeElement.blur(); history.pushState(null, '', './'); dispatchEvent(new PopStateEvent('popstate'))"
        )
        expect(self.log).to_be_hidden()
        self.settled()
        if self.bulk.is_enabled():
            self.whole.check()
            self.whole.uncheck()
        expect(self.bulk).to_be_disabled()
        expect(self.search_box).to_have_value("")
        expect(self.filter).to_have_value("all")
        expect(self.tab("Received")).to_have_attribute("aria-selected", "true")
        expect(self.page.get_by_role("button", name="Show all")).to_be_hidden()
        expect(self.rows.first).to_be_visible()
        return self.is_live()

    def is_live(self, within: int = SOON) -> "Window":
        expect(self.connection).to_have_text("Live", timeout=within)
        return self

    def without_alerts(self) -> "Window":
        """Clear what stands in the person's bell: the page's title counts alerts before it counts unread texts."""
        bell = self.page.get_by_role("button", name=re.compile("^Alerts"))
        if bell.get_attribute("aria-label") != "Alerts":
            bell.click()
            self.page.get_by_role("button", name="Clear all").click()
            expect(bell).to_have_accessible_name("Alerts")
            self.page.keyboard.press("Escape")
        return self

    # What stands on the page.

    @property
    def connection(self) -> Locator:
        return self.page.get_by_role("status", name="Connection")

    @property
    def threads(self) -> Locator:
        return self.page.get_by_role("list", name="Threads")

    @property
    def rows(self) -> Locator:
        return self.threads.get_by_role("listitem")

    def row(self, thread: int) -> Locator:
        return self.threads.locator(f'[data-thread="{thread}"]')

    def opener(self, thread: int) -> Locator:
        return self.row(thread).get_by_role("button")

    def checkbox(self, thread: int) -> Locator:
        return self.row(thread).get_by_role("checkbox")

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=re.compile(f"^{name}"))

    @property
    def badge(self) -> Locator:
        return self.page.get_by_role("button", name=BADGE)

    @property
    def filter(self) -> Locator:
        return self.page.get_by_role("combobox", name="Filter")

    @property
    def search_box(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Search name or number")

    @property
    def bulk(self) -> Locator:
        return self.page.get_by_role("button", name="Bulk actions")

    @property
    def whole(self) -> Locator:
        """The box that ticks all that match."""
        return self.page.get_by_role("checkbox", name=re.compile(r"^Select all [\d,]+ that match$"))

    def tick_all(self) -> "Window":
        """All that match."""
        self.settled().whole.check()
        return self

    def settled(self) -> "Window":
        """The rows are those of the view that was asked for last; what is ticked before goes with the view that is left."""
        expect(self.threads).to_have_attribute("aria-busy", "false")
        return self

    @property
    def result(self) -> Locator:
        """What came of the last bulk act."""
        return self.page.get_by_role("status", name="Result")

    @property
    def undo_button(self) -> Locator:
        return self.page.get_by_role("button", name="Undo", exact=True)

    @property
    def recent(self) -> Locator:
        return self.page.get_by_role("button", name="Recent acts")

    @property
    def acts(self) -> Locator:
        """The list of recent acts."""
        return self.page.get_by_role("dialog", name="Recent acts")

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog", name="Keyboard shortcuts")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def articles(self) -> Locator:
        return self.log.get_by_role("article")

    def article(self, message: int) -> Locator:
        return self.log.locator(f'[data-message="{message}"]')

    def saying(self, text: str) -> Locator:
        """The messages of the open conversation with this text."""
        return self.articles.filter(has=self.page.get_by_text(text, exact=True))

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def send_button(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^(Send|Sending…)$"))

    @property
    def overview_button(self) -> Locator:
        return self.button("Account overview")

    @property
    def overview(self) -> Locator:
        return self.page.get_by_role("region", name="Account overview")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("form").get_by_label(name)

    def people(self, name: str) -> Locator:
        """What type-ahead has found of this name or number."""
        return self.page.get_by_role("listbox").get_by_role("option").filter(has_text=name)

    # What people do.

    def open(self, thread: int) -> "Window":
        name = self.row(thread).locator(".name").text_content()
        self.opener(thread).click()
        expect(self.log).to_have_accessible_name(f"Conversation with {name}")
        expect(self.row(thread)).to_have_attribute("aria-current", "true")
        expect(self.articles.first).to_be_visible()
        return self

    def send(self, text: str) -> "Window":
        self.composer.fill(text)
        self.send_button.click()
        expect(self.composer).to_have_value("")
        return self

    def tick(self, *threads: int) -> "Window":
        """By key: the focus goes along with a row that a new text pushes down, and a mouse would click the next one."""
        for thread in threads:
            box = self.settled().checkbox(thread)
            if not box.is_checked():
                box.press("Space")
            expect(box).to_be_checked()
        return self

    def act(self, name: str) -> "Window":
        """Choose from the ellipsis menu."""
        self.bulk.click()
        self.page.get_by_role("menuitem", name=name).click()
        return self

    def press(self, *keys: str) -> "Window":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def turn_to(self, tab: str) -> "Window":
        self.tab(tab).click()
        expect(self.tab(tab)).to_have_attribute("aria-selected", "true")
        return self

    def search(self, query: str) -> "Window":
        self.search_box.fill(query)
        return self

    def choose(self, label: str) -> "Window":
        self.filter.select_option(label=label)
        return self

    def show_removed(self, *threads: int) -> "Window":
        """Choose the filter "Removed", and wait until these stand there."""
        self.choose("Removed")
        for thread in threads:
            expect(self.row(thread).locator(".gone")).to_be_visible()
        expect(self.page).to_have_url(re.compile("filter=removed"))
        return self

    def search_for(self, query: str, *threads: int) -> "Window":
        """Search, and wait until these and no others are found."""
        self.search(query)
        expect(self.rows).to_have_count(len(threads))
        return self.shows(*threads)

    # What a script in the page says.

    def until(self, script: str, argument: object = None) -> Any:
        """Wait until a script says something true; what it says. Asked from here each time: a script that waits in the
        page, as Playwright's ``wait_for_function`` does, is kept from running by the page's own policy."""
        end = time.monotonic() + SOON / 1000
        while not (said := self.page.evaluate(script, argument)):
            assert time.monotonic() < end, f"It did not come to this: {script}"
            self.page.wait_for_timeout(50)
        return said

    def focus(self) -> str:
        """The role or tag, and the name, of what has the focus; "body" when it is lost."""
        return self.page.evaluate(FOCUS)

    def lose(self, op: str) -> "Window":
        """Let the next that the page says of this kind be lost on its way; ``window.lost`` says when it is."""
        self.page.evaluate(LOSE, op)
        return self

    # What is counted.

    def unread(self) -> int:
        """The number on the badge; 0 without one, also on a page that has not been told anything: it is waited for."""
        self.settled()
        return int(self.badge.text_content().replace(",", "")) if self.badge.count() else 0

    def has_unread(self, count: int) -> "Window":
        """Wait until the badge says so."""
        if count:
            expect(self.badge).to_have_text(f"{count:,}")
            expect(self.tab("Received")).to_have_accessible_name(f"Received, {count:,} unread")
        else:
            expect(self.badge).to_be_hidden()
            expect(self.tab("Received")).to_have_accessible_name("Received")
        return self

    def is_unread(self, thread: int, *, yes: bool = True) -> "Window":
        expect(self.row(thread)).to_have_attribute("data-unread", str(yes).lower())
        return self

    def shows(self, *threads: int) -> "Window":
        for thread in threads:
            expect(self.row(thread)).to_be_attached()
        return self

    def lacks(self, *threads: int) -> "Window":
        for thread in threads:
            expect(self.row(thread)).to_have_count(0)
        return self

    def order(self) -> list[int]:
        """The threads that the page holds, from the top."""
        return self.threads.evaluate(
            "list => [...list.querySelectorAll('[data-thread]')].map(row => +row.dataset.thread)"
        )

    def style(self, place: Locator, name: str, pseudo: str | None = None) -> str:
        """A computed style."""
        read = "(node, [name, pseudo]) => getComputedStyle(node, pseudo).getPropertyValue(name)"
        return place.evaluate(read, [name, pseudo])
