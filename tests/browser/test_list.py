"""The list of threads: its order, previews, badge, dots and the selected row."""

import random
import re
from functools import partial

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number
from tests.browser.window import Window
from tests.factories import eventually

pytestmark = pytest.mark.browser
ACTS = 14  # by then each kind was there; fifty of them in test_counts
SENDERS = 6
# A row with more than one unread text says how many.
ADD_UP = """list => [...list.querySelectorAll('[data-unread="true"]')].reduce(
  (sum, row) => sum + Number(row.querySelector('.pill')?.textContent ?? 1), 0)"""


def test_a14_received_shows_the_newest_inbound_first_and_previews_it(server: Server, window: Window):
    early, late = a_number(), a_number()
    first = server.text(early, "The first to come")
    second = server.text(late, "The second to come")
    window.shows(first.thread, second.thread)
    assert window.order()[:2] == [second.thread, first.thread]
    server.text(early, "And again")
    expect(window.row(first.thread)).to_contain_text("And again")
    assert window.order()[:2] == [first.thread, second.thread]
    window.open(second.thread).send("Our answer moves nothing here")
    expect(window.saying("Our answer moves nothing here")).to_have_attribute("data-status", "delivered")
    assert window.order()[:2] == [first.thread, second.thread]
    expect(window.row(second.thread)).to_contain_text("The second to come")


def test_a14_a_row_says_who_when_and_what(server: Server, window: Window):
    text = server.text("+19172003344", "The mower is stuck", at=None)
    name = re.compile(r"^\(917\) 200-3344, Unknown, The mower is stuck, \d+:\d\d [AP]M, unread$")
    expect(window.opener(text.thread)).to_have_accessible_name(name)
    expect(window.checkbox(text.thread)).to_have_accessible_name("Select (917) 200-3344")
    window.open(text.thread)
    expect(window.opener(text.thread)).to_have_accessible_name(re.compile(r"[AP]M$"))


def test_a15_sent_shows_the_newest_outbound_first_and_previews_it(server: Server, window: Window):
    answered, silent = server.text(a_number(), "A question"), server.text(a_number(), "Nobody answers this")
    other = server.text(a_number(), "Another question")
    window.open(answered.thread).send("First answer")
    window.open(other.thread).send("Second answer")
    window.turn_to("Sent").shows(answered.thread, other.thread).lacks(silent.thread)
    assert window.order()[:2] == [other.thread, answered.thread]
    expect(window.row(answered.thread)).to_contain_text("First answer")
    window.open(answered.thread).send("Third answer")
    expect(window.row(answered.thread)).to_contain_text("Third answer")
    assert window.order()[:2] == [answered.thread, other.thread]
    server.text(a_number(), "Nobody asked")
    window.turn_to("Received").shows(answered.thread, silent.thread, other.thread)


def test_a16_the_badge_counts_messages_whatever_the_filter_and_tab(server: Server, window: Window):
    before, sender = window.unread(), a_number()
    text = server.text(sender, "One")
    window.has_unread(before + 1)
    server.text(sender, "Two")
    window.has_unread(before + 2)
    window.choose("Resources").lacks(text.thread)
    window.has_unread(before + 2)
    server.text(sender, "Three")
    window.has_unread(before + 3)
    window.turn_to("Sent").has_unread(before + 3)
    assert _is_red(window.style(window.badge, "background-color"))


def test_a16_a_click_on_the_badge_shows_exactly_the_unread_and_clears_filter_and_query(server: Server, window: Window):
    read, unread = server.text(a_number()), server.text(a_number())
    window.open(read.thread).is_unread(read.thread, yes=False).turn_to("Sent").choose("Resources").search("zzz")
    expect(window.page).to_have_url(re.compile("q=zzz"))
    window.badge.click()
    window.shows(unread.thread).lacks(read.thread)
    expect(window.search_box).to_have_value("")
    expect(window.filter).to_have_value("all")
    expect(window.tab("Received")).to_have_attribute("aria-selected", "true")
    expect(window.page).to_have_url(re.compile(r"\?(thread=\d+&)?unread=1$"))
    assert window.rows.count() == window.threads.locator('[data-unread="true"]').count()


def test_a16_rows_of_the_unread_view_stay_until_it_is_left(server: Server, both: tuple[Window, Window]):
    dana, marcus = both
    mine, his = server.text(a_number()), server.text(a_number())
    dana.shows(mine.thread, his.thread).badge.click()
    expect(dana.page).to_have_url(re.compile("unread=1"))
    dana.open(mine.thread).is_unread(mine.thread, yes=False)
    marcus.open(his.thread)
    dana.is_unread(his.thread, yes=False).shows(mine.thread, his.thread)
    later = server.text(a_number())
    dana.shows(later.thread, mine.thread, his.thread)
    dana.badge.click()
    dana.lacks(mine.thread, his.thread).shows(later.thread)
    dana.open(later.thread)
    dana.turn_to("Sent").turn_to("Received").shows(mine.thread, his.thread, later.thread)


def test_a16_without_unread_there_is_no_badge(windows: Windows, server: Server):
    window = windows("Dana").without_alerts()
    text = server.text(a_number())
    window.shows(text.thread).badge.click()
    expect(window.page).to_have_url(re.compile("unread=1"))
    expect(window.page.get_by_role("button", name="Show all")).to_be_visible()
    window.tick_all()
    window.act("Mark as read").has_unread(0)
    expect(window.page).to_have_title("Message Center")
    server.text(a_number())
    window.has_unread(1)
    expect(window.page).to_have_title("(1) Message Center")


def test_a16_the_badge_is_what_its_click_shows_over_random_acts(server: Server, both: tuple[Window, Window]):
    the_badge_holds(server, both, ACTS)


def the_badge_holds(server: Server, both: tuple[Window, Window], acts: int) -> None:
    """Whatever Dana and the senders do, so many times."""
    chance, (dana, marcus) = random.Random(16), both
    marcus.without_alerts()
    senders = [a_number() for _ in range(SENDERS)]
    threads = [server.text(sender).thread for sender in senders]
    dana.shows(*threads)
    for number in range(acts):
        name = _random_act(chance, server, dana, senders, threads)
        # A text that came into the open thread is read a moment later.
        assert eventually(partial(_agree, dana, marcus, _show_unread(dana))), f"act {number}, {name}"
        if dana.page.get_by_role("button", name="Show all").is_visible():
            dana.page.get_by_role("button", name="Show all").click()
            expect(dana.page).not_to_have_url(re.compile("unread=1"))


def _random_act(chance: random.Random, server: Server, dana: Window, senders: list[str], threads: list[int]) -> str:
    name = chance.choice(["text", "text", "open", "Mark as read", "Mark as unopened", "Remove", "send"])
    some = [thread for thread in threads if dana.row(thread).count()]
    if name == "text" or not some:
        which = chance.randrange(len(senders))
        posted = server.text(senders[which], said := f"Again {chance.random()}")
        expect(dana.shows(posted.thread).row(posted.thread)).to_contain_text(said)
    elif name == "open":
        dana.open(chance.choice(some))
    elif name == "send":
        dana.open(chance.choice(some)).send(f"Answer {chance.random()}")
    else:
        dana.tick(*chance.sample(some, chance.randint(1, min(3, len(some))))).act(name)
        expect(dana.bulk).to_be_disabled()
    return name


def _show_unread(window: Window) -> bool:
    """Click the badge; whether there is one."""
    if not window.unread():
        return False
    window.badge.click()
    expect(window.page).to_have_url(re.compile("unread=1"))
    expect(window.page.get_by_text(re.compile(r"^[\d,]+ unread threads?$"))).to_be_visible()
    return True


def _agree(dana: Window, marcus: Window, is_shown: bool) -> bool:
    """Whether Dana's badge is what its click shows, added up, and Marcus's page says the same."""
    shown = dana.threads.evaluate(ADD_UP) if is_shown else 0
    return dana.unread() == shown and marcus.page.title() == (f"({shown:,}) " if shown else "") + "Message Center"


def test_a17_an_unread_row_has_a_green_dot_on_its_left_and_a_read_one_none(server: Server, window: Window):
    text = server.text(a_number())
    dot, name = window.row(text.thread).locator(".dot"), window.row(text.thread).locator(".name")
    assert _is_green(window.style(dot, "background-color"))
    assert dot.bounding_box()["width"] >= 8
    assert dot.bounding_box()["x"] + dot.bounding_box()["width"] <= name.bounding_box()["x"]
    window.open(text.thread).is_unread(text.thread, yes=False)
    assert window.style(dot, "background-color") == "rgba(0, 0, 0, 0)"


def test_a19_exactly_one_row_is_selected_grey_with_a_green_tab_at_its_left_edge(server: Server, window: Window):
    first, second = server.text(a_number()), server.text(a_number())
    window.open(first.thread).open(second.thread)
    selected = window.threads.locator('[aria-current="true"]')
    expect(selected).to_have_count(1)
    expect(selected).to_have_attribute("data-thread", str(second.thread))
    window.page.mouse.move(900, 400)
    assert _is_grey(selected)
    assert not _is_grey(window.row(first.thread))
    assert _is_green(window.style(selected, "background-color", "::before"))
    assert window.style(selected, "width", "::before") == "4px"
    assert window.style(selected, "left", "::before") == "0px"
    assert window.style(selected, "height", "::before") == window.style(selected, "height").replace("68px", "67px")
    window.turn_to("Sent")
    expect(selected).to_have_count(0)
    window.turn_to("Received")
    expect(selected).to_have_count(1)


def _colour(style: str) -> tuple[int, int, int]:
    red, green, blue, *_ = (int(part) for part in re.findall(r"\d+", style))
    return red, green, blue


def _is_green(style: str) -> bool:
    red, green, blue = _colour(style)
    return green > red + 40 and green > blue + 20 and "rgba(0, 0, 0, 0)" not in style


def _is_red(style: str) -> bool:
    red, green, blue = _colour(style)
    return red > green + 80 and red > blue + 80


def _is_grey(row: Locator) -> bool:
    style = row.evaluate("row => getComputedStyle(row).backgroundColor")
    colour = _colour(style)
    return max(colour) - min(colour) <= 8 and 200 <= min(colour) <= 240


def test_a_click_during_which_a_text_comes_still_opens_the_thread(server: Server, windows: Windows):
    sender = a_number()
    thread = server.text(sender, "Before").thread
    window = windows("Dana").shows(thread)
    box = window.row(thread).locator(".snippet").bounding_box()
    assert box is not None
    window.page.mouse.move(box["x"] + 5, box["y"] + 5)
    window.page.mouse.down()
    server.text(sender, "Meanwhile")
    expect(window.row(thread)).to_contain_text("Meanwhile")
    window.page.mouse.up()
    expect(window.articles).to_have_count(2)


@pytest.mark.parametrize("part", ["row", "box"])
def test_a_press_at_a_mouse_at_rest_is_of_the_row_that_was_there_when_a_text_pushed_it_down(
    server: Server, windows: Windows, part: str
):
    window = windows("Dana", fresh=True)
    aimed = server.text(a_number(), "Meant").thread
    control = {"row": window.opener, "box": window.checkbox}[part]
    window.shows(aimed).settled()
    box = control(aimed).bounding_box()
    window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    window.page.evaluate("performance.now = () => 0")
    came = server.text(a_number(), "Came between").thread
    window.shows(came)
    assert control(came).bounding_box() == box
    window.page.mouse.down()
    window.page.mouse.up()
    if part == "row":
        expect(window.row(aimed)).to_have_attribute("aria-current", "true")
        window.is_unread(came)
    else:
        expect(window.checkbox(aimed)).to_be_checked()
        expect(window.checkbox(came)).not_to_be_checked()
    expect(control(aimed)).to_be_focused()


def test_a_press_at_a_mouse_at_rest_is_of_the_row_that_has_stood_there_for_a_while(server: Server, windows: Windows):
    window = windows("Dana", fresh=True)
    first = server.text(a_number()).thread
    box = window.shows(first).settled().opener(first).bounding_box()
    window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    came = server.text(a_number()).thread
    window.shows(came).page.evaluate("(now => { performance.now = () => now + 1e6; })(performance.now())")
    window.page.mouse.down()
    window.page.mouse.up()
    expect(window.row(came)).to_have_attribute("aria-current", "true")
    window.is_unread(first)
