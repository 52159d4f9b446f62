from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from browser.board import Board
from browser.chart import painted
from browser.conftest import Visit
from browser.logdirs import RUNS
from browser.viewer import Viewer

WIDTH, HEIGHT = 390, 844


@pytest.fixture
def phone(training: Viewer, visit: Visit) -> Board:
    """The page on a small screen."""
    return visit(training, size=(WIDTH, HEIGHT), touch=True)


def expect_within(*elements: Locator) -> None:
    for element in elements:
        expect(element).to_be_visible()
        box = element.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH


def test_everything_is_within_reach(phone: Board) -> None:
    page = phone.page
    phone.chart("train/loss").until(lambda pixels: bool(pixels.any()) and pixels.shape[1] > WIDTH / 2)
    expect_within(*phone.cards.all())
    expect_within(*(button for button in page.get_by_role("banner").get_by_role("button").all()))
    expect_within(phone.tag_search, page.get_by_role("button", name="Settings"))
    assert phone.overflowing() == []


def test_the_run_list_is_a_drawer(phone: Board) -> None:
    page = phone.page
    drawer = page.get_by_role("complementary", name="Runs")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="Show the run list").tap()
    expect_within(drawer)
    expect(phone.rows).to_have_count(len(RUNS))
    colour = phone.colour("baseline")
    phone.tick("baseline").tap()
    expect(phone.tick("baseline")).not_to_be_checked()
    page.touchscreen.tap(WIDTH - 10, HEIGHT / 2)  # beside it
    expect(drawer).to_be_hidden()
    phone.chart("train/loss").until(lambda pixels: pixels.any() and not painted(pixels, colour).any())
    page.get_by_role("button", name="Show the run list").tap()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="Show the run list").tap()
    page.get_by_role("banner").get_by_role("button", name="Hide the run list").tap()
    expect(drawer).to_be_hidden()


def test_settings_unfold(phone: Board) -> None:
    expect(phone.smoothing).to_be_hidden()
    phone.page.get_by_role("button", name="Settings").tap()
    expect_within(phone.smoothing, phone.page.get_by_role("radiogroup", name="X axis"))
    phone.choose_axis("Wall")
    phone.expect_address("axis=wall")
    assert phone.overflowing() == []


def test_a_tap_reads_values_out(phone: Board) -> None:
    chart = phone.chart("train/loss")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.tap(0.5)
    expect_within(chart.readout)
    assert set(chart.rows()) == set(RUNS)
