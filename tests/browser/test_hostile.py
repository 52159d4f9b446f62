from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.conftest import Visit
from browser.viewer import Viewer, viewing
from events.frames import scalar, version, write

SCRIPT = "<script>alert(1)</script>"
IMAGE = '<img src="x" onerror="alert(1)">'
LONG = "long " + 10_000 * "x"
BACKWARDS = "\u202eexe.ssol"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Tags and runs that want to be more than text."""
    logdir = tmp_path_factory.mktemp("hostile")
    for run in (IMAGE, BACKWARDS, "n" * 200):
        points = [scalar(tag, step, step) for step in range(5) for tag in (SCRIPT, LONG, IMAGE)]
        write(logdir / run / "events.out.tfevents.1.host", [version(), *points])
    with viewing(logdir) as viewer:
        yield viewer


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """A run with two damaged records in the middle of its file, and a pointer file."""
    logdir = tmp_path_factory.mktemp("damaged")
    frames = [version(), *(scalar("loss", 1.0, step) for step in range(100))]
    for record in (40, 60):
        frames[record] = frames[record][:-6] + bytes([frames[record][-6] ^ 255]) + frames[record][-5:]
    write(logdir / "run" / "events.out.tfevents.1.host", frames)
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    write(logdir / "pointer" / "events.out.tfevents.2.host", [pointer])
    with viewing(logdir) as viewer:
        yield viewer


def test_names_are_text(hostile: Viewer, visit: Visit) -> None:
    board = visit(hostile)
    expect(board.cards).to_have_count(3)
    assert set(board.tags()) == {SCRIPT, LONG, IMAGE}
    assert set(board.names()) == {IMAGE, BACKWARDS, "n" * 200}
    expect(board.rows.filter(has=board.tick(IMAGE))).to_contain_text(IMAGE)
    expect(board.chart(IMAGE).card.get_by_role("heading")).to_have_text(IMAGE)
    assert board.overflowing() == []
    for tag in (SCRIPT, LONG, IMAGE):
        chart = board.chart(tag)
        chart.until(lambda pixels: bool(pixels.any()))
        chart.card.scroll_into_view_if_needed()
        chart.point_at(0.5)
        expect(chart.readout).to_be_visible()
        box = chart.readout.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 1280
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 800
        assert board.overflowing() == []
    assert board.page.locator("[onerror], main script").count() == 0


def test_they_can_be_chosen_and_shared_in_the_address(hostile: Viewer, visit: Visit) -> None:
    board = visit(hostile)
    board.tick(IMAGE).hover()
    board.page.get_by_role("button", name=f"Show only {IMAGE}", exact=True).click()
    board.tag_search.fill("<img")
    expect(board.cards).to_have_count(1)
    board.expect_address("tags=.*only=")
    board.reload()
    expect(board.cards).to_have_count(1)
    expect(board.tag_search).to_have_value("<img")
    expect(board.tick(IMAGE)).to_be_checked()
    expect(board.tick(BACKWARDS)).not_to_be_checked()


def test_markup_in_the_address_is_text(hostile: Viewer, visit: Visit) -> None:
    board = visit(hostile, "?runs=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E(&tags=%3Cscript%3Ealert(1)%3C/script%3E[")
    expect(board.page.get_by_text("No run matches the filter.")).to_be_visible()
    assert board.page.locator("[onerror], main script").count() == 0


def test_what_was_skipped_is_said(damaged: Viewer, visit: Visit) -> None:
    board = visit(damaged)
    board.page.get_by_role("button", name="2 problems").click()
    dialog = board.page.get_by_role("dialog", name="What could not be read")
    broken = dialog.get_by_role("listitem").filter(has_text="run/events.out.tfevents.1.host")
    expect(broken).to_contain_text("2 records skipped")
    expect(broken).to_contain_text("Damaged")
    pointer = dialog.get_by_role("listitem").filter(has_text="pointer/events.out.tfevents.2.host")
    expect(pointer).to_contain_text("Not an event file")
    assert board.overflowing() == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    # The 98 good records are there, those after the damage too.
    expect(board.rows.filter(has=board.tick("run"))).to_contain_text("step 99")
    expect(board.page.get_by_text("98 points", exact=True)).to_be_visible()
