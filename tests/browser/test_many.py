from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from browser.conftest import Visit
from browser.logdirs import MANY, write_many
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """500 runs of five tags."""
    logdir = tmp_path_factory.mktemp("many")
    write_many(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def test_500_runs_are_drawn_and_few_rows_exist(many: Viewer, visit: Visit) -> None:
    board = visit(many)
    expect(board.page.get_by_text("500 of 500", exact=True)).to_be_visible()
    expect(board.rows.first).to_be_visible()
    assert board.rows.count() < 60
    assert board.page.locator("body *").count() < 1500
    expect(board.cards).to_have_count(5)
    assert board.names()[0] == "sweep/run-000"
    # Parallel lines, evenly from the lower left to the upper right: two corners stay empty.
    pixels = board.chart("metrics/0").until(lambda pixels: (pixels[..., 3] > 0).mean() > 0.3)
    assert len(np.unique(pixels[..., :3].reshape(-1, 3), axis=0)) > 100


def test_the_list_scrolls_to_its_end(many: Viewer, visit: Visit) -> None:
    board = visit(many)
    last = board.tick(f"sweep/run-{MANY - 1:03}")
    expect(board.rows.first).to_be_visible()
    expect(last).to_have_count(0)
    board.rows.first.hover()
    board.page.mouse.wheel(0, 1e6)
    expect(last).to_be_visible()
    assert board.rows.count() < 60
    board.run_filter.fill(r"-49\d$")
    expect(board.rows).to_have_count(10)


def test_the_table_shows_the_nearest_and_says_how_many_more(many: Viewer, visit: Visit) -> None:
    board = visit(many)
    chart = board.chart("metrics/0")
    chart.until(lambda pixels: (pixels[..., 3] > 0).mean() > 0.3)
    chart.point_at(0.5)
    expect(chart.readout).to_contain_text("+ 484 more")
    assert len(chart.rows()) == 16
