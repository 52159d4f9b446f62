from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.board import Board
from browser.chart import painted
from browser.conftest import Visit
from browser.logdirs import RUNS, TAGS
from browser.viewer import Viewer


def expect_drawn(board: Board, *runs: str) -> None:
    """These runs, and no other, are in the first chart."""
    colours = {run: board.colour(run) for run in board.names()}
    assert set(runs) <= set(colours)

    def drawn(colour: str) -> int:
        return int(painted(pixels, colour).sum())

    pixels = board.chart("train/loss").until(
        lambda now: all((painted(now, colour).sum() > 20) == (run in runs) for run, colour in colours.items())
    )
    assert all((drawn(colour) > 20) == (run in runs) for run, colour in colours.items())


def test_a_regular_expression_filters(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.rows).to_have_count(len(RUNS))
    gone = board.colour("baseline")
    board.run_filter.fill("^EXP/.*-lr$")
    expect(board.rows).to_have_count(2)
    assert board.names() == ["exp/high-lr", "exp/low-lr"]
    expect(board.page.get_by_text("2 of 4", exact=True)).to_be_visible()
    expect_drawn(board, "exp/high-lr", "exp/low-lr")
    assert not painted(board.chart("train/loss").pixels(), gone).any()
    board.run_filter.press("Escape")
    expect(board.rows).to_have_count(len(RUNS))
    expect_drawn(board, *RUNS)


def test_what_is_no_regular_expression_is_plain_text(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    board.run_filter.fill("exp(")
    expect(board.run_filter).to_have_attribute("aria-invalid", "true")
    expect(board.page.get_by_text("Not a regular expression, read as plain text.")).to_be_visible()
    expect(board.page.get_by_text("No run matches the filter.")).to_be_visible()
    board.run_filter.fill("exp/")
    expect(board.run_filter).to_have_attribute("aria-invalid", "false")
    expect(board.rows).to_have_count(2)


def test_runs_are_ticked_one_by_one(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect_drawn(board, *RUNS)
    board.tick("baseline").uncheck()
    expect_drawn(board, "exp/high-lr", "exp/low-lr", "protos")
    board.tick("protos").uncheck()
    expect_drawn(board, "exp/high-lr", "exp/low-lr")
    board.tick("baseline").check()
    expect_drawn(board, "baseline", "exp/high-lr", "exp/low-lr")


def test_all_and_none(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    board.page.get_by_role("button", name="None", exact=True).click()
    expect(board.page.get_by_text("No run is shown.")).to_be_visible()
    expect(board.cards).to_have_count(0)
    board.tick("protos").check()
    expect_drawn(board, "protos")
    board.page.get_by_role("button", name="All", exact=True).click()
    expect_drawn(board, *RUNS)
    board.page.get_by_role("button", name="None", exact=True).click()
    board.page.get_by_role("button", name="Show everything").click()
    expect_drawn(board, *RUNS)


def test_solo(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    only = board.page.get_by_role("button", name="Show only exp/low-lr")
    expect(only).to_be_hidden()
    board.tick("exp/low-lr").hover()
    only.click()
    expect_drawn(board, "exp/low-lr")
    expect(only).to_have_attribute("aria-pressed", "true")
    only.click()
    expect_drawn(board, *RUNS)


def test_a_run_keeps_its_colour(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.rows).to_have_count(len(RUNS))
    colours = {run: board.colour(run) for run in RUNS}
    assert len(set(colours.values())) == len(RUNS)
    board.run_filter.fill("low|protos")
    expect(board.rows).to_have_count(2)
    assert {run: board.colour(run) for run in board.names()}.items() <= colours.items()
    board.open()
    expect(board.rows).to_have_count(len(RUNS))
    assert {run: board.colour(run) for run in RUNS} == colours


def test_tags_are_searched(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    board.tag_search.fill("^train/|ACC")
    expect(board.cards).to_have_count(3)
    assert board.tags() == ["train/loss", "train/lr", "eval/accuracy"]
    board.tag_search.fill("nothing")
    expect(board.page.get_by_text("No tag matches the search.")).to_be_visible()
    board.page.get_by_role("main").get_by_role("button", name="Clear").click()
    expect(board.cards).to_have_count(len(TAGS))


def test_sections_collapse(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.cards).to_have_count(len(TAGS))
    heading = board.page.get_by_role("button", name=re.compile("^train"))
    heading.click()
    expect(heading).to_have_attribute("aria-expanded", "false")
    expect(board.cards).to_have_count(2)
    board.expect_address("closed=train")
    heading.click()
    expect(board.cards).to_have_count(len(TAGS))
    board.page.get_by_role("button", name="Collapse all").click()
    expect(board.cards).to_have_count(0)
    board.page.get_by_role("button", name="Expand all").click()
    expect(board.cards).to_have_count(len(TAGS))
