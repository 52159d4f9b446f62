"""What a person's hand feels of the page with 500 runs and with 100,000 tags: a zoom, scrolling, typing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.chromium import chromium, page, until_marked
from benchmarks.event_files import MANY_RUNS, Shape, log_directory
from benchmarks.figure import Figure
from benchmarks.servers import Headway
from playwright.sync_api import Browser, Page

WIDE = Shape(1, 100_000, 3)
REPEATS = 5
CAP = 60.0

# The first contentful paint is the browser's own figure.
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint').at(0)?.startTime ?? null"

# From the release of the mouse to the first frame in which the chart under it is painted otherwise: that is what a
# person sees of a zoom. The exact points of the new range follow, and are waited for below.
WATCH_ZOOM = """() => {
  const canvas = document.querySelector("article canvas.curves");
  const pen = canvas.getContext("2d");
  const print = () => {
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let i = 3; i < data.length; i += 28) sum = (sum * 31 + data[i]) | 0;
    return sum;
  };
  const before = print();
  window.zoomed = new Promise(resolve => addEventListener("mouseup", event => {
    const look = () =>
      print() !== before ? resolve(performance.now() - event.timeStamp) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  }, { once: true, capture: true }));
}"""

SCROLL = """async () => {
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowY) && e.scrollHeight > 2 * e.clientHeight;
  const scroller = [...document.querySelectorAll("main *")].find(scrolls);
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  for (let i = 0; i < 150; i++) {
    scroller.scrollTop += 24;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  scroller.scrollTop = 0;
  return frames;
}"""

# From a key to the frame after it, in which its effect is on the screen.
TYPE = """async text => {
  const field = document.querySelector("main input[data-search]");
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const took = [];
  for (let n = 1; n <= text.length; n++) {
    const began = performance.now();
    setter.call(field, text.slice(0, n));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
    await new Promise(resolve => setTimeout(resolve));
    took.push(performance.now() - began);
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  return took;
}"""


def figures() -> Iterator[Figure]:
    """Open each log directory in a Chromium without a graphics processor."""
    with chromium() as browser:
        yield from _many(browser)
        yield from _wide(browser)


def _many(browser: Browser) -> Iterator[Figure]:
    paints, zooms, frames = [], [], []
    with _served(MANY_RUNS) as server:
        for _ in range(REPEATS):
            with page(browser) as opened:
                opened.goto(server.url)
                until_marked(opened, "headway:all-charts", CAP)
                paints.append(float(opened.evaluate(FIRST_PAINT)) / 1e3)
                zooms.append(_zoom(opened) / 1e3)
                opened.wait_for_timeout(2000)
                frames.append(_slowest(opened.evaluate(SCROLL)) / 1e3)
    note = f"{MANY_RUNS}, once indexed"
    yield Figure(what="page, first paint", unit="s", values=paints, at_most=0.5, note=note)
    yield Figure(what="page, zoom seen", unit="s", values=zooms, at_most=0.1, note="from the release of the mouse")
    yield Figure(what="page, frame while scrolling", unit="s", values=frames, at_most=1 / 60 + 0.002, note="19 of 20")


def _wide(browser: Browser) -> Iterator[Figure]:
    paints, charts, keys = [], [], []
    with _served(WIDE) as server:
        for _ in range(REPEATS):
            with page(browser) as opened:
                opened.goto(server.url)
                charts.append(until_marked(opened, "headway:first-chart", CAP))
                paints.append(float(opened.evaluate(FIRST_PAINT)) / 1e3)
                keys.append(max(opened.evaluate(TYPE, "99999")) / 1e3)
    yield Figure(what="100,000 tags, first paint", unit="s", values=paints, at_most=0.5, note=f"{WIDE}")
    yield Figure(what="100,000 tags, first chart", unit="s", values=charts, at_most=1.5)
    yield Figure(
        what="100,000 tags, a key in the search", unit="s", values=keys, at_most=0.05, note="the slowest of 5"
    )


@contextmanager
def _served(shape: Shape) -> Iterator[Headway]:
    """Serve a log directory of `shape`, with an index of its own."""
    with tempfile.TemporaryDirectory() as place, Headway(log_directory(shape), Path(place, "index")) as server:
        server.until_read(shape.runs)
        yield server


def _zoom(opened: Page) -> float:
    """Drag over the middle half of the first chart; return milliseconds until it is seen."""
    box = opened.locator("article .u-over").first.bounding_box()
    assert box is not None
    opened.evaluate(WATCH_ZOOM)
    y = box["y"] + box["height"] / 2
    opened.mouse.move(box["x"] + box["width"] / 4, y)
    opened.mouse.down()
    opened.mouse.move(box["x"] + box["width"] / 2, y)
    opened.mouse.move(box["x"] + 3 * box["width"] / 4, y)
    opened.mouse.up()
    return float(opened.evaluate("window.zoomed"))


def _slowest(frames: list[float]) -> float:
    """The 95th percentile."""
    return sorted(frames)[int(0.95 * len(frames))]
