from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser import chromium, logdirs
from browser.board import Board
from browser.viewer import Viewer, viewing

expect.set_options(timeout=10_000)


class Visit(Protocol):
    """Open the page of a viewer in a fresh profile of a browser; `size`: of its window, in CSS pixels."""

    def __call__(
        self,
        viewer: Viewer,
        query: str = "",
        *,
        locale: str = "en-US",
        scheme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = (1280, 800),
        touch: bool = False,
    ) -> Board: ...


# Not for the whole session: playwright's event loop runs in this thread for as long as it is open.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path is not None, "no Chromium: run `python tests/browser/chromium.py`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """The test fails on whatever goes wrong in a page that it opened."""
    boards: list[Board] = []
    viewers: list[Viewer] = []

    def visit(
        viewer: Viewer,
        query: str = "",
        *,
        locale: str = "en-US",
        scheme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = (1280, 800),
        touch: bool = False,
    ) -> Board:
        context = browser.new_context(
            locale=locale,
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            reduced_motion="reduce",
            timezone_id="UTC",
        )
        context.set_default_timeout(10_000)
        board = Board(context.new_page(), viewer.url)
        boards.append(board)
        viewers.append(viewer)
        board.open(query)
        return board

    yield visit
    for board, viewer in zip(boards, viewers, strict=True):
        board.page.context.close()
        if viewer.is_gone:  # the test stopped it, and the page may have asked for it since
            board.faults = [fault for fault in board.faults if "net::ERR_" not in fault]
    assert [fault for board in boards for fault in board.faults] == []


@pytest.fixture(scope="package")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Four runs by four writers, 200 steps of five tags each. Nothing is written to it later."""
    logdir = tmp_path_factory.mktemp("training")
    logdirs.write_training(logdir)
    with viewing(logdir) as viewer:
        yield viewer


@pytest.fixture(scope="package")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """One run of 200,000 points with one spike and one NaN."""
    logdir = tmp_path_factory.mktemp("long")
    logdirs.write_long(logdir)
    with viewing(logdir) as viewer:
        yield viewer


@pytest.fixture(scope="package")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """No runs."""
    with viewing(tmp_path_factory.mktemp("empty")) as viewer:
        yield viewer
