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
