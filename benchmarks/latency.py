"""How long after a training loop logged a point it is a pixel in a page that is open."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.chromium import chromium, page, until_marked
from benchmarks.figure import Figure
from benchmarks.fresh import ROOT
from benchmarks.servers import Headway
from playwright.sync_api import Browser

POINTS = 80
PAUSE = (0.3, 1.0)
"""Seconds between two points, at random."""
GOAL = 0.7
TAG = "wave"
LEVELS = (0, 3, 6, 1, 4, 7, 2, 5)
"""The values that are logged, over and over: far from one to the next, so that the end of the curve tells it."""

# Each time the chart says that it was painted anew: where, from 0 at the top to 1 at the bottom, is the ink of the
# last column of pixels? The time is that of the frame after, when what was painted is on the screen.
WATCH_HEADWAY = """
window.seen = [];
const ends = (canvas) => {
  const { data, height } = canvas.getContext("2d").getImageData(canvas.width - 1, 0, 1, canvas.height);
  let ink = 0, sum = 0;
  for (let i = 3; i < data.length; i += 4) { ink += data[i]; sum += data[i] * (i >> 2); }
  return ink ? sum / ink / height : null;
};
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const place = ends(target.querySelector("canvas.curves"));
    if (place !== null) requestAnimationFrame(() => window.seen.push([Date.now() / 1000, place]));
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-painted"] });
"""


class Seen(NamedTuple):
    """A painting."""

    at: float
    """Seconds since 1970."""
    place: float
    """Of the end of the curve: 0 at the top, 1 at the bottom."""


def figures() -> Iterator[Figure]:
    """Log in one process, serve from a second, look in a third."""
    with (
        tempfile.TemporaryDirectory() as place,
        Headway(Path(place, "runs"), Path(place, "index")) as server,
        chromium() as browser,
    ):
        logged, seen = _watch(browser, server, Path(place, "runs", "run"))
    delays = sorted(delays_of(logged, seen))
    within = sum(delay <= GOAL for delay in delays) / len(delays)
    yield Figure(
        what="run.log to pixel, p95",
        unit="s",
        values=[delays[int(0.95 * len(delays))]],
        at_most=GOAL,
        note=f"{len(delays)} points: half within {delays[len(delays) // 2]:.2f} s, {within:.0%} within {GOAL} s",
    )


def _watch(browser: Browser, server: Headway, run: Path) -> tuple[list[float], list[Seen]]:
    """Return when each point was logged, and every painting."""
    while server.ask("api/overview") is None:
        server.wait()
    with page(browser) as opened:
        opened.add_init_script(WATCH_HEADWAY)
        opened.goto(f"{server.url}?smoothing=0&wide={TAG}")
        command = [sys.executable, "-m", "benchmarks.latency", str(run)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            until_marked(opened, "headway:all-charts", cap=10)
            while writer.poll() is None:
                opened.wait_for_timeout(200)
            opened.wait_for_timeout(3_000)
            assert writer.stdout is not None
            logged = json.load(writer.stdout)
        return logged, [Seen(*one) for one in opened.evaluate("window.seen")]


def delays_of(logged: Sequence[float], seen: Sequence[Seen]) -> list[float]:
    """From each point's logging to the first painting that ends with it or a later point; infinite without any.

    The first round through the levels is left out: until then the chart's range grows.
    """
    top, bottom = min(one.place for one in seen), max(one.place for one in seen)
    delays = [float("inf")] * len(logged)
    newest = -1
    for at, place in seen:
        level = round((bottom - place) / (bottom - top) * max(LEVELS))
        for i in range(newest + 1, len(logged)):
            if logged[i] > at:
                break
            if LEVELS[i % len(LEVELS)] == level:
                delays[newest + 1 : i + 1] = [at - when for when in logged[newest + 1 : i + 1]]
                newest = i
                break
    return delays[len(LEVELS) :]


def write(logdir: str) -> list[float]:
    """Log the wave; return when each point was logged, in seconds since 1970, taken before it was."""
    import headway

    random = Random(0)
    logged = []
    with headway.init(logdir) as run:
        for i in range(POINTS):
            logged.append(time.time())
            run.log({TAG: LEVELS[i % len(LEVELS)]}, step=i)
            time.sleep(random.uniform(*PAUSE))
    return logged


if __name__ == "__main__":
    print(json.dumps(write(sys.argv[1])))
