"""What axe-core finds in every view, in both themes: WCAG 2.2, levels A and AA."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from browser.board import Board
from browser.conftest import Visit
from browser.everything import write_everything
from browser.viewer import Viewer, viewing

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

RUN = """async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(node => node.html.slice(0, 160))]);
}"""

VIEWS = (
    "charts", "runs", "layers", "images", "audio", "text", "histograms", "evaluation",
    "hparams", "custom", "graph", "embeddings", "meshes", "raw", "compare", "run",
)  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("everything")
    write_everything(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def violations(board: Board) -> list[Any]:
    board.page.evaluate(AXE.read_text())
    found: list[Any] = board.page.evaluate(RUN)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view(view: str, scheme: Literal["light", "dark"], everything: Viewer, visit: Visit) -> None:
    board = visit(everything, f"?view={view}", scheme=scheme)
    expect(board.page.locator(f'main[data-view="{view}"]')).to_be_visible()
    board.page.wait_for_timeout(700)  # until all of it is there
    assert violations(board) == []


def test_every_view_is_offered(everything: Viewer, visit: Visit) -> None:
    board = visit(everything)
    rail = board.page.get_by_role("navigation", name="Views").get_by_role("button")
    expect(rail.first).to_be_visible()
    assert [button.get_attribute("data-view") for button in rail.all()] == [v for v in VIEWS if v != "run"]


def test_dialogs(everything: Viewer, visit: Visit) -> None:
    board = visit(everything)
    expect(board.cards.first).to_be_visible()
    for key in ("?", "Control+k"):
        board.page.keyboard.press(key)
        expect(board.page.get_by_role("dialog")).to_be_visible()
        assert violations(board) == []
        board.page.keyboard.press("Escape")
