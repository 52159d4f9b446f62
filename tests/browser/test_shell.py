from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.conftest import Visit
from browser.viewer import Viewer


def test_the_palette_finds_charts_runs_and_actions(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    page = board.page
    expect(board.cards).to_have_count(4)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Commands")
    expect(palette.get_by_role("option", name=re.compile("Charts"))).to_be_visible()
    page.keyboard.type("trlo")
    expect(palette.get_by_role("option").first).to_contain_text("train/loss")
    page.keyboard.press("Enter")
    expect(palette).to_be_hidden()
    expect(board.cards).to_have_count(1)
    assert board.tags() == ["train/loss"]
    page.keyboard.press("Control+k")
    page.keyboard.type("reset filters")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Reset filters")
    page.keyboard.press("Enter")
    expect(board.cards).to_have_count(4)
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(palette).to_contain_text("Nothing fits.")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_arrow_keys_go_through_the_palette(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.cards).to_have_count(4)
    board.page.get_by_role("button", name="Search or do anything").click()
    options = board.page.get_by_role("dialog", name="Commands").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    board.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    board.page.keyboard.press("ArrowUp")
    board.page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")


def test_keys_of_the_page(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    page = board.page
    expect(board.run_filter).to_be_visible()
    page.keyboard.press("b")
    expect(board.run_filter).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Theme: Light")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("zoom in; the points of that range")
    page.keyboard.press("t")  # nothing happens behind a dialog
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Theme: Light")).to_be_visible()


def test_the_tour_is_offered_once(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    page = board.page
    page.get_by_role("button", name="New here?").click()
    expect(page.get_by_role("dialog", name="headway in a minute").get_by_role("listitem")).to_have_count(6)
    page.keyboard.press("Escape")
    board.reload()
    expect(board.cards).to_have_count(4)
    expect(page.get_by_role("button", name="New here?")).to_be_hidden()


def test_the_browsers_back_is_the_view_before(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    page = board.page
    expect(board.cards).to_have_count(4)
    views = page.get_by_role("navigation", name="Views")
    names = views.get_by_role("button").all_inner_texts()
    assert names[0] == "Charts"
    if len(names) > 1:
        views.get_by_role("button").nth(1).click()
        board.expect_address("view=")
        page.go_back()
        expect(board.cards).to_have_count(4)
        page.go_forward()
        board.expect_address("view=")
