"""Histograms on common bins, so that those of many steps can stand side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from headway.query.distribution import quantiles

Scale = Literal["linear", "symlog"]
"""Where bins are equally wide: on the values x, or on asinh(x / threshold), which is linear around 0 and logarithmic
beyond the threshold, on both sides.
"""

FENCE = 3.0
"""Of an end: how many distances between the quartiles beyond them it is no outlier, of all steps' ends."""
_TAIL, _REACH = 10, 0.25  # basis points left out at either end, and what of the rest's width is added again
_CLOSE = 0.05  # the share of the values that lie where the symmetric logarithm is still linear
_ROWS = 4096  # overlapping buckets that are laid at a time


def cleaned(buckets: NDArray[np.float64]) -> NDArray[np.float64]:
    """The buckets that hold something and lie somewhere, of float64[k, 3]: left, right, count."""
    left, right, count = buckets.T
    kept = np.isfinite(left) & np.isfinite(right) & np.isfinite(count) & (count > 0) & (right >= left)
    return buckets if kept.all() else buckets[kept]


def rebinned(buckets: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return counts [b + 2] of clean `buckets` below `edges` [b + 1], in each of their bins, and above.

    A bucket's values are laid evenly within it: a bin gets count · overlap / width of each. A bucket without width
    lies in the bin that begins at or before it; the last bin ends with its right edge, itself included. The sum is
    that of the buckets, to rounding. Edges ascend.
    """
    left, right, count = buckets.T
    is_wide = right > left
    wide = buckets if is_wide.all() else buckets[is_wide]
    reached = _reached(wide, edges)
    found = np.diff(np.concatenate(([0.0], reached, [wide[:, 2].sum()])))
    np.maximum(found, 0.0, out=found)  # what rounding may leave of nothing
    if len(wide) < len(buckets):
        place = np.searchsorted(edges, left[~is_wide], side="right")
        place[left[~is_wide] == edges[-1]] = len(edges) - 1
        found += np.bincount(place, count[~is_wide], len(found))
    return found


def _reached(wide: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much lies left of each edge."""
    left, right, count = wide.T
    if not len(wide):
        return np.zeros(len(edges))
    with np.errstate(over="ignore"):  # a bucket as wide as all floats
        if (left[1:] >= right[:-1]).all():
            at = np.column_stack((left, right)).ravel()
            total = np.cumsum(count)
            return np.asarray(np.interp(edges, at, np.column_stack((total - count, total)).ravel(), left=0.0))
        found = np.zeros(len(edges))
        for some in range(0, len(wide), _ROWS):
            l, r, c = wide[some : some + _ROWS].T[:, :, None]  # noqa: E741
            found += (c * np.clip((edges - l) / (r - l), 0.0, 1.0)).sum(axis=0)
        return found


def span(histograms: Sequence[NDArray[np.float64]], *, outliers: bool) -> tuple[float, float]:
    """Where clean histograms lie, from the least to the greatest value; (0, 1) when nothing lies anywhere.

    Without `outliers`, an end is where a thousandth of a histogram's values remain, a quarter of the width between
    further out; and of all ends those count that are at most FENCE distances of their quartiles beyond them. So
    neither a single weight nor a step that exploded makes one bin of all the rest.
    """
    filled = [buckets for buckets in histograms if len(buckets)]
    if not filled:
        return 0.0, 1.0
    lows, highs = np.array([_ends(buckets, outliers) for buckets in filled]).T
    if outliers:
        return float(lows.min()), float(highs.max())
    return -_fenced(-lows), _fenced(highs)


def _ends(buckets: NDArray[np.float64], outliers: bool) -> tuple[float, float]:
    least, greatest = float(buckets[:, 0].min()), float(buckets[:, 1].max())
    if outliers:
        return least, greatest
    (_, low), (_, high) = quantiles(buckets, (_TAIL, 10000 - _TAIL))
    room = (high - low) * _REACH
    return max(least, low - room), min(greatest, high + room)


def _fenced(highs: NDArray[np.float64]) -> float:
    q1, q3 = np.quantile(highs, (0.25, 0.75))
    return float(highs[highs <= q3 + FENCE * (q3 - q1)].max())


def threshold(histograms: Sequence[NDArray[np.float64]]) -> float:
    """Where the symmetric logarithm turns linear: 5 % of the values, each step counting alike, are nearer to 0."""
    filled = [buckets for buckets in histograms if len(buckets)]
    if not filled:
        return 1.0
    sizes = np.concatenate([np.abs(b[:, 0] / 2 + b[:, 1] / 2) for b in filled])
    weights = np.concatenate([b[:, 2] / b[:, 2].sum() for b in filled])
    order = np.argsort(sizes, kind="stable")
    sizes, weights = sizes[order], np.cumsum(weights[order])
    near = sizes[np.searchsorted(weights, _CLOSE * weights[-1])]
    if near > 0:
        return float(near)
    beyond = sizes[sizes > 0]
    return float(beyond[0]) if len(beyond) else 1.0


def edges_of(low: float, high: float, bins: int, scale: Scale, turn: float = 1.0) -> NDArray[np.float64]:
    """[bins + 1] edges from low to high, equally far from each other on the scale; `turn`: its threshold."""
    if not low < high:
        room = abs(low) * 1e-3 or 0.5
        low, high = low - room, high + room
    if scale == "linear":
        edges = low + (np.arange(bins + 1) / bins) * (high / 2 - low / 2) * 2
    else:
        edges = np.sinh(np.linspace(math.asinh(low / turn), math.asinh(high / turn), bins + 1)) * turn
    edges[0], edges[-1] = low, high
    return np.maximum.accumulate(np.minimum(edges, high))
