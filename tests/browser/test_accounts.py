"""Whom a conversation is with: the account overview, its form, unknown numbers, and new conversations."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.product import Server, a_number
from tests.browser.window import Window

pytestmark = pytest.mark.browser
LINES = ("Name", "Kind", "Phones", "E-mail", "Address", "Balance", "Next job", "Last job", "Tags", "Notes")
WALTER = (
    *("Walter Prescott", "Client", "(603) 555-0111", "wprescott@example.org", "3 Ledge View Drive, Maple Hollow, NH"),
    *("$25.00 credit", "Plow and walks", "Driveway stakes set", "mowing", "Wants a text before AND after every visit."),
)


PEOPLE = {
    "Lena Overview": "lead", "Nora Before": "client", "Olga Conflict": "client", "Pia Draft": "client", "Quinn Apart": "client",
    "Quin Crew": "resource", "Søren Linkable": "client", "Tess Shared": "client", "Vilma Neverwrote": "client",
}  # fmt: skip


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, str]:
    """One person for each test: the numbers, by their names. Tess and Umut have one number."""
    numbers = {name: a_number() for name in PEOPLE}
    known = [(name, numbers[name], kind) for name, kind in PEOPLE.items()]
    server.knows(*known, ("Umut Shared", numbers["Tess Shared"], "lead"))
    return numbers


def texted(server: Server, window: Window, sender: str, body: str) -> int:
    """The thread of somebody who may have written long ago, once it stands where a text brings it: at the top."""
    thread = server.text(sender, body).thread
    expect(window.row(thread)).to_contain_text(body)
    return thread


def test_a38_above_the_thread_stands_all_that_is_known_of_the_account(
    server: Server, window: Window, people: dict[str, str]
):
    window.open(texted(server, window, "+16035550111", "Overview, please"))
    expect(window.overview.get_by_role("term")).to_have_text(LINES)
    for line, words in zip(LINES, WALTER, strict=True):
        shown = window.overview.locator(".line").filter(has=window.page.get_by_text(line, exact=True))
        expect(shown.get_by_role("definition")).to_contain_text(words)
    window.open(server.text(people["Lena Overview"], "And mine").thread)
    expect(window.overview).to_contain_text("Lead")
    expect(window.overview).to_contain_text("Lena Overview")


def test_a39_an_arrow_opens_and_closes_it_and_each_person_finds_it_as_they_left_it(server: Server, both):
    dana, marcus = both
    thread = texted(server, dana, "+16035550111", "Open or closed?")
    dana.open(thread)
    expect(dana.overview_button).to_have_attribute("aria-expanded", "true")
    dana.overview_button.press("Enter")
    expect(dana.overview).to_be_hidden()
    expect(dana.overview_button).to_have_attribute("aria-expanded", "false")
    dana.page.reload()
    expect(dana.is_live().overview_button).to_have_attribute("aria-expanded", "false")
    expect(marcus.open(thread).overview).to_be_visible()
    dana.overview_button.click()
    expect(dana.overview).to_be_visible()


def test_a40_there_is_none_for_resources_and_none_for_unknown_numbers(server: Server, window: Window):
    for sender in ("+16035550170", a_number()):
        window.open(texted(server, window, sender, "No overview here"))
        expect(window.page.get_by_role("button", name=re.compile("Edit Cody Marsh|Make a lead"))).to_be_visible()
        expect(window.overview_button).to_have_count(0)
        expect(window.overview).to_have_count(0)


def test_an_account_is_edited_in_its_place_and_every_screen_has_it_at_once(
    server: Server, both, people: dict[str, str]
):
    dana, marcus = both
    thread = server.text(people["Nora Before"]).thread
    marcus.open(thread)
    dana.open(thread).button("Edit account").click()
    dana.field("Name").fill("Nora After")
    dana.field("Balance").fill("much")
    dana.field("Tags").fill("snow; gate code")
    dana.field("Next job, when").fill("2027-01-05T07:30")
    dana.field("Next job").last.fill("Plow")
    dana.button("Save").click()
    expect(dana.field("Balance")).to_have_accessible_description("“much” is no amount of money: write it as 148.50.")
    expect(dana.field("Balance")).to_be_focused()
    dana.field("Balance").fill("-12.50")
    dana.field("Balance").press("Control+Enter")
    expect(dana.button("Edit account")).to_be_focused()
    for window in both:
        for words in ("Nora After", "$12.50 credit", "gate code", "Jan 5, 7:30 AM: Plow"):
            expect(window.overview).to_contain_text(words)
        expect(window.row(thread)).to_contain_text("Nora After")
        expect(window.log).to_have_accessible_name("Conversation with Nora After")


def test_a_line_that_both_changed_is_refused_once_and_what_both_wrote_is_kept(
    server: Server, both, people: dict[str, str]
):
    dana, marcus = both
    thread = server.text(people["Olga Conflict"]).thread
    for window in both:
        window.open(thread).button("Edit account").click()
    marcus.field("Notes").fill("Two dogs")
    marcus.field("E-mail").fill("olga@example.com")
    marcus.button("Save").click()
    expect(marcus.overview).to_contain_text("Two dogs")
    dana.field("Notes").fill("A cat")
    dana.button("Save").click()
    expect(dana.page.get_by_role("alert").filter(has_text="Marcus Bell changed the notes while")).to_be_visible()
    expect(dana.field("Notes")).to_have_accessible_description("Now: Two dogs")
    expect(dana.field("Notes")).to_have_value("A cat")
    expect(dana.field("E-mail")).to_have_value("olga@example.com")
    dana.button("Save").click()
    for words in ("A cat", "olga@example.com"):
        expect(marcus.overview).to_contain_text(words)


def test_what_others_write_meanwhile_stands_in_a_form_that_is_left_and_found_again(
    server: Server, both, people: dict[str, str]
):
    dana, marcus = both
    thread, other = server.text(people["Quinn Apart"]).thread, server.text(a_number(), "Elsewhere").thread
    for window in both:
        window.open(thread).button("Edit account").click()
    dana.field("Name").fill("Quinn Together")
    marcus.field("Notes").fill("Two dogs")
    marcus.button("Save").click()
    expect(marcus.overview).to_contain_text("Two dogs")
    dana.open(other).open(thread)
    expect(dana.field("Name")).to_have_value("Quinn Together")
    expect(dana.field("Notes")).to_have_value("Two dogs")
    dana.button("Save").click()
    for window in both:
        expect(window.overview).to_contain_text("Two dogs")
        expect(window.row(thread)).to_contain_text("Quinn Together")


def test_what_was_being_written_survives_a_look_at_another_thread(
    server: Server, window: Window, people: dict[str, str]
):
    thread = server.text(people["Pia Draft"]).thread
    other = server.text(a_number(), "Elsewhere").thread
    window.open(thread).button("Edit account").click()
    window.field("Notes").fill("Half a thought")
    window.open(other).open(thread)
    expect(window.field("Notes")).to_have_value("Half a thought")
    window.page.evaluate("dispatchEvent(new Event('mc-reload'))")  # as a page says that loads itself again
    window.page.reload()
    expect(window.is_live().field("Notes")).to_have_value("Half a thought")
    window.field("Notes").press("Escape")
    expect(window.button("Edit account")).to_be_focused()
    expect(window.overview).not_to_contain_text("Half a thought")


def test_a_resource_has_a_small_form_of_its_own(server: Server, window: Window, people: dict[str, str]):
    thread = server.text(people["Quin Crew"]).thread
    window.open(thread).button("Edit Quin Crew").click()
    window.field("Name").fill("Quin Carter")
    window.field("E-mail").fill("quin@example.com")
    window.button("Save").click()
    expect(window.button("Edit Quin Carter")).to_be_focused()
    expect(window.row(thread)).to_contain_text("Quin Carter")


def test_b7_a_lead_is_made_of_an_unknown_number_and_leaves_the_filter(server: Server, both):
    dana, marcus = both
    thread = server.text(a_number(), "Who am I?").thread
    marcus.choose("Unknown numbers").shows(thread)
    dana.open(thread).button("Make a lead").click()
    dana.field("Name").fill("Rita Newlead")
    dana.field("Name").press("Enter")
    expect(dana.overview).to_contain_text("Rita Newlead")
    expect(dana.row(thread)).to_contain_text("Lead")
    marcus.lacks(thread).choose("Clients & Leads").shows(thread)


def test_b7_an_unknown_number_is_linked_to_an_account_and_can_be_unlinked(
    server: Server, window: Window, people: dict[str, str]
):
    sender = a_number()
    thread = server.text(sender, "From my new phone").thread
    window.open(thread).button("Link to an account").click()
    window.page.keyboard.type("soren link")
    expect(window.people("Søren Linkable")).to_be_visible()
    window.page.keyboard.press("Enter")
    expect(window.overview).to_contain_text("Søren Linkable")
    expect(window.overview).to_contain_text(sender[-4:])
    window.page.get_by_role("button", name="Unlink").click()
    expect(window.button("Link to an account")).to_be_visible()
    window.choose("Unknown numbers").page.wait_for_url("**filter=unknown*")
    window.shows(thread)


def test_b7_of_several_accounts_with_one_number_a_person_chooses_and_the_choice_is_remembered(
    server: Server, both, people: dict[str, str]
):
    dana, marcus = both
    number = people["Tess Shared"]
    thread = server.text(number).thread
    asked = dana.page.get_by_role("group", name="Whose number this is")
    expect(dana.open(thread).page.get_by_text("This number is on 2 accounts. Whose is it?")).to_be_visible()
    asked.get_by_role("button", name="Umut Shared").click()
    expect(asked.get_by_role("button", name="Umut Shared")).to_have_attribute("aria-pressed", "true")
    expect(dana.page.get_by_text("Whose is it?")).to_have_count(0)
    server.text(number, "Me again")
    for window in both:
        expect(window.row(thread)).to_contain_text("Umut Shared")
    expect(marcus.open(thread).overview).to_contain_text("Umut Shared")


def test_b9_a_new_conversation_with_somebody_shows_once_the_first_text_is_sent(
    server: Server, both, people: dict[str, str]
):
    dana, marcus = both
    dana.button("New conversation").click()
    dana.page.keyboard.type("neverw")
    expect(dana.people("Vilma Neverwrote")).to_have_attribute("aria-selected", "true")
    dana.page.keyboard.press("Enter")
    expect(dana.log).to_have_accessible_name("Conversation with Vilma Neverwrote")
    expect(dana.composer).to_be_focused()
    expect(dana.overview).to_contain_text("Vilma Neverwrote")
    marcus.turn_to("Sent").search("Neverwrote")
    expect(marcus.rows).to_have_count(0)
    dana.send("Hello Vilma")
    expect(marcus.rows).to_have_count(1)
    expect(marcus.rows).to_contain_text("Hello Vilma")


def test_b9_a_number_joins_the_thread_there_is_or_begins_one_and_what_is_none_is_told(server: Server, window: Window):
    sender = a_number()
    server.text(sender, "I was here before")
    for typed, said in ((f"({sender[2:5]}) {sender[5:8]} {sender[8:]}", "I was here before"), (a_number(), None)):
        window.button("New conversation").click()
        window.page.get_by_role("combobox", name="To").fill(typed)
        window.page.keyboard.press("Enter")
        expect(window.composer).to_be_focused()
        expect(window.articles).to_have_text([re.compile(said)] if said else [])
    window.button("New conversation").click()
    window.page.keyboard.type("+1 999")
    window.page.keyboard.press("Enter")
    expect(
        window.page.get_by_role("alert").filter(has_text="is no phone number: give one with its country code")
    ).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.button("New conversation")).to_be_focused()


def test_b9_who_is_not_recorded_yet_is_added_on_the_way(server: Server, window: Window):
    window.button("New conversation").click()
    window.page.keyboard.type("Wanda Brandnew")
    expect(window.page.get_by_text("Nobody by that name or number")).to_be_visible()
    window.button("Add a client").click()
    expect(window.field("Name")).to_have_value("Wanda Brandnew")
    window.field("Phones").fill(f"12\n{a_number()}")
    window.button("Save").click()
    expect(window.field("Phones")).to_have_accessible_description(re.compile("“12” is no phone number"))
    window.field("Phones").fill(a_number())
    window.button("Save").click()
    expect(window.log).to_have_accessible_name("Conversation with Wanda Brandnew")
    window.send("Welcome").turn_to("Sent")
    expect(window.rows.first).to_contain_text("Wanda Brandnew")


def test_on_a_phone_the_overview_is_one_line_until_it_is_opened(server: Server, windows):
    window = windows("Dana", viewport={"width": 390, "height": 844})
    thread = texted(server, window, "+16035550111", "On a phone")
    window.opener(thread).click()
    expect(window.overview_button).to_have_attribute("aria-expanded", "false")
    expect(window.page.get_by_text("$25.00 credit · Next")).to_be_visible()
    window.overview_button.click()
    expect(window.overview).to_contain_text("Ledge View Drive")
    window.button("Edit account").click()
    window.field("Name").press("Escape")
    expect(window.button("Edit account")).to_be_focused()
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 390
