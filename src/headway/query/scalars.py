"""The scalar series of a run: what counts of it, what was superseded, and each writer's share."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from headway.query.lives import Life, Lives, arrange, writers
from headway.query.rejoin import rejoined
from headway.query.series import Loaded, Series, concatenated, joined, loaded, resolve, superseded
from headway.query.source import Source
from headway.store.rows import Extent, Sessions

How = Literal["mean", "min", "max", "sum"]


def scalars(source: Source, run: str, tag: str) -> Series:
    """All points of a series that count, in the order they were logged.

    Raises:
        KeyError: there is no such series.
    """
    return resolve(*_read(source, run, tag))


def branches(source: Source, run: str, tag: str) -> list[Series]:
    """The points that later sessions replaced, a series for each session that was cut, in the order they began.

    Raises:
        KeyError: there is no such series.
    """
    return superseded(*_read(source, run, tag))


def by_rank(source: Source, run: str, tag: str) -> dict[int, Series]:
    """Each writer's share of a series, by rank; writers that said none are numbered in the order they began.

    Raises:
        KeyError: there is no such series.
    """
    parts, _ = _read(source, run, tag)
    sessions = source.all_sessions(run)
    _, whole = rejoined(sessions)
    numbers, shares = writers(whole), dict[int, list[Life]]()
    for life in arrange([(part.segment, part.extent) for part in parts], sessions).lives:
        shares.setdefault(numbers.get(life.key, 0), []).append(life)
    return {number: joined(parts, Lives(shares[number], at_once=False)) for number in sorted(shares)}


def aggregated(source: Source, run: str, tag: str, how: How) -> Series:
    """One series over all writers, at the steps that any of them has; wall times are the latest of each step.

    Where one writer has a step several times, its last value counts. NaN is passed on.

    Raises:
        KeyError: there is no such series.
    """
    shares = [_last_of_each_step(series) for series in by_rank(source, run, tag).values()]
    every = concatenated(shares)
    steps, at = np.unique(every.steps, return_inverse=True)
    order = np.argsort(at, kind="stable")
    starts = np.searchsorted(at[order], np.arange(len(steps)))
    values, walls = every.values[order], every.wall_times[order]
    if not len(steps):
        return every
    folded = _FOLDS[how].reduceat(values, starts)
    if how == "mean":
        folded = folded / np.diff(np.append(starts, len(values)))
    return Series(steps, np.maximum.reduceat(walls, starts), folded)


_FOLDS: dict[How, Any] = {"mean": np.add, "sum": np.add, "min": np.minimum, "max": np.maximum}


def extremes(source: Source, run: str, tag: str) -> Extent | None:
    """Count, first and last steps and values of a series as it counts, without reading it where that can be; or None.

    `low` and `high` are of finite values; `last` is whatever was logged last.
    """
    known = source.summary(run, tag)
    if known is not None or not source.series(run, tag):
        return known
    series = scalars(source, run, tag)
    return extent_of(series) if len(series.steps) else None


def extent_of(series: Series) -> Extent:
    """What an index would know of these points (at least one)."""
    steps, walls, values = series
    finite = np.flatnonzero(np.isfinite(values))
    times = walls[np.isfinite(walls)]
    found = Extent(
        len(steps),
        int(steps.min()),
        int(steps.max()),
        float(times.min(initial=np.inf)),
        float(times.max(initial=-np.inf)),
        int(steps[-1]),
        float(values[-1]),
    )
    if len(finite):
        low, high = finite[np.argmin(values[finite])], finite[np.argmax(values[finite])]
        found.low, found.low_step = float(values[low]), int(steps[low])
        found.high, found.high_step = float(values[high]), int(steps[high])
    return found


def _read(source: Source, run: str, tag: str) -> tuple[list[Loaded], Sessions]:
    segments = source.series(run, tag)
    if not segments:
        raise KeyError(f"run {run!r} has no scalars {tag!r}")
    return loaded(segments, source.points(segments)), source.sessions(run)


def _last_of_each_step(series: Series) -> Series:
    steps = series.steps[::-1]
    _, first = np.unique(steps, return_index=True)
    return series.taken(len(steps) - 1 - first)
