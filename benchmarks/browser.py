"""How long a person waits for charts of 500 runs, everything being read already."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.chromium import chromium, page, until_marked
from benchmarks.event_files import MANY_RUNS, log_directory
from benchmarks.figure import Figure
from benchmarks.servers import Headway, TensorBoard
from playwright.sync_api import Browser

REPEATS = 3
CAP = 60.0
"""Seconds after which a page counts as painted."""

# TensorBoard sets no marks. Its chart's canvas holds nothing but curves: with the first pixel of any they are there,
# for a frame paints them all. Without WebGL it paints paths into an SVG instead.
WATCH_TENSORBOARD = """
const copy = document.createElement("canvas");
copy.width = copy.height = 64;
const pen = copy.getContext("2d", { willReadFrequently: true });
const timer = setInterval(() => {
  const canvas = document.querySelector("line-chart .series-view canvas");
  let painted = document.querySelector("line-chart .series-view svg path[d]") !== null;
  if (canvas && canvas.width && canvas.height) {
    pen.clearRect(0, 0, 64, 64);
    pen.drawImage(canvas, 0, 0, 64, 64);
    painted ||= pen.getImageData(0, 0, 64, 64).data.some((byte) => byte > 0);
  }
  if (!painted) return;
  performance.mark("tensorboard:first-chart");
  clearInterval(timer);
}, 100);
"""


def figures() -> Iterator[Figure]:
    """Open both pages in turn."""
    directory = log_directory(MANY_RUNS)
    first, every, peer = [], [], []
    with (
        tempfile.TemporaryDirectory() as place,
        Headway(directory, Path(place, "index")) as headway,
        TensorBoard(directory) as tensorboard,
        chromium() as browser,
    ):
        headway.until_read(MANY_RUNS.runs)
        tensorboard.until_read(MANY_RUNS.run_names(), MANY_RUNS.tag_names()[-1], MANY_RUNS.steps - 1)
        for _ in range(REPEATS):
            with page(browser) as opened:
                opened.goto(headway.url)
                every.append(until_marked(opened, "headway:all-charts", CAP))
                first.append(until_marked(opened, "headway:first-chart", CAP))
            peer.append(_tensorboard(browser, tensorboard.url))
    capped = f"; TensorBoard not before {CAP:.0f} s" if max(peer) >= CAP else ""
    yield Figure(
        what="page, first chart",
        unit="s",
        values=first,
        peer="TensorBoard",
        peer_values=peer,
        at_most=2,
        note=f"{MANY_RUNS}; from navigation, once indexed{capped}",
    )
    yield Figure(what="page, all charts", unit="s", values=every, at_most=3, note="that are on the screen")


def _tensorboard(browser: Browser, url: str) -> float:
    with page(browser) as opened:
        opened.add_init_script(WATCH_TENSORBOARD)
        opened.goto(url)
        return until_marked(opened, "tensorboard:first-chart", CAP)
