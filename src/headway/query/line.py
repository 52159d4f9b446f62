"""A series, or a band of several, laid along the axis of a chart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.series import Series, since

Axis = Literal["step", "wall", "relative"]
Column = NDArray[np.float64]


class Who(NamedTuple):
    """Whose line it is."""

    run: int
    """Of a group: its first run."""
    rank: int | None = None
    """Of one process of the run alone."""
    superseded: bool = False
    """A branch that a later session replaced."""
    group: int | None = None
    """The number of the group of runs whose band it is."""


class Line(NamedTuple):
    """Values in the order of an axis. [n] each."""

    who: Who
    x: NDArray[Any]
    """Ascending and finite: int64 on the step axis, float64 on any other."""
    values: Column
    steps: NDArray[np.int64] | None = None
    """Of the points, unless x is that, or the points are none of a run's own."""
    walls: Column | None = None
    """Likewise."""
    band: tuple[Column, Column] | None = None
    """Its lower and upper edge; NaN where there is none."""

    @property
    def span(self) -> tuple[float, float]:
        """Where its first and its last point lie."""
        return float(self.x[0]), float(self.x[-1])

    def since(self, first: int) -> Line:
        """The line without its first points."""
        if first == 0:
            return self
        return Line(
            self.who,
            self.x[first:],
            self.values[first:],
            None if self.steps is None else self.steps[first:],
            None if self.walls is None else self.walls[first:],
            None if self.band is None else (self.band[0][first:], self.band[1][first:]),
        )


def first_positive(x: NDArray[Any]) -> int:
    """Index of the first positive place, of an ascending `x` [n]; n when there is none."""
    return int(np.searchsorted(x, x.dtype.type(0), side="right"))


def laid(who: Who, x: NDArray[Any], series: Series, axis: Axis | None) -> Line:
    """Lay `series` along `x` [n], its places; points of one place stay in the order they were logged.

    A point without a finite place is left out: it has none on this axis. `axis`: what x is; None: something else.
    """
    if not np.all(x[1:] >= x[:-1]) or not np.all(np.isfinite(x[-1:])):
        order = np.argsort(x, kind="stable")
        if x.dtype == np.float64:
            order = order[np.isfinite(x[order])]
        x, series = x[order], series.taken(order)
    steps = None if axis == "step" else series.steps
    walls = None if axis == "wall" or axis == "relative" else series.wall_times
    return Line(who, x, series.values, steps, walls)


def places(series: Series, axis: Axis, first_wall: float) -> NDArray[Any]:
    """Where the points of `series` [n] lie on `axis`; `first_wall`: of the run's first point, seconds since 1970."""
    if axis == "step":
        return series.steps
    return series.wall_times if axis == "wall" else since(series.wall_times, first_wall)
