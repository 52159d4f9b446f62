"""Mean, standard deviation and size of what a histogram holds."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from headway.query.kinds import Histogram
from headway.query.rebin import cleaned


class Moments(NamedTuple):
    """Of the finite values; NaN when there are none."""

    mean: float
    std: float
    """√(Σx²/n - mean²), the whole population's."""
    rms: float
    """√(Σx²/n)"""
    norm: float
    """√Σx², the Euclidean norm of all values."""


NONE = Moments(math.nan, math.nan, math.nan, math.nan)


def moments(histogram: Histogram) -> Moments:
    """Exactly where the writer told the sums; else as if all values of a bucket lay in its middle."""
    n, total, squares = histogram.num, histogram.sum, histogram.sum_squares
    if total is None or squares is None:
        left, right, count = cleaned(histogram.buckets).T
        middle = left / 2 + right / 2
        with np.errstate(over="ignore", invalid="ignore"):
            n, total, squares = float(count.sum()), float(middle @ count), float((middle * middle) @ count)
    if not n > 0 or not math.isfinite(total) or not math.isfinite(squares) or squares < 0:
        return NONE
    mean = total / n
    return Moments(mean, math.sqrt(max(0.0, squares / n - mean * mean)), math.sqrt(squares / n), math.sqrt(squares))
