from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from browser.chart import painted
from browser.conftest import Visit
from browser.viewer import Viewer, viewing
from headway import SummaryWriter


def test_points_tags_and_runs_come_by_themselves(tmp_path: Path, visit: Visit) -> None:
    with SummaryWriter(str(tmp_path / "first")) as writer, viewing(tmp_path) as viewer:
        for step in range(10):
            writer.add_scalar("loss", 1 - step / 10, step)
        writer.flush()
        board = visit(viewer)
        row = board.rows.filter(has=board.tick("first"))
        expect(row).to_contain_text("step 9")
        expect(row).to_contain_text("Running")
        before = board.chart("loss").until(lambda pixels: painted(pixels, board.colour("first")).any())

        writer.add_scalar("loss", 5, 20)
        writer.flush()
        board.chart("loss").until_changed(before)
        expect(row).to_contain_text("step 20")
        expect(board.page.get_by_text("11 points", exact=True)).to_be_visible()

        writer.add_scalar("accuracy", 0.5, 20)
        writer.flush()
        expect(board.chart("accuracy").card).to_be_visible()
        board.chart("accuracy").until(lambda pixels: painted(pixels, board.colour("first")).any())

        with SummaryWriter(str(tmp_path / "second")) as second:
            second.add_scalar("loss", 2, 0)
        expect(board.tick("second")).to_be_checked()
        board.chart("loss").until(lambda pixels: painted(pixels, board.colour("second")).any())


def test_what_grew_piece_by_piece_is_painted_as_what_is_loaded_at_once(tmp_path: Path, visit: Visit) -> None:
    def log(writer: SummaryWriter, start: int, stop: int) -> None:
        for step in range(start, stop):
            value = float("nan") if step % 37 == 0 else math.sin(step / 9) + (step * 7919 % 13) / 13
            writer.add_scalar("loss", value, step)
        writer.flush()

    with (
        SummaryWriter(str(tmp_path / "ended")) as ended,
        SummaryWriter(str(tmp_path / "grows")) as grows,
        viewing(tmp_path) as viewer,
    ):
        log(ended, 0, 900)
        log(grows, 0, 300)
        board = visit(viewer, "?smoothing=0.6&zoom=0~1000")
        chart = board.chart("loss")
        seen = chart.until(lambda pixels: painted(pixels, board.colour("grows")).any())
        asked = []
        board.page.on("request", lambda request: asked.append(request.post_data or ""))
        for start in range(300, 900, 120):
            log(grows, start, start + 120)
            expect(board.rows.filter(has=board.tick("grows"))).to_contain_text(f"step {start + 119}")
            seen = chart.until_changed(seen)
        with SummaryWriter(str(tmp_path / "grows"), purge_step=500) as again:
            log(again, 500, 600)
            chart.until_changed(seen)
        anew = visit(viewer, "?smoothing=0.6&zoom=0~1000").chart("loss")
        anew.until(lambda pixels: bool(pixels.any()))
        # Where the run was resumed is flagged a little later, in either.
        chart.until(lambda pixels: np.array_equal(pixels, anew.pixels()))
    requests = [json.loads(body)["charts"][0] for body in asked if body]
    assert len(requests) >= 5
    assert all(len(request["runs"]) == len(request["known"]) == 1 for request in requests)


def test_a_paused_page_stands_still(tmp_path: Path, visit: Visit) -> None:
    with SummaryWriter(str(tmp_path / "run")) as writer, viewing(tmp_path) as viewer:
        writer.add_scalar("loss", 1, 1)
        writer.flush()
        board, watched = visit(viewer), visit(viewer)
        expect(board.rows).to_contain_text("step 1")
        board.status.click()
        expect(board.status).to_have_text("Paused")
        writer.add_scalar("loss", 1, 2)
        writer.flush()
        expect(watched.rows).to_contain_text("step 2")
        expect(board.rows).to_contain_text("step 1")
        board.status.click()
        expect(board.status).to_have_text("Live")
        expect(board.rows).to_contain_text("step 2")


def test_a_server_that_is_gone_and_back(tmp_path: Path, visit: Visit) -> None:
    with SummaryWriter(str(tmp_path / "run")) as writer:
        writer.add_scalar("loss", 1, 1)
        writer.flush()
        viewer = Viewer(tmp_path)
        try:
            board = visit(viewer)
            board.forgive("ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET")
            expect(board.status).to_have_text("Live")
            chart = board.chart("loss")
            before = chart.until(lambda pixels: bool(pixels.any()))
            viewer.kill()
            expect(board.status).to_have_text("Reconnecting")
            expect(board.page.get_by_role("alert")).to_contain_text("The server does not answer")
        finally:
            viewer.kill()
        writer.add_scalar("loss", 2, 2)
        writer.flush()
        viewer = Viewer(tmp_path, viewer.port)
        try:
            expect(board.status).to_have_text("Live")
            expect(board.page.get_by_role("alert")).to_be_hidden()
            expect(board.rows).to_contain_text("step 2")
            chart.until_changed(before)
        finally:
            viewer.stop()


def test_an_empty_log_directory_says_what_to_do(tmp_path: Path, visit: Visit) -> None:
    logdir = tmp_path / "later"
    with viewing(logdir) as viewer:
        board = visit(viewer)
        expect(board.page.get_by_role("heading", name="No runs yet")).to_be_visible()
        expect(board.page.get_by_role("main")).to_contain_text(str(logdir))
        expect(board.page.get_by_role("main")).to_contain_text("headway.init(")
        board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        board.page.get_by_role("button", name="Copy").last.click()
        expect(board.page.get_by_role("button", name="Copied")).to_be_visible()
        copied = board.page.evaluate("() => navigator.clipboard.readText()")
        assert copied == "from headway import SummaryWriter"
        with SummaryWriter(str(logdir / "first")) as writer:
            writer.add_scalar("loss", 1, 0)
        board.chart("loss").until(lambda pixels: painted(pixels, board.colour("first")).any())
        expect(board.page.get_by_role("heading", name="No runs yet")).to_be_hidden()
