"""The README's picture of two browsers side by side: ``python -m tests.browser.picture`` takes it anew."""

import base64
import io
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import QUIET
from tests.browser.product import Server, a_demo, chromium
from tests.browser.window import Window

FILE = Path(__file__).with_name("two-windows.png")
WINDOW = {"width": 900, "height": 680}
MARGIN = 28  # pixels around the windows and between them
PLACE = 24  # pixels
NOTICEABLE = 12  # of 255 levels of grey
COLOURS = 200  # of the file: a quarter of its size, and no difference to the eye
CUSTOMER = "+16035550107"
TALK = (
    "The plow was here at six, thank you! Only the mailbox is behind the snow bank now.",
    "Could somebody dig it out before the mail comes at noon?",
)
ANSWER = "Good morning, Peg! Luis is around the corner and will be there at ten."
# What stands in a window whatever is going on: numbers count as one, and a place for words that has none as nothing.
FURNITURE = """() => {
    const found = [], controls = 'a, button, input, select, textarea, h1, h2, [role=tab], [role=status]';
    const walk = root => root.querySelectorAll('*').forEach(node => {
        if (node.shadowRoot) walk(node.shadowRoot);
        const empty = node.matches('[role=status]') && !node.textContent;
        if (node.matches(controls) && !empty && node.checkVisibility() && !node.closest('[aria-label="Threads"], [role=log]'))
            found.push(node.getAttribute('aria-label') || node.placeholder || node.innerText);
    });
    walk(document);
    return found.map(name => name.replace(/\\d[\\d,]*/g, '#')).join('\\n');
}"""
STAGE = """<!DOCTYPE html><style>
body {{ display: flex; gap: {margin}px; margin: 0; padding: {margin}px; background: #dfe7e3; }}
figure {{ margin: 0; overflow: hidden; border-radius: 10px; background: #f7f9f8; box-shadow: 0 8px 26px #14281e33, 0 0 0 1px #14281e1f; }}
figcaption {{ height: 30px; padding-left: 14px; background: radial-gradient(circle 5px, #b9c5bf 98%, #0000) 0 0 / 18px 30px repeat-x content-box; width: 54px; }}
img {{ display: block; }}
</style>{figures}"""


def take(browser: Browser, server: Server) -> Image.Image:
    """Marcus's and Dana's windows, a moment after Marcus has answered a customer.

    What stands in them, list and conversation apart, is in the picture's ``info["furniture"]``.
    """
    said = [server.text(CUSTOMER, body) for body in TALK]
    windows = [_a_window(browser, server, name, said[-1].thread) for name in ("Marcus", "Dana")]
    windows[0].send(ANSWER)
    for window in windows:
        expect(window.saying(ANSWER)).to_have_attribute("data-status", "delivered")
        window.page.mouse.move(0, 0)
        assert not window.troubles
    shots = [window.page.screenshot() for window in windows]
    furniture = "\n".join(window.page.evaluate(FURNITURE) for window in windows)
    for window in windows:
        window.context.close()
    picture = _side_by_side(browser, shots)
    picture.info["furniture"] = furniture
    return picture


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of places that differ between two pictures of one size; a place is as large as a short word, so that
    times, fonts and single words count little, and what has moved, come or gone counts."""
    size = (one.width // PLACE, one.height // PLACE)
    places = (picture.convert("L").resize(size, Image.Resampling.BOX).tobytes() for picture in (one, other))
    return sum(abs(left - right) > NOTICEABLE for left, right in zip(*places, strict=True)) / (size[0] * size[1])


def small(picture: Image.Image) -> bytes:
    """The picture as the file that is kept."""
    file, said = io.BytesIO(), PngInfo()
    said.add_itxt("furniture", picture.info["furniture"])
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True, pnginfo=said)
    return file.getvalue()


def _a_window(browser: Browser, server: Server, name: str, thread: int) -> Window:
    context = browser.new_context(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
    return Window(context, server.url).log_in(name).open(thread)


def _side_by_side(browser: Browser, shots: list[bytes]) -> Image.Image:
    sources = (base64.b64encode(shot).decode() for shot in shots)
    figures = "".join(
        f'<figure><figcaption></figcaption><img src="data:image/png;base64,{one}"></figure>' for one in sources
    )
    page = browser.new_page()
    page.set_viewport_size({"width": 2 * WINDOW["width"] + 3 * MARGIN, "height": WINDOW["height"] + 30 + 2 * MARGIN})
    page.set_content(STAGE.format(margin=MARGIN, figures=figures))
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return picture


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, a_demo(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        FILE.write_bytes(small(take(browser, server)))
        browser.close()
    print(f"{FILE}, {FILE.stat().st_size // 1024} kB")
