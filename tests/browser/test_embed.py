from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.conftest import Visit
from browser.viewer import Viewer


def test_one_chart_alone(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?embed=1&charts.only=train%2Floss&smoothing=0", size=(600, 400))
    page = board.page
    chart = board.chart("train/loss")
    pixels = chart.until(lambda pixels: bool(pixels.any()))
    assert pixels.shape[1] > 450
    assert pixels.shape[0] > 250
    expect(board.cards).to_have_count(1)
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(board.run_filter).to_be_hidden()
    chart.point_at(0.5)
    expect(chart.readout).to_be_visible()
    link = page.get_by_role("link", name=re.compile("Open in headway"))
    assert link.get_attribute("href") == "?smoothing=0"


def test_a_view_alone(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?embed=1&tags=loss")
    expect(board.cards).to_have_count(1)
    expect(board.page.get_by_role("banner")).to_be_hidden()
    board.reload()
    board.expect_address("embed=1")


def test_a_chart_that_is_not_there(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?embed=1&charts.only=nothing")
    expect(board.page.get_by_text("No tag matches the search.")).to_be_visible()
