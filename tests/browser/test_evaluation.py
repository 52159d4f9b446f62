from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from browser import evaluation_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("evaluated")
    evaluation_logdir.write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def curve(board: Board) -> Locator:
    return board.page.get_by_role("article", name="Curve pr")


def matrix(board: Board) -> Locator:
    return board.page.get_by_role("article", name="Confusion matrix confusion")


def test_curves_of_runs_at_a_step(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation")
    rows = curve(board).locator("tbody tr")
    expect(rows.filter(has_text="new")).to_contain_text("step 200")
    expect(rows.filter(has_text="new").get_by_role("cell").nth(1)).to_have_text("1")
    expect(curve(board).locator("path.curve")).to_have_count(2)
    board.page.get_by_role("slider", name="Step of all").fill("0")
    expect(rows.filter(has_text="new").get_by_role("cell").nth(1)).not_to_have_text("1")
    board.page.get_by_role("checkbox", name="Show old", exact=True).uncheck()
    expect(curve(board).locator("path.curve")).to_have_count(1)
    board.expect_address("evaluation.step=0")


def test_a_point_tells_its_threshold_and_counts(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation")
    plot = curve(board).get_by_role("img")
    expect(curve(board).locator("path.curve")).to_have_count(2)
    box = plot.bounding_box()
    assert box is not None
    side = min(box["width"], box["height"])
    left = box["x"] + (box["width"] - side) / 2
    board.page.mouse.move(left + 0.96 * side, box["y"] + 0.04 * side)
    read = curve(board).locator(".read")
    expect(read).to_contain_text("new")
    expect(read).to_contain_text("3 / 0")  # all found, nothing else


def test_roc_lines_of_f1_and_a_fan_over_steps(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation")
    board.flip("F1 lines")
    expect(curve(board).get_by_text("F1 0.8")).to_be_visible()
    board.flip("Over steps")
    expect(curve(board).locator("path.thin")).to_have_count(6)
    board.page.get_by_role("radiogroup", name="Curve").get_by_text("ROC").click()
    expect(curve(board).get_by_text("AUC")).to_be_visible()
    expect(curve(board).get_by_text("False positive rate")).to_be_visible()
    board.expect_address("evaluation.curve=roc")


def test_a_confusion_matrix_and_its_classes(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation")
    expect(matrix(board)).to_contain_text("accuracy 76.67 %")
    cat = matrix(board).get_by_role("row", name="cat")
    expect(cat.get_by_role("cell").nth(1)).to_contain_text("0.8")
    pairs = matrix(board).get_by_role("listitem")
    expect(pairs.first).to_contain_text("cow taken for dog")
    heat = matrix(board).get_by_role("application")
    heat.focus()
    board.page.keyboard.press("ArrowRight")
    board.page.keyboard.press("ArrowRight")
    expect(matrix(board).get_by_role("status")).to_contain_text("cat taken for dog 2")


def test_two_matrices_are_compared(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation&evaluation.step=100")
    matrix(board).get_by_label("Compare with").select_option("old")
    expect(matrix(board)).to_contain_text("▲ 13.33")
    matrix(board).get_by_label("Compare with").select_option("First step")
    expect(matrix(board)).to_contain_text("▲ 6.667")
    expect(matrix(board).get_by_role("row", name="cat")).to_contain_text("▲ 0.1")
    matrix(board).get_by_role("radiogroup", name="Cells show").get_by_text("Recall").click()
    board.expect_address("evaluation.share=actual")


def test_a_phone(evaluated: Viewer, visit: Visit) -> None:
    board = visit(evaluated, "?view=evaluation", size=(390, 844), touch=True)
    expect(matrix(board)).to_be_attached()
    assert board.overflowing() == []
