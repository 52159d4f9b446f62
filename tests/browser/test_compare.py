from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from browser.about_logdir import write_about
from browser.board import Board
from browser.chart import Chart, painted
from browser.conftest import Visit
from browser.viewer import Viewer, viewing

RUNS = ("sweep/base", "sweep/wide", "sweep/broken")


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("about")
    write_about(logdir)
    with viewing(logdir) as viewer:
        yield viewer


@pytest.fixture
def board(about: Viewer, visit: Visit) -> Board:
    """Compares RUNS, chosen one after the other."""
    board = visit(about, "?view=compare")
    for run in RUNS:
        add(board, run)
    for run in ("odd/x onerror=alert(3) 跑", "plain"):  # those that stood there at first
        board.page.get_by_role("button", name=f"Take {run} out of the comparison").click()
    expect(chosen(board)).to_have_text([re.compile(run) for run in RUNS])
    return board


def chosen(board: Board) -> Locator:
    return board.page.get_by_role("region", name="Runs compared").locator(".run")


def add(board: Board, run: str) -> None:
    board.page.get_by_role("button", name="+ Add a run").click()
    board.page.get_by_role("combobox").fill(run)
    board.page.get_by_role("option", name=run, exact=True).click()


def open_tab(board: Board, tab: str) -> Locator:
    board.page.get_by_role("tab", name=tab).click()
    return board.page.get_by_role("tabpanel")


def cells(row: Locator) -> list[str]:
    return [" ".join(text.split()) for text in row.locator(".cell").all_inner_texts()]


def test_a_summary_says_what_differs(board: Board) -> None:
    panel = board.page.get_by_role("tabpanel")
    results = panel.get_by_role("region", name="Results")
    expect(results.locator("[data-state]")).to_have_count(3)
    expect(results.locator('[data-metric="eval/loss"]')).to_contain_text("★")
    differing = panel.get_by_role("region", name="Settings that differ")
    expect(differing.locator("[data-key]")).to_have_count(3)
    expect(panel.get_by_role("region", name="Code and environment")).to_contain_text("Same commit")
    differing.get_by_role("button", name="See all").click()
    board.expect_address("compare.tab=config")


def test_settings_that_differ_and_all(board: Board) -> None:
    panel = open_tab(board, "Config")
    rows = panel.locator("[data-key]")
    expect(rows).to_have_count(3)
    assert cells(panel.locator('[data-key="lr"]')) == ["0.003", "0.001 ×0.333", "0.1 ×33.3"]
    assert cells(panel.locator('[data-key="model.layers"]')) == ["12", "24 ×2", "12"]
    panel.get_by_text("Only what differs").click()
    expect(rows).to_have_count(12)
    panel.get_by_role("textbox").fill("attention")
    expect(rows).to_have_count(2)


def test_metrics_against_a_baseline(board: Board) -> None:
    panel = open_tab(board, "Metrics")
    loss = panel.locator('[data-metric="eval/loss"]')
    expect(loss.locator(".cell").nth(2)).to_contain_text("+0.137 (+26%)")
    expect(loss.locator(".worse")).to_have_count(1)
    expect(loss.locator(".better")).to_have_count(1)
    board.page.get_by_role("button", name="Compare the others with sweep/broken").click()
    expect(loss.locator(".better")).to_have_count(2)
    panel.get_by_text("Best", exact=True).click()
    expect(panel.locator('[data-metric="train/loss"] .cell').first).to_contain_text("0.43759")
    expect(panel.locator('[data-metric="lr"] .better, [data-metric="lr"] .worse')).to_have_count(0)


def test_at_the_last_step_that_all_have_reached(about: Viewer, visit: Visit) -> None:
    board = visit(about, "?view=compare")
    add(board, "sweep/base")  # to step 59 in ones; plain in twos to 58
    board.page.get_by_role("button", name="Take odd/x onerror=alert(3) 跑 out of the comparison").click()
    panel = open_tab(board, "Metrics")
    panel.get_by_text("At common step").click()
    loss = panel.locator('[data-metric="train/loss"]')
    expect(loss).to_contain_text("at step 58")
    expect(loss.locator(".cell").nth(0)).to_contain_text("0.050847")
    expect(loss.locator(".cell").nth(1)).to_contain_text("0.43759")


def test_curves_and_how_they_differ(board: Board) -> None:
    panel = open_tab(board, "Curves")
    both = Chart(board.page, "eval/loss")
    apart = Chart(board.page, "eval/loss − sweep/base")
    colours = {run: str(dot.evaluate("e => e.style.background")) for run, dot in zip(RUNS, dots(board), strict=True)}
    both.until(lambda pixels: all(painted(pixels, hexed(colour)).any() for colour in colours.values()))
    seen = apart.until(lambda pixels: painted(pixels, hexed(colours["sweep/broken"])).any())
    assert not painted(seen, hexed(colours["sweep/base"])).any()
    apart.point_at(0.999)
    expect(board.page.get_by_role("complementary", name="eval/loss − sweep/base")).to_contain_text("0.13669")
    panel.get_by_text("Difference", exact=True).click()
    expect(board.page.get_by_role("article", name="eval/loss − sweep/base")).to_have_count(0)
    panel.get_by_role("textbox").fill("accuracy")
    expect(panel.get_by_role("article")).to_have_count(1)


def dots(board: Board) -> list[Locator]:
    return chosen(board).locator(".dot").all()


def hexed(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def test_code_of_two_runs(board: Board) -> None:
    panel = open_tab(board, "Code and environment")
    expect(panel.locator('[data-key="Uncommitted changes"]')).to_contain_text("no")
    expect(panel.locator('[data-key="Command"]')).to_be_visible()
    changes = panel.get_by_role("region", name="Uncommitted changes")
    expect(changes.get_by_role("listitem")).to_have_text(re.compile("train.py.*only in sweep/wide"))
    board.page.get_by_role("button", name="Compare the others with sweep/broken").click()
    changes.get_by_text("sweep/wide", exact=True).click()
    expect(changes.get_by_role("listitem")).to_have_text(
        [re.compile("model.py.*only in sweep/broken"), re.compile("train.py.*the same in both")]
    )


def test_samples_beside_each_other_at_a_step(board: Board) -> None:
    panel = open_tab(board, "Samples")
    pictures = panel.get_by_role("region", name="pictures")
    expect(pictures.get_by_role("img")).to_have_count(3)
    panel.get_by_text("Texts", exact=True).click()
    texts = panel.get_by_role("region", name="samples")
    expect(texts.locator("figure").nth(1)).to_contain_text("Step 59: lr 0.001 says hello")
    panel.get_by_role("button", name="Previous step").click()
    expect(texts.locator("figure").nth(1)).to_contain_text("Step 49: lr 0.001 says hello")
    expect(texts.locator("em").first).to_have_text("hello")


def test_the_address_restores_the_comparison(board: Board) -> None:
    board.page.get_by_role("button", name="Compare the others with sweep/wide").click()
    panel = open_tab(board, "Metrics")
    panel.get_by_text("Best", exact=True).click()
    board.expect_address("compare.at=best")
    board.reload()
    expect(chosen(board)).to_have_text([re.compile(run) for run in RUNS])
    expect(chosen(board).nth(1)).to_contain_text("baseline")
    expect(panel.get_by_role("radio", name="Best")).to_be_checked()
    chosen(board).nth(0).get_by_role("button", name="sweep/base", exact=True).click()
    expect(board.page.get_by_role("heading", name="sweep/base")).to_be_visible()
    board.page.go_back()
    expect(chosen(board)).to_have_count(3)


def test_one_run_is_no_comparison(board: Board) -> None:
    for run in RUNS[1:]:
        board.page.get_by_role("button", name=f"Take {run} out of the comparison").click()
    expect(board.page.get_by_role("tabpanel")).to_contain_text("Choose two runs or more")


def test_hostile_and_plain_runs_are_compared(about: Viewer, visit: Visit) -> None:
    board = visit(about, "?view=compare", locale="zh-CN", size=(390, 844))
    for tab in ("总览", "指标", "曲线", "配置", "代码与环境", "样本"):
        open_tab(board, tab)
        found = [one for one in board.overflowing() if not re.search("tabs|rail|NAV|scroller|row", one)]
        assert found == [], tab


def test_columns_stand_below_each_other(board: Board) -> None:
    panel = open_tab(board, "Metrics")
    lefts = [
        [cell.bounding_box()["x"] for cell in row.locator(".cell").all()]  # type: ignore[index]
        for row in panel.locator("[data-metric], .heads").all()[:4]
    ]
    assert np.ptp(np.array(lefts), axis=0).max() <= 1
