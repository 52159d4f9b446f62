"""The run table, as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


class RunTable:
    """The table in an open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grid = page.get_by_role("grid", name="Run table")
        self.rows = page.locator("tr[data-row]")
        self.groups = page.locator("tr[data-group]")

    def names(self) -> list[str]:
        """The runs that have a row, in order."""
        return [row.get_attribute("data-row") or "" for row in self.rows.all()]

    def expect_names(self, *names: str) -> None:
        """These runs and no others, in this order."""
        expect(self.rows).to_have_count(len(names))
        for row, name in zip(self.rows.all(), names, strict=True):
            expect(row).to_have_attribute("data-row", name)

    def row(self, run: str) -> Locator:
        return self.page.locator(f'tr[data-row="{run}"]')

    def cell(self, run: str, column: str) -> Locator:
        return self.row(run).locator(f'td[data-column="{column}"]')

    def head(self, column: str) -> Locator:
        return self.page.locator(f'th[data-head="{column}"]')

    def columns(self) -> list[str]:
        """Right of the name."""
        return [head.get_attribute("data-head") or "" for head in self.page.locator("th[data-head]").all()]

    def sort(self, column: str) -> None:
        self.head(column).get_by_role("button").first.click()

    def choose(self, run: str, *modifiers: str) -> None:
        for key in modifiers:
            self.page.keyboard.down(key)
        self.row(run).get_by_role("rowheader").locator("bdi").first.click()
        for key in modifiers:
            self.page.keyboard.up(key)

    def chosen(self) -> list[str]:
        rows = self.page.locator('tr[data-row][aria-selected="true"]').all()
        return [row.get_attribute("data-row") or "" for row in rows]

    def act(self, run: str, action: str) -> None:
        """From the menu of a run."""
        self.row(run).get_by_role("rowheader").click(button="right")
        self.page.get_by_role("menuitem", name=re.compile(f"^{action}")).click()

    def notice(self, text: str) -> Locator:
        return self.page.locator(".toast").filter(has_text=text)
