"""A list longer than a page holds: it scrolls through all threads, with a bounded number of rows in the page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_demo, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
THREADS = 600
ROW = 68  # pixels
HELD = 110  # rows that the page may hold at a time
PLACES = """list => [...list.querySelectorAll('[data-thread]')].map(row => [+row.ariaPosInSet, +row.dataset.thread])"""
IN_VIEW = """list => {
    const {top, bottom} = list.parentElement.getBoundingClientRect();
    const rows = [...list.querySelectorAll('[data-thread]')].map(row => row.getBoundingClientRect());
    const seen = rows.filter(row => row.bottom > top && row.top < bottom).sort((a, b) => a.top - b.top);
    return seen.length > 0 && seen[0].top <= top + 1 && seen.at(-1).bottom >= bottom - 1;
}"""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with a_demo(tmp_path_factory.mktemp("long"), THREADS) as server:
        yield server


@pytest.fixture
def window(windows: Windows, long: Server) -> Window:
    return windows("Dana", url=long.url)


def test_the_list_scrolls_through_every_thread_once(window: Window):
    threads = _total(window)
    assert threads > 5 * HELD, "more threads than a page holds, or this proves nothing"
    seen: dict[int, int] = {}
    while len(seen) < threads:
        places = dict(window.threads.evaluate(PLACES))
        assert len(places) <= HELD
        assert all(seen.get(place, thread) == thread for place, thread in places.items())
        seen |= places
        if len(seen) < threads:
            _scroll_to(window, max(places))
            _more_come(window, max(places))
    assert sorted(seen) == list(range(1, threads + 1))
    assert len(set(seen.values())) == threads


def test_a_leap_to_the_end_and_back_fills_the_view(window: Window):
    for top in ("list.parentElement.scrollHeight", "0", "list.parentElement.scrollHeight / 2"):
        window.threads.evaluate(f"list => {{ list.parentElement.scrollTop = {top}; }}")
        _is_filled(window)
        assert window.rows.count() <= HELD


def test_rows_that_nobody_answered_for_come_when_one_scrolls_on(long: Server, windows: Windows):
    window = windows("Dana", url=long.url, fresh=True).settled().lose("window")
    window.threads.evaluate("list => { list.parentElement.scrollTop = 68 * 300; }")
    window.until("window.lost === 'window'")
    window.page.wait_for_timeout(5_500)
    window.threads.evaluate("list => { list.parentElement.scrollTop += 1; }")
    _is_filled(window)


def test_a_thread_that_jumps_to_the_top_does_not_move_the_reader(long: Server, window: Window):
    window.threads.evaluate("list => { list.parentElement.scrollTop = 68 * 300; }")
    _is_filled(window)
    middle = window.threads.evaluate(PLACES)[50][1]
    window.row(middle).scroll_into_view_if_needed()
    before, total = window.row(middle).bounding_box(), _total(window)
    new = long.text(a_number())
    expect(window.page.get_by_text(f"{total + 1} threads", exact=True)).to_be_visible()
    assert window.row(middle).bounding_box() == before
    window.threads.evaluate("list => { list.parentElement.scrollTop = 0; }")
    window.shows(new.thread)
    assert window.order()[0] == new.thread


def test_a36_ticks_survive_scrolling(long: Server, window: Window):
    text = long.text(a_number())
    window.shows(text.thread).tick(text.thread)
    window.threads.evaluate("list => { list.parentElement.scrollTop = 1e9; }")
    window.lacks(text.thread)
    expect(window.page.get_by_text("1 selected")).to_be_visible()
    last = window.threads.evaluate(PLACES)[-1][1]
    window.tick(last)
    window.threads.evaluate("list => { list.parentElement.scrollTop = 0; }")
    window.shows(text.thread)
    expect(window.checkbox(text.thread)).to_be_checked()
    window.act("Mark as unopened")
    expect(window.page.get_by_role("status", name="Result")).to_contain_text("marked as unopened")
    window.is_unread(text.thread)


def test_a19_the_selected_row_is_selected_when_it_comes_back_into_view(long: Server, window: Window):
    text = long.text(a_number())
    window.open(text.thread)
    window.threads.evaluate("list => { list.parentElement.scrollTop = 1e9; }")
    window.lacks(text.thread)
    expect(window.threads.locator('[aria-current="true"]')).to_have_count(0)
    window.threads.evaluate("list => { list.parentElement.scrollTop = 0; }")
    expect(window.row(text.thread)).to_have_attribute("aria-current", "true")


def _total(window: Window) -> int:
    """How many threads match, as the list says."""
    words = window.page.get_by_text(re.compile(r"^[\d,]+ threads$"))
    return int(words.text_content().split()[0].replace(",", ""))


def _scroll_to(window: Window, place: int) -> None:
    """Scroll until the row in a place is the last in view."""
    move = "(list, end) => { list.parentElement.scrollTop = end - list.parentElement.clientHeight; }"
    window.threads.evaluate(move, place * ROW)


def _more_come(window: Window, last: int) -> None:
    """Wait until rows after the one in the ``last`` place are there."""
    expect(window.threads.locator(f'[aria-posinset="{last + 1}"]')).to_be_attached()


def _is_filled(window: Window) -> None:
    """Wait until there are rows from the top of the view to its bottom."""
    window.until(f"list => ({IN_VIEW})(list)", window.threads.element_handle())
