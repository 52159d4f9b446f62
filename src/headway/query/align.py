"""Several series beside each other, by step: the columns of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError
from headway.query.joining import turns
from headway.query.series import Series

Align = Literal["step", "outer", "interpolate"]
T = TypeVar("T", np.int64, np.float64)


class Aligned(NamedTuple):
    """Series at common steps."""

    steps: NDArray[np.int64]
    """[n] ascending; a step that is repeated in a series is repeated here, but for `interpolate`."""
    columns: list[NDArray[np.float64]]
    """[n] each, in the order of the series; NaN where one has nothing."""


def aligned(series: Sequence[Series], align: Align) -> Aligned:
    """Return `series` at common steps.

    - `step`: at the steps that all have. Where steps are repeated, the k-th of one stands beside the k-th of the
      others.
    - `outer`: at the steps that any has, in the same way; NaN where one has none.
    - `interpolate`: at the steps that any has, each once, on the straight line between the finite points beside it;
      NaN before a series' first and after its last. Of a step that a series repeats, its last point counts; where
      that point is not finite, so is the column.

    Raises:
        HeadwayError: `align` is none of these.
    """
    if align not in get_args(Align):
        raise HeadwayError(f"align must be one of {', '.join(get_args(Align))}, not {align!r}")
    if not series:
        return Aligned(np.empty(0, dtype=np.int64), [])
    if _alike(series):
        return Aligned(series[0].steps.copy(), [one.values.copy() for one in series])
    if align == "interpolate":
        return _interpolated(series)
    return _joined(series, inner=align == "step")


def between(x: NDArray[np.float64], y: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return y at places `at` on the straight lines between the finite points (x, y), `x` ascending strictly.

    NaN outside of x's range, and at places of points that are not finite.
    """
    finite = np.isfinite(y)
    if not finite.any():
        return np.full(len(at), np.nan)
    values = np.interp(at, x[finite], y[finite], left=np.nan, right=np.nan)
    if not finite.all():
        values[np.isin(at, x[~finite])] = np.nan
    return values


def _alike(series: Sequence[Series]) -> bool:
    """Whether all have the same steps, strictly ascending: then there is nothing to do."""
    first = series[0].steps
    return bool(np.all(first[1:] > first[:-1])) and all(np.array_equal(first, other.steps) for other in series[1:])


def _joined(series: Sequence[Series], inner: bool) -> Aligned:
    steps = np.concatenate([one.steps for one in series])
    turn = np.concatenate([turns(one.steps) for one in series])
    order = np.lexsort((turn, steps))
    ordered_steps, ordered_turn = steps[order], turn[order]
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (ordered_steps[1:] != ordered_steps[:-1]) | (ordered_turn[1:] != ordered_turn[:-1])
    row = np.empty(len(order), dtype=np.int64)
    row[order] = np.cumsum(begins) - 1
    rows = int(begins.sum())
    kept = np.ones(rows, dtype=np.bool_)
    if inner:
        kept = np.bincount(row, minlength=rows) == len(series)
    columns, at = [], 0
    for one in series:
        column = np.full(rows, np.nan)
        column[row[at : at + len(one.steps)]] = one.values
        columns.append(column[kept])
        at += len(one.steps)
    return Aligned(ordered_steps[begins][kept], columns)


def _interpolated(series: Sequence[Series]) -> Aligned:
    # Steps beyond 2⁵³ lose their last bits here, and only for the places on the lines.
    steps = np.unique(np.concatenate([one.steps for one in series]))
    at = steps.astype(np.float64)
    columns = []
    for one in series:
        x, y = once(one.steps, one.values)
        columns.append(between(x.astype(np.float64), y, at))
    return Aligned(steps, columns)


def once(x: NDArray[T], y: NDArray[np.float64]) -> tuple[NDArray[T], NDArray[np.float64]]:
    """Return the points by ascending x, and of those at the same x the last."""
    if np.all(x[1:] > x[:-1]):
        return x, y
    places, last = np.unique(x[::-1], return_index=True)
    return places, y[len(y) - 1 - last]
