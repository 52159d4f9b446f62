"""The page, open in a browser, as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, expect

from browser.chart import Chart


class Board:
    """One open page. `faults`: what went wrong in it that nobody sees; each fails the test."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self._address = address
        self._forgiven = re.compile(r"(?!)")  # nothing
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("request", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._forgiven.search(message.text):
            self.faults.append(message.text)

    def _refuse(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _check(self, request: Request) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def open(self, query: str = "") -> None:
        self.page.goto(self._address + query)

    def reload(self) -> None:
        """As soon as a hand can: many changes in a row are in the address after a moment."""
        self.page.wait_for_timeout(200)
        self.page.reload()

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-connection]")

    @property
    def run_filter(self) -> Locator:
        return self.page.get_by_role("textbox", name="Filter runs")

    @property
    def tag_search(self) -> Locator:
        return self.page.get_by_role("textbox", name="Search tags")

    @property
    def smoothing(self) -> Locator:
        return self.page.get_by_role("slider", name="Smoothing")

    @property
    def rows(self) -> Locator:
        """Of the run list."""
        return self.page.locator("li[data-run]")

    @property
    def cards(self) -> Locator:
        return self.page.get_by_role("article")

    def names(self) -> list[str]:
        """The runs listed, in order."""
        return [row.get_attribute("data-run") or "" for row in self.rows.all()]

    def tags(self) -> list[str]:
        """The charts there are, in order."""
        return [card.get_attribute("aria-label") or "" for card in self.cards.all()]

    def chart(self, tag: str) -> Chart:
        return Chart(self.page, tag)

    def tick(self, run: str) -> Locator:
        """The check box of a run."""
        return self.page.get_by_role("checkbox", name=f"Show {run}", exact=True)

    def colour(self, run: str) -> str:
        """The colour of a run, `#rrggbb`."""
        row = self.rows.filter(has=self.tick(run))
        colour = str(row.evaluate("row => row.style.getPropertyValue('--colour')"))
        assert re.fullmatch("#[0-9a-f]{6}", colour)
        return colour

    def switch(self, name: str) -> Locator:
        return self.page.get_by_role("switch", name=name)

    def settings(self) -> None:
        """Open what is said of all charts."""
        button = self.page.get_by_role("button", name="Settings")
        if button.get_attribute("aria-expanded") != "true":
            button.click()

    def flip(self, name: str) -> None:
        """Click a switch, on its words."""
        self.page.get_by_role("toolbar").get_by_text(name, exact=True).click()

    def axis(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name, exact=True)

    def choose_axis(self, name: str) -> None:
        self.page.get_by_role("radiogroup", name="X axis").get_by_text(name, exact=True).click()

    def set_smoothing(self, value: float) -> None:
        self.smoothing.fill(str(value))

    def expect_address(self, pattern: str) -> None:
        expect(self.page).to_have_url(re.compile(pattern))

    def overflowing(self) -> list[str]:
        """What would have to be scrolled sideways: the page, or a part of it but the rail of views, which may."""
        found: list[str] = self.page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll("body *")]
                .filter(e => e.scrollWidth > e.clientWidth + 1)
                .filter(e => e === document.documentElement || /auto|scroll/.test(getComputedStyle(e).overflowX))
                .map(e => `${e.tagName}.${e.className}`)"""
        )
        return [part for part in found if not part.startswith("NAV.")]

    def forgive(self, pattern: str) -> None:
        """From now on, faults that the test itself causes: what the console says matches."""
        self._forgiven = re.compile(pattern)
