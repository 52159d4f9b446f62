"""One series out of its segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.lives import Life, Lives, arrange
from headway.store.rows import Extent, Points, Segment, Sessions


class Series(NamedTuple):
    """The points of one series, in the order they were logged. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    """Seconds since 1970."""
    values: NDArray[np.float64]

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Series:
        """The points at `rows`, by index or mask."""
        return Series(self.steps[rows], self.wall_times[rows], self.values[rows])


def since(wall_times: NDArray[np.float64], begin: float) -> NDArray[np.float64]:
    """Seconds from `begin` on, [n]; NaN where neither is a time."""
    with np.errstate(invalid="ignore"):
        return wall_times - begin


class Loaded(NamedTuple):
    """A segment with its points."""

    segment: Segment
    extent: Extent
    points: Series


def loaded(segments: Sequence[tuple[Segment, Extent]], points: Sequence[Points]) -> list[Loaded]:
    """Join segments to their points, which were asked for in the same order."""
    return [Loaded(*pair, Series(*some)) for pair, some in zip(segments, points, strict=True)]


def resolve(parts: Sequence[Loaded], sessions: Sessions) -> Series:
    """Join the segments of a series; where a later session overlaps an earlier one, the later one wins.

    See `headway.query.lives`.
    """
    if len(parts) == 1 and not sessions:
        return parts[0].points
    return joined(parts, arrange([(part.segment, part.extent) for part in parts], sessions))


def joined(parts: Sequence[Loaded], lives: Lives) -> Series:
    """The points of these lives that count, in the order they were logged; by step where writers wrote at once."""
    series = concatenated([_before(written(parts, life), life.cut) for life in lives.lives])
    if lives.at_once:
        return series.taken(np.argsort(series.steps, kind="stable"))
    return series


def superseded(parts: Sequence[Loaded], sessions: Sessions) -> list[Series]:
    """The points that later sessions replaced: the older branches, in the order they began, none of them empty."""
    lives = arrange([(part.segment, part.extent) for part in parts], sessions).lives
    branches = [_from(written(parts, life), life.cut) for life in lives if life.cut is not None]
    return [branch for branch in branches if len(branch.steps)]


def written(parts: Sequence[Loaded], life: Life) -> Series:
    """All that one life wrote."""
    return concatenated([parts[i].points for i in life.segments])


def concatenated(series: Sequence[Series]) -> Series:
    """One after the other."""
    if len(series) == 1:
        return series[0]
    if not series:
        return Series(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    return Series(*(np.concatenate(columns) for columns in zip(*series, strict=True)))


def _before(points: Series, step: int | None) -> Series:
    return points if step is None else points.taken(points.steps < step)


def _from(points: Series, step: int) -> Series:
    return points.taken(points.steps >= step)
