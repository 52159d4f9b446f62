from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from browser import text_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.text_logdir import PROMPTS, answer
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("generations")
    text_logdir.write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def rows(board: Board, tag: str = "samples") -> Locator:
    return board.page.get_by_role("table", name=tag).locator("tbody tr")


def first_cells(board: Board, tag: str = "samples") -> list[str]:
    return [row.get_by_role("cell").nth(1).inner_text().strip() for row in rows(board, tag).all()]


def test_a_table_over_steps(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples")
    expect(rows(board)).to_have_count(4)
    expect(rows(board).first).to_contain_text(answer("base", 0, 300))
    board.page.get_by_role("slider", name="Step").fill("0")
    expect(rows(board)).to_have_count(3)
    expect(rows(board).first).to_contain_text(answer("base", 0, 0))
    board.page.get_by_role("combobox", name="Run", exact=True).select_option("tuned")
    expect(rows(board).first).to_contain_text(answer("tuned", 0, 0))


def test_rows_are_filtered_and_sorted(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples")
    filter = board.page.get_by_role("textbox", name="Filter rows")
    filter.fill("reward>1 -391")
    expect(rows(board)).to_have_count(2)
    expect(board.page.get_by_text("2 of 4 rows")).to_be_visible()
    filter.fill("answer:391")
    expect(rows(board).locator("mark")).to_have_text("391")
    filter.fill("")
    board.page.get_by_role("button", name="reward", exact=False).click()
    expect(rows(board)).to_have_count(4)
    assert first_cells(board) == list(reversed(PROMPTS))
    board.expect_address("text.sort=-reward")


def test_two_steps_are_compared_row_by_row(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples&text.step=200")
    board.page.get_by_label("Compare with").select_option("Previous step")
    sky = rows(board).first
    expect(sky.locator("del").first).to_have_text("100")
    expect(sky.locator("ins").nth(1)).to_have_text("more")
    expect(sky).to_contain_text("▲ +0.25")
    expect(board.page.get_by_text("3 changed, 0 the same, 1 new, 0 gone")).to_be_visible()
    expect(rows(board).nth(3)).to_contain_text("new")
    board.page.get_by_role("toolbar").locator("xpath=..").get_by_text("Side by side", exact=True).click()
    expect(board.page.get_by_role("columnheader", name="answer · Before")).to_be_visible()


def test_two_runs_are_matched_by_the_prompt(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples&text.step=100")
    board.page.get_by_label("Compare with").select_option("Run tuned")
    expect(rows(board).first.locator("del").first).to_have_text("tuned")
    expect(rows(board).first.locator("ins").first).to_have_text("base")
    board.page.get_by_label("Compare with").select_option("All runs side by side")
    expect(rows(board)).to_have_count(3)
    expect(rows(board).first).to_contain_text(answer("base", 0, 100))
    expect(rows(board).first).to_contain_text(answer("tuned", 0, 100))
    board.page.get_by_label("Column").select_option("reward")
    expect(rows(board).first).to_contain_text("0.5")


def test_a_prompt_is_followed_over_all_steps(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples")
    board.page.get_by_role("button", name=f"Follow this row over all steps: {PROMPTS[0]}").click()
    history = board.page.get_by_role("complementary", name="Over all steps")
    expect(history.get_by_role("listitem")).to_have_count(4)
    expect(history.get_by_role("listitem").first.locator("ins")).to_have_text("300")
    history.get_by_role("button", name="step 100").click()
    expect(rows(board).first).to_contain_text(answer("base", 0, 100))
    board.expect_address("text.row=[0-9a-z]{8}&")
    first = re.search("text.row=[0-9a-z]{8}", board.page.url)
    assert first is not None
    board.page.get_by_role("button", name=f"Follow this row over all steps: {PROMPTS[1]}").click()
    expect(history.get_by_text("Unchanged at 3 steps, 100 to 300")).to_be_visible()
    board.expect_address(f"(?!.*{first[0]})text.row=[0-9a-z]{{8}}&")
    board.reload()
    expect(history.get_by_text(PROMPTS[1])).to_be_visible()
    history.get_by_role("button", name="Close").click()
    expect(history).to_have_count(0)


def test_a_row_that_came_later_says_where_it_is_not(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=samples")
    board.page.get_by_role("button", name=f"Follow this row over all steps: {PROMPTS[3]}").click()
    expect(board.page.get_by_text("Not in the table at 2 steps, 0 to 100")).to_be_visible()


def test_ten_thousand_rows_are_there_and_few_are_drawn(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=z%2Fmany")
    expect(board.page.get_by_text("10,000 rows")).to_be_visible()
    assert rows(board, "z/many").count() < 60
    table = board.page.get_by_role("table", name="z/many")
    table.evaluate("table => table.parentElement.scrollTo(0, 1e9)")
    expect(table.get_by_text("question 9999", exact=True)).to_be_visible()
    board.page.get_by_role("textbox", name="Filter rows").fill('question="question 1234"')
    expect(rows(board, "z/many")).to_have_count(1)
