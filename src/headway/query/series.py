"""One series out of its segments: which session's points count where sessions overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.store.rows import Extent, Points, Segment

Sessions = Mapping[tuple[str, int], tuple[int | None, float, float]]
"""(path, session) → the step it said it starts at or None, its first and its last wall time."""


class Series(NamedTuple):
    """The points of one series, in the order they were logged. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    """Seconds since 1970."""
    values: NDArray[np.float64]

    def taken(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Series:
        """The points at `rows`, by index or mask."""
        return Series(self.steps[rows], self.wall_times[rows], self.values[rows])


class Piece(NamedTuple):
    """A segment with its points."""

    segment: Segment
    extent: Extent
    points: Series


def pieces(segments: Sequence[tuple[Segment, Extent]], points: Points) -> list[Piece]:
    """Join segments to their points, which were asked for in the same order."""
    cuts = zip(points.bounds[:-1].tolist(), points.bounds[1:].tolist(), strict=True)
    return [
        Piece(segment, extent, Series(points.steps[a:b], points.wall_times[a:b], points.values[a:b]))
        for (segment, extent), (a, b) in zip(segments, cuts, strict=True)
    ]


def resolve(parts: Sequence[Piece], sessions: Sessions) -> Series:
    """Join the pieces of a series; where a later session overlaps an earlier one, the later one wins.

    A session supersedes earlier points from the step on that it declared (`purge_step`) or, without a word, from the
    series' first step in it. Sessions that were written at the same time are parts of one run (its ranks): they
    supersede nothing, and their points are merged by step.
    """
    if len(parts) == 1 and not sessions:
        return parts[0].points
    ordered = sorted(parts, key=lambda part: (part.extent.first_wall, part.segment.path, part.segment.session))
    kept = [_before(part.points, _cut(part, ordered, sessions)) for part in ordered]
    joined = Series(
        np.concatenate([points.steps for points in kept]),
        np.concatenate([points.wall_times for points in kept]),
        np.concatenate([points.values for points in kept]),
    )
    if any(_at_once(a, b, sessions) for i, a in enumerate(ordered) for b in ordered[i + 1 :]):
        return joined.taken(np.argsort(joined.steps, kind="stable"))
    return joined


def _cut(part: Piece, parts: Sequence[Piece], sessions: Sessions) -> int | None:
    """The step from which `part` is superseded, or None."""
    mine = _key(part)
    cuts = [start for key, (start, *_) in sessions.items() if start is not None and _is_later(key, mine, sessions)]
    cuts += [other.extent.min_step for other in parts if _is_later(_key(other), mine, sessions)]
    return min(cuts, default=None)


def _is_later(key: tuple[str, int], than: tuple[str, int], sessions: Sessions) -> bool:
    if key == than or key not in sessions or than not in sessions:
        return False
    if key[0] == than[0]:  # one file: its sessions follow each other
        return key[1] > than[1]
    return sessions[key][1] > sessions[than][2]


def _at_once(a: Piece, b: Piece, sessions: Sessions) -> bool:
    one, other = _key(a), _key(b)
    return one != other and not _is_later(one, other, sessions) and not _is_later(other, one, sessions)


def _key(part: Piece) -> tuple[str, int]:
    return part.segment.path, part.segment.session


def _before(points: Series, step: int | None) -> Series:
    if step is None:
        return points
    return points.taken(points.steps < step)
