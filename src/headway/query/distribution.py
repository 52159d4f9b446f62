"""A histogram as a few quantiles, as TensorBoard's distributions draw it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BASIS_POINTS = (0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000)
"""Hundredths of a percent: a normal distribution's at -∞, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, ∞ standard deviations."""


def quantiles(buckets: NDArray[np.float64], points: Sequence[float] = BASIS_POINTS) -> list[tuple[float, float]]:
    """`(basis points, value)` for ascending `points`, of `buckets` float64[k, 3]: left, right, count.

    Values are laid evenly within their bucket: where C(i) counts what lies left of bucket i, the value at a share p
    of all n is left + (p·n - C(i)) / count · (right - left), in the first bucket with C(i) + count > p·n. A bucket
    that none lies in gives none. The formula is that of TensorBoard 2.21,
    `tensorboard/plugins/distribution/compressor.py`.
    """
    if not len(buckets):
        return [(point, 0.0) for point in points]
    least, greatest = float(buckets[0, 0]), float(buckets[-1, 1])
    rights, counts = buckets[:, 1], buckets[:, 2]
    reached = np.cumsum(counts * BASIS_POINTS[-1] / (counts.sum() or 1.0))
    before = np.concatenate(([0.0], reached[:-1]))
    filled = np.flatnonzero(reached != before)
    at = np.searchsorted(reached[filled], points, side="right")
    found: list[tuple[float, float]] = []
    for point, place in zip(points, at.tolist(), strict=True):
        if place == len(filled):
            found.append((point, greatest))
            continue
        i = int(filled[place])
        low = max(float(rights[i - 1]), least) if i and before[i] else least
        high = min(float(rights[i]), greatest)
        share = (point - float(before[i])) * (high - low) / (float(reached[i]) - float(before[i]))
        found.append((point, low + share))
    return found
