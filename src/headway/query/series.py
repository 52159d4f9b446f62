"""One series out of its segments: which session's points count where sessions overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.rejoin import Key, Sessions, rejoined
from headway.store.rows import Extent, Points, Segment


class Series(NamedTuple):
    """The points of one series, in the order they were logged. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    """Seconds since 1970."""
    values: NDArray[np.float64]

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Series:
        """The points at `rows`, by index or mask."""
        return Series(self.steps[rows], self.wall_times[rows], self.values[rows])


class Loaded(NamedTuple):
    """A segment with its points."""

    segment: Segment
    extent: Extent
    points: Series


def loaded(segments: Sequence[tuple[Segment, Extent]], points: Points) -> list[Loaded]:
    """Join segments to their points, which were asked for in the same order."""
    cuts = zip(points.bounds[:-1].tolist(), points.bounds[1:].tolist(), strict=True)
    return [
        Loaded(segment, extent, Series(points.steps[a:b], points.wall_times[a:b], points.values[a:b]))
        for (segment, extent), (a, b) in zip(segments, cuts, strict=True)
    ]


def resolve(parts: Sequence[Loaded], sessions: Sessions) -> Series:
    """Join the segments of a series; where a later session overlaps an earlier one, the later one wins.

    A session supersedes earlier points from the step on that it declared (`purge_step`) or, without a word, from the
    series' first step in it. Sessions that were written at the same time are parts of one run (its ranks): they
    supersede nothing, and their points are merged by step.
    """
    if len(parts) == 1 and not sessions:
        return parts[0].points
    place, whole = rejoined(sessions)
    lives: dict[Key, list[Loaded]] = {}
    for part in sorted(parts, key=_key):
        lives.setdefault(place.get(_key(part), _key(part)), []).append(part)
    ordered = sorted(
        (_life(key, found) for key, found in lives.items()), key=lambda life: (life.first_wall, life.key)
    )
    joined = _joined([_before(life.points, _cut(life, ordered, whole)) for life in ordered])
    if any(_at_once(a.key, b.key, whole) for i, a in enumerate(ordered) for b in ordered[i + 1 :]):
        return joined.taken(np.argsort(joined.steps, kind="stable"))
    return joined


class _Life(NamedTuple):
    """What one session of one file wrote of the series."""

    key: Key
    first_wall: float
    min_step: int
    points: Series


def _life(key: Key, parts: Sequence[Loaded]) -> _Life:
    extents = [part.extent for part in parts]
    first_wall, min_step = min(e.first_wall for e in extents), min(e.min_step for e in extents)
    return _Life(key, first_wall, min_step, _joined([part.points for part in parts]))


def _joined(series: Sequence[Series]) -> Series:
    if len(series) == 1:
        return series[0]
    return Series(*(np.concatenate(columns) for columns in zip(*series, strict=True)))


def _cut(life: _Life, lives: Sequence[_Life], sessions: Sessions) -> int | None:
    """The step from which `life` is superseded, or None."""
    cuts = [
        start for key, (start, *_) in sessions.items() if start is not None and _is_later(key, life.key, sessions)
    ]
    cuts += [other.min_step for other in lives if _is_later(other.key, life.key, sessions)]
    return min(cuts, default=None)


def _is_later(key: Key, than: Key, sessions: Sessions) -> bool:
    if key == than or key not in sessions or than not in sessions:
        return False
    if key[0] == than[0]:  # one file: its sessions follow each other
        return key[1] > than[1]
    return sessions[key][1] > sessions[than][2]


def _at_once(one: Key, other: Key, sessions: Sessions) -> bool:
    return one != other and not _is_later(one, other, sessions) and not _is_later(other, one, sessions)


def _key(part: Loaded) -> Key:
    return part.segment.path, part.segment.session


def _before(points: Series, step: int | None) -> Series:
    if step is None:
        return points
    return points.taken(points.steps < step)
