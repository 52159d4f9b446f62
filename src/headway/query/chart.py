"""What one chart draws: one tag of several runs, reduced to pixel columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.reduce import reduce
from headway.query.series import Series, loaded, resolve
from headway.query.smooth import ema

if TYPE_CHECKING:
    from headway.ingest.index import Index

Axis = Literal["step", "wall", "relative"]


@dataclass(slots=True, frozen=True)
class Curve:
    """One run's points of a chart. See `headway.server.api.Curve`, which has the same fields."""

    run: int
    total: int
    points: int
    wide: bool
    column: NDArray[np.uint16]
    x: NDArray[np.float64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    last: NDArray[Any]
    smooth: NDArray[Any]
    count: NDArray[np.uint32]
    first: NDArray[Any]
    min: NDArray[Any]
    max: NDArray[Any]
    mean: NDArray[Any]
    before: tuple[float, float, float] | None
    after: tuple[float, float, float] | None
    bad_column: NDArray[np.uint16]
    bad_x: NDArray[np.float64]
    bad_count: NDArray[np.uint32]
    bad_kind: NDArray[np.uint8]


@dataclass(slots=True, frozen=True)
class Chart:
    """The curves of a chart. See `headway.server.api.ChartData`."""

    tag: str
    axis: Axis
    columns: int
    start: float
    stop: float
    revision: int
    curves: list[Curve]


class _Line(NamedTuple):
    """A series laid along an axis: `x` ascends, and everything else is in its order."""

    run: int
    x: NDArray[np.float64]
    series: Series


def chart(
    index: Index,
    tag: str,
    runs: Sequence[int],
    axis: Axis,
    columns: int,
    smoothing: float,
    start: float | None = None,
    stop: float | None = None,
) -> Chart:
    """Reduce `tag` of `runs` (ids) to `columns` pixel columns over start..stop (None: all there is).

    The average is taken along the axis over the whole series, whatever the range.

    Raises:
        ValueError: a column count, smoothing weight or range that makes no sense.
    """
    revision = index.revision
    lines = _lines(index, tag, runs, axis)
    if start is None:
        start = min((float(line.x[0]) for line in lines), default=0.0)
    if stop is None:
        stop = max((float(line.x[-1]) for line in lines), default=start)
    curves = [_curve(line, axis, start, max(start, stop), columns, smoothing) for line in lines]
    return Chart(tag, axis, columns, start, max(start, stop), revision, curves)


def _lines(index: Index, tag: str, runs: Sequence[int], axis: Axis) -> list[_Line]:
    names = [(run, name) for run in runs if (name := index.run_name(run)) is not None]
    segments = [(run, name, known) for run, name in names if (known := index.series(name, tag))]
    wanted = [pair for _, _, known in segments for pair in known]
    parts = loaded(wanted, index.points(wanted))
    lines, at = [], 0
    for run, name, known in segments:
        series = resolve(parts[at : at + len(known)], index.sessions(name))
        at += len(known)
        line = _line(run, series, axis, index.first_wall(name) if axis == "relative" else 0.0)
        if len(line.x):
            lines.append(line)
    return lines


def _line(run: int, series: Series, axis: Axis, origin: float) -> _Line:
    x = series.steps.astype(np.float64) if axis == "step" else series.wall_times - origin
    if not np.all(x[1:] >= x[:-1]) or not np.all(np.isfinite(x[-1:])):
        order = np.argsort(x, kind="stable")
        order = order[np.isfinite(x[order])]  # a point without a time has no place on a time axis
        x, series = x[order], series.taken(order)
    return _Line(run, x, series)


def _curve(line: _Line, axis: Axis, start: float, stop: float, columns: int, smoothing: float) -> Curve:
    x, (steps, wall_times, values) = line.x, line.series
    smooth = ema(values, smoothing) if smoothing else values
    b = reduce(x, values, start, stop, columns)
    last = values[b.last]
    wide = not _fits_float32(np.concatenate((last, b.min, b.max)))
    y = np.dtype(np.float64 if wide else np.float32)
    nothing = np.empty(0, dtype=y)
    single = len(b.count) == int(b.count.sum())
    return Curve(
        run=line.run,
        total=len(values),
        points=int(b.count.sum() + b.bad_count.sum()),
        wide=wide,
        column=b.column.astype(np.uint16),
        x=x[b.last],
        step=np.empty(0, dtype=np.int64) if axis == "step" else steps[b.last],
        wall=wall_times[b.last] if axis == "step" else np.empty(0),
        last=last.astype(y),
        smooth=smooth[b.last].astype(y) if smoothing else nothing,
        count=np.empty(0, dtype=np.uint32) if single else b.count.astype(np.uint32),
        first=nothing if single else values[b.first].astype(y),
        min=nothing if single else b.min.astype(y),
        max=nothing if single else b.max.astype(y),
        mean=nothing if single else b.mean.astype(y),
        before=_neighbour(x, values, smooth, range(int(np.searchsorted(x, start, side="left")) - 1, -1, -1)),
        after=_neighbour(x, values, smooth, range(int(np.searchsorted(x, stop, side="right")), len(x))),
        bad_column=b.bad_column.astype(np.uint16),
        bad_x=x[b.bad_first],
        bad_count=b.bad_count.astype(np.uint32),
        bad_kind=b.bad_kind,
    )


def _fits_float32(values: NDArray[np.float64]) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.array_equal(values.astype(np.float32).astype(np.float64), values))


def _neighbour(
    x: NDArray[np.float64], values: NDArray[np.float64], smooth: NDArray[np.float64], places: range
) -> tuple[float, float, float] | None:
    """The first finite point at `places`: (x, value, smoothed)."""
    for i in places:
        if np.isfinite(values[i]):
            return float(x[i]), float(values[i]), float(smooth[i])
    return None
