"""Arranging charts: pinned, hidden, sized, moved, combined, made; undone; saved under a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from browser import workspace_logdir
from browser.board import Board
from browser.chart import TWO_FRAMES
from browser.conftest import Visit
from browser.viewer import Viewer, viewing
from events.frames import scalar, write

TALL = (1280, 1500)
"""Of the window: all charts are seen."""

UNDO = "Control+z"
REDO = "Control+Shift+z"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Two runs of six tags."""
    logdir = tmp_path_factory.mktemp("two")
    workspace_logdir.write_two(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def choose(board: Board, tag: str, item: str) -> None:
    """From the menu of a chart."""
    card = board.chart(tag).card
    card.hover()
    card.get_by_role("button", name=f"Options of {tag}", exact=True).click()
    board.page.get_by_role("menuitem", name=item, exact=True).click()


def section(board: Board, name: str) -> Locator:
    return board.page.get_by_role("region", name=name, exact=True)


def tags_of(board: Board, name: str) -> list[str]:
    cards = section(board, name).get_by_role("article")
    return [card.get_attribute("aria-label") or "" for card in cards.all()]


def grab(board: Board, tag: str) -> None:
    """Take a chart by its header."""
    box = board.chart(tag).card.bounding_box()
    assert box is not None
    board.page.mouse.move(box["x"] + 60, box["y"] + 18)
    board.page.mouse.down()
    board.page.mouse.move(box["x"] + 80, box["y"] + 30)


def carry(board: Board, tag: str, across: float) -> None:
    """To a place of another chart: a share of its width."""
    box = board.chart(tag).card.bounding_box()
    assert box is not None
    board.page.mouse.move(box["x"] + across * box["width"], box["y"] + box["height"] / 2, steps=4)
    board.page.evaluate(TWO_FRAMES)


def test_a_pinned_chart_stands_first_and_an_address_keeps_it(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    expect(board.chart("val/loss").card).to_be_visible()
    choose(board, "val/loss", "Pin to the top")
    expect(section(board, "Pinned").get_by_role("article")).to_have_count(1)
    assert tags_of(board, "Pinned") == ["val/loss"]
    assert tags_of(board, "val") == ["val/accuracy"]
    board.expect_address("pin=val%2Floss")
    board.reload()
    expect(section(board, "Pinned").get_by_role("article")).to_have_count(1)
    choose(board, "val/loss", "Unpin")
    expect(section(board, "Pinned")).to_have_count(0)
    assert tags_of(board, "val") == ["val/loss", "val/accuracy"]


def test_a_hidden_chart_can_be_brought_back(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    choose(board, "train/lr", "Hide")
    expect(board.chart("train/lr").card).to_have_count(0)
    board.page.get_by_role("button", name="1 hidden chart").click()
    board.page.get_by_role("button", name="Show train/lr again").click()
    expect(board.chart("train/lr").card).to_be_visible()
    expect(board.page.get_by_role("button", name="1 hidden chart")).to_have_count(0)


def test_everything_is_undone_and_done_again(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    page = board.page
    choose(board, "val/loss", "Hide")
    board.set_smoothing(0.9)
    board.set_smoothing(0.95)
    page.keyboard.press("Escape")
    page.locator("body").press(UNDO)
    expect(page.get_by_text("Undone: smoothing")).to_be_visible()
    expect(board.smoothing).to_have_value("0.6")
    page.locator("body").press(UNDO)
    expect(page.get_by_text("Undone: hid val/loss")).to_be_visible()
    expect(board.chart("val/loss").card).to_be_visible()
    page.locator("body").press(REDO)
    expect(page.get_by_text("Done again: hid val/loss")).to_be_visible()
    expect(board.chart("val/loss").card).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(board.chart("val/loss").card).to_be_visible()
    expect(page.get_by_role("toolbar").get_by_role("button", name="Undo")).to_be_disabled()
    # A field undoes its own text.
    board.tag_search.fill("loss")
    board.tag_search.press(UNDO)
    expect(page.get_by_text("Undone: search")).to_have_count(0)


def test_a_chart_is_dragged_by_its_header(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    expect(board.chart("train/tokens").card).to_be_visible()
    assert tags_of(board, "train") == ["train/loss", "train/lr", "train/tokens"]
    grab(board, "train/tokens")
    carry(board, "train/loss", 0.2)
    board.page.mouse.up()
    board.expect_address("move=train%2Ftokens&before=train%2Floss")
    assert tags_of(board, "train") == ["train/tokens", "train/loss", "train/lr"]
    grab(board, "train/tokens")
    carry(board, "train/lr", 0.9)
    board.page.mouse.up()
    expect(section(board, "train").get_by_role("article").first).to_have_attribute("aria-label", "train/loss")
    assert tags_of(board, "train") == ["train/loss", "train/lr", "train/tokens"]
    grab(board, "train/tokens")
    carry(board, "train/loss", 0.2)
    board.page.keyboard.press("Escape")
    board.page.mouse.up()
    assert tags_of(board, "train") == ["train/loss", "train/lr", "train/tokens"]
    # Into another section it does not go.
    grab(board, "train/lr")
    carry(board, "val/loss", 0.2)
    board.page.mouse.up()
    assert tags_of(board, "val") == ["val/loss", "val/accuracy"]


def test_keys_move_and_size_a_chart(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    expect(board.chart("train/loss").card).to_be_visible()
    plot = board.page.get_by_role("application", name="train/loss")
    plot.focus()
    plot.press("Alt+ArrowRight")
    expect(section(board, "train").get_by_role("article").first).to_have_attribute("aria-label", "train/lr")
    assert tags_of(board, "train") == ["train/lr", "train/loss", "train/tokens"]
    expect(plot).to_be_focused()
    expect(board.page.get_by_text("train/loss: place 2 of 3")).to_be_attached()
    before = board.chart("train/loss").card.bounding_box()
    plot.press("Alt+Shift+ArrowDown")
    board.expect_address("size=1x2\\+train")
    after = board.chart("train/loss").card.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > 2 * before["height"]


def test_a_chart_is_sized_by_its_corner(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    card = board.chart("train/loss").card
    box = card.bounding_box()
    assert box is not None
    corner = board.page.get_by_role("button", name="Size of train/loss")
    corner.hover()
    board.page.mouse.down()
    board.page.mouse.move(box["x"] + 1.7 * box["width"], box["y"] + 1.8 * box["height"], steps=4)
    expect(board.page.get_by_text("2 columns × 2 rows")).to_be_visible()
    board.page.mouse.up()
    board.expect_address("size=2x2\\+train")
    corner.press("ArrowUp")
    board.expect_address("size=2x1\\+train")
    corner.dblclick()
    board.expect_address(r"/$")
    assert card.bounding_box() == box


def test_one_chart_of_two_by_dropping_one_on_the_other(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    grab(board, "val/loss")
    board.page.keyboard.down("Shift")
    carry(board, "train/loss", 0.5)
    expect(board.page.get_by_text("One chart with train/loss")).to_be_visible()
    board.page.mouse.up()
    board.page.keyboard.up("Shift")
    assert tags_of(board, "Made here") == ["train/loss, val/loss"]
    board.chart("train/loss, val/loss").until(lambda pixels: bool(pixels.any()))
    board.reload()
    expect(section(board, "Made here").get_by_role("article")).to_have_count(1)


def test_a_new_chart_of_tags_and_expressions(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    page = board.page
    page.get_by_role("button", name="New chart").click()
    dialog = page.get_by_role("dialog", name="New chart")
    first = dialog.locator("input[role=combobox]").first
    first.fill("val/l")
    dialog.get_by_role("option", name="val/loss").click()
    dialog.get_by_role("button", name="Add a tag or expression").click()
    dialog.locator("input[role=combobox]").nth(1).fill("train/loss * 2")
    dialog.get_by_role("textbox", name="Title").fill("Both")
    dialog.get_by_role("button", name="Save as a new chart").click()
    expect(board.chart("Both").card).to_be_visible()
    board.chart("Both").until(lambda pixels: bool(pixels.any()))
    choose(board, "Both", "Pin to the top")
    assert tags_of(board, "Pinned") == ["Both"]


def test_a_view_is_saved_opened_changed_and_forgotten(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    page = board.page
    choose(board, "val/loss", "Pin to the top")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("textbox", name="Name of the view").fill("Losses & more")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as Losses & more")).to_be_visible()
    board.expect_address(r"\?saved=Losses\+%26\+more$")
    # Whoever has the server opens it.
    other = visit(two, "?saved=Losses+%26+more")
    expect(section(other, "Pinned").get_by_role("article")).to_have_count(1)
    other.set_smoothing(0)
    other.expect_address("from=Losses")
    other.page.get_by_role("button", name="Saved views").click()
    other.page.get_by_role("button", name="Update", exact=True).click()
    expect(other.page.get_by_text("Updated Losses & more")).to_be_visible()
    other.expect_address(r"\?saved=Losses\+%26\+more$")
    page.keyboard.press("Escape")
    board.page.locator("body").press(UNDO)
    expect(section(board, "Pinned")).to_have_count(0)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name=re.compile("^Losses & more")).click()
    expect(board.smoothing).to_have_value("0")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Rename Losses & more").click()
    page.get_by_role("textbox", name="Name of the view").first.fill("Losses")
    page.keyboard.press("Enter")
    board.expect_address(r"\?saved=Losses$")
    page.get_by_role("button", name="Delete Losses").click()
    expect(page.get_by_role("button", name="Delete Losses")).to_have_count(0)
    gone = visit(two, "?saved=Losses")
    expect(gone.page.get_by_text("There is no saved view Losses")).to_be_visible()


def test_a_log_directory_opens_as_its_reader_wants(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    page = board.page
    board.set_smoothing(0.25)
    page.get_by_role("button", name="Saved views").click()
    page.get_by_text("Open this log directory like this").click()
    page.goto(two.url)
    expect(board.smoothing).to_have_value("0.25")
    page.goto(f"{two.url}?smoothing=0.9")
    expect(board.smoothing).to_have_value("0.9")


def test_settings_of_all_charts_say_what_differs(two: Viewer, visit: Visit) -> None:
    board = visit(two, size=TALL)
    page = board.page
    board.settings()
    page.get_by_role("radiogroup", name="Y scale").get_by_text("Symlog").click()
    page.get_by_role("radiogroup", name="Kind of smoothing").get_by_text("Median").click()
    board.expect_address("smoother=median.*yscale=symlog")
    expect(page.get_by_text("2 settings differ from the default")).to_be_visible()
    x = page.get_by_role("combobox", name="X from a series")
    x.fill("tok")
    page.get_by_role("option", name="train/tokens").click()
    board.expect_address("x=train%2Ftokens")
    page.get_by_role("button", name="Reset", exact=True).click()
    board.expect_address(r"/$")


def test_what_is_seen_stays_where_it_is_when_tags_arrive(tmp_path: Path, visit: Visit) -> None:
    workspace_logdir.write_deep(tmp_path, 240)
    with viewing(tmp_path) as viewer:
        board = visit(viewer)
        expect(board.chart("layer00000/0").card).to_be_visible()
        board.cards.first.hover()
        board.page.mouse.wheel(0, 3200)
        board.page.evaluate(TWO_FRAMES)
        seen = board.chart("layer00003/0").card
        expect(seen).to_be_in_viewport()
        place = seen.bounding_box()
        frames = [scalar(f"early{number}/loss", 1, 1, wall_time=1.7e9) for number in range(40)]
        write(tmp_path / "new" / "events.out.tfevents.1.host", frames)
        expect(board.rows).to_have_count(2)
        board.page.evaluate(TWO_FRAMES)
        assert seen.bounding_box() == place
        board.page.get_by_role("button", name="Collapse all").click()
        expect(board.page.get_by_role("button", name="Expand all")).to_be_visible()
