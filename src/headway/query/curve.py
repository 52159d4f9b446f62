"""One line of a chart, reduced to pixel columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.query.line import Line, Who, first_positive
from headway.query.reduce import Grid, reduce
from headway.query.smoothing import Smoothing

Neighbour = tuple[float, float, float]
"""(x, value, smoothed value)."""


@dataclass(slots=True, frozen=True)
class Curve:
    """One run's points of a chart. See `headway.server.api.Curve`, which has the same fields.

    [n] entries for columns with finite points, [m] for columns with others. Numbers of the y axis are float32 when
    all of them are exactly that, else float64 (`wide`); but means and smoothed values are rounded to it.
    """

    who: Who
    total: int
    points: int
    wide: bool
    begin: float
    end: float
    column: NDArray[np.uint16]
    x: NDArray[np.float64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    count: NDArray[np.uint32]
    values: NDArray[Any]
    """[5, n] first, last, min, max, mean."""
    smooth: NDArray[Any]
    """[n], or nothing where there is no smoothing."""
    low: NDArray[Any]
    high: NDArray[Any]
    """[n] of a band, its lower edge at its least and its upper at its greatest; else nothing."""
    before: Neighbour | None
    after: Neighbour | None
    bad_column: NDArray[np.uint16]
    bad_x: NDArray[np.float64]
    bad_count: NDArray[np.uint32]
    bad_kind: NDArray[np.uint8]
    from_column: int = 0
    """Of a curve that is told in part: its entries from this column on (see `headway.query.delta`)."""

    @property
    def last(self) -> NDArray[Any]:
        """[n] the last value of each column."""
        return np.asarray(self.values[1])

    @property
    def mean(self) -> NDArray[Any]:
        """[n] the mean of each column."""
        return np.asarray(self.values[4])


def curve_of(line: Line, grid: Grid, smoothing: Smoothing, *, log: bool = False) -> Curve:
    """Reduce `line` to the columns of `grid`.

    The line is smoothed along the axis as a whole, whatever the range. `log`: the grid is one of log10(x), and the
    line is drawn where x is positive; it is smoothed as a whole all the same.

    Raises:
        ValueError: a smoothing weight or width that makes no sense.
    """
    skipped = first_positive(line.x) if log else 0
    whole, line = line.values, line.since(skipped)
    x, values = line.x, line.values
    b = reduce(np.log10(x) if log else x, values, grid)
    begin, end = b.begin, b.end
    before, after = _last_finite(values[:begin]), _first_finite(values, end)
    with np.errstate(over="ignore"):
        narrow = b.values.astype(np.float32)
    wide = not np.array_equal(narrow[:4], b.values[:4])  # its mean may be rounded
    y = b.values if wide else narrow
    if smoothing:
        places = np.concatenate(([before] if before >= 0 else [], b.last, [after] if after >= 0 else []))
        smooth = smoothing.at(whole, places.astype(np.int64) + skipped)
        outer = (smooth[:1], smooth[-1:])
        smooth = smooth[int(before >= 0) :][: len(b.last)].astype(y.dtype)
    else:
        smooth, outer = np.empty(0, dtype=y.dtype), (values[before : before + 1], values[after : after + 1])
    low, high = _edges(line, grid, b.column, y.dtype, log=log)
    return Curve(
        who=line.who,
        total=len(whole),
        points=end - begin,
        wide=wide,
        begin=float(x[0]),
        end=float(x[-1]),
        column=b.column.astype(np.uint16),
        x=x[b.last].astype(np.float64),
        step=np.empty(0, dtype=np.int64) if line.steps is None else line.steps[b.last],
        wall=np.empty(0) if line.walls is None else line.walls[b.last],
        count=b.count.astype(np.uint32),
        values=y,
        smooth=smooth,
        low=low,
        high=high,
        before=(float(x[before]), float(values[before]), float(outer[0][0])) if before >= 0 else None,
        after=(float(x[after]), float(values[after]), float(outer[1][0])) if after >= 0 else None,
        bad_column=b.bad_column.astype(np.uint16),
        bad_x=x[b.bad_first].astype(np.float64),
        bad_count=b.bad_count.astype(np.uint32),
        bad_kind=b.bad_kind.astype(np.uint8),
    )


def _edges(
    line: Line, grid: Grid, column: NDArray[np.int64], y: np.dtype[Any], *, log: bool
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The band's edges in the columns of the line; NaN where the band has none."""
    if line.band is None:
        return np.empty(0, dtype=y), np.empty(0, dtype=y)
    edges = []
    for edge, row in zip(line.band, (2, 3), strict=True):
        b = reduce(np.log10(line.x) if log else line.x, edge, grid)
        there = np.full(grid.columns, np.nan)
        there[b.column] = b.values[row]
        edges.append(there[column].astype(y))
    return edges[0], edges[1]


def _last_finite(values: NDArray[np.float64]) -> int:
    """The place of the last finite value, -1 when there is none."""
    if len(values) and np.isfinite(values[-1]):
        return len(values) - 1
    finite = np.flatnonzero(np.isfinite(values))
    return int(finite[-1]) if len(finite) else -1


def _first_finite(values: NDArray[np.float64], start: int) -> int:
    """The place of the first finite value from `start` on, -1 when there is none."""
    if start < len(values) and np.isfinite(values[start]):
        return start
    finite = np.flatnonzero(np.isfinite(values[start:]))
    return start + int(finite[0]) if len(finite) else -1
