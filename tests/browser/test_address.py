from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer


def expect_as_left(board: Board) -> None:
    expect(board.run_filter).to_have_value("exp|base")
    expect(board.tag_search).to_have_value("loss|acc")
    expect(board.rows).to_have_count(3)
    expect(board.tick("baseline")).not_to_be_checked()
    expect(board.tick("exp/low-lr")).to_be_checked()
    expect(board.axis("Relative")).to_be_checked()
    expect(board.smoothing).to_have_value("0.25")
    expect(board.switch("Log y")).to_be_checked()
    board.settings()
    expect(board.switch("Ignore outliers")).not_to_be_checked()
    board.page.keyboard.press("Escape")
    expect(board.page.get_by_role("button", name="Reset zoom")).to_be_visible()
    expect(board.page.get_by_role("button", name=re.compile("^eval"))).to_have_attribute("aria-expanded", "false")
    assert board.tags() == ["train/loss"]


def test_the_address_restores_everything(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    chart = board.chart("train/loss")
    seen = chart.until(lambda pixels: bool(pixels.any()))
    board.run_filter.fill("exp|base")
    board.tag_search.fill("loss|acc")
    board.tick("baseline").uncheck()
    board.set_smoothing(0.25)
    board.settings()
    board.flip("Ignore outliers")
    board.page.keyboard.press("Escape")
    board.page.get_by_role("button", name=re.compile("^eval")).click()
    board.choose_axis("Relative")
    seen = chart.until_changed(seen)
    board.flip("Log y")
    chart.until_changed(seen)
    chart.drag(0.2, 0.6)
    expect_as_left(board)
    board.page.mouse.move(5, 5)
    board.expect_address("zoom=")
    address = board.page.url
    query = address.removeprefix(training.url)
    board.reload()
    expect_as_left(board)
    assert board.page.url == address
    seen = chart.until(lambda pixels: bool(pixels.any()))
    # Whoever gets the address sees the same.
    other = visit(training, query)
    expect_as_left(other)
    other.chart("train/loss").until(lambda pixels: np.array_equal(pixels, seen))


def test_an_address_with_nonsense_is_the_default(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?axis=up&smoothing=7&zoom=3~1&only=!!&closed=nope&log=x&runs=")
    expect(board.cards).to_have_count(0)  # `only` names nobody
    board.page.get_by_role("button", name="Show everything").click()
    expect(board.axis("Step")).to_be_checked()
    expect(board.smoothing).to_have_value("0.6")
    expect(board.page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    board.expect_address(r"/$")
