from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

import headway
from browser.board import Board
from browser.conftest import Visit
from browser.run_table import RunTable
from browser.sweep_logdir import FAILED, SWEEP, last_loss, write_sweep
from browser.viewer import Viewer, viewing

ALL = [FAILED, *SWEEP]


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Nine runs; nothing is said of them."""
    logdir = tmp_path_factory.mktemp("sweep")
    write_sweep(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def opened(sweep: Viewer, visit: Visit, query: str = "") -> tuple[Board, RunTable]:
    board = visit(sweep, f"?view=runs{query}", size=(1440, 900))
    table = RunTable(board.page)
    expect(table.rows.first).to_be_visible()
    return board, table


def test_what_it_shows_at_first(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit)
    table.expect_names(*ALL)
    expect(table.cell(FAILED, "state")).to_have_text("Failed")
    expect(table.cell(SWEEP[0], "state")).to_have_text("Finished")
    for run in SWEEP:
        expect(table.cell(run, "last:train/loss")).to_have_text(f"{last_loss(run):g}")
    expect(table.cell(SWEEP[0], "config:optim.lr")).to_have_text("0.0001")
    expect(table.cell(SWEEP[0], "curve:train/loss").locator("path")).to_have_count(1)
    expect(table.cell(SWEEP[0], "tags")).to_have_text("sweep")
    assert "config:layers" not in table.columns()  # the same in all
    expect(board.page.get_by_text("9 of 9 runs")).to_be_visible()


def test_any_column_sorts_with_what_is_missing_last(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit)
    table.sort("last:train/loss")
    expect(table.head("last:train/loss")).to_have_attribute("aria-sort", "ascending")
    table.expect_names(*SWEEP, FAILED)
    table.sort("last:train/loss")
    table.expect_names(FAILED, *reversed(SWEEP))
    board.expect_address("runs.sort=-last")
    table.sort("config:optim.lr")
    expect(table.head("config:optim.lr")).to_have_attribute("aria-sort", "ascending")
    board.expect_address("runs.sort=config")
    board.reload()
    expect(table.head("config:optim.lr")).to_have_attribute("aria-sort", "ascending")
    expect(table.rows.last).to_have_attribute("data-row", FAILED)
    table.grid.get_by_role("button", name="Name", exact=True).click()
    table.expect_names(*ALL)


def test_an_expression_filters_and_says_what_is_wrong(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit)
    board.forgive("400")
    board.run_filter.fill("config.optim.lr < 5e-4 and last(train/loss) < 1.2")
    table.expect_names(*SWEEP[:2])
    expect(board.page.get_by_text("Expression", exact=True)).to_be_visible()
    board.run_filter.fill("config.optim.lr < 5e-4 and last(train/loss")
    expect(board.run_filter).to_have_attribute("aria-invalid", "true")
    expect(board.page.get_by_role("status").filter(has_text="last(tag) was expected")).to_be_visible()
    table.expect_names(*SWEEP[:2])  # as before
    board.run_filter.fill("state == failed")
    table.expect_names(FAILED)
    board.run_filter.fill("lion.*-0$")
    expect(board.page.get_by_text("Regex", exact=True)).to_be_visible()
    table.expect_names(*[run for run in SWEEP if "lion" in run and run.endswith("-0")])
    board.run_filter.fill("nothing")
    expect(board.page.get_by_text("No run matches the filter.")).to_be_visible()
    board.page.get_by_role("button", name="Clear the filter").click()
    table.expect_names(*ALL)


def test_columns_are_chosen_moved_and_made_wider(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit, "&runs.columns=state|last:train/loss|tags|note|config:optim.lr")
    page = board.page
    page.get_by_role("button", name="Columns", exact=True).click()
    page.get_by_role("textbox", name="Search columns").fill("loss")
    page.get_by_role("button", name="min train/loss").click()
    page.get_by_role("textbox", name="Search columns").fill("layers")
    page.get_by_role("checkbox", name=re.compile("layers")).check()
    page.keyboard.press("Escape")
    expect(table.cell(SWEEP[0], "config:layers")).to_have_text("12")
    assert table.columns()[-2:] == ["min:train/loss", "config:layers"]
    board.expect_address("runs.columns=")

    table.head("config:optim.lr").get_by_role("button").first.click(button="right")
    page.get_by_role("menuitem", name="Move left").click()
    moved = table.columns()
    assert moved.index("config:optim.lr") == 3
    table.head("state").get_by_role("button").first.drag_to(table.head("last:train/loss"))
    assert table.columns().index("state") >= 1

    width = table.head("last:train/loss").evaluate("e => e.clientWidth")
    grip = table.head("last:train/loss").get_by_role("button", name="Width of last train/loss")
    grip.press("ArrowRight")
    expect(table.head("last:train/loss")).to_have_js_property("clientWidth", width + 16)
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 44, box["y"] + 10)
    page.mouse.up()
    expect(table.head("last:train/loss")).to_have_js_property("clientWidth", width + 56)

    table.head("config:layers").get_by_role("button", name="Column layers").click()
    page.get_by_role("menuitem", name="Hide column").click()
    expect(table.head("config:layers")).to_have_count(0)
    board.expect_address(f"runs.widths=.*{width + 56}")
    board.reload()
    expect(table.head("min:train/loss")).to_be_visible()
    expect(table.head("last:train/loss")).to_have_js_property("clientWidth", width + 56)


def test_columns_that_are_the_same_in_all_runs_go_by_one_switch(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit, "&runs.columns=config:layers|config:seed|tags&runs=sweep")
    expect(table.head("config:layers")).to_be_visible()
    board.page.get_by_text("Differing only").click()
    expect(table.head("config:layers")).to_have_count(0)
    assert table.columns() == ["config:seed"]


def test_groups_have_means_with_intervals(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit, "&runs=sweep")
    page = board.page
    page.get_by_role("button", name="Groups and colours").click()
    page.get_by_role("combobox", name="Add a key of the config").select_option("optim.name")
    expect(page.get_by_role("radiogroup", name="Band")).to_be_visible()
    page.keyboard.press("Escape")
    expect(table.groups).to_have_count(2)
    adam = page.locator('tr[data-group="adam"]')
    # 1, 1.125, 1.25, 1.375: mean 1.1875, sd 0.1614, t(3) = 3.182
    expect(adam.locator('td[data-column="last:train/loss"]')).to_have_text("1.19 ± 0.26")
    expect(adam.locator('td[data-column="config:optim.name"]')).to_have_text("adam")
    expect(adam.locator('td[data-column="config:seed"]')).to_have_text("2 values")
    adam.get_by_role("button", name=re.compile("adam")).click()
    expect(adam).to_have_attribute("aria-expanded", "false")
    table.expect_names(*SWEEP[4:])
    table.sort("last:train/loss")
    expect(table.groups.first).to_have_attribute("data-group", "adam")
    table.sort("last:train/loss")
    expect(table.groups.first).to_have_attribute("data-group", "lion")
    board.expect_address("runs.sort=-last.*runs.closed|runs.closed.*runs.sort=-last")
    board.reload()
    expect(adam).to_have_attribute("aria-expanded", "false")


def test_runs_are_coloured_by_what_people_choose(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep)
    expect(board.rows).to_have_count(9)
    assert len({board.colour(run) for run in ALL}) == 9
    board.page.get_by_role("button", name="More for the run list").click()
    board.page.get_by_role("menuitem", name="Groups and colours").click()
    board.page.get_by_role("radiogroup", name="Colour by").get_by_text("Config").click()
    board.page.get_by_role("combobox", name="Key of the config", exact=True).select_option("optim.lr")
    board.page.keyboard.press("Escape")
    legend = board.page.get_by_role("region", name="Colours")
    expect(legend).to_contain_text("0.0001")
    colours = {board.colour(run) for run in SWEEP}
    assert len(colours) == 2
    assert board.colour(FAILED) not in colours
    board.open("?runs.colour=regex:sweep/(%5Cw%2B)-")
    expect(legend).to_contain_text("lion")
    assert len({board.colour(run) for run in SWEEP if "lion" in run}) == 1


def test_rows_are_chosen_as_in_any_list(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit)
    page = board.page
    table.choose(SWEEP[1])
    assert table.chosen() == [SWEEP[1]]
    table.choose(SWEEP[3], "Shift")
    assert table.chosen() == list(SWEEP[1:4])
    table.choose(SWEEP[2], "Control")
    assert table.chosen() == [SWEEP[1], SWEEP[3]]
    expect(page.get_by_text("2 selected")).to_be_visible()
    table.grid.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert table.chosen() == [SWEEP[0]]
    page.keyboard.press("Shift+ArrowDown")
    assert table.chosen() == list(SWEEP[:2])
    page.keyboard.press("Space")
    expect(table.row(SWEEP[0]).get_by_role("checkbox")).not_to_be_checked()
    expect(table.row(SWEEP[1]).get_by_role("checkbox")).not_to_be_checked()
    expect(table.row(SWEEP[2]).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("Control+a")
    assert table.chosen() == ALL
    page.keyboard.press("Escape")
    assert table.chosen() == []
    page.get_by_role("checkbox", name="Show in charts").uncheck()
    expect(table.row(FAILED).get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("checkbox", name="Show in charts").check()
    expect(table.row(SWEEP[0]).get_by_role("checkbox")).to_be_checked()


def test_two_runs_are_compared_and_one_is_opened(sweep: Viewer, visit: Visit) -> None:
    board, table = opened(sweep, visit)
    table.choose(SWEEP[1])
    table.choose(SWEEP[2], "Control")
    board.page.get_by_role("toolbar", name="Actions").get_by_role("button", name="Compare").click()
    board.expect_address(r"view=compare&.*compare.runs=[0-9a-z]{8}\.[0-9a-z]{8}")
    board.page.go_back()
    table.choose(SWEEP[0])
    table.grid.press("Enter")
    board.expect_address(r"view=run&.*run.name=[0-9a-z]{8}")


def test_rows_stay_where_they_are_while_somebody_looks(tmp_path: Path, visit: Visit) -> None:
    with ExitStack() as stack:
        viewer = stack.enter_context(viewing(tmp_path))  # it ends last, when the page is not asking any more
        runs = {name: stack.enter_context(headway.init(tmp_path / name)) for name in "ab"}
        for i, run in enumerate(runs.values()):
            run.log({"loss": 1.0 + i}, step=0)
            run.flush()
        board, table = opened(viewer, visit, "&runs.sort=last:loss")
        table.expect_names("a", "b")
        expect(table.cell("a", "state")).to_have_text("Running")
        table.row("b").hover()
        runs["b"].log({"loss": 0.5}, step=1)
        runs["b"].flush()
        expect(table.cell("b", "last:loss")).to_have_text("0.5")
        assert table.names() == ["a", "b"]
        board.page.get_by_role("banner").hover()
        table.expect_names("b", "a")


def test_it_works_on_a_phone(sweep: Viewer, visit: Visit) -> None:
    board = visit(sweep, "?view=runs", size=(390, 844), touch=True)
    table = RunTable(board.page)
    expect(table.rows.first).to_be_visible()
    assert board.page.evaluate("document.documentElement.scrollWidth") <= 390
