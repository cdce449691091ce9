"""Rights and the add-on: given and taken under Settings, and at once true on everybody's pages."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.cable import Cable
from tests.browser.conftest import WIDE
from tests.browser.product import Server, a_demo, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
SECRET = "The key is under the blue pot"
VIEW, REMOVE, SEND = "View Message Center", "Remove Text Message Feed", "Send Text Messages"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo of these tests' own: what they take, everybody would miss."""
    with a_demo(tmp_path_factory.mktemp("roles"), threads=12) as server:
        yield server


@pytest.fixture(scope="module")
def open_for(browser: Browser, demo: Server) -> Iterator[Callable[..., Window]]:
    """Opens a page in somebody's window, which stays for the next test; there was no trouble in any of them."""
    kept: dict[str, Window] = {}

    def open_page(who: str, page: str = "") -> Window:
        if who not in kept:
            kept[who] = Window(browser.new_context(**WIDE), demo.url)
            kept[who].forgiving = True  # a page that is refused is told in the console, too
            kept[who].log_in(who.split(maxsplit=1)[0])
        kept[who].page.goto(demo.url + page)
        return kept[who].is_live()

    yield open_page
    for window in kept.values():
        window.context.close()
    assert not [trouble for window in kept.values() for trouble in window.troubles]


@pytest.fixture
def dana(open_for: Callable[..., Window]) -> Window:
    return open_for("Dana", "roles")


@pytest.fixture
def marcus(open_for: Callable[..., Window]) -> Window:
    return open_for("Marcus")


def at(window: Window, page: str) -> Window:
    entry(window, page).click()
    expect(window.page).to_have_title(page)
    return window.is_live()


def entry(window: Window, name: str) -> Locator:
    return window.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def role(window: Window, name: str) -> Window:
    window.page.get_by_role("list", name="Roles").get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(window.page.get_by_role("heading", name=name, exact=True, level=2)).to_be_visible()
    return window


def box(window: Window, name: str) -> Locator:
    return window.page.get_by_role("checkbox", name=name, exact=True)


def state(window: Window) -> Locator:
    return window.page.get_by_role("status", name="Saved or not")


def save(window: Window) -> Window:
    window.button("Save").click()
    expect(state(window)).to_contain_text("Saved: it holds")
    return window


def give_to_priya(window: Window) -> None:
    give = window.page.get_by_role("combobox", name="Give this role to")
    give.press_sequentially("priya")
    give.press("Enter")


def saved_is_seen(window: Window, wait: Locator) -> None:
    """Save, and see on somebody's page what comes of it."""
    window.button("Save").click()
    expect(wait).to_be_visible()


def texted(server: Server, window: Window, body: str = SECRET) -> int:
    """A thread that stands open on somebody's page."""
    thread = server.text(a_number(), body).thread
    window.open(thread)
    expect(window.saying(body)).to_be_visible()
    return thread


def nothing_is_left(window: Window) -> None:
    """The page has become one that says why; of a message there is nothing, shown or hidden."""
    expect(window.page.get_by_role("heading", level=1)).to_have_text("This is not allowed")
    expect(window.page.get_by_text(SECRET)).to_have_count(0)
    assert SECRET not in window.page.content()


def test_a2_a_role_has_a_column_of_text_messages_each_box_with_its_sentence(dana: Window):
    role(dana, "Dispatcher")
    column = dana.page.get_by_role("tabpanel", name="CRM").get_by_role("group", name="Text Messages")
    for name in (VIEW, REMOVE, SEND):
        expect(column.get_by_role("checkbox", name=name, exact=True)).to_be_checked()
    expect(box(dana, REMOVE)).to_have_accessible_description("Removes threads, and brings them back")
    box(dana, VIEW).uncheck()
    expect(box(dana, REMOVE)).to_be_disabled()
    expect(box(dana, REMOVE)).to_have_accessible_description(re.compile("Counts only with “View Message Center”"))
    expect(state(dana)).to_have_text("1 box changed and not saved")
    dana.page.get_by_role("tab", name="CRM").press("ArrowRight")
    expect(box(dana, "Edit Roles")).to_be_visible()
    dana.page.reload()
    role(dana.is_live(), "Dispatcher")
    expect(box(dana, VIEW)).not_to_be_checked()
    dana.button("Discard").click()
    expect(box(dana, VIEW)).to_be_checked()
    expect(state(dana)).to_have_text("Everything is saved")


def test_a3_a4_without_view_an_open_inbox_closes_and_with_it_comes_back(dana: Window, marcus: Window, demo: Server):
    texted(demo, marcus)
    role(dana, "Dispatcher")
    box(dana, VIEW).uncheck()
    saved_is_seen(dana, marcus.page.get_by_text("Your role does not have the right “View Message Center”"))
    nothing_is_left(marcus)
    expect(entry(marcus, "Message Center")).to_have_count(0)
    answer = marcus.page.request.get(demo.url)
    assert (answer.status, SECRET in answer.text(), "View Message Center" in answer.text()) == (403, False, True)
    box(dana, VIEW).check()
    saved_is_seen(dana, entry(marcus, "Message Center"))
    marcus.is_live()
    expect(marcus.rows.first).to_be_visible()


def test_a4_an_entry_appears_for_everybody_of_the_role_without_a_reload(
    dana: Window, marcus: Window, open_for: Callable[..., Window], demo: Server
):
    priya = open_for("Priya", "documents")
    texted(demo, marcus)
    marcus.composer.fill("Half a thought")
    role(dana, "Dispatcher").page.get_by_role("tab", name="Settings").click()
    box(dana, "Edit Documents").uncheck()
    saved_is_seen(dana, priya.page.get_by_text("Your role does not have the right “Edit Documents”"))
    expect(entry(marcus, "Documents")).to_have_count(0)
    box(dana, "Edit Documents").check()
    expect(state(dana)).to_have_text("1 box changed and not saved")  # the first save was answered by now
    saved_is_seen(dana, entry(marcus, "Documents"))
    expect(entry(priya, "Documents")).to_be_visible()
    expect(marcus.composer).to_have_value("Half a thought")


def test_a41_a_part_of_the_overview_goes_and_comes_with_its_right(dana: Window, marcus: Window):
    marcus.search("Peg Delahunty")
    marcus.page.get_by_role("button", name=re.compile("^Peg Delahunty")).first.click()
    overview = marcus.page.get_by_role("region", name="Account overview")
    expect(overview).to_contain_text("Balance")
    role(dana, "Dispatcher")
    box(dana, "View Balance").uncheck()
    save(dana)
    expect(overview).not_to_contain_text("Balance")
    expect(overview).to_contain_text("Phones")
    box(dana, "View Balance").check()
    save(dana)
    expect(overview).to_contain_text("Balance")
    marcus.search("")


def test_a41_a_part_of_an_open_account_form_goes_with_its_right(dana: Window, marcus: Window):
    marcus.search("Peg Delahunty")
    marcus.page.get_by_role("button", name=re.compile("^Peg Delahunty")).first.click()
    marcus.button("Edit account").click()
    form, name = marcus.page.get_by_role("form", name="Edit account"), marcus.field("Name")
    name.fill("Peg D.")
    marcus.field("Balance").fill("7.77")
    role(dana, "Dispatcher")
    box(dana, "View Balance").uncheck()
    save(dana)
    expect(form.get_by_text("Balance")).to_have_count(0)
    assert not form.locator("input").evaluate_all("fields => fields.some(({value}) => value === '7.77')")
    expect(name).to_be_focused()
    expect(name).to_have_value("Peg D.")
    marcus.button("Save").click()
    expect(form).to_have_count(0)
    expect(marcus.overview).to_contain_text("Peg D.")
    box(dana, "View Balance").check()
    save(dana)
    expect(marcus.overview).to_contain_text("Balance")
    marcus.button("Edit account").click()
    expect(marcus.field("Balance")).not_to_have_value("7.77")
    name.fill("Peg Delahunty")
    marcus.button("Save").click()
    expect(form).to_have_count(0)
    marcus.search("")


def test_a41_a_part_of_a_new_accounts_form_goes_with_its_right(dana: Window, marcus: Window):
    marcus.button("New conversation").click()
    marcus.button("Add a client").click()
    marcus.field("Name").fill("Ottilie Frank")
    marcus.field("Balance").fill("7.77")
    role(dana, "Dispatcher")
    box(dana, "View Balance").uncheck()
    save(dana)
    expect(marcus.field("Balance")).to_have_count(0)
    marcus.button("Save").click()
    expect(marcus.page.get_by_role("status").filter(has_text="Ottilie Frank is recorded.")).to_be_visible()
    marcus.press("Escape")
    box(dana, "View Balance").check()
    save(dana)


def test_a5_without_remove_the_menu_does_not_have_it(dana: Window, marcus: Window, demo: Server):
    thread = texted(demo, marcus, "Still there")
    role(dana, "Dispatcher")
    box(dana, REMOVE).uncheck()
    marcus.tick(thread).bulk.click()
    menu = marcus.page.get_by_role("menuitem")
    expect(menu.filter(has_text=re.compile("remove", re.IGNORECASE))).to_be_visible()
    save(dana)
    for _ in ("while it is open", "when it is opened"):
        expect(menu.filter(has_text=re.compile("remove", re.IGNORECASE))).to_have_count(0)
        expect(menu.filter(has_text=re.compile("mark as read", re.IGNORECASE))).to_be_visible()
        marcus.press("Escape").bulk.click()
    marcus.press("Escape", "e")  # the key asks for it all the same
    expect(marcus.page.get_by_text("Your role does not have the right “Remove Text Message Feed”")).to_be_visible()
    marcus.shows(thread)
    box(dana, REMOVE).check()
    save(dana)
    marcus.tick(thread).act("Remove").lacks(thread)


def test_a1_the_add_on_off_closes_every_inbox_and_on_brings_what_came(dana: Window, marcus: Window, demo: Server):
    texted(demo, marcus)
    switch = at(dana, "Add-ons").page.get_by_role("switch", name="Two Way Texting")
    expect(switch).to_be_checked()
    switch.click()
    asked = dana.page.get_by_role("dialog", name="Switch Two Way Texting off?")
    expect(asked).to_contain_text("6 people have a right to it now.")
    asked.get_by_role("button", name="Switch off").click()
    expect(marcus.page.get_by_text("Two Way Texting is switched off.")).to_be_visible()
    nothing_is_left(marcus)
    for window in (dana, marcus):
        expect(entry(window, "Message Center")).to_have_count(0)
    expect(switch).not_to_be_checked()
    expect(dana.page.get_by_text(re.compile("Switched off .* by Dana Whitcomb"))).to_be_visible()
    kept = demo.text(a_number(), "Meanwhile").thread
    switch.click()
    expect(entry(marcus, "Message Center")).to_be_visible()
    expect(entry(dana, "Message Center")).to_be_visible()
    marcus.is_live().shows(kept)


def test_a2_a_role_is_made_given_taken_renamed_and_deleted(dana: Window):
    page, name = dana.page, dana.page.get_by_role("dialog").get_by_label("Name")
    dana.button("New role").click()
    name.fill("dispatcher")
    name.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="There is a role “Dispatcher” already")).to_be_visible()
    name.fill("Night watch")
    name.press("Enter")
    expect(page.get_by_role("heading", name="Night watch")).to_be_focused()
    give_to_priya(dana)
    expect(page.get_by_text("Priya Raman has this role now, instead of “Dispatcher”.")).to_be_visible()
    expect(page.get_by_role("heading", name="1 person has this role")).to_be_visible()
    dana.button("Delete").click()
    expect(page.get_by_role("alert").filter(has_text="1 person has this role")).to_be_visible()
    dana.button("Take this role from Priya Raman").click()
    expect(page.get_by_role("heading", name="Nobody has this role yet")).to_be_visible()
    give_to_priya(role(dana, "Dispatcher"))
    expect(page.get_by_role("heading", name="2 people have this role")).to_be_visible()
    role(dana, "Night watch").button("Rename").click()
    name.fill("Night shift")
    name.press("Enter")
    expect(page.get_by_role("heading", name="Night shift")).to_be_visible()
    dana.button("Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("list", name="Roles").get_by_text("Night shift")).to_have_count(0)


def test_a2_who_is_asked_whether_to_delete_a_role_is_told_that_somebody_has_got_it_meanwhile(
    dana: Window, open_for: Callable[..., Window]
):
    other, page = open_for("Dana again", "roles"), dana.page
    dana.button("New role").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Summer help")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Summer help")).to_be_focused()
    dana.button("Delete").click()
    expect(page.get_by_role("dialog", name="Delete this role?")).to_be_visible()
    give_to_priya(role(other, "Summer help"))
    expect(page.get_by_role("alert").filter(has_text="1 person has this role")).to_be_visible()
    expect(page.get_by_role("dialog", name="Delete this role?")).to_be_hidden()
    expect(dana.button("Delete")).to_be_focused()
    give_to_priya(role(other, "Dispatcher"))
    expect(page.get_by_role("heading", name="Nobody has this role yet")).to_be_visible()
    dana.button("Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("list", name="Roles").get_by_text("Summer help")).to_have_count(0)


def test_a2_who_is_asked_whether_to_delete_a_role_is_told_that_it_is_gone(
    dana: Window, open_for: Callable[..., Window]
):
    other, page = open_for("Dana again", "roles"), dana.page
    dana.button("New role").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Winter help")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Winter help")).to_be_focused()
    dana.button("Delete").click()
    question = page.get_by_role("dialog", name="Delete this role?")
    expect(question).to_be_visible()
    role(other, "Winter help").button("Delete").click()
    other.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    warning = page.get_by_role("alert").filter(has_text="Somebody has deleted this role.")
    expect(warning).to_be_visible()
    expect(question).to_be_hidden()
    expect(warning.get_by_role("button", name="All roles")).to_be_focused()
    dana.press("Enter")
    expect(page.get_by_text("Choose a role, or make a new one.")).to_be_visible()


def test_a2_what_two_people_change_at_once_is_said_and_not_written_over(dana: Window, open_for: Callable[..., Window]):
    other = open_for("Dana again", "roles")
    for window in (dana, other):
        role(window, "Estimator")
    box(dana, "View Balance").check()
    box(other, SEND).uncheck()
    save(other)
    words = dana.page.get_by_role("alert").filter(has_text="changed this role while you did: unticked “Send Text")
    expect(words).to_be_visible()
    expect(box(dana, SEND)).to_be_checked()
    dana.button("Take theirs").click()
    expect(box(dana, SEND)).not_to_be_checked()
    expect(box(dana, "View Balance")).not_to_be_checked()
    box(dana, SEND).check()
    save(dana)
    expect(box(other, SEND)).to_be_checked()


def test_a_role_stays_open_with_what_is_ticked_in_it_after_a_cut(browser: Browser, demo: Server):
    with Cable(demo.port) as cable:
        window = Window(browser.new_context(**WIDE), cable.url)
        window.forgiving = True
        at(window.log_in("Dana"), "User Role & Rights")
        box(role(window, "Estimator"), "View Balance").click()
        expect(state(window)).to_have_text("1 box changed and not saved")
        cable.cut()
        expect(window.connection).to_have_text("Reconnecting")
        cable.mend()
        window.is_live(120_000)
        expect(window.page.get_by_role("heading", name="Estimator", level=2)).to_be_focused()
        expect(state(window)).to_have_text("1 box changed and not saved")
        window.context.close()
        assert not window.troubles


def test_a_last_editor_of_roles_is_not_lost(dana: Window):
    role(dana, "Administrator").page.get_by_role("tab", name="Settings").click()
    box(dana, "Edit Roles").uncheck()
    dana.button("Save").click()
    dana.button("Save all the same").click()
    expect(dana.page.get_by_role("alert").filter(has_text="Nobody could edit roles any more")).to_be_visible()
    dana.button("Discard").click()
    expect(box(dana, "Edit Roles")).to_be_checked()


def test_a2_what_is_ticked_while_other_boxes_are_being_saved_is_not_lost(dana: Window):
    role(dana, "Estimator")
    box(dana, SEND).uncheck()
    both = "save => { save.click(); save.getRootNode().querySelector('[data-right=send]').click(); }"
    dana.button("Save").evaluate(both)
    expect(state(dana)).to_have_text("1 box changed and not saved")
    expect(box(dana, SEND)).to_be_checked()
    save(dana)
