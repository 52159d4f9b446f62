"""Exact reduction: what a chart needs of a series, one entry a pixel column, with no point left out of account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

NAN, PLUS_INFINITY, MINUS_INFINITY = 1, 2, 4
"""Bits of `Buckets.bad_kind`."""


@dataclass(slots=True, frozen=True)
class Buckets:
    """A series cut into columns. [n] entries for columns with finite points, [m] for those with others.

    `first`, `last` and `bad_first` are indices of points, so that whatever belongs to them can be looked up.
    """

    column: NDArray[np.int64]
    """[n] ascending."""
    count: NDArray[np.int64]
    """[n] finite points, at least 1."""
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]
    mean: NDArray[np.float64]
    bad_column: NDArray[np.int64]
    """[m] ascending."""
    bad_count: NDArray[np.int64]
    """[m] points that are NaN or infinite, at least 1."""
    bad_first: NDArray[np.int64]
    bad_kind: NDArray[np.uint8]
    """[m] NAN + PLUS_INFINITY + MINUS_INFINITY, whichever occur."""


def reduce(x: NDArray[np.float64], y: NDArray[np.float64], start: float, stop: float, columns: int) -> Buckets:
    """Cut the points (x, y) with start ≤ x ≤ stop into `columns` equal columns.

    `x` [n] ascends and is finite. A point belongs to column ⌊(x − start) / (stop − start) · columns⌋, and one at
    `stop` to the last; all of them to column 0 where start = stop.

    Raises:
        ValueError: no column is asked for, or the range is empty or not finite.
    """
    if columns < 1:
        raise ValueError(f"at least one column is needed, not {columns}")
    if not (np.isfinite(start) and np.isfinite(stop) and start <= stop):
        raise ValueError(f"the range [{start}, {stop}] is no range")
    begin = int(np.searchsorted(x, start, side="left"))
    end = int(np.searchsorted(x, stop, side="right"))
    count, first, last, bad_count, bad_first = np.zeros((5, columns), dtype=np.int64)
    low, high, total = np.empty((3, columns))
    bad_kind = np.zeros(columns, dtype=np.uint8)
    x, y = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
    reduce_into(x, y, start, stop, begin, end, count, first, last, low, high, total, bad_count, bad_first, bad_kind)
    at, bad = np.flatnonzero(count), np.flatnonzero(bad_count)
    return Buckets(
        at,
        count[at],
        first[at],
        last[at],
        low[at],
        high[at],
        np.clip(total[at] / count[at], low[at], high[at]),  # rounding may not carry a mean past its own points
        bad,
        bad_count[bad],
        bad_first[bad],
        bad_kind[bad],
    )


def python_reduce_into(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: float,
    stop: float,
    begin: int,
    end: int,
    count: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    total: NDArray[np.float64],
    bad_count: NDArray[np.int64],
    bad_first: NDArray[np.int64],
    bad_kind: NDArray[np.uint8],
) -> None:
    """Fill the columns from points begin..end: the compiled loop's twin."""
    columns, scale = len(count), stop - start
    for i in range(begin, end):
        c = min(int((x[i] - start) / scale * columns), columns - 1) if scale > 0 else 0
        value = y[i]
        if np.isfinite(value):
            if count[c] == 0:
                first[c], low[c], high[c], total[c] = i, value, value, 0.0
            low[c], high[c] = min(low[c], value), max(high[c], value)
            last[c] = i
            total[c] += value
            count[c] += 1
        else:
            if bad_count[c] == 0:
                bad_first[c] = i
            bad_count[c] += 1
            bad_kind[c] |= NAN if np.isnan(value) else PLUS_INFINITY if value > 0 else MINUS_INFINITY


if TYPE_CHECKING:
    reduce_into = python_reduce_into
else:
    try:
        from headway.query._kernels import reduce_into
    except ImportError:  # no compiled extension: slower, the same results
        reduce_into = python_reduce_into
