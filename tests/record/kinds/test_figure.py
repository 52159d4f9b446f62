from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from tensorboardX.utils import figure_to_image
from torch.utils.tensorboard._utils import figure_to_image as torch_figure_to_image

from headway.errors import ShapeError
from headway.record.kinds.figure import figure_pixels
from headway.record.kinds.image import make_grid


@pytest.fixture(autouse=True)
def _no_figures_left() -> Iterator[None]:
    yield
    plt.close("all")


def plotted(title: str = "loss", **size: Any) -> Figure:
    figure = plt.figure(**size)
    axes = figure.add_subplot()
    axes.semilogy([1, 10, 100, 1000])
    axes.set_title(title)
    return figure


def test_one_figure_as_the_peers_draw_it() -> None:
    figure = plotted(figsize=(3, 2), dpi=90)
    pixels = figure_pixels(figure, close=False)
    assert pixels.shape == (3, 180, 270)
    np.testing.assert_array_equal(pixels, figure_to_image(figure, close=False), strict=True)
    np.testing.assert_array_equal(pixels, torch_figure_to_image(figure, close=False), strict=True)


def test_a_list_of_figures_as_the_peers_draw_it() -> None:
    figures = [plotted(title, figsize=(2, 1)) for title in "abc"]
    pixels = figure_pixels(figures, close=False)
    np.testing.assert_array_equal(pixels, figure_to_image(figures, close=False), strict=True)
    assert make_grid(pixels).shape == (3, 100, 600)


def test_figures_of_different_sizes() -> None:
    figures = [plotted(figsize=(2, 1)), plotted(figsize=(1, 2))]
    with pytest.raises(ValueError, match="same shape"):
        figure_to_image(figures, close=False)
    pixels = figure_pixels(figures, close=False)
    assert pixels.shape == (2, 3, 200, 200)
    np.testing.assert_array_equal(pixels[0, :, :100], figure_pixels(figures[0], close=False))
    np.testing.assert_array_equal(pixels[1, :, :, :100], figure_pixels(figures[1], close=False))
    assert (pixels[0, :, 100:] == 255).all()
    assert (pixels[1, :, :, 100:] == 255).all()


@pytest.mark.parametrize("several", [False, True])
def test_closing(several: bool) -> None:
    figure = plotted()
    figure_pixels([figure] if several else figure, close=False)
    assert plt.fignum_exists(figure.number)
    figure_pixels([figure] if several else figure, close=True)
    assert not plt.fignum_exists(figure.number)


def test_a_figure_that_pyplot_does_not_know() -> None:
    figure = Figure(figsize=(2, 1))
    figure.add_subplot().plot([1, 2])
    assert figure_pixels(figure, close=True).shape == (3, 100, 200)


def test_the_figure_keeps_its_canvas() -> None:
    figure = plotted()
    canvas = figure.canvas
    figure_pixels(figure, close=False)
    assert figure.canvas is canvas
    figure_to_image(figure, close=False)
    assert figure.canvas is not canvas  # a window would be dead now


def test_a_transparent_background_is_white() -> None:
    def with_background(colour: str) -> Figure:
        figure = Figure(figsize=(2, 2), facecolor=colour)
        figure.text(0.1, 0.4, "text", color="black", size=30)
        return figure

    transparent, white = (figure_pixels(with_background(c), close=False) for c in ("none", "white"))
    assert np.abs(transparent.astype(int) - white).max() <= 1
    theirs = figure_to_image(with_background("none"), close=False)
    assert np.abs(theirs.astype(int) - white).max() > 100  # the letters' edges are black


def test_what_is_no_figure() -> None:
    with pytest.raises(TypeError, match="expected a figure of matplotlib, not int"):
        figure_pixels(3, close=True)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="empty list"):
        figure_pixels([], close=True)
