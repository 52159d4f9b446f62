from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

import headway
from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing

RUNS = 12


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """The more layers, the greater the last loss and the smaller the least; the rest says nothing."""
    logdir = tmp_path_factory.mktemp("sweep")
    for i in range(RUNS):
        config = {"lr": 10.0 ** -(1 + i % 4), "layers": i, "optimiser": ("adam", "sgd")[i % 2], "batch": 8}
        with headway.init(logdir / f"run-{i:02}", config=config) as run:
            for step, loss in enumerate((5.0 + i, (RUNS - i) / 10, 2.0 + i)):
                run.log({"val/loss": loss, "other": 1.0}, step=step)
    with viewing(logdir) as viewer:
        yield viewer


def table(board: Board) -> Locator:
    return board.page.get_by_role("main").get_by_role("table")


def column(board: Board, name: str) -> list[str]:
    """What stands in the table's column of that name, from above."""
    heads = [text.strip() for text in table(board).get_by_role("columnheader").all_inner_texts()]
    rows = table(board).locator("tbody tr:not([aria-hidden])")
    return [str(row.locator("th, td").nth(heads.index(name)).inner_text()) for row in rows.all()]


def test_the_table_shows_what_differs_and_sorts_by_the_metric(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=hparams&hparams.mode=table")
    heads = table(board).get_by_role("columnheader")
    expect(heads).to_have_text(["Run", "layers", "lr", "optimiser", "val/loss"])  # the batch is the same in all
    assert column(board, "Run")[0] == "run-00"
    assert column(board, "val/loss") == [str(2 + i) for i in range(RUNS)]
    heads.get_by_role("button", name="val/loss").click()
    expect(heads.last).to_have_attribute("aria-sort", "descending")
    assert column(board, "Run")[0] == f"run-{RUNS - 1}"


def test_the_least_and_the_value_at_a_step(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=hparams&hparams.mode=table")
    board.page.get_by_role("combobox", name=re.compile("^Value")).select_option("min")
    expect(table(board).locator("tbody th").first).to_have_text(f"run-{RUNS - 1}")
    board.page.get_by_role("combobox", name=re.compile("^Value")).select_option("step")
    expect(table(board).locator("tbody td").nth(3)).to_have_text("5")
    board.page.get_by_label("Step", exact=True).fill("1")
    board.page.get_by_label("Step", exact=True).press("Enter")
    expect(table(board).locator("tbody td").nth(3)).to_have_text("0.1")
    board.expect_address(r"hparams\.step=1")


def test_a_brush_lets_some_runs_through_and_is_in_the_address(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=hparams")
    page = board.page
    sheet = page.get_by_role("application", name="Parallel")
    expect(page.get_by_text(f"{RUNS} of {RUNS} runs")).to_be_visible()
    box = sheet.bounding_box()
    assert box is not None
    x = box["x"] + 64  # the layers, 0 to 11 from below
    page.mouse.move(x, box["y"] + box["height"] - 22)
    page.mouse.down()
    page.mouse.move(x, box["y"] + box["height"] * 0.6)
    page.mouse.up()
    expect(page.get_by_text(re.compile(rf"^[45] of {RUNS} runs"))).to_be_visible()
    board.expect_address(r"hparams\.brush=")
    board.reload()
    expect(page.get_by_text(re.compile(rf"^[45] of {RUNS} runs"))).to_be_visible()
    page.get_by_role("button", name="Let all runs through again").click()
    expect(page.get_by_text(f"{RUNS} of {RUNS} runs")).to_be_visible()


def test_importance_names_what_goes_with_the_metric(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=hparams&hparams.mode=importance")
    rows = board.page.get_by_role("main").get_by_role("listitem")
    expect(rows.first).to_contain_text("layers")
    expect(rows.first).to_contain_text("100%")
    expect(rows.first).to_contain_text("grows with it")
    expect(rows.first).to_contain_text("beyond chance")
    expect(rows.last).to_contain_text("within chance")


def test_settings_are_chosen_and_a_run_is_opened(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=hparams&hparams.mode=scatter")
    page = board.page
    cells = page.get_by_role("main").get_by_role("figure")
    expect(cells).to_have_count(4 * 3)
    page.get_by_text("3 settings").click()
    page.get_by_role("checkbox", name="optimiser").uncheck()
    expect(cells).to_have_count(3 * 2)
    page.get_by_text("Table", exact=True).click()
    page.get_by_role("main").get_by_role("button", name="run-03").click()
    board.expect_address("view=run")


def test_runs_that_do_not_differ(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?view=hparams")
    expect(board.page.get_by_role("main")).to_contain_text("Nothing to compare yet")
    expect(board.page.get_by_role("main")).to_contain_text("config={")
