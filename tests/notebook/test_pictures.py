"""Pictures in a cell, where there is no door of ours: they go up in pieces, and come as bytes."""

import re

import pytest
from playwright.sync_api import expect

from tests.canary import jpeg
from tests.notebook.display import SOON

pytestmark = pytest.mark.notebook


def test_a42_a_picture_goes_up_in_pieces_is_sent_and_is_seen_in_both_displays(desk, one, other, tmp_path):
    file = tmp_path / "roof.jpg"
    file.write_bytes(jpeg(2400, 1800, quality=95) + bytes(500_000))  # several pieces
    one.open(desk.town["Ana Díaz"])
    with one.output.page.expect_file_chooser() as chooser:
        one.output.get_by_role("button", name="Attach image").click()
        one.output.get_by_role("menuitem", name="Upload From Your Computer").click()
    chooser.value.set_files(str(file))
    expect(one.output.get_by_role("button", name="Send")).to_be_enabled(timeout=SOON)
    one.output.get_by_role("button", name="Send").click()
    for display in (one, other):
        picture = display.log.get_by_role("img", name="Picture roof.jpg")
        expect(picture).to_be_visible(timeout=SOON)
        expect(picture).to_have_attribute("src", re.compile("^data:image/jpeg;base64,"), timeout=SOON)
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
