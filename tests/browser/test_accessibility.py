"""What an automated check of accessibility (axe-core) finds on every state of the product: nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.product import Server, a_number, a_service
from tests.browser.window import Window

pytestmark = pytest.mark.browser
SCHEMES = ("light", "dark")
SIZES = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that look at a colour
RUN = "options => axe.run(options).then(found => found.violations)"
TEXT = "Have a look: https://example.com/map (it is the blue house)"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An inbox with few rows in it: the check takes as long as there is much to look at."""
    with a_service(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture
def window(windows: Windows, service: Server) -> Window:
    """Dana's window."""
    return windows("Dana", url=service.url)


def test_b24_login_and_refusal_are_accessible(window: Window):
    window.forgiving = True  # a refusal is told in the console, too
    window.page.goto(f"{window.url}nothing-here")
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()
    _is_accessible(window, "a refusal")
    window.context.clear_cookies()
    window.page.goto(window.url)
    expect(window.page.get_by_label("Password")).to_be_visible()
    _is_accessible(window, "the login page")
    window.page.get_by_label("Name").fill("Nobody")
    window.page.get_by_label("Password").fill("wrong password")
    window.page.get_by_role("button", name="Log in").click()
    expect(window.page.get_by_role("alert")).to_contain_text("do not belong together")
    _is_accessible(window, "the login page, refusing")


def test_b24_an_inbox_without_texts_is_accessible(window: Window):
    expect(window.page.get_by_role("heading", name="No texts yet")).to_be_visible()
    _is_accessible(window, "an inbox without texts")
    window.choose("Removed")
    expect(window.page.get_by_role("heading", name="No removed threads")).to_be_visible()
    window.recent.click()
    expect(window.acts).to_contain_text("can be undone")
    _is_accessible(window, "nothing removed, and no recent acts")


def test_b24_the_inbox_with_what_opens_over_it_is_accessible(service: Server, window: Window):
    threads = _some_texts(service)
    window.shows(*threads).open(threads[0]).send("On our way")
    expect(window.saying("On our way")).to_have_attribute("data-status", "delivered")
    window.tick(*threads[1:3])
    _is_accessible(window, "an open thread")
    window.bulk.click()
    expect(window.page.get_by_role("menuitem").first).to_be_visible()
    _is_accessible(window, "the bulk menu")
    window.press("Escape", "?")
    expect(window.sheet).to_be_visible()
    _is_accessible(window, "the help sheet")


def test_b24_what_was_done_and_what_was_removed_is_accessible(service: Server, window: Window):
    threads = _some_texts(service)
    window.shows(*threads).tick(*threads[:2]).act("Remove")
    expect(window.undo_button).to_be_visible()
    window.undo_button.focus()
    _is_accessible(window, "a notice with Undo")
    window.recent.click()
    expect(window.acts.locator(".act").first).to_be_visible()
    _is_accessible(window, "the recent acts")
    window.press("Escape").show_removed(*threads[:2]).open(threads[0])
    _is_accessible(window, "the removed filter, and the head of a removed thread")


def test_b24_roles_and_add_ons_are_accessible(window: Window):
    page = window.page
    page.goto(f"{window.url}roles")
    page.get_by_role("list", name="Roles").get_by_role("button", name=re.compile("^Dispatcher")).click()
    page.get_by_role("checkbox", name="View Message Center").uncheck()
    page.get_by_role("combobox", name="Give this role to").fill("a")
    expect(page.get_by_role("option").first).to_be_visible()
    _is_accessible(window, "a role that is changed and not saved, and type-ahead")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert").filter(has_text="have this role")).to_be_visible()
    _is_accessible(window, "a role that cannot be deleted")
    page.get_by_role("button", name="Rename").click()
    _is_accessible(window, "the dialog that asks for a name")
    page.goto(f"{window.url}add-ons")
    expect(page.get_by_role("switch", name="Two Way Texting")).to_be_visible()
    _is_accessible(window, "the add-ons")
    page.get_by_role("switch", name="Two Way Texting").click()
    _is_accessible(window, "the question before an add-on is switched off")


def test_b24_a_finding_would_be_noticed(window: Window):
    window.search_box.evaluate(
        "box => { box.removeAttribute('aria-label'); box.ariaLabel = null; box.placeholder = ''; }"
    )
    with pytest.raises(AssertionError, match=r"Form elements must have labels.*search"):
        _is_accessible(window, "a search box without a name")


def _some_texts(service: Server) -> list[int]:
    """A client, a lead and somebody unknown have texted."""
    numbers = [a_number() for _ in range(3)]
    service.knows(("Rosalind Okafor", numbers[0], "client"), ("Nate Culpepper", numbers[1], "lead"))
    return [service.text(number, TEXT).thread for number in numbers]


def _is_accessible(window: Window, state: str) -> None:
    """Light and dark, on a desk and on a phone; what is hidden there is looked at in another state. In the dark, that is
    where the light has shown the rest, it is about the colours."""
    found: dict[str, list[str]] = {}
    for size in SIZES:
        window.page.set_viewport_size(size)
        for scheme in SCHEMES:
            window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for finding in _findings(window, {} if scheme == SCHEMES[0] else {"runOnly": COLOURS}):
                found.setdefault(finding, []).append(f"{scheme} {size['width']}")
    window.page.set_viewport_size(SIZES[0])
    assert not found, "\n".join([f"{state}:", *(f"{finding} ({', '.join(where)})" for finding, where in found.items())])


def _findings(window: Window, options: dict[str, Any]) -> list[str]:
    """The rule, its words and the place of everything that is found, of whatever weight."""
    if not window.page.evaluate("'axe' in window"):
        window.page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = window.page.evaluate(RUN, {"resultTypes": ["violations"]} | options)
    return [
        f"{rule['impact']}, {rule['id']}: {rule['help']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]
