"""What one chart draws: lines of several runs, reduced to pixel columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from headway.query.curve import Curve, curve_of
from headway.query.delta import fingerprint, news
from headway.query.line import first_positive
from headway.query.lines import Wanted, lines
from headway.query.reduce import Grid, column_of, grid_of
from headway.query.source import Source


@dataclass(slots=True, frozen=True)
class Chart:
    """The curves of a chart. See `headway.server.api.ChartData`."""

    grid: Grid
    """Of a logarithmic axis: in log10(x)."""
    start: float
    stop: float
    """Where the grid begins and ends on the axis."""
    revision: int
    curves: list[Curve]
    fingerprints: list[str]
    """Of the whole of each curve (see `headway.query.delta`)."""
    gone: list[int]
    """Runs that the asker knows a curve of and that have none any more."""


def chart(source: Source, wanted: Wanted) -> Chart:
    """Reduce what is wanted to pixel columns; of curves that the asker knows, only what is new.

    Raises:
        ValueError: a column count, smoothing or range that makes no sense.
        HeadwayError: what is wanted is neither a tag nor an expression.
    """
    revision = source.revision
    log = wanted.x_scale == "log"
    drawn = lines(source, wanted)
    if log:
        drawn = [line for line in drawn if line.x[-1] > 0]
        spans = [line.since(first_positive(line.x)).span for line in drawn]
    else:
        spans = [line.span for line in drawn]
    start, stop = _range(wanted, spans, log=log)
    grid = _grid(wanted, start, stop, log=log)
    curves = [curve_of(line, grid, wanted.smoothed, log=log) for line in drawn]
    known = dict(zip(wanted.runs, wanted.known, strict=False))
    parts = [news(curve, known.get(curve.who.run, "")) for curve in curves]
    told = [(part, fingerprint(whole)) for part, whole in zip(parts, curves, strict=True) if part is not None]
    gone = {run for run, text in known.items() if text} - {curve.who.run for curve in curves}
    return Chart(grid, start, stop, revision, [part for part, _ in told], [text for _, text in told], sorted(gone))


HAIR = 1e-12
"""By which a grid of logarithms is wider than its range: logarithms of one number may differ in their last bit."""


def _range(wanted: Wanted, spans: Sequence[tuple[float, float]], *, log: bool) -> tuple[float, float]:
    """The range that is asked for, else of all there is."""
    start, stop = wanted.start, wanted.stop
    if start is None or (log and start <= 0):
        start = min((begin for begin, _ in spans), default=1.0 if log else 0.0)
    if stop is None:
        stop = max((end for _, end in spans), default=start)
    return start, max(start, stop)


def _grid(wanted: Wanted, start: float, stop: float, *, log: bool) -> Grid:
    """The columns, equally wide on the axis; on a logarithmic one (`log`), in log10(x).

    All there is ends inside of its last column, and `width` keeps the columns of an earlier answer, of which there
    are more now: what lies in a column stays there while runs grow. When that would make twice as many as are
    wanted, everything is cut anew.
    """
    if log:
        start, stop = math.log10(start) - HAIR, math.log10(stop) + HAIR
    if wanted.stop is not None:
        return grid_of(start, stop, wanted.columns)
    most = 2 * wanted.columns
    if wanted.width and (columns := column_of(stop, start, wanted.width, most + 1) + 1) <= most:
        return Grid(start, stop, wanted.width, columns)
    return grid_of(start, stop, wanted.columns)._replace(width=(stop / 2 - start / 2) / (wanted.columns - 0.5) * 2)
