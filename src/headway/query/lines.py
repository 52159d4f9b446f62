"""Which lines a chart has: series or expressions over them, of runs, their ranks and older branches, or of groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np

from headway.errors import HeadwayError
from headway.query import expression
from headway.query.align import between, once
from headway.query.expression import Expression, Get, evaluate, parse
from headway.query.group import Band, banded
from headway.query.line import Axis, Column, Line, Who, laid, places
from headway.query.scalars import How, aggregated, branches, by_rank, scalars
from headway.query.series import Series, loaded, resolve
from headway.query.smoothing import Kind, Smoothing
from headway.query.source import Source
from headway.query.syntax import Tag
from headway.store.rows import Extent, Segment

Ranks = Literal["merged", "each", "mean", "min", "max", "sum"]
Spread = Literal["interval", "std", "quantiles", "range"]
XScale = Literal["linear", "log"]


@dataclass(slots=True, frozen=True, kw_only=True)
class Wanted:
    """What is asked of a chart. See `headway.server.api.ChartRequest`, which has the same fields but for `groups`."""

    tag: str
    runs: Sequence[int]
    x: str | None = None
    axis: Axis = "step"
    columns: int = 600
    smoothing: float = 0.0
    smoothing_kind: Kind = "ema"
    smoothing_width: float = 0.0
    x_scale: XScale = "linear"
    start: float | None = None
    stop: float | None = None
    width: float | None = None
    known: Sequence[str] = ()
    ranks: Ranks = "merged"
    superseded: bool = False
    groups: Sequence[Sequence[int]] | None = None
    """Ids of runs that are drawn as one band each, instead of `runs`."""
    band: Spread = "interval"
    minus: int | None = None
    """Id of the run whose line is subtracted from each."""

    @property
    def smoothed(self) -> Smoothing:
        """How the lines are smoothed."""
        return Smoothing(self.smoothing_kind, self.smoothing, self.smoothing_width)


def check(source: Source, wanted: Wanted) -> None:
    """See to it that what is wanted can be understood.

    Raises:
        HeadwayError: it is neither a tag nor an expression.
    """
    tags = source.tags()
    for text in (wanted.tag, wanted.x):
        if text is not None and text not in tags:
            parse(text)


def lines(source: Source, wanted: Wanted) -> list[Line]:
    """Read the lines, none of them empty, in the order of the runs.

    Raises:
        HeadwayError: what is wanted is neither a tag nor an expression.
    """
    if wanted.groups is not None:
        return [band for number, runs in enumerate(wanted.groups) if (band := _band(source, wanted, number, runs))]
    found = [line for line in _of_runs(source, wanted, wanted.runs) if len(line.x)]
    return found if wanted.minus is None else _differences(source, wanted, found)


def _of_runs(source: Source, wanted: Wanted, runs: Sequence[int]) -> Iterator[Line]:
    named = [(run, name) for run in runs if (name := source.run_name(run)) is not None]
    segments = [(run, name, known) for run, name in named if (known := source.series(name, wanted.tag))]
    if segments and wanted.ranks == "merged" and wanted.x is None and not wanted.superseded:
        yield from _plain(source, wanted.axis, segments)
        return
    y = _parsed(source, wanted.tag, bool(segments))
    x = None
    if wanted.x is not None:
        x = _parsed(source, wanted.x, any(source.series(name, wanted.x) for _, name in named))
    if y is None or (x is None and wanted.x is not None):
        return
    for run, name in named:
        yield from _of_run(source, wanted, run, name, y, x)


def _differences(source: Source, wanted: Wanted, found: Sequence[Line]) -> list[Line]:
    """The lines less that of one run, at the places where both are; a point that is not finite stays one."""
    assert wanted.minus is not None
    subtracted = next((line for line in _of_runs(source, wanted, [wanted.minus]) if len(line.x)), None)
    if subtracted is None:
        return []
    x, y = once(subtracted.x.astype(np.float64), subtracted.values)
    return [line for one in found if len((line := _less(one, x, y)).x)]


def _less(line: Line, x: Column, y: Column) -> Line:
    there = line.x.astype(np.float64)
    with np.errstate(invalid="ignore"):
        values = line.values - between(x, y, there)
    kept = (there >= x[0]) & (there <= x[-1])
    rows = [None if column is None else column[kept] for column in (line.steps, line.walls)]
    return Line(line.who, line.x[kept], values[kept], *rows)


def _plain(
    source: Source, axis: Axis, segments: Sequence[tuple[int, str, list[tuple[Segment, Extent]]]]
) -> Iterator[Line]:
    """A tag of runs (id, name, segments), all of them read at once."""
    asked = [pair for _, _, known in segments for pair in known]
    parts = loaded(asked, source.points(asked))
    at = 0
    for run, name, known in segments:
        series = resolve(parts[at : at + len(known)], source.sessions(name))
        at += len(known)
        yield _along(source, axis, Who(run), name, series)


def _along(source: Source, axis: Axis, who: Who, name: str, series: Series) -> Line:
    first_wall = source.first_wall(name) if axis == "relative" else 0.0
    return laid(who, places(series, axis, first_wall), series, axis)


def _parsed(source: Source, text: str, is_tag: bool) -> Expression | None:
    """A tag of that name, else an expression; None for a tag that other runs have."""
    if is_tag:
        return Tag(text)
    try:
        return parse(text)
    except HeadwayError:
        if text in source.tags():
            return None
        raise


def _of_run(
    source: Source, wanted: Wanted, run: int, name: str, y: Expression, x: Expression | None
) -> Iterator[Line]:
    first_wall = source.first_wall(name)
    for who, get in _writers(source, wanted.ranks, run, name, y):
        try:
            series = evaluate(y, get, first_wall)
            if x is None:
                yield _along(source, wanted.axis, who, name, series)
            else:
                where, there = expression.laid(x, series, get, first_wall)
                yield laid(who, where, there, None)
        except KeyError:  # the run has not all the tags
            continue
    if wanted.superseded and x is None and isinstance(y, Tag) and source.series(name, y.name):
        for branch in branches(source, name, y.name):
            yield _along(source, wanted.axis, Who(run, superseded=True), name, branch)


def _writers(source: Source, ranks: Ranks, run: int, name: str, y: Expression) -> Iterator[tuple[Who, Get]]:
    """Who has a line in this run, and what a tag is there."""
    if ranks == "merged":
        yield Who(run), lambda tag: scalars(source, name, tag)
    elif ranks == "each":
        shares = cache(lambda tag: by_rank(source, name, tag))
        try:
            numbers = sorted(set[int]().union(*(shares(tag) for tag in y.tags())))
        except KeyError:
            return
        for number in numbers:
            yield Who(run, rank=number), _share(shares, number)
    else:
        how: How = ranks
        yield Who(run), lambda tag: aggregated(source, name, tag, how)


def _share(shares: Callable[[str], dict[int, Series]], number: int) -> Get:
    return lambda tag: shares(tag)[number]


def _band(source: Source, wanted: Wanted, number: int, runs: Sequence[int]) -> Line | None:
    """The band of some runs: of their lines as they would be alone."""
    members = [line for line in _of_runs(source, wanted, runs) if len(line.x) and not line.who.superseded]
    if not members:
        return None
    xs = [line.x.astype("float64", copy=False) for line in members]
    band = banded(xs, [line.values for line in members])
    middle, low, high = _spread(band, wanted.band)
    return Line(Who(members[0].who.run, group=number), band.x, middle, band=(low, high)) if len(band.x) else None


def _spread(band: Band, spread: Spread) -> tuple[expression.Column, expression.Column, expression.Column]:
    """The line in the middle, and the edges below and above it."""
    match spread:
        case "interval":
            return band.mean, band.low, band.high
        case "std":
            return band.mean, band.mean - band.std, band.mean + band.std
        case "quantiles":
            return band.median, band.quarter, band.three_quarters
        case "range":
            return band.mean, band.min, band.max
    raise ValueError(f"a band is one of {', '.join(get_args(Spread))}, not {spread!r}")
