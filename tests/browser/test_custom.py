from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import Visit
from browser.viewer import Viewer, viewing
from headway import SummaryWriter

LAYOUT = {
    "Losses": {
        "all losses": ["Multiline", [r"(train|val)/loss$"]],
        "bounds": ["Margin", ["val/loss", "val/low", "val/high"]],
    },
    "Other": {"nothing": ["Multiline", ["no/such/tag"]], "endless": ["Multiline", [r"(t+)+x"]]},
}


def write(logdir: Path) -> None:
    """Two runs with the same layout."""
    for name in ("a", "b"):
        with SummaryWriter(logdir / name) as writer:
            for step in range(100):
                loss = 1 / (1 + step / 10) + (name == "b")
                writer.add_scalar("train/loss", loss, step)
                writer.add_scalar("val/loss", loss * 1.5, step)
                writer.add_scalar("val/low", loss, step)
                writer.add_scalar("val/high", loss * 2, step)
            writer.add_scalar("t" * 20, 0, 0)
            writer.add_custom_scalars(LAYOUT)


@pytest.fixture(scope="module")
def custom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("custom")
    write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def test_a_layout_is_drawn(custom: Viewer, visit: Visit) -> None:
    board = visit(custom, "?view=custom")
    chart = board.chart("all losses")
    chart.until(lambda pixels: pixels.any())
    expect(chart.card.get_by_text("train/loss")).to_be_visible()
    expect(chart.card.get_by_text("val/loss")).to_be_visible()
    expect(board.page.get_by_role("article", name="nothing")).to_contain_text("No tag of the runs shown fits.")


def test_a_margin_is_a_band(custom: Viewer, visit: Visit) -> None:
    board = visit(custom, "?view=custom")
    bounds = board.chart("bounds")
    covered = bounds.until(lambda pixels: pixels.any())
    lines = board.chart("all losses").until(lambda pixels: pixels.any())
    share = [float((pixels[:, :, 3] > 0).mean()) for pixels in (covered, lines)]
    assert share[0] > 2 * share[1], share
    board.page.get_by_role("checkbox", name="Show b", exact=True).uncheck()
    bounds.until_changed(covered)


def test_a_section_is_closed_and_a_chart_taken_over(custom: Viewer, visit: Visit) -> None:
    board = visit(custom, "?view=custom")
    board.page.get_by_role("button", name="Other").click()
    expect(board.page.get_by_role("article", name="nothing")).to_have_count(0)
    board.expect_address("custom.turned=1")
    board.page.get_by_role("button", name="Add to the charts: all losses").click()
    board.expect_address("chart=")
    board.chart("all losses").until(lambda pixels: pixels.any())


def test_without_a_layout_it_says_how_to_log_one(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?view=custom")
    expect(board.page.get_by_text("add_custom_scalars")).to_be_visible()
