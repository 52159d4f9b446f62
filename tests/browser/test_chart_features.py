"""What one chart can do: several things in it, two axes, scales, limits, full screen, files, an editor."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Download, Request, expect

from browser import chart_logdir
from browser.board import Board
from browser.chart import Chart, Pixels, painted
from browser.chart_logdir import BRANCH, GROUPS, LOSS, RANKS, RESUMED, STEPS, loss
from browser.conftest import Visit
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Two settings with three seeds each; a run of several ranks, and one that was resumed."""
    logdir = tmp_path_factory.mktemp("seeds")
    chart_logdir.write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def made(*charts: dict[str, object]) -> str:
    return "?" + "&".join("chart=" + quote(json.dumps({"id": f"+{i + 1}"} | one)) for i, one in enumerate(charts))


def choose(board: Board, chart: str, item: str) -> None:
    """An item of a chart's menu."""
    board.page.get_by_role("button", name=f"Options of {chart}", exact=True).last.click()
    board.page.get_by_role("menuitem", name=item, exact=True).click()


def download(board: Board, chart: str, item: str) -> tuple[Download, bytes]:
    with board.page.expect_download() as begun:
        choose(board, chart, item)
    return begun.value, Path(begun.value.path()).read_bytes()


def requests(request: Request) -> list[dict[str, object]]:
    if not request.url.endswith("/api/series") or request.post_data is None:
        return []
    charts: list[dict[str, object]] = json.loads(request.post_data)["charts"]
    return charts


def heights(pixels: Pixels, colour: str) -> list[float]:
    """Where a colour is in each pixel column that has it: its middle, as a share from the top."""
    mask = painted(pixels, colour)
    return [float(np.flatnonzero(mask[:, x]).mean() / len(mask)) for x in np.flatnonzero(mask.any(axis=0))]


def test_a_chart_of_two_tags_and_an_expression(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": [LOSS, f"{LOSS} * 2"], "title": "both"}) + "&smoothing=0&runs=a0")
    chart = board.chart("both")
    expect(chart.card.get_by_role("list", name="Legend").get_by_role("listitem")).to_have_text([LOSS, f"{LOSS} * 2"])
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    rows = chart.readout.locator("tbody tr")
    expect(rows).to_have_count(2)
    by_part = {row.get_attribute("data-part"): float(row.locator("td").nth(1).inner_text()) for row in rows.all()}
    assert by_part[f"{LOSS} * 2"] == pytest.approx(2 * by_part[LOSS], rel=1e-6)


def test_the_right_axis_has_a_scale_and_limits_of_its_own(seeds: Viewer, visit: Visit) -> None:
    query = made(
        {"y": [LOSS], "right": [f"{LOSS} * 1000"], "title": "two"},
        {"y": [LOSS], "right": [f"{LOSS} * 1000"], "title": "cut", "rightMin": 0, "rightMax": 1e6},
    )
    board = visit(seeds, query + "&smoothing=0&runs=a0")
    expect(board.chart("two").card.locator(".u-axis")).to_have_count(3)
    colour = board.colour("a0")
    # Left and right lie on each other but for limits.
    board.chart("two").until(lambda pixels: len(heights(pixels, colour)) > 50)
    board.chart("cut").until(lambda pixels: bool(pixels[-12:].any()))


def test_what_is_wrong_with_an_expression_stands_in_its_chart(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": [f"{LOSS} +"]}, {"y": [LOSS, "ema(1"], "title": "half"}))
    card = board.chart(f"{LOSS} +").card
    expect(card).to_contain_text("character")
    expect(card.locator("pre")).to_contain_text("^")
    half = board.chart("half")
    half.until(lambda pixels: bool(pixels.any()))
    expect(half.card.locator("pre")).to_contain_text("ema(1")


def test_x_from_another_tag(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": [LOSS], "x": "tokens", "title": "by tokens"}) + "&smoothing=0&runs=a0")
    chart = board.chart("by tokens")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    expect(chart.readout).to_contain_text("tokens")
    (row,) = chart.rows().values()
    assert abs(int(row[1].replace(",", "")) - (STEPS - 1) / 2) <= 1


def test_a_logarithmic_x_axis_spreads_the_first_steps(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": [LOSS], "xScale": "log", "title": "log"}) + "&smoothing=0&runs=a0")
    chart = board.chart("log")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    (row,) = chart.rows().values()
    # Halfway between 1 and 399.
    assert 18 <= int(row[1]) <= 22
    with board.page.expect_request(lambda request: any(one.get("start") for one in requests(request))) as asked:
        chart.drag(0.5, 0.75)
    (one,) = [one for one in requests(asked.value) if one.get("x_scale") == "log" and one["start"]]
    assert float(str(one["start"])) == pytest.approx(20, rel=0.1)
    assert float(str(one["stop"])) == pytest.approx(89, rel=0.1)


def test_symlog_shows_both_sides_of_zero(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": ["drift"], "yScale": "symlog", "title": "s"}) + "&smoothing=0&runs=a0&outliers=1")
    chart, colour = board.chart("s"), board.colour("a0")

    def reaches_both_edges(pixels: Pixels) -> bool:
        mask = painted(pixels, colour)
        return bool(mask[: len(mask) // 4].any() and mask[-len(mask) // 4 :].any())

    chart.until(reaches_both_edges)


def test_shift_and_drag_sets_limits_and_a_double_click_takes_them_back(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0")
    chart = board.chart(LOSS)
    whole = chart.until(lambda pixels: bool(pixels.any()))
    board.page.keyboard.down("Shift")
    chart.point_at(0.5, 0.5)
    board.page.mouse.down()
    chart.point_at(0.52, 0.7)
    chart.point_at(0.53, 0.9)
    board.page.mouse.up()
    board.page.keyboard.up("Shift")
    board.expect_address("yMin")
    assert "zoom=" not in board.page.url
    chart.until_changed(whole)
    chart.double_click()
    expect(board.page).not_to_have_url(re.compile("yMin"))
    chart.until(lambda pixels: np.array_equal(pixels, whole))


@pytest.mark.parametrize("kind", ["gaussian", "median", "mean"])
def test_other_kinds_of_smoothing_are_computed_by_the_server(kind: str, seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, f"?smoothing=0.9&smoother={kind}&runs=a0")
    chart = board.chart(LOSS)
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    (row,) = chart.rows().values()
    step = int(row[2])
    around = [loss("a0", i) for i in range(step - 9, step + 10)]
    if kind == "gaussian":
        weights = np.exp(-0.5 * (np.arange(-22, 23) / 5.48) ** 2)
        expected = np.average([loss("a0", step + i) for i in range(-22, 23)], weights=weights)
    else:
        expected = np.median(around) if kind == "median" else np.mean(around)
    assert float(row[1]) == pytest.approx(float(expected), rel=1e-4)


def test_runs_that_are_grouped_are_a_line_with_a_band(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=^[ab]&runs.group=lr")
    chart = board.chart(LOSS)
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    rows = chart.rows()
    assert set(rows) == {f"{value} (3 runs)" for value in GROUPS.values()}
    mean, band = rows[f"{GROUPS['a']} (3 runs)"]
    low, high = (float(one) for one in band.split(" … "))
    assert low < float(mean) < high


def test_each_rank_is_a_line_and_so_is_what_was_replaced(seeds: Viewer, visit: Visit) -> None:
    options = quote(json.dumps([LOSS, {"ranks": "each", "superseded": True}]))
    board = visit(seeds, f"?smoothing=0&runs=ranks|resumed&card={options}")
    chart = board.chart(LOSS)
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(BRANCH / STEPS)
    names = set(chart.rows())
    assert {f"ranks · rank {rank}" for rank in range(RANKS)} <= names
    assert "resumed · superseded" in names


def test_where_a_run_was_resumed_is_flagged(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=resumed")
    chart = board.chart(LOSS)

    def flagged(pixels: Pixels) -> bool:
        middle = int(RESUMED / (STEPS - 1) * pixels.shape[1])
        return bool(pixels[-6:, middle - 2 : middle + 3, 3].any())

    chart.until(flagged)
    chart.point_at(RESUMED / (STEPS - 1))
    expect(chart.readout).to_contain_text("resumed was resumed here")
    chart.point_at(0.6)
    expect(chart.readout).not_to_contain_text("resumed was resumed here")


def test_dots_at_every_point_on_demand(seeds: Viewer, visit: Visit) -> None:
    options = quote(json.dumps([LOSS, {"points": True}]))
    board = visit(seeds, "?smoothing=0&runs=a0")
    chart, colour = board.chart(LOSS), board.colour("a0")
    plain = chart.until(lambda pixels: bool(painted(pixels, colour).any()))
    board.open(f"?smoothing=0&runs=a0&card={options}")
    chart.until(lambda pixels: painted(pixels, colour).sum() > 1.2 * painted(plain, colour).sum())


def test_the_pointer_is_followed_in_other_charts_and_its_value_told(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0")
    for tag in (LOSS, "tokens"):
        board.chart(tag).until(lambda pixels: bool(pixels.any()))
    board.chart(LOSS).point_at(0.5)
    told = board.chart("tokens").card.locator(".told")
    expect(told).to_be_visible()
    assert abs(float(told.inner_text()) - 1000 * (STEPS - 1) / 2) <= 1000


def test_the_table_is_sorted_by_name_too_and_arrows_go_from_line_to_line(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=^[ab]")
    chart = board.chart(LOSS)
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    board.page.mouse.down()
    board.page.mouse.up()
    chart.readout.get_by_text("Name", exact=True).click()
    assert list(chart.rows()) == sorted(chart.rows())
    board.page.keyboard.press("Escape")
    chart.card.get_by_role("application").focus()
    near = chart.readout.locator("tr.near")
    seen = set()
    for _ in range(4):
        board.page.keyboard.press("ArrowDown")
        expect(near).to_have_count(1)
        seen.add(near.get_attribute("data-run"))
    assert len(seen) >= 3


def test_full_screen_has_statistics_of_the_zoomed_range(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0&zoom=100~200")
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    choose(board, LOSS, "Full screen")
    board.expect_address("charts.full=")
    dialog = board.page.get_by_role("dialog", name=LOSS)
    row = dialog.locator("tr[data-line]")
    expect(row).to_have_count(1)
    cells = row.locator("td").all_inner_texts()
    values = np.array([loss("a0", step) for step in range(100, 201)], np.float32)
    start, end, least, greatest, mean, _, points = cells[1:]
    assert [np.float32(cell) for cell in (start, end, least, greatest)] == [
        values[0],
        values[-1],
        values.min(),
        values.max(),
    ]
    assert float(mean) == pytest.approx(float(values.mean()), rel=1e-4)
    assert points == "101"
    box = dialog.bounding_box()
    assert box is not None
    assert box["width"] > 1200
    board.page.keyboard.press("Escape")  # the zoom
    expect(board.page).not_to_have_url(re.compile("zoom="))
    board.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(board.page).not_to_have_url(re.compile(re.escape("charts.full")))


def test_a_chart_is_a_svg_of_paths_with_title_names_and_legend(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, made({"y": [LOSS], "right": ["tokens"], "title": "a & b"}) + "&runs=^a")
    board.chart("a & b").until(lambda pixels: bool(pixels.any()))
    file, content = download(board, "a & b", "Export as SVG")
    assert file.suggested_filename == "a-b.svg"
    root = ElementTree.fromstring(content)
    space = "{http://www.w3.org/2000/svg}"
    texts = {element.text for element in root.iter(f"{space}text")}
    assert {"a & b", "Step", LOSS, "tokens", f"a0 · {LOSS}", "a2 · tokens"} <= texts
    assert root.findall(f".//{space}image") == []
    assert len(root.findall(f".//{space}g/{space}path")) >= 6


def test_a_chart_is_a_png(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?runs=^a")
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    _, content = download(board, LOSS, "Export as PNG")
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 1920


def test_the_points_of_a_chart_are_csv_exactly(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0&zoom=10~19")
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    _, content = download(board, LOSS, "Export points as CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [(row["run"], int(row["step"])) for row in rows] == [("a0", step) for step in range(10, 20)]
    assert [np.float32(row["value"]) for row in rows] == [np.float32(loss("a0", step)) for step in range(10, 20)]


def test_a_link_opens_the_chart(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?runs=a0")
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    choose(board, LOSS, "Copy link")
    board.page.wait_for_timeout(100)
    link = board.page.evaluate("() => navigator.clipboard.readText()")
    board.page.goto(link)
    expect(board.page.get_by_role("dialog", name=LOSS)).to_be_visible()


def test_a_link_for_a_frame_is_of_one_chart(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?runs=a0")
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    board.chart("tokens").until(lambda pixels: bool(pixels.any()))
    choose(board, "tokens", "Copy link for a frame")
    board.page.wait_for_timeout(100)
    board.page.goto(board.page.evaluate("() => navigator.clipboard.readText()"))
    board.chart("tokens").until(lambda pixels: bool(pixels.any()))
    expect(board.cards).to_have_count(1)


def test_the_editor_says_what_is_wrong_and_makes_a_chart(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0")
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    choose(board, LOSS, "Edit…")
    editor = board.page.get_by_role("dialog", name="Edit chart")
    editor.get_by_role("button", name="Add a tag or expression").click()
    second = editor.get_by_role("combobox", name="Draws 2")
    second.fill(f"{LOSS} +")
    second.blur()
    expect(editor.locator("pre")).to_contain_text("character")
    second.fill("tok")
    editor.get_by_role("option", name="tokens").click()
    expect(editor.locator("pre")).to_have_count(0)
    editor.get_by_text("Right axis", exact=True).nth(1).click()
    editor.get_by_label("Title").fill("mine")
    editor.get_by_role("button", name="Save as a new chart").click()
    expect(editor).to_be_hidden()
    mine = board.chart("mine")
    mine.until(lambda pixels: bool(pixels.any()))
    expect(mine.card.locator(".u-axis")).to_have_count(3)
    board.expect_address("chart=")
    board.reload()
    board.chart("mine").until(lambda pixels: bool(pixels.any()))


def test_options_of_a_tags_own_chart(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?smoothing=0&runs=a0")
    chart = board.chart(LOSS)
    before = chart.until(lambda pixels: bool(pixels.any()))
    choose(board, LOSS, "Edit…")
    editor = board.page.get_by_role("dialog", name="Edit chart")
    editor.get_by_role("group", name="Left axis").get_by_label("Scale").select_option("log")
    editor.get_by_role("group", name="Left axis").get_by_label("To").fill("1e2")
    editor.get_by_role("button", name="Save").click()
    board.expect_address("yScale")
    chart.until_changed(before)


def test_pinned_and_hidden_from_the_menu(seeds: Viewer, visit: Visit) -> None:
    board = visit(seeds, "?runs=a0")
    board.chart(LOSS).until(lambda pixels: bool(pixels.any()))
    choose(board, LOSS, "Pin to the top")
    expect(board.page.get_by_role("region", name="Pinned").get_by_role("article")).to_have_count(1)
    choose(board, LOSS, "Hide")
    expect(Chart(board.page, LOSS).card).to_be_hidden()
