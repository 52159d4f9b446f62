from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.board import Board
from browser.conftest import Visit
from browser.run_table import RunTable
from browser.sweep_logdir import SWEEP, write_sweep
from browser.viewer import Viewer, viewing
from headway.marks import Marks

ONE, TWO = SWEEP[:2]


@pytest.fixture
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Viewer, Marks]]:
    """Nine runs of which things are said; and what is said of them."""
    logdir = tmp_path_factory.mktemp("edits")
    write_sweep(logdir)
    with viewing(logdir) as viewer:
        yield viewer, Marks(logdir)


def opened(viewer: Viewer, visit: Visit) -> tuple[Board, RunTable]:
    board = visit(viewer, "?view=runs&runs=sweep", size=(1440, 900))
    table = RunTable(board.page)
    expect(table.rows).to_have_count(len(SWEEP))
    return board, table


def test_a_run_gets_a_name_and_a_note(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, marks = sweep
    board, table = opened(viewer, visit)
    page = board.page
    table.act(ONE, "Rename")
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    name.fill("<b>best</b> so far")
    name.press("Enter")
    expect(table.row(ONE)).to_contain_text("<b>best</b> so far")
    expect(table.row(ONE)).to_contain_text(ONE)  # its own, beneath
    assert marks.of(ONE).name == "<b>best</b> so far"

    table.act(ONE, "Note")
    page.get_by_role("textbox", name="Note").fill("# Why\n\n- *warm-up* helps")
    page.get_by_text("Preview", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_text("warm-up helps")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(table.cell(ONE, "note")).to_have_text("Why")
    assert marks.of(ONE).note.startswith("# Why")

    page.get_by_role("button", name="Undo").last.click()
    expect(table.notice("Undone")).to_be_visible()
    expect(table.cell(ONE, "note")).to_have_text("")
    table.grid.focus()
    page.keyboard.press("Control+z")
    expect(table.row(ONE)).not_to_contain_text("best")
    assert marks.of(ONE).name == ""


def test_many_runs_get_tags_a_group_and_a_colour_at_once(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, marks = sweep
    board, table = opened(viewer, visit)
    page = board.page
    marks.set(ONE, tags=["old"])
    expect(table.cell(ONE, "tags")).to_contain_text("old")
    table.choose(ONE)
    table.choose(TWO, "Control")
    page.get_by_role("toolbar", name="Actions").get_by_role("button", name="Tags").click()
    page.get_by_label("Add a tag").fill("paper")
    page.keyboard.press("Enter")
    expect(table.cell(TWO, "tags")).to_contain_text("paper")
    page.get_by_role("button", name="Remove the tag old").click()
    page.keyboard.press("Escape")
    expect(table.cell(ONE, "tags")).to_have_text("sweeppaper")
    assert marks.of(ONE).tags == marks.of(TWO).tags == ("paper",)

    table.act(ONE, "Group")
    page.get_by_role("dialog").get_by_label("Group").fill("final")
    page.keyboard.press("Enter")
    expect(table.notice("Group of 2 runs changed")).to_be_visible()
    assert marks.of(TWO).group == "final"

    table.act(ONE, "Colour")
    page.get_by_role("button", name="Teal").click()
    expect(table.notice("Colour of 2 runs changed")).to_be_visible()
    colours = [
        table.row(run).get_by_role("rowheader").evaluate("e => e.style.getPropertyValue('--colour')")
        for run in (ONE, TWO)
    ]
    assert colours == [marks.of(ONE).colour] * 2


def test_archived_runs_are_hidden_until_somebody_asks(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, marks = sweep
    board, table = opened(viewer, visit)
    page = board.page
    table.act(ONE, "Archive")
    expect(table.row(ONE)).to_have_count(0)
    assert marks.of(ONE).archived
    page.get_by_text("Archived (1)").click()
    expect(table.row(ONE)).to_be_visible()
    board.expect_address("runs.archived=1")
    table.act(ONE, "Unarchive")
    expect(page.get_by_text("Archived (1)")).to_have_count(0)
    assert not marks.of(ONE).archived

    board.open("")
    expect(board.rows).to_have_count(9)
    board.rows.filter(has=board.tick(TWO)).click(button="right")
    page.get_by_role("menuitem", name="Archive").click()
    expect(board.tick(TWO)).to_have_count(0)
    expect(board.rows).to_have_count(8)
    board.reload()
    expect(board.rows).to_have_count(8)
    page.get_by_role("button", name="More for the run list").click()
    page.get_by_role("menuitem", name="Show archived runs").click()
    expect(board.tick(TWO)).to_be_visible()


def test_pinned_runs_come_first(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, marks = sweep
    board, table = opened(viewer, visit)
    last = SWEEP[-1]
    table.act(last, "Pin")
    expect(table.rows.first).to_have_attribute("data-row", last)
    assert marks.of(last).pinned
    board.open("")
    expect(board.rows.first).to_have_attribute("data-run", last)


def test_what_somebody_else_said_since_is_not_undone(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, marks = sweep
    board, table = opened(viewer, visit)
    table.act(ONE, "Rename")
    board.page.get_by_role("textbox", name="Name").fill("mine")
    board.page.keyboard.press("Enter")
    expect(table.row(ONE)).to_contain_text("mine")
    marks.set(ONE, name="theirs")
    expect(table.row(ONE)).to_contain_text("theirs")
    board.page.get_by_role("button", name="Undo").click()
    expect(table.notice("changed by somebody else")).to_be_visible()
    assert marks.of(ONE).name == "theirs"


def test_a_refusal_is_told_and_nothing_is_lost(sweep: tuple[Viewer, Marks], visit: Visit) -> None:
    viewer, _ = sweep
    board, table = opened(viewer, visit)
    board.forgive("503|Failed to load")
    page = board.page
    page.route("**/api/marks", lambda route: route.fulfill(status=503, body="The disk is full.\n"))
    table.act(ONE, "Rename")
    page.get_by_role("textbox", name="Name").fill("mine")
    page.keyboard.press("Enter")
    expect(table.notice("Not saved. The disk is full.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("mine")
