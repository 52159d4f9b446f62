from __future__ import annotations

from functools import partial

import numpy as np
from playwright.sync_api import expect

from browser.chart import Pixels, painted
from browser.conftest import Visit
from browser.logdirs import RUNS, TAGS
from browser.viewer import Viewer


def test_a_log_directory_by_four_writers_is_there_at_once(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.status).to_have_text("Live")
    expect(board.rows).to_have_count(len(RUNS))
    expect(board.cards).to_have_count(len(TAGS))
    assert board.names() == list(RUNS)
    assert board.tags() == list(TAGS)
    for tag in ("train/loss", "eval/accuracy"):
        for run in RUNS:
            board.chart(tag).until(partial(is_drawn_across, board.colour(run)))


def is_drawn_across(colour: str, pixels: Pixels) -> bool:
    """Is there a line from the left edge to the right one?"""
    columns = np.flatnonzero(painted(pixels, colour).any(axis=0))
    return len(columns) > 50 and columns[0] < 10 and columns[-1] > pixels.shape[1] - 10


def test_a_page_that_is_opened_again_is_told_that_nothing_changed(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.rows).to_have_count(len(RUNS))
    session = board.page.context.new_cdp_session(board.page)
    session.send("Network.enable")
    overviews: set[str] = set()
    answers: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda sent: overviews.add(sent["requestId"]) if sent["request"]["url"].endswith("api/overview") else None,
    )
    session.on("Network.responseReceivedExtraInfo", lambda got: answers.update({got["requestId"]: got["statusCode"]}))
    board.reload()
    expect(board.rows).to_have_count(len(RUNS))
    assert [answers[one] for one in overviews] == [304]
