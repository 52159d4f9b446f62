from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import Request, expect

from browser.chart import Pixels, painted
from browser.conftest import Visit
from browser.logdirs import HOLE, LONG, RUNS, SPIKE, STEPS, long_value, value
from browser.viewer import Viewer


def written(number: float) -> str:
    """A number as the page writes it."""
    return str(number).removesuffix(".0").replace("-", "−")


def ranges(request: Request) -> list[tuple[float, float]]:
    """The parts of charts that a request asks for."""
    if not request.url.endswith("/api/series") or request.post_data is None:
        return []
    charts = json.loads(request.post_data)["charts"]
    return [(chart["start"], chart["stop"]) for chart in charts if chart["start"] is not None]


def test_the_pointer_names_every_run_at_that_step_exactly(training: Viewer, visit: Visit) -> None:
    chart = visit(training, "?smoothing=0").chart("train/loss")
    for across in (0, 0.3, 0.5, 0.999):
        chart.point_at(across)
        rows = chart.rows()
        ((at,),) = {tuple(cells[1:2]) for cells in rows.values()}
        step = int(at)
        assert abs(step - across * (STEPS - 1)) <= 1
        assert {run: cells[0] for run, cells in rows.items()} == {
            run: written(value(run, "train/loss", step)) for run in RUNS
        }
        assert list(rows) == sorted(rows, key=lambda run: -value(run, "train/loss", step))
    chart.page.mouse.move(5, 5)
    expect(chart.readout).to_be_hidden()


def test_the_table_tells_the_time_since_the_run_began(training: Viewer, visit: Visit) -> None:
    chart = visit(training, "?smoothing=0").chart("train/loss")
    chart.point_at(150 / (STEPS - 1))
    _, step, since = chart.rows()["protos"]
    assert 149 <= int(step) <= 151
    assert since == f"2m {int(step) - 120:02}s"


def test_a_click_keeps_the_table_until_esc(training: Viewer, visit: Visit) -> None:
    chart = visit(training).chart("train/loss")
    chart.point_at(0.5)
    chart.page.mouse.down()
    chart.page.mouse.up()
    kept = chart.rows()
    chart.point_at(0.8)
    assert chart.rows() == kept
    chart.page.keyboard.press("Escape")
    expect(chart.readout).to_be_hidden()


def test_smoothing_is_that_of_tensorboard_with_the_raw_curve_faint_behind(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?smoothing=0&runs=baseline")
    chart, colour = board.chart("train/loss"), board.colour("baseline")
    raw = chart.until(lambda pixels: painted(pixels, colour).sum() > 200)
    board.set_smoothing(0.9)
    board.expect_address("smoothing=0.9")
    smooth = chart.until_changed(raw)
    left = painted(raw, colour) & ~painted(smooth, colour)
    assert left.sum() > 200
    # Most of where the line was; it is thinner now.
    assert (left & painted(smooth, colour, opacity=30)).sum() > 0.5 * left.sum()

    def ups_and_downs(pixels: Pixels) -> float:
        mask = painted(pixels, colour)
        columns = np.flatnonzero(mask.any(axis=0))
        return float(abs(np.diff(mask.argmax(axis=0)[columns])).sum())

    assert ups_and_downs(smooth) < 0.6 * ups_and_downs(raw)
    chart.point_at(0.5)
    exact, smoothed, step, _ = chart.rows()["baseline"]
    assert exact == written(value("baseline", "train/loss", int(step)))
    average = weight = 0.0
    for earlier in range(int(step) + 1):
        average = 0.9 * average + 0.1 * value("baseline", "train/loss", earlier)
        weight = 0.9 * weight + 0.1
    assert float(smoothed) == float(f"{average / weight:.5g}")


def test_the_time_axes(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?smoothing=0")
    chart = board.chart("train/loss")
    before = chart.until(lambda pixels: painted(pixels, board.colour("protos")).any())
    for axis in ("Relative", "Wall"):
        board.choose_axis(axis)
        expect(board.axis(axis)).to_be_checked()
        board.expect_address(f"axis={axis.lower()}")
        before = chart.until_changed(before)
    board.choose_axis("Relative")
    chart.until_changed(before)
    # Three runs took a moment, one 199 seconds.
    chart.point_at(0.999)
    assert chart.rows() == {"protos": [written(value("protos", "train/loss", STEPS - 1)), "199", "3m 19s"]}


def test_the_wall_axis_names_the_time_below_the_pointer(training: Viewer, visit: Visit) -> None:
    chart = visit(training, "?axis=wall&runs=protos").chart("train/loss")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0)
    expect(chart.readout).to_contain_text("Nov 14, 2023")


def test_a_logarithmic_y_axis(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?smoothing=0&runs=baseline&tags=lr&outliers=1")
    chart, colour = board.chart("train/lr"), board.colour("baseline")

    def height(pixels: Pixels) -> float:
        """Of the curve's middle, from the top, as a share."""
        middle = painted(pixels, colour)[:, pixels.shape[1] // 2]
        return float(np.flatnonzero(middle).mean() / len(middle)) if middle.any() else 0

    linear = chart.until(lambda pixels: 0.4 < height(pixels) < 0.6)
    board.flip("Log y")
    # From 1 down to 0.005; the middle is 0.5.
    chart.until(lambda pixels: 0.1 < height(pixels) < 0.25)
    board.expect_address("log=1")
    board.flip("Log y")
    chart.until(lambda pixels: np.array_equal(pixels, linear))


def test_a_single_spike_in_200_000_points_is_seen(long: Viewer, visit: Visit) -> None:
    board = visit(long, "?outliers=1")
    chart, colour = board.chart("loss"), board.colour("long")

    def reaches_the_top(pixels: Pixels) -> bool:
        mask = painted(pixels, colour, opacity=50)
        columns = np.flatnonzero(mask[: len(mask) // 8].any(axis=0))
        return 0 < len(columns) < 5 and bool(abs(columns - SPIKE / LONG * mask.shape[1]).max() < 5)

    chart.until(reaches_the_top)


@pytest.mark.parametrize("down", [0.1, 0.93], ids=["tip", "foot"])
def test_pointing_at_the_spike_names_its_value(down: float, long: Viewer, visit: Visit) -> None:
    board = visit(long, "?outliers=1")
    chart = board.chart("loss")
    width = chart.until(lambda pixels: bool(pixels.any())).shape[1]
    seen = []
    for pixel in range(-3, 4):
        chart.point_at(SPIKE / LONG + pixel / width, down)
        seen.append(chart.readout.inner_text())
    assert any("… 50" in text for text in seen)


def test_ignoring_outliers_says_what_it_cuts_off(long: Viewer, visit: Visit) -> None:
    board = visit(long)
    chart = board.chart("loss")
    board.settings()
    expect(board.switch("Ignore outliers")).to_be_checked()
    board.page.keyboard.press("Escape")
    with_cut = chart.until(lambda pixels: bool(pixels[0].any()))
    board.page.get_by_role("button", name="1 cut off").click()
    board.settings()
    expect(board.switch("Ignore outliers")).not_to_be_checked()
    board.page.keyboard.press("Escape")
    board.expect_address("outliers=1")
    chart.until_changed(with_cut)
    expect(board.page.get_by_role("button", name="1 cut off")).to_be_hidden()
    board.settings()
    board.flip("Ignore outliers")
    chart.until(lambda pixels: np.array_equal(pixels, with_cut))


def test_a_single_nan_in_200_000_points_is_marked(long: Viewer, visit: Visit) -> None:
    board = visit(long)
    chart, colour = board.chart("loss"), board.colour("long")

    def has_mark(pixels: Pixels) -> bool:
        """Is there a diamond just above the lower edge?"""
        height, width = pixels.shape[:2]
        x = int(HOLE / LONG * width)
        around = painted(pixels, colour)[height - 14 : height - 10, x - 30 : x + 31]
        return bool(around[:, 29:32].all()) and not around[:, :20].any() and not around[:, 41:].any()

    chart.until(has_mark)
    expect(chart.card).to_contain_text("1 NaN or ∞")


@pytest.mark.parametrize("query", ["", "?zoom=59900~60100"])
def test_pointing_at_its_mark_names_it(query: str, long: Viewer, visit: Visit) -> None:
    board = visit(long, query)
    chart = board.chart("loss")
    width = chart.until(lambda pixels: bool(pixels.any())).shape[1]
    place = (HOLE - 59_900) / 200 if query else HOLE / LONG
    chart.point_at(place + 1 / width, down=0.94)
    ((number, *_),) = chart.rows().values()
    assert number == "NaN"


def test_a_drag_asks_the_server_for_that_range_exactly(long: Viewer, visit: Visit) -> None:
    board = visit(long, "?smoothing=0")
    chart = board.chart("loss")
    whole = chart.until(lambda pixels: bool(pixels.any()))
    for start, stop in ((0.25, 0.35), (0.5, 0.52)):
        with board.page.expect_request(lambda request: bool(ranges(request))) as asked:
            chart.drag(start, stop)
        ((first, last),) = ranges(asked.value)
        board.expect_address(f"zoom={first}%7E{last}")
    assert 300 < last - first < 500
    chart.until_changed(whole)
    for across in (0.1, 0.9):
        chart.point_at(across)
        ((number, step, _),) = chart.rows().values()
        there = int(step.replace(",", ""))
        assert abs(there - (first + across * (last - first))) < 3
        assert number == str(np.float32(long_value(there)))
    chart.double_click()
    expect(board.page).not_to_have_url(re.compile("zoom="))
    chart.until(lambda pixels: np.array_equal(pixels, whole))


def test_esc_and_the_button_end_a_zoom(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    chart = board.chart("train/loss")
    reset = board.page.get_by_role("button", name="Reset zoom")
    whole = chart.until(lambda pixels: bool(pixels.any()))
    chart.drag(0.25, 0.75)
    reset.click()
    expect(reset).to_be_hidden()
    chart.until(lambda pixels: np.array_equal(pixels, whole))
    chart.drag(0.25, 0.75)
    expect(reset).to_be_visible()
    board.page.keyboard.press("Escape")
    expect(reset).to_be_hidden()


def test_a_chart_can_be_drawn_wide(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    chart = board.chart("train/loss")
    narrow = chart.until(lambda pixels: bool(pixels.any())).shape[1]
    chart.card.hover()
    board.page.get_by_role("button", name="Draw wide: train/loss").click()
    chart.until(lambda pixels: pixels.shape[1] > 1.8 * narrow and bool(pixels.any()))
    board.expect_address("size=6x2")
