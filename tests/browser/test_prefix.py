"""The page below a path, behind proxies, and in frames of other pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tensorboardX import SummaryWriter

from browser.board import Board
from browser.other_site import other_site
from browser.proxy import Proxy, proxying
from headway.ingest.index import Index
from headway.server.serve import Server

TOKEN = "a-token-of-ones-own"
PREFIX = "/user/j%C3%BCrgen/tools"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    with SummaryWriter(str(tmp_path / "a")) as writer:
        for step in range(50):
            writer.add_scalar("loss", 1 / (1 + step), step)
    return tmp_path


@contextmanager
def server(logdir: Path, **options: str) -> Iterator[Server]:
    with closing(Index(logdir, ":memory:")) as index, Server(index, port=0, **options) as running:
        yield running


@contextmanager
def looking(browser: Browser, address: str, query: str = "") -> Iterator[Board]:
    """Open an address in a fresh profile; the test fails on whatever goes wrong there, or is asked for elsewhere."""
    with closing(browser.new_context(viewport={"width": 1280, "height": 700}, reduced_motion="reduce")) as context:
        board = Board(context.new_page(), address)
        board.open(query)
        yield board
    assert board.faults == []


def expect_alive(board: Board, logdir: Path) -> None:
    """Runs, charts, and what comes later."""
    expect(board.status).to_have_text("Live")
    board.chart("loss").until(lambda pixels: bool(pixels.any()))
    with SummaryWriter(str(logdir / "later")) as writer:
        writer.add_scalar("loss", 2.0, 0)
    expect(board.rows).to_have_count(2)


@pytest.mark.parametrize("strips", [True, False])
def test_below_a_path(logdir: Path, browser: Browser, strips: bool) -> None:
    with server(logdir, prefix=PREFIX) as running:
        proxy = Proxy(running.port, PREFIX, strips)
        with proxying(proxy) as address, looking(browser, address) as board:
            expect_alive(board, logdir)
            board.set_smoothing(0.25)
            board.expect_address(rf"{PREFIX}/\?smoothing=0.25$")
            assert all(path.startswith(PREFIX) for path in proxy.asked)


def test_a_proxy_that_strips_the_path_needs_no_prefix(logdir: Path, browser: Browser) -> None:
    with (
        server(logdir) as running,
        proxying(Proxy(running.port, "/a/b")) as address,
        looking(browser, address) as board,
    ):
        expect_alive(board, logdir)


@pytest.mark.parametrize("strips", [True, False])
def test_a_proxy_that_says_another_host_and_the_token_in_the_path(
    logdir: Path, browser: Browser, strips: bool
) -> None:
    with server(logdir, token=TOKEN, prefix="/a/b") as running:
        proxy = Proxy(running.port, "/a/b", strips, host="upstream.internal")
        with proxying(proxy) as address, looking(browser, f"{address}t/{TOKEN}/") as board:
            expect_alive(board, logdir)
            assert board.page.context.cookies() == []


def test_a_proxy_and_the_token_as_a_cookie(logdir: Path, browser: Browser) -> None:
    with (
        server(logdir, token=TOKEN) as running,
        proxying(Proxy(running.port, "/a/b")) as address,
        looking(browser, address, f"?token={TOKEN}") as board,
    ):
        expect_alive(board, logdir)
        assert board.page.url == address
        (cookie,) = board.page.context.cookies()
        assert (cookie["path"], cookie["httpOnly"]) == ("/a/b", True)


def test_without_the_slash_at_the_end(logdir: Path, browser: Browser) -> None:
    with (
        server(logdir, token=TOKEN, prefix="/a/b") as running,
        proxying(Proxy(running.port, "/a", strips=False)) as address,
        looking(browser, address, f"b/t/{TOKEN}?smoothing=0.5") as board,
    ):
        expect(board.status).to_have_text("Live")
        board.expect_address(rf"/a/b/t/{TOKEN}/\?smoothing=0.5$")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with closing(browser.new_context()) as context:
        yield context.new_page()


def test_who_knows_the_token_may_show_the_page_in_a_frame(logdir: Path, page: Page, tmp_path: Path) -> None:
    with server(logdir, token=TOKEN) as running:
        address = f"http://127.0.0.1:{running.port}/t/{TOKEN}/"
        local = tmp_path / "local.html"  # as an editor's window, whose address is neither http nor https
        frame_of_it = f'<iframe src="{address}" width="900" height="600"></iframe>'
        local.write_text(frame_of_it)
        with other_site(frame_of_it) as other:
            for place in (other, local.as_uri()):
                page.goto(place)
                frame = page.frame_locator("iframe")
                expect(frame.locator("[data-connection]")).to_have_text("Live")
                expect(frame.get_by_role("article")).to_have_count(1)
        assert page.context.cookies() == []


def test_others_may_not(logdir: Path, page: Page) -> None:
    with server(logdir) as running, other_site(f'<iframe src="{running.url}"></iframe>') as other:
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(other)
        page.wait_for_timeout(200)
        assert any("frame-ancestors" in text for text in refused), refused
        expect(page.frame_locator("iframe").locator("[data-connection]")).to_have_count(0)
