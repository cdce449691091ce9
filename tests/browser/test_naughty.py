"""Some 600 naughty texts on the page: each stands there letter by letter, nothing runs, and the layout holds."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from dashboard.actions import documents
from dashboard.actions.history import add_history
from dashboard.actions.people import add_people
from dashboard.core.accounts import NAME_LIMIT, TAGS_LIMIT
from dashboard.core.documents import TITLE_LIMIT
from dashboard.core.errors import Refused
from dashboard.core.people import PersonRow
from dashboard.core.values import HistoricMessage, HistoricThread
from dashboard.store.database import Store
from tests.browser.conftest import Windows
from tests.browser.product import Server, a_demo
from tests.browser.window import Window
from tests.factories import OURS, asked, eventually
from tests.naughty import FAMILIES, MARK, STRINGS, kept

pytestmark = pytest.mark.browser
NAMES = tuple(dict.fromkeys(name for text in STRINGS if (name := kept(text).strip()) and len(name) <= NAME_LIMIT))
BATCH = 50  # texts of a thread: as many as a conversation shows at first
BATCHES = tuple(STRINGS[start : start + BATCH] for start in range(0, len(STRINGS), BATCH))
TALKERS = NAMES[:: len(NAMES) // len(BATCHES)][: len(BATCHES)]  # the batches are theirs
WORST = "\u202e" + "Zalgo\u0301".replace("o", "o" + "\u0315\u0323\u030d" * 20) + " W" * 90
WORST_TEXTS = (*FAMILIES["marks"], *FAMILIES["directions"][::4], "W" * 10_000, "word " * 300, WORST)
GAVE_NONE = "Failed: The phone company gave no reason."
PHONE = "+1671555{:04}"
ROW = 68  # pixels
STEP = 25  # rows, two screens of them
TEXTS = "nodes => nodes.map(node => node.textContent)"
PLACES = "list => [...list.querySelectorAll('[data-thread]')].map(row => +row.ariaPosInSet)"
ROWS = """rows => rows.map(row => {
    const parts = [...row.querySelectorAll('.line:not(.low) > *')].map(part => part.getBoundingClientRect());
    const ordered = parts.every((part, i) => i === 0 || part.left >= parts[i - 1].right - 1);
    return {thread: row.dataset.thread, name: row.querySelector('.name').textContent, height: row.offsetHeight, ordered};
})"""
# Everything on the page, through all shadow roots, that one of the texts could have made; and whether a script ran.
MADE = """mark => {
    const made = window[mark] === undefined ? [] : ['a script ran'];
    const look = root => {
        for (const node of root.querySelectorAll('*')) {
            if (node.shadowRoot) look(node.shadowRoot);
            if (node.closest('header.bar')) continue; // on a narrow screen it scrolls, and nobody writes into it
            const handlers = node.getAttributeNames().filter(name => name.startsWith('on'));
            const strange = node.matches('#naughty, iframe, object, embed, base, bdo, marquee, math, xmp, plaintext, frame, slot, animate');
            const link = node.localName === 'a' && !/^(https?|mailto):/.test(node.href);
            const picture = node.localName === 'img' && node.src && !/^(blob|data):|\\/media\\//.test(node.src);
            if (handlers.length || strange || link || picture) made.push(node.outerHTML.slice(0, 200));
        }
    };
    look(document);
    return made;
}"""
# What sticks out of the page, or of the pane that it is in, sideways; and a row's or a header's parts in their order.
WIDER = """() => {
    const wider = [];
    const look = root => {
        for (const node of root.querySelectorAll('*')) {
            if (node.shadowRoot) look(node.shadowRoot);
            if (node.closest('header.bar')) continue; // on a narrow screen it scrolls, and nobody writes into it
            const {left, right, width} = node.getBoundingClientRect();
            const scrolls = node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(node).overflowX);
            if (scrolls || (width > 0 && right > innerWidth + 1 && node.matches('article, .bubble, .meta, .row, .line, header *, .facts'))) wider.push(`${node.localName}.${node.className} ${left} ${right}`);
        }
    };
    look(document);
    return document.scrollingElement.scrollWidth > innerWidth ? ['the page', ...wider] : wider;
}"""


@pytest.fixture(scope="module")
def naughty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo in which every name, note and text is one of them."""
    with a_demo(tmp_path_factory.mktemp("naughty"), 1) as server:
        store = Store(server.database)
        fill(store)
        store.close()
        yield server


def fill(store: Store) -> None:
    """Each name has a thread; some of them say all the texts, in batches; half of those went out, and failed for them."""
    names = (*NAMES, WORST)
    said = dict(zip((*TALKERS, WORST), (*BATCHES, WORST_TEXTS), strict=True))
    add_people(store, tuple(person(number, name) for number, name in enumerate(names)))
    threads = (
        HistoricThread(OURS, PHONE.format(number), tuple(map(historic, range(BATCH), said.get(name, ("Hello",)))))
        for number, name in enumerate(names)
    )
    add_history(store, tuple(threads))
    for text in STRINGS[::8]:
        with suppress(Refused):
            documents.add_document(store, kept(text)[:TITLE_LIMIT], text, by=1)


def person(number: int, name: str) -> PersonRow:
    return PersonRow(name, PHONE.format(number), "client", name, name, (name[:TAGS_LIMIT],), 100, name)


def historic(number: int, text: str) -> HistoricMessage:
    at = datetime.now(UTC)
    if number % 2 == 0:
        return HistoricMessage("inbound", kept(text), at)
    return HistoricMessage("outbound", kept(text), at, by=1, status="failed", reason=kept(text)[:2000] or None)


@pytest.fixture(scope="module")
def threads(naughty: Server) -> dict[str, int]:
    """Each name's thread."""
    store = Store(naughty.database)
    found = dict(asked(store, "SELECT name, id FROM thread WHERE name <> ''"))
    store.close()
    return found


@pytest.fixture
def window(windows: Windows, naughty: Server) -> Window:
    return windows("Dana", url=naughty.url)


def nothing_was_made(window: Window) -> None:
    assert window.page.evaluate(MADE, MARK) == []


def same(got: Sequence[str], wanted: Sequence[str]) -> None:
    assert [(ascii(g)[:80], ascii(w)[:80]) for g, w in zip(got, wanted, strict=True) if g != w] == []


def go(window: Window, thread: int, name: str, texts: int) -> None:
    """As a shared address goes; nothing is loaded again."""
    address = f"./?thread={thread}"
    window.page.evaluate(
        "to => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }", address
    )
    assert eventually(lambda: window.page.locator("header h2").text_content() == name)
    expect(window.articles).to_have_count(texts)


def test_every_text_stands_in_the_conversation_letter_by_letter(window: Window, threads: dict[str, int]):
    """And above it, in each line of the overview, the name that the account has been given for everything."""
    for name, texts in zip(TALKERS, BATCHES, strict=True):
        go(window, threads[name], name, len(texts))
        same(window.articles.locator(".body").evaluate_all(TEXTS), [kept(text) for text in texts if text])
        reasons = window.articles.locator(".state.failed").evaluate_all(TEXTS)
        same(reasons, [f"Failed: {reason}" if (reason := kept(text)[:2000]) else GAVE_NONE for text in texts[1::2]])
        lines = {
            key: window.overview.locator(f".line.{key} dd").text_content()
            for key in ("name", "email", "address", "notes")
        }
        assert lines == dict.fromkeys(lines, name)
        assert window.overview.locator(".tag").text_content() == name[:TAGS_LIMIT]
        nothing_was_made(window)


def test_every_name_stands_in_the_list_letter_by_letter(window: Window, threads: dict[str, int]):
    """Its row is as high as any, and its parts stand in their order, whatever direction the name has."""
    seen: dict[int, str] = {}
    total = int(window.rows.first.get_attribute("aria-setsize"))
    for top in range(0, total, STEP):
        window.threads.evaluate("(list, top) => { list.parentElement.scrollTop = top; }", top * ROW)
        wanted = set(range(top + 1, min(top + STEP, total) + 1))
        assert eventually(lambda wanted=wanted: wanted <= set(window.threads.evaluate(PLACES)))
        rows = window.rows.evaluate_all(ROWS)
        assert [row["thread"] for row in rows if row["height"] != ROW or not row["ordered"]] == []
        seen |= {int(row["thread"]): row["name"] for row in rows}
    nothing_was_made(window)
    same([seen[threads[name]] for name in NAMES], NAMES)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_layout_holds(windows: Windows, naughty: Server, threads: dict[str, int], width: int):
    window = windows("Dana", f"?thread={threads[WORST]}", naughty.url, viewport={"width": width, "height": 900})
    expect(window.articles).to_have_count(len(WORST_TEXTS[:BATCH]))
    assert window.page.evaluate(WIDER) == []
    for words in (".body", ".state"):  # marks heaped upon a letter stay in their place
        assert window.style(window.articles.locator(words).last, "overflow-y") == "clip"
    nothing_was_made(window)
