"""Functions along a series, from columns to columns: averages, medians, sums, differences.

The averages and the like go over a series' finite points alone, in their order: NaN and infinities stay what they are
where they are, and do not disturb their neighbours.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headway.query.smooth import ema

Column = NDArray[np.float64]

WIDEST = 10_001
"""Points of a running median, mean, and standard deviation of a Gaussian, at most."""
_SHORT = 64
"""Kernels up to this many weights are convolved directly."""


def average(values: Column, weight: float) -> Column:
    """`ema(x, w)`: the debiased exponential moving average of `smooth.ema`."""
    return ema(values, weight)


def gaussian(values: Column, width: float) -> Column:
    """`gaussian(x, σ)`: Σ_j g(j − i)·y_j / Σ_j g(j − i), g(d) = exp(−d² / 2σ²) for |d| ≤ 4σ; σ counts points.

    The mean of a point's surroundings, weighted by a normal curve; at the ends, of what there is. Wide curves are
    convolved by FFT in blocks of a few widths: the rounding error is below 1e-12 of the largest value in the block.
    """
    reach = int(np.ceil(4 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)

    def smoothed(y: Column) -> Column:
        with np.errstate(all="ignore"):
            return _convolved(y, kernel) / _weights(len(y), kernel)

    return _over_finite(values, smoothed)


def mean(values: Column, width: float) -> Column:
    """`mean(x, width)`: the mean of the point and ⌊width / 2⌋ points on each side; at the ends, of those there are.

    Sums of windows are made of sums within blocks, forwards and backwards (van Herk, Pattern Recognition Letters 13,
    1992): nothing is subtracted, so a huge value leaves no trace outside of its windows.
    """
    half = int(width) // 2

    def averaged(y: Column) -> Column:
        n, size = len(y), 2 * half + 1
        padded = np.zeros(-(-(n + size) // size) * size + size)
        padded[half : half + n] = y
        blocks = padded.reshape(-1, size)
        forwards = np.cumsum(blocks, axis=1).reshape(-1)
        backwards = np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1].reshape(-1)
        at = np.arange(n)
        sums = np.where(at % size == 0, backwards[at], backwards[at] + forwards[at + size - 1])
        count = np.minimum(at + half + 1, n) - np.maximum(at - half, 0)
        return np.asarray(sums / count)

    return _over_finite(values, averaged)


def median(values: Column, width: float) -> Column:
    """`median(x, width)`: the median of the point and ⌊width / 2⌋ on each side; at the ends, of those there are.

    Of an even number it is the mean of the middle two.
    """
    half = int(width) // 2

    def middle(y: Column) -> Column:
        reach = min(half, len(y))
        out = np.empty(len(y))
        median_into(np.ascontiguousarray(y), reach, np.empty(2 * reach + 1), out)
        return out

    return _over_finite(values, middle)


def python_median_into(y: Column, half: int, window: Column, out: Column) -> None:  # noqa: ARG001 - the compiled one's
    """Write the running median of `y`, all finite, into `out`: the compiled loop's twin."""
    points = y.tolist()
    kept: list[float] = []
    for i in range(-half, len(points)):
        if i + half < len(points):
            insort(kept, points[i + half])
        if i > half:
            del kept[bisect_left(kept, points[i - half - 1])]
        if i >= 0:
            n = len(kept)
            out[i] = kept[n // 2] if n % 2 else 0.5 * kept[n // 2 - 1] + 0.5 * kept[n // 2]


def cumsum(values: Column) -> Column:
    """`cumsum(x)`: Σ_{j ≤ i} y_j."""
    return _over_finite(values, np.cumsum)


def cummin(values: Column) -> Column:
    """`cummin(x)`: min_{j ≤ i} y_j."""
    return _over_finite(values, np.minimum.accumulate)


def cummax(values: Column) -> Column:
    """`cummax(x)`: max_{j ≤ i} y_j."""
    return _over_finite(values, np.maximum.accumulate)


def difference(values: Column) -> Column:
    """`diff(x)`: x_i − x_{i−1}, of all points as they come; [n − 1]: the first point has none."""
    with np.errstate(all="ignore"):
        return np.diff(values)


def rate(values: Column, along: Column) -> tuple[Column, NDArray[np.bool_]]:
    """`rate(x, axis)`: (x_i − x_{i−1}) / (a_i − a_{i−1}), a in steps or seconds; and where that is, [n] bool.

    A point at which the axis has not advanced has none, and neither has the first.
    """
    with np.errstate(all="ignore"):
        advance = np.diff(along)
        there = np.concatenate(([False], advance > 0))[: len(values)]
        return (np.diff(values) / advance)[there[1:]], there


def _over_finite(values: Column, function: Callable[[Column], Column]) -> Column:
    finite = np.isfinite(values)
    if finite.all():
        return function(values) if len(values) else values
    out = values.copy()
    if finite.any():
        out[finite] = function(values[finite])
    return out


def _convolved(y: Column, kernel: Column) -> Column:
    """Σ_j kernel[j − i + r]·y_j at each i, r = len(kernel) // 2, nothing beyond the ends. The kernel is even."""
    reach, n = len(kernel) // 2, len(y)
    if len(kernel) <= _SHORT:
        return np.convolve(y, kernel)[reach : reach + n]
    size = 1 << (4 * len(kernel) - 1).bit_length()  # of a block; what is good of it is `advance` long
    advance = size - len(kernel) + 1
    blocks = -(-n // advance)
    padded = np.zeros(blocks * advance + len(kernel) - 1)
    padded[reach : reach + n] = y
    stretches = np.lib.stride_tricks.sliding_window_view(padded, size)[::advance]
    wave = np.fft.rfft(kernel, size)
    product = np.fft.irfft(np.fft.rfft(stretches, axis=1) * wave, size, axis=1)
    return product[:, len(kernel) - 1 :].reshape(-1)[:n]


def _weights(n: int, kernel: Column) -> Column:
    """What `_convolved` makes of n ones."""
    reach = len(kernel) // 2
    sums = np.concatenate(([0.0], np.cumsum(kernel)))
    at = np.arange(n)
    return np.asarray(sums[np.minimum(n - at, reach + 1) + reach] - sums[np.maximum(reach - at, 0)])


if TYPE_CHECKING:
    median_into = python_median_into
else:
    try:
        from headway.query._running import median_into
    except ImportError:  # no compiled extension: slower, the same results
        median_into = python_median_into
