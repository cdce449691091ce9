"""An inbox in the output of a cell, with the words in which tests speak of it."""

import re

from playwright.sync_api import Locator, expect

SOON = 60_000  # milliseconds; what is live is there long before, and a busy machine is no bug


class Display:
    """One display of the object."""

    def __init__(self, output: Locator) -> None:
        self.output = output
        self.log = output.get_by_role("log")
        self.composer = output.get_by_role("textbox", name="Message")
        self.search_box = output.get_by_role("searchbox")

    def is_live(self) -> "Display":
        expect(self.output.get_by_role("status", name="Connection")).to_have_text("Live", timeout=SOON)
        return self

    def row(self, thread: int) -> Locator:
        return self.output.locator(f'[data-thread="{thread}"]')

    def checkbox(self, thread: int) -> Locator:
        return self.row(thread).get_by_role("checkbox")

    def tab(self, name: str) -> Locator:
        return self.output.get_by_role("tab", name=re.compile(f"^{name}"))

    def open(self, thread: int) -> None:
        self.row(thread).locator("button").first.click()
        expect(self.row(thread)).to_have_attribute("aria-current", "true", timeout=SOON)

    def shows(self, *threads: int) -> "Display":
        for thread in threads:
            expect(self.row(thread)).to_be_visible(timeout=SOON)
        return self

    def lacks(self, *threads: int) -> "Display":
        for thread in threads:
            expect(self.row(thread)).to_have_count(0, timeout=SOON)
        return self
