"""A chart on the page: what is painted, and a hand on the mouse."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page

Pixels: TypeAlias = NDArray[np.uint8]
"""Height × width × (red, green, blue, opacity), not premultiplied: a line's edge has the line's colour too."""

Mask: TypeAlias = NDArray[np.bool_]
"""Height × width."""

WAIT = 10.0
"""Seconds until what should be seen has to be seen."""

TWO_FRAMES = "() => new Promise(then => requestAnimationFrame(() => requestAnimationFrame(then)))"

READ_CANVAS = """canvas => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    let text = "";
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return [width, height, btoa(text)];
}"""


class Chart:
    """The chart of one tag, which has to be on the screen."""

    def __init__(self, page: Page, tag: str) -> None:
        self.page = page
        self.card = page.get_by_role("article", name=tag, exact=True)
        self.readout = page.get_by_role("complementary", name=tag, exact=True)
        self._plot = self.card.locator(".u-over")

    def pixels(self) -> Pixels:
        """What is painted between the axes."""
        width, height, text = self.card.locator("canvas.curves").evaluate(READ_CANVAS)
        return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)

    def until(self, seen: Callable[[Pixels], bool | np.bool_]) -> Pixels:
        """The pixels, as soon as `seen` is true of them."""
        give_up = time.monotonic() + WAIT
        self.card.locator("canvas.curves").wait_for()
        while not seen(pixels := self.pixels()):
            assert time.monotonic() < give_up, "what should be painted is not"
            self.page.wait_for_timeout(30)
        return pixels

    def until_changed(self, before: Pixels) -> Pixels:
        """The pixels, as soon as there are some and not those of before."""
        return self.until(lambda now: now.any() and not np.array_equal(now, before))

    def point_at(self, across: float, down: float = 0.5) -> None:
        """Move the pointer there: shares of the plot's width and height. The table follows within a frame."""
        self.page.mouse.move(*self._place(across, down))
        self.page.evaluate(TWO_FRAMES)

    def tap(self, across: float, down: float = 0.5) -> None:
        """Likewise with a finger."""
        self.page.touchscreen.tap(*self._place(across, down))

    def drag(self, start: float, stop: float) -> None:
        """Mark a range with the mouse: shares of the plot's width."""
        self.point_at(start)
        self.page.mouse.down()
        self.point_at((start + stop) / 2)
        self.point_at(stop)
        self.page.mouse.up()

    def double_click(self) -> None:
        self.page.mouse.dblclick(*self._place(0.5, 0.5))

    def rows(self) -> dict[str, list[str]]:
        """The hover table: of each run, the words of its row."""
        rows: Locator = self.readout.locator("tbody tr")
        return {row.get_attribute("data-run") or "": row.locator("td").all_inner_texts()[1:] for row in rows.all()}

    def _place(self, across: float, down: float) -> tuple[float, float]:
        box = self._plot.bounding_box()
        assert box is not None
        return box["x"] + across * box["width"], box["y"] + down * box["height"]


def painted(pixels: Pixels, colour: str, opacity: int = 180) -> Mask:
    """Where a colour, `#rrggbb`, is, at least so opaque: a line is, the raw curve behind it is at about 70."""
    wanted = np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8).astype(int)
    is_colour = (abs(pixels[..., :3].astype(int) - wanted) <= 6).all(axis=-1)
    mask: Mask = is_colour & (pixels[..., 3] >= opacity)
    return mask
