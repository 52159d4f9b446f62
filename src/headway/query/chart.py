"""What one chart draws: one tag of several runs, reduced to pixel columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.query.curve import Curve, curve_of
from headway.query.delta import mark, news
from headway.query.line import Axis, Line, laid, places
from headway.query.reduce import Grid, column_of, grid_of
from headway.query.series import loaded, resolve

if TYPE_CHECKING:
    from headway.ingest.index import Index


@dataclass(slots=True, frozen=True, kw_only=True)
class Wanted:
    """What is asked of a chart. See `headway.server.api.ChartRequest`, which has the same fields."""

    tag: str
    runs: Sequence[int]
    axis: Axis = "step"
    columns: int = 600
    smoothing: float = 0.0
    start: float | None = None
    stop: float | None = None
    width: float | None = None
    known: Sequence[str] = ()


@dataclass(slots=True, frozen=True)
class Chart:
    """The curves of a chart. See `headway.server.api.ChartData`."""

    grid: Grid
    revision: int
    curves: list[Curve]
    marks: list[str]
    """Of the whole of each curve (see `headway.query.delta`)."""
    gone: list[int]
    """Runs that the asker knows a curve of and that have none any more."""


def chart(index: Index, wanted: Wanted) -> Chart:
    """Reduce what is wanted to pixel columns; of curves that the asker knows, only what is new.

    Raises:
        ValueError: a column count, smoothing weight or range that makes no sense.
    """
    revision = index.revision
    lines = _lines(index, wanted)
    grid = _grid(wanted, [line.span for line in lines])
    curves = [curve_of(line, wanted.axis, grid, wanted.smoothing) for line in lines]
    known = dict(zip(wanted.runs, wanted.known, strict=False))
    parts = [news(curve, known.get(curve.run, "")) for curve in curves]
    told = [(part, mark(whole)) for part, whole in zip(parts, curves, strict=True) if part is not None]
    gone = {run for run, text in known.items() if text} - {curve.run for curve in curves}
    return Chart(grid, revision, [part for part, _ in told], [text for _, text in told], sorted(gone))


def _lines(index: Index, wanted: Wanted) -> list[Line]:
    names = [(run, name) for run in wanted.runs if (name := index.run_name(run)) is not None]
    segments = [(run, name, known) for run, name in names if (known := index.series(name, wanted.tag))]
    asked = [pair for _, _, known in segments for pair in known]
    parts = loaded(asked, index.points(asked))
    lines, at = [], 0
    for run, name, known in segments:
        series = resolve(parts[at : at + len(known)], index.sessions(name))
        at += len(known)
        origin = index.first_wall(name) if wanted.axis == "relative" else 0.0
        line = laid(run, places(series, wanted.axis, origin), series)
        if len(line.x):
            lines.append(line)
    return lines


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
