"""What a chart draws as rows: every point of its range, of every line, exactly as it was logged or computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.line import Line, Who, first_positive
from headway.query.lines import Wanted, lines
from headway.query.reduce import within
from headway.query.series import since
from headway.query.smoothing import Smoothing
from headway.query.source import Source

Columns = dict[str, NDArray[Any]]


class Points(NamedTuple):
    """The points of one line, in the order of its axis."""

    who: Who
    columns: Columns
    """By name, of equal length; those that `names` gives."""


def names(wanted: Wanted) -> list[str]:
    """The columns that every line has: `x` where the axis is neither steps nor wall times, `smoothed` if it is."""
    if wanted.groups is not None:
        found = ["x", "value", "low", "high"]
    else:
        found = ["step", "wall_time", "value"]
        if wanted.x is not None or wanted.axis == "relative":
            found.insert(0, "x")
    return [*found, "smoothed"] if wanted.smoothed else found


def points(source: Source, wanted: Wanted) -> Iterator[Points]:
    """Every point between `wanted.start` and `wanted.stop`, line after line.

    Raises:
        HeadwayError: what is wanted is neither a tag nor an expression.
    """
    since_begin = wanted.axis == "relative" and wanted.x is None and wanted.groups is None
    asked = replace(wanted, axis="wall") if since_begin else wanted
    smoothing = wanted.smoothed
    for line in lines(source, asked):
        x = line.x
        if since_begin:
            x = since(x, source.first_wall(source.run_name(line.who.run) or ""))
        begin, end = _range(x, wanted)
        if begin < end:
            columns = _columns(line, x, smoothing)
            yield Points(line.who, {name: columns[name][begin:end] for name in names(wanted)})


def _range(x: NDArray[Any], wanted: Wanted) -> tuple[int, int]:
    start = -np.inf if wanted.start is None else wanted.start
    stop = np.inf if wanted.stop is None else wanted.stop
    begin, end = 0, len(x)
    if wanted.start is not None or wanted.stop is not None:
        least, most = float(x[0]), float(x[-1])
        begin, end = within(x, max(start, least), min(stop, most)) if start <= most and stop >= least else (0, 0)
    return (max(begin, first_positive(x)), end) if wanted.x_scale == "log" else (begin, end)


def _columns(line: Line, x: NDArray[Any], smoothing: Smoothing) -> Columns:
    found: Columns = {
        "x": x,
        "step": line.x if line.steps is None else line.steps,
        "wall_time": line.x if line.walls is None else line.walls,
        "value": line.values,
    }
    if line.band is not None:
        found["low"], found["high"] = line.band
    if smoothing:
        found["smoothed"] = smoothing.at(line.values, np.arange(len(line.values)))
    return found
