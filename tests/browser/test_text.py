from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from browser import text_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("texts")
    text_logdir.write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def card(board: Board, run: str, tag: str = "note") -> Locator:
    return board.page.get_by_role("article", name=f"{run}, {tag}")


def test_markdown_is_formatted_and_harmless(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=note")
    note = card(board, "base")
    expect(note.get_by_role("heading", name="Step 300")).to_be_visible()
    expect(note.get_by_role("strong")).to_have_text("loss")
    expect(note.get_by_role("cell", name="<think>2")).to_be_visible()
    expect(note.get_by_text('<script>alert("hacked")</script>')).to_be_visible()
    expect(note.get_by_text("[no](javascript:alert(1))")).to_be_visible()
    expect(note.locator("img, script")).to_have_count(0)
    assert note.get_by_role("link", name="Docs").get_attribute("rel") == "noopener noreferrer nofollow"
    board.page.get_by_role("radiogroup", name="How it is shown").get_by_text("Source").click()
    expect(note.get_by_text("# Step 300", exact=False)).to_be_visible()
    board.expect_address("text.source=1")


def test_html_is_in_a_frame_that_can_do_nothing(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=page")
    frame = card(board, "tuned", "page").locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    heading = frame.content_frame.get_by_role("heading")
    expect(heading).to_have_text("Report 300")
    expect(heading).to_have_css("color", "rgb(0, 128, 0)")


def test_steps_are_walked_through(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=note")
    expect(card(board, "base").get_by_role("heading")).to_have_text("Step 300")
    board.page.get_by_role("button", name="Previous step: Step of note").click()
    expect(card(board, "tuned").get_by_role("heading")).to_have_text("Step 200")
    board.expect_address("text.step=200")
    board.reload()
    expect(card(board, "tuned").get_by_role("heading")).to_have_text("Step 200")


def test_steps_and_runs_are_compared(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=note&text.step=100")
    against = board.page.get_by_label("Compare with")
    against.select_option("Previous step")
    base = card(board, "base")
    expect(base.locator("del").first).to_have_text("0")
    expect(base.locator("ins").first).to_have_text("100")
    against.select_option("Run tuned")
    expect(base.locator("del")).to_have_text("tuned")
    expect(base.locator("ins")).to_have_text("base")
    expect(card(board, "tuned").get_by_text("Unchanged")).to_be_visible()
    board.page.get_by_role("checkbox", name="Show base", exact=True).uncheck()
    expect(base).to_have_count(0)


def test_texts_of_all_steps_are_searched(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=note")
    board.page.get_by_role("textbox", name="Search tags and texts").fill("SAYS AT 200")
    found = board.page.get_by_role("navigation", name="Texts").get_by_role("button", name="samples")
    expect(found).to_have_count(2)
    expect(found.first.locator("mark")).to_have_text("says at 200")
    found.nth(1).click()
    expect(board.page.get_by_role("table", name="samples").get_by_text("tuned says at 200").first).to_be_visible()
    board.expect_address("text.step=200")


def test_a_phone(texts: Viewer, visit: Visit) -> None:
    board = visit(texts, "?view=text&text.tag=note", size=(390, 844), touch=True)
    expect(card(board, "base").get_by_role("heading")).to_be_visible()
    assert board.overflowing() == []
    board.page.get_by_label("Tag", exact=True).select_option("samples")
    expect(board.page.get_by_role("table", name="samples")).to_be_visible()
