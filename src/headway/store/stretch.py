"""Points on their way into the index: what one scan of a file found, packed as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.store.columns import Columns
from headway.store.schema import TICKS
from headway.store.summary import summarised


class Stretch(NamedTuple):
    """Points of one session of a file, grouped by segment, each segment's in the order they were written."""

    segments: NDArray[np.int64]
    """[k]"""
    bounds: NDArray[np.int64]
    """[k+1] the points of `segments[i]` are rows `bounds[i]:bounds[i+1]`; none is empty."""
    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    values: NDArray[np.float64]
    ticks: NDArray[np.int64]
    floats: NDArray[np.float32]
    exact: bool
    """Whether these two hold the wall times and the values to the last bit."""
    extents: Columns
    """`Extent`'s fields, [k] each."""


def stretch(
    segments: NDArray[np.int64],
    bounds: NDArray[np.int64],
    steps: NDArray[np.int64],
    wall_times: NDArray[np.float64],
    values: NDArray[np.float64],
) -> Stretch:
    """Pack points and sum them up. It lets go of the interpreter: done on the threads that read."""
    with np.errstate(over="ignore", invalid="ignore"):
        floats = values.astype(np.float32)
        scaled = wall_times * TICKS
        ticks = scaled.astype(np.int64)
    exact = not (odd_times(wall_times, ticks).any() or odd_values(values, floats).any())
    found = summarised(bounds, steps, wall_times, values) if len(segments) else {}
    return Stretch(segments, bounds, steps, wall_times, values, ticks, floats, exact, found)


def odd_times(wall_times: NDArray[np.float64], ticks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which wall times are no whole number of ticks, or too large for one."""
    same: NDArray[np.bool_] = ticks.astype(np.float64) / TICKS == wall_times
    return ~(same & (np.abs(ticks) < 1 << 62))


def odd_values(values: NDArray[np.float64], floats: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which values float32 does not hold."""
    differ: NDArray[np.bool_] = floats.astype(np.float64) != values
    return differ & ~np.isnan(values) if differ.any() else differ


def clustered(stretches: Sequence[Stretch]) -> tuple[NDArray[np.int64], NDArray[np.int64], Columns]:
    """Bring points together by segment, each segment's own order kept.

    Returns the segments [k], bounds [k+1], and the columns segment, step, wall_time, value, ticks and float.
    """
    cuts = sorted(cut for i, some in enumerate(stretches) for cut in _cuts(i, some))
    given = np.array([cut[0] for cut in cuts], dtype=np.int64)
    is_new = np.append(True, given[1:] != given[:-1])
    ends = np.cumsum([0, *(b - a for _, _, a, b in cuts)])
    segments, bounds = given[is_new], np.append(ends[:-1][is_new], ends[-1])
    places = [(i, slice(a, b)) for _, i, a, b in cuts]
    columns: Columns = {
        "segment": np.repeat(segments, np.diff(bounds)),
        "step": np.concatenate([stretches[i].steps[place] for i, place in places]),
        "wall_time": np.concatenate([stretches[i].wall_times[place] for i, place in places]),
        "value": np.concatenate([stretches[i].values[place] for i, place in places]),
        "ticks": np.concatenate([stretches[i].ticks[place] for i, place in places]),
        "float": np.concatenate([stretches[i].floats[place] for i, place in places]),
    }
    return segments, bounds, columns


def _cuts(number: int, some: Stretch) -> list[tuple[int, int, int, int]]:
    """(segment, number of the stretch, first row, row after the last)."""
    bounds = some.bounds.tolist()
    return [(segment, number, bounds[i], bounds[i + 1]) for i, segment in enumerate(some.segments.tolist())]
