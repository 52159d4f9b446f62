"""A series laid along the axis of a chart."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.series import Series

Axis = Literal["step", "wall", "relative"]


class Line(NamedTuple):
    """A series in the order of an axis. [n] each."""

    run: int
    x: NDArray[Any]
    """Ascending and finite: int64 on the step axis, float64 on any other."""
    series: Series

    @property
    def span(self) -> tuple[float, float]:
        """Where its first and its last point lie."""
        return float(self.x[0]), float(self.x[-1])


def laid(run: int, x: NDArray[Any], series: Series) -> Line:
    """Lay `series` along `x` [n], its places; points of one place stay in the order they were logged.

    A point without a finite place is left out: it has none on this axis.
    """
    if not np.all(x[1:] >= x[:-1]) or not np.all(np.isfinite(x[-1:])):
        order = np.argsort(x, kind="stable")
        if x.dtype == np.float64:
            order = order[np.isfinite(x[order])]
        return Line(run, x[order], series.taken(order))
    return Line(run, x, series)


def places(series: Series, axis: Axis, first_wall: float) -> NDArray[Any]:
    """Where the points of `series` [n] lie on `axis`; `first_wall`: of the run's first point, seconds since 1970."""
    if axis == "step":
        return series.steps
    return series.wall_times if axis == "wall" else series.wall_times - first_wall
