"""What one chart draws: lines of several runs, reduced to pixel columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.query.curve import Curve, curve_of
from headway.query.delta import fingerprint, news
from headway.query.lines import Wanted, lines
from headway.query.reduce import Grid, column_of, grid_of
from headway.query.source import Source


@dataclass(slots=True, frozen=True)
class Chart:
    """The curves of a chart. See `headway.server.api.ChartData`."""

    grid: Grid
    revision: int
    curves: list[Curve]
    fingerprints: list[str]
    """Of the whole of each curve (see `headway.query.delta`)."""
    gone: list[int]
    """Runs that the asker knows a curve of and that have none any more."""


def chart(source: Source, wanted: Wanted) -> Chart:
    """Reduce what is wanted to pixel columns; of curves that the asker knows, only what is new.

    Raises:
        ValueError: a column count, smoothing weight or range that makes no sense.
        HeadwayError: what is wanted is neither a tag nor an expression.
    """
    revision = source.revision
    drawn = lines(source, wanted)
    grid = _grid(wanted, [line.span for line in drawn])
    curves = [curve_of(line, grid, wanted.smoothing) for line in drawn]
    known = dict(zip(wanted.runs, wanted.known, strict=False))
    parts = [news(curve, known.get(curve.who.run, "")) for curve in curves]
    told = [(part, fingerprint(whole)) for part, whole in zip(parts, curves, strict=True) if part is not None]
    gone = {run for run, text in known.items() if text} - {curve.who.run for curve in curves}
    return Chart(grid, revision, [part for part, _ in told], [text for _, text in told], sorted(gone))


def _grid(wanted: Wanted, spans: Sequence[tuple[float, float]]) -> Grid:
    """The columns: of the range that is asked for, else of all there is.

    All there is ends inside of its last column, and `width` keeps the columns of an earlier answer, of which there
    are more now: what lies in a column stays there while runs grow. When that would make twice as many as are
    wanted, everything is cut anew.
    """
    start = wanted.start
    if start is None:
        start = min((begin for begin, _ in spans), default=0.0)
    if wanted.stop is not None:
        return grid_of(start, max(start, wanted.stop), wanted.columns)
    stop = max(start, max((end for _, end in spans), default=start))
    most = 2 * wanted.columns
    if wanted.width and (columns := column_of(stop, start, wanted.width, most + 1) + 1) <= most:
        return Grid(start, stop, wanted.width, columns)
    return grid_of(start, stop, wanted.columns)._replace(width=(stop / 2 - start / 2) / (wanted.columns - 0.5) * 2)
