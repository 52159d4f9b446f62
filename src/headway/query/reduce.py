"""Exact reduction: what a chart needs of a series, one entry a pixel column, with no point left out of account."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NAN, PLUS_INFINITY, MINUS_INFINITY = 1, 2, 4
"""Bits of `Buckets.bad_kind`."""


class Grid(NamedTuple):
    """How an axis is cut into columns: column c spans [start + c·width, start + (c+1)·width).

    The last column has no right edge but `stop`, itself included. Where `width` is 0 all is in column 0.
    """

    start: float
    stop: float
    width: float
    columns: int


def grid_of(start: float, stop: float, columns: int) -> Grid:
    """Cut start..stop into equal columns.

    Raises:
        ValueError: no column is asked for, or the range is empty or not finite.
    """
    if columns < 1:
        raise ValueError(f"at least one column is needed, not {columns}")
    if not (math.isfinite(start) and math.isfinite(stop) and start <= stop):
        raise ValueError(f"the range [{start}, {stop}] is no range")
    # Halves first: the distance of two floats may be more than the greatest float.
    return Grid(start, stop, (stop / 2 - start / 2) / columns * 2, columns)


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
    values: NDArray[np.float64]
    """[5, n] the column's first and last value, its least, greatest and mean."""
    begin: int
    end: int
    """Index of the first point within the grid, and of the first beyond it."""
    bad_column: NDArray[np.int64]
    """[m] ascending."""
    bad_count: NDArray[np.int64]
    """[m] points that are NaN or infinite, at least 1."""
    bad_first: NDArray[np.int64]
    bad_kind: NDArray[np.int64]
    """[m] NAN + PLUS_INFINITY + MINUS_INFINITY, whichever occur."""

    @property
    def min(self) -> NDArray[np.float64]:
        """[n] the least finite value."""
        return np.asarray(self.values[2])

    @property
    def max(self) -> NDArray[np.float64]:
        """[n] the greatest."""
        return np.asarray(self.values[3])

    @property
    def mean(self) -> NDArray[np.float64]:
        """[n] of the finite values; never beyond the least and the greatest."""
        return np.asarray(self.values[4])


def reduce(x: NDArray[Any], y: NDArray[np.float64], grid: Grid) -> Buckets:
    """Cut the points (x, y) with grid.start ≤ x ≤ grid.stop into the columns of `grid`.

    `x` [n] ascends and is finite, float64 or int64.
    """
    begin, end = within(x, grid.start, grid.stop)
    room = max(0, min(grid.columns, end - begin))
    places, bad = np.empty((2, 4, room), dtype=np.int64)
    values = np.empty((5, room))
    x, y = np.ascontiguousarray(x), np.ascontiguousarray(y, dtype=np.float64)
    n, m = reduce_into(x, y, grid.start, grid.width, grid.columns, begin, end, places, values, bad)
    places, bad = places[:, :n], bad[:, :m]
    column, count, first, last = places
    bad_column, bad_count, bad_first, bad_kind = bad
    return Buckets(column, count, first, last, values[:, :n], begin, end, bad_column, bad_count, bad_first, bad_kind)


def within(x: NDArray[Any], start: float, stop: float) -> tuple[int, int]:
    """Return begin and end of the points with start ≤ x ≤ stop, of an ascending `x`."""
    if len(x) and start <= x[0] and x[-1] <= stop:
        return 0, len(x)
    if x.dtype == np.int64:  # compared as integers: searching for a float would copy all of x
        # A whole number is at least `start` when it is at least the next whole number; far ones are beyond any step.
        low, high = (min(max(f(v), -(2**63)), 2**63 - 1) for f, v in ((math.ceil, start), (math.floor, stop)))
        return int(np.searchsorted(x, np.int64(low))), int(np.searchsorted(x, np.int64(high), side="right"))
    return int(np.searchsorted(x, start)), int(np.searchsorted(x, stop, side="right"))


def python_reduce_into(
    x: NDArray[Any],
    y: NDArray[np.float64],
    start: float,
    width: float,
    columns: int,
    begin: int,
    end: int,
    place_of: NDArray[np.int64],
    value_of: NDArray[np.float64],
    bad_of: NDArray[np.int64],
) -> tuple[int, int]:
    """Write an entry for each column of points begin..end; how many: the compiled loop's twin.

    `place_of` [4, ·]: column, count, index of the first and last point; `value_of`: `Buckets.values`; `bad_of`
    [4, ·]: column, count, index of the first, kind.
    """
    held: dict[int, list[int]] = {}
    for i in range(begin, end):
        held.setdefault(column_of(float(x[i]), start, width, columns), []).append(i)
    n = m = 0
    for column, points in held.items():
        finite = [i for i in points if math.isfinite(y[i])]
        if finite:
            values = [float(y[i]) for i in finite]
            low, high, total = min(values), max(values), 0.0
            for value in values:
                total += value
            mean = min(max(total / len(values), low), high)  # rounding may not carry it past its own points
            place_of[:, n] = column, len(finite), finite[0], finite[-1]
            value_of[:, n] = values[0], values[-1], low, high, mean
            n += 1
        bad = [i for i in points if not math.isfinite(y[i])]
        if bad:
            kinds = {NAN if math.isnan(y[i]) else PLUS_INFINITY if y[i] > 0 else MINUS_INFINITY for i in bad}
            bad_of[:, m] = column, len(bad), bad[0], sum(kinds)
            m += 1
    return n, m


def column_of(x: float, start: float, width: float, columns: int) -> int:
    """Return the last of `columns` that begins at or before `x` ≥ start.

    Division alone would be off by one where it is rounded.
    """
    if not width > 0:
        return 0
    at = (x - start) / width
    column = int(at) if at < columns else columns - 1
    while column > 0 and start + column * width > x:
        column -= 1
    while column + 1 < columns and start + (column + 1) * width <= x:
        column += 1
    return column


if TYPE_CHECKING:
    reduce_into = python_reduce_into
else:
    try:
        from headway.query._kernels import reduce_into
    except ImportError:  # no compiled extension: slower, the same results
        reduce_into = python_reduce_into
