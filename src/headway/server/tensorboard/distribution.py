"""A histogram as a few quantiles, as TensorBoard's distributions draw it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BASIS_POINTS = (0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000)
"""Hundredths of a percent: a normal distribution's at -∞, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, ∞ standard deviations."""


def quantiles(buckets: NDArray[np.float64]) -> list[tuple[int, float]]:
    """`(basis points, value)`, of `buckets` float64[k, 3]: left, right, count.

    Values are laid evenly within their bucket. A bucket that none lies in gives none. The formula is that of
    TensorBoard 2.21, `tensorboard/plugins/distribution/compressor.py`.
    """
    if not len(buckets):
        return [(point, 0.0) for point in BASIS_POINTS]
    least, greatest = float(buckets[0, 0]), float(buckets[-1, 1])
    rights, counts = buckets[:, 1], buckets[:, 2]
    reached = np.cumsum(counts * BASIS_POINTS[-1] / (counts.sum() or 1.0))
    before = np.concatenate(([0.0], reached[:-1]))
    filled = np.flatnonzero(reached != before)
    found: list[tuple[int, float]] = []
    at = 0
    for point in BASIS_POINTS:
        while at < len(filled) and not reached[filled[at]] > point:
            at += 1
        if at == len(filled):
            found.append((point, greatest))
            continue
        i = int(filled[at])
        low = max(float(rights[i - 1]), least) if i and before[i] else least
        high = min(float(rights[i]), greatest)
        share = (point - float(before[i])) * (high - low) / (float(reached[i]) - float(before[i]))
        found.append((point, low + share))
    return found
