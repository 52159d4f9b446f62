"""Figures of matplotlib as pixels.

A figure that is handed over may be drawn on another thread, but for one with formulas (the labels of a logarithmic
axis are some): matplotlib shares its parser of them among all threads, so that drawing elsewhere could raise in the
middle of the user's own plotting.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.errors import ShapeError
from headway.record.lazy import need

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]

_WHITE = 255


def take_figures(figures: Figure | Sequence[Figure], close: bool) -> tuple[int, Callable[[], Array]]:
    """Return how many bytes wait, and the function that gives what `figure_pixels` does; call it on any thread.

    With `close` the figures are closed now and drawn by that function, where that is safe; else they are drawn now.
    """
    listed: Sequence[Any] = figures if isinstance(figures, (list, tuple)) else [figures]
    if close and listed and all(_is_plain(figure) for figure in listed):
        _close(listed)
        sizes = [figure.canvas.get_width_height(physical=True) for figure in listed]
        return sum(4 * width * height for width, height in sizes), lambda: figure_pixels(figures, False)
    pixels = figure_pixels(figures, close)
    return pixels.nbytes, lambda: pixels


def figure_pixels(figures: Figure | Sequence[Figure], close: bool) -> Array:
    """Return what figures look like, at their own size and resolution.

    A transparent background is white. Figures of a list may differ in size: white is added at the right and below.

    Args:
        figures: one, or a list of at least one.
        close: close them in pyplot.

    Returns:
        uint8 [3, height, width] of one figure, [figures, 3, height, width] of a list.

    Raises:
        TypeError: something is no figure.
        ShapeError: an empty list.
        HeadwayImportError: there is no matplotlib.

    """
    listed: Sequence[Any] = figures if isinstance(figures, (list, tuple)) else [figures]
    drawn = [_drawn(figure) for figure in listed]
    if not drawn:
        raise ShapeError("an empty list of figures")
    if close:
        _close(listed)
    pixels = _stacked(drawn).transpose(0, 3, 1, 2)
    return pixels if listed is figures else pixels[0]


def _is_plain(figure: Any) -> bool:
    """Say whether drawing `figure` parses no formula and runs no TeX."""
    if not isinstance(figure, need("matplotlib.figure", "matplotlib", "figures").Figure):
        return False
    return all(map(_is_plain_artist, _artists(figure)))


def _artists(parent: Any) -> Iterator[Any]:
    """Yield everything that is drawn but ticks: those are made when they are first looked at, which takes long."""
    for artist in parent.get_children():
        yield artist
        if not _is_axis(artist):
            yield from _artists(artist)


def _is_axis(artist: Any) -> bool:
    return hasattr(artist, "get_major_formatter")


def _is_plain_artist(artist: Any) -> bool:
    if _is_axis(artist):
        formatters = artist.get_major_formatter(), artist.get_minor_formatter()
        return (
            artist.get_scale() == "linear"
            and all(map(_is_plain_formatter, formatters))
            and _is_plain_artist(artist.label)
        )
    return not hasattr(artist, "get_usetex") or not ("$" in artist.get_text() or artist.get_usetex())


def _is_plain_formatter(formatter: Any) -> bool:
    ticker = need("matplotlib.ticker", "matplotlib", "figures")
    if type(formatter) is ticker.ScalarFormatter:
        return not (formatter.get_useMathText() or formatter.get_usetex())
    return type(formatter) is ticker.NullFormatter


def _drawn(figure: Any) -> Array:
    """Return uint8 [height, width, 3]."""
    kind = need("matplotlib.figure", "matplotlib", "figures").Figure
    if not isinstance(figure, kind):
        raise TypeError(f"expected a figure of matplotlib, not {type(figure).__name__}")
    canvas = figure.canvas
    try:
        agg = need("matplotlib.backends.backend_agg", "matplotlib", "figures").FigureCanvasAgg(figure)
        agg.draw()
    finally:
        figure.set_canvas(canvas)  # a window or notebook shows the figure still
    return _on_white(np.asarray(agg.buffer_rgba()))


def _on_white(rgba: Array) -> Array:
    alpha = rgba[..., 3:]
    if alpha.min() == 255:
        return rgba[..., :3]
    opacity = alpha.astype(np.uint16)
    return ((rgba[..., :3] * opacity + _WHITE * (255 - opacity) + 127) // 255).astype(np.uint8)


def _stacked(drawn: Sequence[Array]) -> Array:
    """Return [figures, height, width, 3] of the largest height and width."""
    height, width = (max(sizes) for sizes in zip(*(pixels.shape[:2] for pixels in drawn), strict=True))
    stack = np.full((len(drawn), height, width, 3), _WHITE, np.uint8)
    for place, pixels in zip(stack, drawn, strict=True):
        place[: pixels.shape[0], : pixels.shape[1]] = pixels
    return stack


def _close(figures: Sequence[Any]) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")  # who has not imported it has no figure in it
    if pyplot is not None:
        for figure in figures:
            pyplot.close(figure)
