"""What stays known of points once they are in the index: an extent for each stretch that was written."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.store.rows import Extent

NAMES = tuple(field.name for field in fields(Extent))


def summarised(
    bounds: NDArray[np.int64],
    steps: NDArray[np.int64],
    wall_times: NDArray[np.float64],
    values: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:
    """The extents of the stretches `bounds[i]:bounds[i+1]` [k+1], none of them empty: `Extent`'s fields, [k] each."""
    starts, counts = bounds[:-1], np.diff(bounds)
    is_finite = np.isfinite(values)
    all_finite = bool(is_finite.all())
    low, low_at = _least(values if all_finite else np.where(is_finite, values, np.inf), starts, counts)
    high, high_at = _least(-values if all_finite else np.where(is_finite, -values, np.inf), starts, counts)
    last = bounds[1:] - 1
    return {
        "points": counts,
        "min_step": np.minimum.reduceat(steps, starts),
        "max_step": np.maximum.reduceat(steps, starts),
        "first_wall": np.minimum.reduceat(_or(np.inf, wall_times), starts),
        "last_wall": np.maximum.reduceat(_or(-np.inf, wall_times), starts),
        "last_step": steps[last],
        "last": values[last],
        "low": np.where(np.isinf(low), np.nan, low),
        "low_step": np.where(np.isinf(low), 0, steps[low_at]),
        "high": np.where(np.isinf(high), np.nan, -high),
        "high_step": np.where(np.isinf(high), 0, steps[high_at]),
    }


def _or(otherwise: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    missing = np.isnan(values)
    return np.where(missing, otherwise, values) if missing.any() else values


def merged(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Make one of the extents of each `segment`, which were written in this order."""
    order = np.argsort(columns["segment"], kind="stable")
    one_after_another = {name: column[order] for name, column in columns.items()}
    segments = one_after_another["segment"]
    starts = np.flatnonzero(np.append(len(segments) > 0, segments[1:] != segments[:-1])[: len(segments)])
    if len(starts) == len(segments):
        return one_after_another
    counts = np.diff(np.append(starts, len(segments)))
    last = starts + counts - 1
    low, low_at = _least(_or(np.inf, one_after_another["low"]), starts, counts)
    high, high_at = _least(_or(np.inf, -one_after_another["high"]), starts, counts)
    found = {
        "segment": segments[starts],
        "low": np.where(np.isinf(low), np.nan, low),
        "low_step": one_after_another["low_step"][low_at],
        "high": np.where(np.isinf(high), np.nan, -high),
        "high_step": one_after_another["high_step"][high_at],
    }
    folds = {"points": np.add, "min_step": np.minimum, "max_step": np.maximum}
    folds |= {"first_wall": np.minimum, "last_wall": np.maximum}
    found |= {name: fold.reduceat(one_after_another[name], starts) for name, fold in folds.items()}
    return found | {name: one_after_another[name][last] for name in ("last_step", "last")}


def extents(columns: dict[str, NDArray[Any]]) -> list[Extent]:
    """The same as objects."""
    return [Extent(*row) for row in zip(*(columns[name].tolist() for name in NAMES), strict=True)]


def _least(
    values: NDArray[np.float64], starts: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The least value of each stretch, and where it comes first."""
    least = np.minimum.reduceat(values, starts)
    hits = np.flatnonzero(values == np.repeat(least, counts))
    return least, hits[np.searchsorted(hits, starts)]
