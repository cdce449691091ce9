"""Pictures: attached from the computer, by paste and drop and out of the gallery; received, looked at, tried again."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Windows
from tests.browser.product import Posted, Server, a_number
from tests.browser.window import Window
from tests.canary import SVG, jpeg, png

pytestmark = pytest.mark.browser
Both = tuple[Window, Window]
LIMIT = 5_242_880
UPLOADS = re.compile(r"/upload\?")
DROP = """(place, [name, data]) => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type: 'image/png'}));
    const how = {bubbles: true, composed: true, cancelable: true};
    const event = kind => kind === 'paste' ? new ClipboardEvent(kind, {...how, clipboardData: carried}) : new DragEvent(kind, {...how, dataTransfer: carried});
    for (const kind of name.startsWith('pasted') ? ['paste'] : ['dragenter', 'dragover', 'drop']) place.dispatchEvent(event(kind));
}"""


def a_picture(server: Server, number: str, *files: tuple[str, bytes], body: str = "") -> Posted:
    """Somebody sends pictures."""
    media = [{"data": base64.b64encode(data).decode(), "type": "image/jpeg", "name": name} for name, data in files]
    return server.text(number, body, media=media)


def saved(folder: Path, name: str, data: bytes) -> str:
    file = folder / name
    file.write_bytes(data)
    return str(file)


def choose(window: Window, entry: str) -> None:
    window.page.get_by_role("button", name="Attach image").click()
    window.page.get_by_role("menuitem", name=entry, exact=True).click()


def upload(window: Window, *files: str) -> None:
    with window.page.expect_file_chooser() as chooser:
        choose(window, "Upload From Your Computer")
    chooser.value.set_files(files)


def tray(window: Window) -> Locator:
    return window.page.get_by_role("list", name="Attached pictures").get_by_role("listitem")


def is_drawn(picture: Locator) -> None:
    """The image has really come: it has pixels."""
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_a42_pictures_from_the_computer_go_out_and_everybody_sees_them(server: Server, both: Both, tmp_path: Path):
    dana, marcus = both
    text = server.text(a_number())
    dana.open(text.thread)
    marcus.open(text.thread)
    upload(dana, saved(tmp_path, "roof.jpg", jpeg()), saved(tmp_path, "plan.png", png()))
    expect(tray(dana)).to_have_count(2)
    expect(dana.send_button).to_be_enabled()
    dana.page.get_by_role("button", name="Remove plan.png").click()
    dana.send_button.click()
    for window in both:
        expect(window.articles).to_have_count(2)
        is_drawn(window.articles.last.get_by_role("img", name="Picture roof.jpg"))
        expect(window.articles.last).to_have_attribute("data-status", "delivered")
    expect(tray(dana)).to_have_count(0)


def test_a42_pictures_are_pasted_and_dropped(server: Server, window: Window):
    text = server.text(a_number())
    window.open(text.thread)
    data = base64.b64encode(png(width=40, height=30)).decode()
    window.composer.evaluate(DROP, ["pasted.png", data])
    expect(tray(window)).to_have_count(1)
    window.log.evaluate(DROP, ["dropped.png", data])
    expect(tray(window)).to_have_count(2)
    window.send("Both of them")
    expect(window.articles.last.get_by_role("img")).to_have_count(2)
    is_drawn(window.articles.last.get_by_role("img", name="Picture dropped.png"))


def test_a43_the_gallery_shows_the_accounts_pictures_and_choosing_one_uploads_nothing(server: Server, window: Window):
    home, work = a_number(), a_number()
    server.knows(("Greta Lindqvist", home, "client"))
    text = a_picture(server, home, ("porch.jpg", jpeg()), ("porch again.jpg", jpeg()))
    a_picture(server, work, ("another's.jpg", jpeg(30, 20)))
    window.open(text.thread)
    is_drawn(window.articles.first.get_by_role("img", name="Picture porch.jpg"))
    choose(window, "Select Current Attachments")
    gallery = window.page.get_by_role("dialog", name="Current Attachments")
    expect(gallery.get_by_role("img")).to_have_count(1)
    before = len(window.requested)
    gallery.get_by_role("img", name="Picture porch.jpg").click()
    expect(gallery).to_be_hidden()
    expect(tray(window)).to_contain_text("porch.jpg")
    window.send("Is it this porch?")
    is_drawn(window.articles.last.get_by_role("img", name="Picture porch.jpg"))
    assert not [url for url in window.requested[before:] if "/upload" in url]


def test_a44_five_megabytes_are_accepted_and_one_byte_more_is_refused_in_words(
    server: Server, window: Window, tmp_path: Path
):
    text = server.text(a_number())
    window.open(text.thread)
    padded = jpeg() + bytes(LIMIT)
    upload(window, saved(tmp_path, "over.jpg", padded[: LIMIT + 1]), saved(tmp_path, "exact.jpg", padded[:LIMIT]))
    expect(window.page.get_by_text("“over.jpg” is larger than 5 MB (5,242,880 bytes)")).to_be_visible()
    expect(tray(window)).to_have_count(1)
    expect(tray(window)).to_contain_text("exact.jpg")
    expect(window.send_button).to_be_enabled()
    window.send("Exactly five")
    is_drawn(window.articles.last.get_by_role("img"))


def test_a_file_that_is_no_picture_is_refused_in_words_and_the_text_stays(
    server: Server, window: Window, tmp_path: Path
):
    text = server.text(a_number())
    window.open(text.thread)
    window.composer.fill("Look at this")
    window.forgiving = True  # the browser says in the console that the door refused
    upload(window, saved(tmp_path, "logo.png", SVG))
    expect(window.page.get_by_text("“logo.png” is no picture that can be sent")).to_be_visible()
    expect(tray(window)).to_have_count(0)
    expect(window.composer).to_have_value("Look at this")


def test_a_tray_is_kept_per_thread_and_through_a_reload(server: Server, window: Window, tmp_path: Path):
    first, second = server.text(a_number()), server.text(a_number())
    window.open(first.thread)
    upload(window, saved(tmp_path, "mine.jpg", jpeg()))
    expect(window.send_button).to_be_enabled()
    window.open(second.thread)
    expect(tray(window)).to_have_count(0)
    window.open(first.thread)
    window.page.reload()
    window.is_live()
    expect(tray(window)).to_contain_text("mine.jpg")
    window.send("Still there")
    is_drawn(window.articles.last.get_by_role("img"))


def test_b13_a_broken_picture_is_a_labelled_placeholder_with_retry_and_others_are_seen_large(
    server: Server, window: Window
):
    files = (("one.jpg", jpeg(800, 600)), ("two.jpg", jpeg(300, 900)), ("broken.jpg", jpeg()[:-4000]), ("x.jpg", SVG))
    text = a_picture(server, a_number(), *files, body="Three of them")
    window.open(text.thread)
    article = window.article(text.message)
    expect(article.get_by_text("This picture cannot be shown")).to_be_visible()
    expect(article.get_by_role("link", name=re.compile("x.jpg"))).to_have_attribute("download", "x.jpg")
    article.get_by_role("button", name="Retry").click()
    expect(article.get_by_role("button", name="Retry")).to_be_enabled()
    article.get_by_role("button", name="Picture one.jpg").click()
    zoom = window.page.get_by_role("dialog", name="Picture 1 of 2")
    is_drawn(zoom.get_by_role("img", name="Picture one.jpg"))
    window.page.keyboard.press("ArrowRight")
    is_drawn(window.page.get_by_role("dialog", name="Picture 2 of 2").get_by_role("img", name="Picture two.jpg"))
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("dialog")).to_have_count(0)
    expect(window.log).to_be_visible()
    expect(article.get_by_role("button", name="Picture one.jpg")).to_be_focused()


def test_b13_a_press_on_a_picture_goes_on_while_its_text_is_drawn_anew(
    server: Server, window: Window, windows: Windows
):
    text, marcus = a_picture(server, a_number(), ("one.jpg", jpeg(80, 60))), windows("Marcus")
    picture = window.open(text.thread).article(text.message).get_by_role("button", name="Picture one.jpg")
    window.is_unread(text.thread, yes=False)
    picture.hover()
    window.page.mouse.down()
    marcus.tick(text.thread).act("Mark as unopened")
    window.is_unread(text.thread)
    window.page.mouse.up()
    expect(window.page.get_by_role("dialog", name="Picture 1 of 1")).to_be_visible()


def test_b24_at_the_last_picture_the_focus_and_the_arrow_keys_stay(server: Server, window: Window):
    text = a_picture(server, a_number(), ("one.jpg", jpeg(80, 60)), ("two.jpg", jpeg(30, 90)))
    window.open(text.thread)
    window.article(text.message).get_by_role("button", name="Picture one.jpg").click()
    first, last = (window.page.get_by_role("dialog", name=f"Picture {number} of 2") for number in (1, 2))
    window.button("Next picture").focus()
    window.press("Enter")
    expect(last).to_be_visible()
    expect(window.button("Previous picture")).to_be_focused()
    window.press("ArrowLeft")
    expect(first).to_be_visible()
    expect(window.button("Next picture")).to_be_focused()
    window.press("ArrowRight")
    expect(last).to_be_visible()
    window.press("Escape")


def test_b24_the_focus_stays_in_the_tray_while_uploads_end(server: Server, window: Window, tmp_path: Path):
    window.open(server.text(a_number()).thread)
    begun: list[Route] = []

    def wait(route: Route) -> None:
        begun.append(route)

    window.page.route(UPLOADS, wait)
    upload(window, *(saved(tmp_path, f"{name}.jpg", jpeg()) for name in ("one", "two", "three")))
    expect(tray(window)).to_have_count(3)
    remove = window.button("Remove two.jpg")
    remove.focus()
    _goes(window, begun)
    expect(window.page.get_by_label("Uploading one.jpg")).to_have_count(0)
    expect(remove).to_be_focused()
    _goes(window, begun)
    expect(window.page.get_by_label("Uploading two.jpg")).to_have_count(0)
    expect(remove).to_be_focused()
    window.press("Enter")
    expect(tray(window)).to_have_count(2)
    expect(window.composer).to_be_focused()
    _goes(window, begun)
    window.page.unroute(UPLOADS)
    window.send("These two")


def _goes(window: Window, begun: list[Route]) -> None:
    """The upload that waits to be let through goes on; each begins when the one before it has ended."""
    while not begun:
        window.page.wait_for_timeout(20)
    begun.pop().continue_()


def test_the_paper_clips_menu_and_the_gallery_are_worked_from_the_keyboard(server: Server, windows: Windows):
    window = windows("Dana")
    text = a_picture(server, a_number(), ("a.jpg", jpeg()), ("b.jpg", jpeg(50, 40)))
    window.open(text.thread)
    keys = window.page.keyboard
    window.page.get_by_role("button", name="Attach image").focus()
    keys.press("Enter")
    expect(window.page.get_by_role("menuitem", name="Upload From Your Computer")).to_be_focused()
    keys.press("Escape")
    expect(window.page.get_by_role("button", name="Attach image")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    first, second = (window.page.get_by_role("dialog").get_by_role("button", name=name) for name in ("b.jpg", "a.jpg"))
    expect(first).to_be_focused()
    keys.press("ArrowRight")
    expect(second).to_be_focused()
    keys.press("Tab")
    keys.press("Space")
    window.page.get_by_role("button", name="Attach 1 picture").press("Enter")
    expect(tray(window)).to_contain_text("a.jpg")
    expect(window.composer).to_be_focused()
